package oracle

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"pgregory.net/rapid"

	"whopulls/model"
)

// coverage counts the cases of a run. A run that never met a case proves nothing about it.
type coverage struct {
	mu         sync.Mutex
	counts     map[string]int
	smallest   map[string]string // the smallest world of each kind of violation, in a survey
	violations map[string]int
}

func newCoverage() *coverage {
	return &coverage{counts: map[string]int{}, smallest: map[string]string{}, violations: map[string]int{}}
}

// countCheck counts a check by its verdict, the truth and the sight, and by what alone could give it.
func (cov *coverage) countCheck(s *scenario, c model.Check, t truth, everything bool) {
	truth, sight := "no", "partial"
	if t.yes && !t.gone {
		truth = "yes"
	}
	if everything {
		sight = "full"
	}
	cov.mu.Lock()
	defer cov.mu.Unlock()
	cov.counts[fmt.Sprintf("%-10s %-7s %-3s %s", c.BaseID(), c.Verdict, truth, sight)]++
	if t.byDeny && !t.gone {
		cov.counts[fmt.Sprintf("by a deny policy alone: %s", c.Verdict)]++
	}
	if t.access == (access{}) || t.gone {
		return
	}
	r := oracle{scenario: s}
	if !t.yes && r.inertRoleWouldGive(t.access) {
		cov.counts[fmt.Sprintf("a role that is not in force would give it: %s, truth no", c.Verdict)]++
	}
	for _, only := range r.commonFeatures(t.access) {
		cov.counts[fmt.Sprintf("only %s: %s, truth %s", only, c.Verdict, truth)]++
	}
}

// commonFeatures names what all bindings that may give an access have in common: their place, their member's form, their role,
// and whether they have a condition.
func (r oracle) commonFeatures(a access) []string {
	var common []string
	first := true
	for _, full := range r.world.Chain(a.resource) {
		for _, b := range r.bindings(full) {
			if !r.roleGives(b, a.permission) {
				continue
			}
			for _, m := range b.Members {
				if r.match(m, a.who) == matchNone {
					continue
				}
				features := []string{"on " + resourceKind(full), "to " + memberForm(m, a.who), "by " + roleKind(b.Role), conditionFeature(b.Condition != nil)}
				if first {
					common, first = features, false
				}
				common = slices.DeleteFunc(common, func(f string) bool { return !slices.Contains(features, f) })
			}
		}
	}
	return common
}

// inertRoleWouldGive reports whether a binding would give an access if its custom role were in force.
func (r oracle) inertRoleWouldGive(a access) bool {
	return slices.ContainsFunc(r.world.Chain(a.resource), func(full string) bool {
		return slices.ContainsFunc(r.bindings(full), func(b *iampb.Binding) bool {
			role := r.world.CustomRole(b.Role)
			return role != nil && (role.Deleted || role.Stage == "DISABLED") && slices.Contains(role.IncludedPermissions, a.permission) &&
				b.Condition == nil && slices.ContainsFunc(b.Members, func(m string) bool { return r.match(m, a.who) == matchSure })
		})
	})
}

func resourceKind(full string) string {
	kind := model.Resource(full).Kind()
	if slices.Contains([]model.Kind{model.KindService, model.KindJob, model.KindWorkerPool}, kind) {
		return "workload"
	}
	return string(kind)
}

func memberForm(member, who string) string {
	if member == who {
		return "the principal itself"
	}
	kind, _, _ := strings.Cut(member, ":")
	if strings.HasPrefix(kind, "project") {
		return "the holders of a basic role elsewhere"
	}
	return kind
}

func roleKind(role string) string {
	switch {
	case isBasicRole(role):
		return "a basic role"
	case strings.HasPrefix(role, "roles/"):
		return "a predefined role"
	case strings.HasPrefix(role, "projects/"):
		return "a custom role of a project"
	}
	return "a custom role of the organization"
}

func conditionFeature(yes bool) string {
	if yes {
		return "under a condition"
	}
	return "without a condition"
}

// decisiveOutcomes are the verdicts that every check on a permission must have come to, right, with everything seen and
// without; a run in which one is lacking proves little.
var decisiveOutcomes = []string{
	"granted yes full", "granted yes partial", "missing no  full", "denied  no  full", "denied  no  partial", "unknown yes full",
	"unknown yes partial", "unknown no  full", "unknown no  partial",
}

