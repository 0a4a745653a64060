package cmd

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
)

// planKind is a file of plan --out: a snapshot with what was asked of the plan. The file holds the etags of
// the policies, but not the steps. The steps follow from it, so a file can't ask for what no plan asks for.
const planKind = "whopulls.plan"

const planFileCommand = "whopulls plan --out=FILE"

// flagsWithPlan are the flags that a plan file leaves open; the question is in the file.
var flagsWithPlan = []string{"plan", "format", options.FlagQuiet, options.FlagVerbosity, options.FlagAccessible, "read-only", "include-unknown", options.FlagConfirm, "account", "billing-project", options.FlagSandbox}

func savePlan(ctx context.Context, file string, f assessment, r options.Request) error {
	s := snapshotOf(f, r)
	s.Kind, s.Target, s.Options = planKind, f.origin, &r.Plan
	return saveSnapshot(ctx, file, s)
}

// loadPlan reads a plan file.
func loadPlan(file string) (snapshot, error) {
	s, err := loadSnapshot(file, planKind, planFileCommand)
	if err != nil {
		return s, err
	}
	incomplete := s.Options == nil || s.Target == "" || (s.Options.Scope != "" && !slices.Contains(options.Scopes, s.Options.Scope))
	if incomplete {
		return s, &console.Error{Status: console.StatusError, Message: file + " holds no whole plan", Hints: []string{"make one with " + planFileCommand}}
	}
	return s, nil
}

// grantFromPlan takes the steps of a plan file, provided that the policies are what they were when it was saved.
func (p *program) grantFromPlan(ctx context.Context, set *pflag.FlagSet, r options.Request, g grantFlags) (err error) {
	set.Visit(func(f *pflag.Flag) {
		if err == nil && !slices.Contains(flagsWithPlan, f.Name) {
			err = console.UsageError("--plan and --"+f.Name+" are both given", "the question is in the file: leave --"+f.Name+" out, or ask again without --plan")
		}
	})
	if err != nil {
		return err
	}
	saved, err := loadPlan(g.planFile)
	if err != nil {
		return err
	}
	r.Question, r.Plan, r.RepeatFlags = saved.Situation.Question, *saved.Options, mergeFlags(r.RepeatFlags, saved.RepeatFlags)
	return p.withCloud(ctx, r.Session, func(c cloud) error {
		if err := p.reconcile(ctx, c, r.Session); err != nil {
			return err
		}
		if saved.Target != c.Origin() {
			return &console.Error{Status: console.StatusIncomplete, Message: "the plan was made in another cloud: " + saved.Target,
				Hints: []string{"here it is " + c.Origin() + "; make a new one: " + planFileCommand}}
		}
		now, err := p.assess(ctx, c, r)
		if err != nil {
			return err
		}
		then := now
		then.Situation = saved.Situation
		then.Diagnosis = model.Diagnose(saved.Situation)
		then.Plan = model.PlanFor(saved.Situation, then.Diagnosis, r.Plan)
		if lines := policyChanges(then, now); len(lines) > 0 {
			return stalePlanError(then, now, lines, r)
		}
		if lines := planDifferences(then, now); len(lines) > 0 {
			return alteredPlanError(lines)
		}
		return p.startWalk(ctx, c, r, g, now)
	})
}

// stalePlanError refuses a plan whose policies moved. Where they moved to what it asks for, nothing is left of it to be made again.
func stalePlanError(then, now assessment, lines []string, r options.Request) error {
	f := &console.Error{Status: console.StatusIncomplete, Hints: []string{"make a new one: " + planFileCommand}}
	if isInPlace(then.Plan, now) {
		lines = append(lines, "each of its steps is in place already")
		f.Hints = []string{"see whether anything is missing still: whopulls " + shellescape.QuoteCommand(append([]string{"check"}, r.RepeatFlags...))}
	}
	f.Message = "the plan is stale, nothing was changed:\n" + strings.Join(lines, "\n")
	return f
}

// isInPlace reports whether each step of a plan is made by now: its binding is in the policy. For steps
// without a binding, nothing must be left to do.
func isInPlace(plan model.Plan, now assessment) bool {
	return !slices.ContainsFunc(plan.Steps, func(s model.Step) bool {
		if s.Role != "" {
			policy := now.Situation.Policies[s.Resource]
			return !policy.Read() || policy.Value.EditFor(s).Op != model.EditNone
		}
		return slices.ContainsFunc(now.Plan.Steps, func(left model.Step) bool { return left.Kind == s.Kind && left.Resource == s.Resource })
	})
}

