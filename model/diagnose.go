package model

import (
	"fmt"
	"slices"
	"strings"
)

// diagnose makes every check in the order of CheckIDs.
func (q *inquiry) diagnose() Diagnosis {
	sub := q.subject()
	checks := []Check{q.checkRunAPI(sub), q.checkAgent(sub)}
	checks = append(checks, q.checkPulls(sub)...)
	checks = append(checks, q.checkDeploy(sub), q.checkActAs(sub))
	checks = append(checks, q.checkReadImages(sub)...)
	checks = append(checks, q.checkRunAs(sub), q.checkRuntimeAccount(sub))
	checks = append(checks, q.checkImages(sub)...)
	checks = append(checks, q.checkUpstreams(sub)...)
	d := Diagnosis{Consumer: consumerRef(sub), Workload: q.s.Question.Workload, Images: q.imageUses(sub),
		Identities: identities(sub), Observations: slices.Concat(observations(sub), q.ruleObservations(sub), q.publicObservations(sub))}
	verdicts := make([]Verdict, 0, len(checks))
	for _, c := range checks {
		verdicts = append(verdicts, c.Verdict)
		c.Gaps = q.withoutLost(c.Gaps)
		d.Checks = append(d.Checks, c.filled())
	}
	d.Verdict = Worst(verdicts...)
	before := q.unasked
	d.Observations = slices.Concat(d.Observations, q.nearMisses(sub, checks), q.ages(checks))
	d.observing = q.unasked > before
	return d
}

// withoutLost takes out the advice to turn on an API in a project that is being deleted.
func (q *inquiry) withoutLost(gaps []Gap) []Gap {
	gaps = slices.Clone(gaps)
	for i, g := range gaps {
		if g.Off != "" && q.leaves(g.Off.Project()) {
			gaps[i].Next, gaps[i].Command = "", ""
		}
	}
	return gaps
}

// leaves reports whether a project, by its ID or its number, is known to be being deleted.
func (q *inquiry) leaves(project string) bool {
	for asked, fact := range q.s.Projects {
		if p := fact.Value; p.Leaving() && slices.Contains([]string{asked, p.ID, p.Number}, project) {
			return true
		}
	}
	return false
}

// filled makes absent lists empty ones, so that the JSON always has arrays.
func (c Check) filled() Check {
	if c.Evidence == nil {
		c.Evidence = []Evidence{}
	}
	if c.Gaps == nil {
		c.Gaps = []Gap{}
	}
	return c
}

func consumerRef(sub subject) ConsumerRef {
	ref := ConsumerRef{ID: sub.project}
	if sub.consumer.Read() {
		ref.Number = &sub.consumer.Value.Number
	}
	return ref
}

func identities(sub subject) Identities {
	all := Identities{Deployer: sub.deployer.Value, Puller: sub.puller, Runner: sub.runnerMember()}
	if sub.runsAsAgent {
		all.RunnerKind = RunnerAgentIdentity
	}
	return all
}

func (q *inquiry) imageUses(sub subject) []ImageUse {
	uses := []ImageUse{}
	for _, i := range sub.images {
		use := ImageUse{Reference: i.Text, Image: i}
		if i.Registry == ArtifactRegistry {
			repository := i.Repository.String()
			use.Repository = &repository
			if fact := q.image(i.String()); fact.Read() {
				use.Digest = &fact.Value.Digest
			} else if fact := q.s.Anonymous[i.String()]; fact.Read() && fact.Value.Digest != "" {
				use.Digest = &fact.Value.Digest
			}
		}
		uses = append(uses, use)
	}
	return uses
}

// observations tells what the workload itself says of its last deploy.
func observations(sub subject) []Observation {
	condition := sub.workload.Value.Condition
	if condition == nil || condition.Ready {
		return nil
	}
	text := condition.Message
	if condition.Reason != "" {
		text = condition.Reason + ": " + text
	}
	w := sub.workload.Value
	return []Observation{{Text: fmt.Sprintf("%s %s says: %s", w.Kind.Words(), w.Name, text), Time: condition.Time, Quoted: true}}
}

// numbered names the nth of several checks: pull, pull#2, pull#3.
func numbered(id string, n int) string {
	if n == 0 {
		return id
	}
	return fmt.Sprintf("%s#%d", id, n+1)
}