// checkCoverage lists every case that a run must have met.
func checkCoverage() []string {
	var all []string
	for _, family := range []string{model.CheckPull, model.CheckReadImage, model.CheckDeploy, model.CheckActAs, model.CheckRunAs} {
		for _, d := range decisiveOutcomes {
			all = append(all, fmt.Sprintf("%-10s %s", family, d))
		}
	}
	for _, family := range []string{model.CheckAgent, model.CheckUpstream} {
		for _, d := range []string{"granted yes full", "granted yes partial", "missing no  full", "unknown yes full", "unknown no  partial"} {
			all = append(all, fmt.Sprintf("%-10s %s", family, d))
		}
	}
	for _, d := range []string{"granted yes full", "missing no  full", "unknown yes partial", "unknown no  partial"} {
		all = append(all, fmt.Sprintf("%-10s %s", model.CheckRunAPI, d))
	}
	for _, way := range []string{"on repository", "on service account", "on project", "on folder", "on organization", "to the principal itself",
		"to the holders of a basic role elsewhere", "by a basic role", "by a predefined role", "by a custom role of the organization",
		"under a condition", "without a condition"} {
		all = append(all, "only "+way+": granted, truth yes", "only "+way+": unknown, truth yes", "only "+way+": denied, truth no")
	}
	for _, way := range []string{"on workload", "to allUsers", "to allAuthenticatedUsers", "by a custom role of a project"} {
		all = append(all, "only "+way+": granted, truth yes", "only "+way+": unknown, truth yes")
	}
	for _, set := range []string{"to group", "to domain", "to principalSet"} {
		all = append(all, "only "+set+": unknown, truth yes", "only "+set+": unknown, truth no")
	}
	for _, verdict := range []string{"missing", "unknown", "denied"} {
		all = append(all, "a role that is not in force would give it: "+verdict+", truth no")
	}
	return append(all, "only under a condition: missing, truth no", "by a deny policy alone: denied",
		"by a deny policy alone: unknown", "by a deny policy alone: granted")
}

// extraRounds limits how often more worlds are drawn for a case that never came up.
const extraRounds = 40

// check draws n worlds. In a whole run each needed case must come up. Some come up a few times in a run only, so that luck would
// decide: then a quarter more is drawn, until all have come up.
func (cov *coverage) check(t *testing.T, n, whole int, needed []string, property func(*rapid.T)) {
	t.Helper()
	cov.draw(t, "worlds", n, property)
	for round := 1; n >= whole && round <= extraRounds && len(cov.lacking(needed)) > 0 && !t.Failed(); round++ {
		cov.draw(t, "more worlds "+strconv.Itoa(round), n/4, property)
	}
	cov.report(t)
	for _, k := range cov.lacking(needed) {
		if n >= whole {
			t.Errorf("this never came up: %s", k)
		}
	}
	cov.reportSurvey(t)
}

// draw checks the property in n worlds, on several cores.
func (cov *coverage) draw(t *testing.T, name string, n int, property func(*rapid.T)) {
	t.Helper()
	setRapidChecks(t, max(n/shards, 1))
	t.Run(name, func(t *testing.T) {
		for i := range shards {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, property)
			})
		}
	})
}

// lacking are the needed cases that never came up.
func (cov *coverage) lacking(needed []string) (lacks []string) {
	cov.mu.Lock()
	defer cov.mu.Unlock()
	for _, k := range needed {
		if cov.counts[k] == 0 {
			lacks = append(lacks, k)
		}
	}
	return lacks
}

// report logs what came up.
func (cov *coverage) report(t *testing.T) {
	t.Helper()
	var lines strings.Builder
	for _, k := range slices.Sorted(maps.Keys(cov.counts)) {
		fmt.Fprintf(&lines, "%7d  %s\n", cov.counts[k], k)
	}
	t.Logf("what came up, and how often:\n%s", lines.String())
}

// noteViolation notes a violation in a survey and keeps the smallest world of its kind.
func (cov *coverage) noteViolation(b violation, s *scenario) {
	cov.mu.Lock()
	defer cov.mu.Unlock()
	cov.violations[b.kind()]++
	text := b.detail + "\n" + s.GoString()
	if old, known := cov.smallest[b.kind()]; !known || len(text) < len(old) {
		cov.smallest[b.kind()] = text
	}
}

func (cov *coverage) reportSurvey(t *testing.T) {
	t.Helper()
	for kind, n := range cov.violations {
		t.Errorf("%d times %s; the smallest:\n%s", n, kind, cov.smallest[kind])
	}
}

// A case that comes up late is drawn for, and no longer than that. A short run draws a fifth at a time.
func TestALateCaseIsDrawnFor(t *testing.T) {
	for name, c := range map[string]struct{ comesUp, most int }{"at once": {1, 40}, "in the third round more": {65, 70}} {
		t.Run(name, func(t *testing.T) {
			cov, drawn := newCoverage(), 0
			cov.check(t, 40, 40, []string{"late"}, func(*rapid.T) {
				cov.mu.Lock()
				defer cov.mu.Unlock()
				if drawn++; drawn == c.comesUp {
					cov.counts["late"]++
				}
			})
			if drawn < c.comesUp || drawn > c.most || len(cov.lacking([]string{"late", "never"})) != 1 {
				t.Errorf("%d were drawn, want %d to %d; it lacks %q", drawn, c.comesUp, c.most, cov.lacking([]string{"late", "never"}))
			}
		})
	}
}
