package soundness

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/model"
)

// tally counts what came up, so that a run which never met a case can't pass for a proof of it.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
	first  map[string]string // the smallest world of each kind of breach, in a survey
	broken map[string]int
}

func newTally() *tally {
	return &tally{counts: map[string]int{}, first: map[string]string{}, broken: map[string]int{}}
}

// seen counts a check by its verdict, the truth and the sight, and by what alone could give it.
func (y *tally) seen(s *story, c model.Check, t truth, everything bool) {
	truth, sight := "no", "partial"
	if t.yes && !t.gone {
		truth = "yes"
	}
	if everything {
		sight = "full"
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.counts[fmt.Sprintf("%-10s %-7s %-3s %s", c.BaseID(), c.Verdict, truth, sight)]++
	if t.byDeny && !t.gone {
		y.counts[fmt.Sprintf("by a deny policy alone: %s", c.Verdict)]++
	}
	if t.asked == (access{}) || t.gone {
		return
	}
	r := referee{story: s}
	if !t.yes && r.inert(t.asked) {
		y.counts[fmt.Sprintf("a role that is not in force would give it: %s, truth no", c.Verdict)]++
	}
	for _, only := range r.only(t.asked) {
		y.counts[fmt.Sprintf("only %s: %s, truth %s", only, c.Verdict, truth)]++
	}
}

// only names what all bindings that may give an access have in common: where they are, to whom, which role, and
// whether under a condition.
func (r referee) only(a access) []string {
	var common []string
	first := true
	for _, full := range r.world.Chain(a.resource) {
		for _, b := range r.bindings(full) {
			if !r.gives(b, a.permission) {
				continue
			}
			for _, m := range b.Members {
				if r.reach(m, a.who) == misses {
					continue
				}
				features := []string{"on " + kindOf(full), "to " + formOf(m, a.who), "by " + roleKind(b.Role), conditioned(b.Condition != nil)}
				if first {
					common, first = features, false
				}
				common = slices.DeleteFunc(common, func(f string) bool { return !slices.Contains(features, f) })
			}
		}
	}
	return common
}

// inert tells whether a binding would give an access if its custom role were in force.
func (r referee) inert(a access) bool {
	return slices.ContainsFunc(r.world.Chain(a.resource), func(full string) bool {
		return slices.ContainsFunc(r.bindings(full), func(b *iampb.Binding) bool {
			role := r.world.CustomRole(b.Role)
			return role != nil && (role.Deleted || role.Stage == "DISABLED") && slices.Contains(role.IncludedPermissions, a.permission) &&
				b.Condition == nil && slices.ContainsFunc(b.Members, func(m string) bool { return r.reach(m, a.who) == reaches })
		})
	})
}

func kindOf(full string) string {
	kind := model.Resource(full).Kind()
	if slices.Contains([]model.Kind{model.KindService, model.KindJob, model.KindWorkerPool}, kind) {
		return "workload"
	}
	return string(kind)
}

func formOf(member, who string) string {
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
	case basic(role):
		return "a basic role"
	case strings.HasPrefix(role, "roles/"):
		return "a predefined role"
	case strings.HasPrefix(role, "projects/"):
		return "a custom role of a project"
	}
	return "a custom role of the organization"
}

func conditioned(yes bool) string {
	if yes {
		return "under a condition"
	}
	return "without a condition"
}

// decisive are the verdicts that every check on a permission must have come to, right, with everything seen and
// without; a run in which one is lacking proves little.
var decisive = []string{
	"granted yes full", "granted yes partial", "missing no  full", "denied  no  full", "denied  no  partial", "unknown yes full",
	"unknown yes partial", "unknown no  full", "unknown no  partial",
}

// needed lists every class that must have come up.
func needed() []string {
	var all []string
	for _, family := range []string{model.CheckPull, model.CheckReadImage, model.CheckDeploy, model.CheckActAs, model.CheckRunAs} {
		for _, d := range decisive {
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

// report logs the distribution and fails for what never came up.
func (y *tally) report(t *testing.T, complete bool) {
	t.Helper()
	y.reportOf(t, needed(), complete)
}

func (y *tally) reportOf(t *testing.T, needed []string, complete bool) {
	t.Helper()
	keys := make([]string, 0, len(y.counts))
	for k := range y.counts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var lines strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&lines, "%7d  %s\n", y.counts[k], k)
	}
	t.Logf("what came up, and how often:\n%s", lines.String())
	for _, k := range needed {
		if complete && y.counts[k] == 0 {
			t.Errorf("this never came up: %s", k)
		}
	}
}

// broke notes a breach in a survey and keeps the smallest world of its kind.
func (y *tally) broke(b breach, s *story) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.broken[b.kind()]++
	text := b.about + "\n" + s.GoString()
	if old, known := y.first[b.kind()]; !known || len(text) < len(old) {
		y.first[b.kind()] = text
	}
}

func (y *tally) survey(t *testing.T) {
	t.Helper()
	for kind, n := range y.broken {
		t.Errorf("%d times %s; the smallest:\n%s", n, kind, y.first[kind])
	}
}