// unknownFor is a check that can't even be asked, because of a gap.
func (c Check) unknownFor(gap Gap, what string) Check {
	c.Verdict = Unknown
	c.Gaps = []Gap{gap}
	c.Reason = what + "."
	switch {
	case gap.pending:
		c.Reason = "Still reading."
	case gap.Reason != "":
		c.Reason = what + ": " + strings.TrimSuffix(gap.Reason, ".") + "."
	}
	return c
}

// with puts a decision into the check, with its sentence.
func (c Check) with(d Decision) Check {
	c.Verdict, c.Evidence, c.Gaps, c.Levels = d.Verdict, d.Evidence, d.Gaps, d.Levels
	c.Reason, c.Opinion, c.unbound = d.sentence(), d.Opinion, d.unbound
	c.noGrant = c.noGrant || d.own == ownAgainst
	if advice := firstInert(d.Inert, Inert.advice); advice != "" && d.Verdict == Missing {
		c.Advice = append(c.Advice, advice)
	}
	if d.boundary != nil {
		c.Advice = append(c.Advice, boundaryAdvice)
	}
	if d.unasked != "" {
		c.Advice = append(c.Advice, "No second opinion from Policy Troubleshooter: "+d.unasked+".")
	}
	return c
}

// sentence says a decision's reason.
func (d Decision) sentence() string {
	switch d.Verdict {
	case Granted:
		if d.Evidence[0].Source == SourceOpinion {
			return "Policy Troubleshooter says that it is given" + because(d.Opinion.Why) + "."
		}
		return proof(d.Evidence[0]) + " gives it."
	case Denied:
		if d.boundary != nil {
			return d.boundary.sentence()
		}
		if d.Evidence[0].Source == SourceOpinion {
			return "Policy Troubleshooter says that it is denied" + because(d.Opinion.Why) + "."
		}
		return fmt.Sprintf("%s on %s takes it away.", d.Evidence[0].Source, Describe(d.Evidence[0].Resource, d.Levels))
	case Missing:
		switch d.own {
		case ownNo:
			return "Your own test of the permission says no."
		case ownAgainst:
			return "Your own test of the permission says no, although " + proof(d.withheld) + " gives it: " +
				"a deny policy, an access boundary or a change of the last minutes may be why."
		}
		if len(d.Evidence) > 0 {
			return "Policy Troubleshooter says that nothing gives it" + because(d.Opinion.Why) + "."
		}
		return "Nothing that was read gives it: " + levelList(d.Levels) + "." + lapse(d.Lapsed) + firstInert(d.Inert, Inert.sentence)
	}
	if d.pending() {
		return "Still reading."
	}
	if d.own == ownUnseen {
		return "You lack this permission, or the resource doesn't exist: Google answers both the same way."
	}
	return "Not decided: " + d.Gaps[0].Reason + more(len(d.Gaps)-1) + "."
}

func (d Decision) pending() bool { return len(d.Gaps) > 0 && Check{Gaps: d.Gaps}.Pending() }

func more(n int) string {
	if n <= 0 {
		return ""
	}
	return " (and " + Counted(n, "more gap") + ")"
}

// proof names what a piece of evidence rests on.
func proof(e Evidence) string {
	switch e.Source {
	case SourceTest:
		return "The caller's own test"
	case SourceAnonymous:
		return "The image was served without signing in: it is public, which"
	}
	words := fmt.Sprintf("%s on %s", e.Role, Describe(e.Resource, nil))
	if e.Condition != "" {
		words += ", under a condition that holds now,"
	}
	return words
}

// lapse names the binding that would give it if its condition held: most often its time is over.
func lapse(lapsed []Evidence) string {
	if len(lapsed) == 0 {
		return ""
	}
	e := lapsed[0]
	return fmt.Sprintf(" %s on %s would, but its condition does not hold: %s.", e.Role, Describe(e.Resource, nil), e.Condition)
}

func levelList(levels []Ancestor) string {
	names := make([]string, 0, len(levels))
	for _, l := range levels {
		names = append(names, Describe(l.Resource, levels))
	}
	return strings.Join(names, ", ")
}

// Describe names a resource for people: repository myrepo, project myproject-b, folder apps. The levels give the
// display names of folders and organizations.
func Describe(r Resource, levels []Ancestor) string {
	for _, l := range levels {
		if l.Resource == r && l.Name != "" {
			return string(r.Kind()) + " " + l.Name
		}
	}
	return strings.TrimSpace(string(r.Kind()) + " " + r.ID())
}