// alteredPlanError refuses a plan that differs from Google's answers in who is granted what. Somebody else
// may have written the file, so projects, members and roles are never taken from it.
func alteredPlanError(lines []string) error {
	return &console.Error{Status: console.StatusIncomplete, Hints: []string{"make a new one: " + planFileCommand},
		Message: "the plan is not what Google Cloud gives now, nothing was changed:\n" + strings.Join(lines, "\n")}
}

// planDifferences are the differences between a plan file and a fresh reading in who is granted what. They
// are in the projects' IDs and numbers, the identities, and the steps' members, roles and resources.
func planDifferences(then, now assessment) []string {
	var lines []string
	for asked, fact := range then.Situation.Projects {
		fresh := now.Situation.Projects[asked]
		if fact.Read() && (!fresh.Read() || fact.Value.ID != fresh.Value.ID || fact.Value.Number != fresh.Value.Number) {
			lines = append(lines, fmt.Sprintf("project %s: the plan says %s, Google says %s", asked, projectName(fact), projectName(fresh)))
		}
	}
	a, b := then.Diagnosis.Identities, now.Diagnosis.Identities
	for _, identity := range []struct {
		name      string
		then, now model.Member
	}{{"the deployer", a.Deployer, b.Deployer}, {"the puller", a.Puller, b.Puller}, {"the runner", a.Runner, b.Runner}} {
		if identity.then != identity.now {
			lines = append(lines, fmt.Sprintf("%s: the plan says %s, Google says %s", identity.name, orNobody(identity.then), orNobody(identity.now)))
		}
	}
	lines = append(lines, missingFrom(then.Plan.Steps, now.Plan.Steps, "in the plan alone: ")...)
	lines = append(lines, missingFrom(now.Plan.Steps, then.Plan.Steps, "not in the plan: ")...)
	slices.Sort(lines)
	return lines
}

// projectName is a project with its number, as far as it could be read.
func projectName(fact model.Fact[model.Project]) string {
	if !fact.Read() {
		return "nothing"
	}
	return fact.Value.ID + " " + fact.Value.Number
}

func orNobody(m model.Member) string { return cmp.Or(string(m), "nobody") }

// missingFrom lists the steps that have no equal among the others.
func missingFrom(steps, others []model.Step, prefix string) []string {
	var lines []string
	for _, s := range steps {
		if !slices.ContainsFunc(others, s.SameChange) {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s%s %s %s %s", prefix, s.Kind, s.Role, s.Resource, s.Member)))
		}
	}
	return lines
}

// mergeFlags joins the flags of this command and of the one that made the file; these come first and replace those.
func mergeFlags(own, saved []string) []string {
	name := func(word string) string { flag, _, _ := strings.Cut(word, "="); return flag }
	for _, word := range saved {
		if !slices.ContainsFunc(own, func(w string) bool { return name(w) == name(word) }) {
			own = append(own, word)
		}
	}
	return own
}

// etagsOf are those that the policies of a plan's steps had when it was made.
func etagsOf(f assessment) map[model.Resource]string {
	etags := map[model.Resource]string{}
	for _, s := range f.Plan.Steps {
		if fact := f.Situation.Policies[s.Resource]; s.Role != "" && fact.Read() {
			etags[s.Resource] = fact.Value.Etag
		}
	}
	return etags
}

// policyChanges lists what moved in the policies that a plan changes.
func policyChanges(then, now assessment) []string {
	var lines []string
	for r, etag := range etagsOf(then) {
		fact := now.Situation.Policies[r]
		where := model.Describe(r, nil)
		switch {
		case !fact.Read():
			lines = append(lines, fmt.Sprintf("the policy of %s can't be read any more", where))
		case fact.Value.Etag != etag:
			lines = append(lines, fmt.Sprintf("the policy of %s moved%s", where, policyDiff(then.Situation.Policies[r].Value, fact.Value)))
		}
	}
	slices.Sort(lines)
	return lines
}

// policyDiff lists who came and who went.
func policyDiff(then, now model.Policy) string {
	var parts []string
	for _, line := range now.Lines() {
		if !slices.Contains(then.Lines(), line) {
			parts = append(parts, "+ "+line)
		}
	}
	for _, line := range then.Lines() {
		if !slices.Contains(now.Lines(), line) {
			parts = append(parts, "- "+line)
		}
	}
	if len(parts) == 0 {
		return ": its bindings are the same, but it was written since"
	}
	const maxLines = 10
	if len(parts) > maxLines {
		parts = append(parts[:maxLines], fmt.Sprintf("and %d more", len(parts)-maxLines))
	}
	return ": " + strings.Join(parts, ", ")
}
