package model

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/text"
)

// diagnose makes every check in the order of CheckIDs.
func (q *evaluation) diagnose() Diagnosis {
	resolved := q.resolveQuestion()
	checks := []Check{q.checkRunAPI(resolved), q.checkAgent(resolved)}
	checks = append(checks, q.checkPulls(resolved)...)
	checks = append(checks, q.checkDeploy(resolved), q.checkActAs(resolved))
	checks = append(checks, q.checkReadImages(resolved)...)
	checks = append(checks, q.checkRunAs(resolved), q.checkRuntimeAccount(resolved))
	checks = append(checks, q.checkImages(resolved)...)
	checks = append(checks, q.checkUpstreams(resolved)...)
	d := Diagnosis{Consumer: consumerRef(resolved), Workload: q.s.Question.Workload, Images: q.imageUses(resolved),
		Identities: identities(resolved), Observations: slices.Concat(workloadObservations(resolved), q.ruleObservations(resolved), q.publicObservations(resolved))}
	verdicts := make([]Verdict, 0, len(checks))
	for _, c := range checks {
		verdicts = append(verdicts, c.Verdict)
		c.Gaps = q.withoutAdviceForDeletedProjects(c.Gaps)
		d.Checks = append(d.Checks, c.withEmptyLists())
	}
	d.Verdict = Worst(verdicts...)
	before := q.unreadLookups
	d.Observations = slices.Concat(d.Observations, q.nearMisses(resolved, checks), q.denyPolicyAges(checks))
	d.observationsPending = q.unreadLookups > before
	return d
}

// withoutAdviceForDeletedProjects takes out the advice to turn on an API in a project that is being deleted.
func (q *evaluation) withoutAdviceForDeletedProjects(gaps []Gap) []Gap {
	gaps = slices.Clone(gaps)
	for i, g := range gaps {
		if g.DisabledAPI != "" && q.isBeingDeleted(g.DisabledAPI.Project()) {
			gaps[i].Next, gaps[i].Command = "", ""
		}
	}
	return gaps
}

// isBeingDeleted reports whether a project, by its ID or its number, is known to be being deleted.
func (q *evaluation) isBeingDeleted(project string) bool {
	for asked, fact := range q.s.Projects {
		if p := fact.Value; p.BeingDeleted() && slices.Contains([]string{asked, p.ID, p.Number}, project) {
			return true
		}
	}
	return false
}

// withEmptyLists makes absent lists empty ones, so that the JSON always has arrays.
func (c Check) withEmptyLists() Check {
	if c.Evidence == nil {
		c.Evidence = []Evidence{}
	}
	if c.Gaps == nil {
		c.Gaps = []Gap{}
	}
	return c
}

func consumerRef(resolved resolvedQuestion) ConsumerRef {
	ref := ConsumerRef{ID: resolved.project}
	if resolved.consumer.Read() {
		ref.Number = &resolved.consumer.Value.Number
	}
	return ref
}

func identities(resolved resolvedQuestion) Identities {
	all := Identities{Deployer: resolved.deployer.Value, Puller: resolved.puller, Runner: resolved.runnerMember()}
	if resolved.hasAgentIdentity {
		all.RunnerKind = RunnerAgentIdentity
	}
	return all
}

func (q *evaluation) imageUses(resolved resolvedQuestion) []ImageUse {
	uses := []ImageUse{}
	for _, i := range resolved.images {
		use := ImageUse{Reference: i.reference(), Image: i}
		if i.Registry == ArtifactRegistry {
			repository := i.Repository.String()
			use.Repository = &repository
			if fact := q.image(i); fact.Read() {
				use.Digest = &fact.Value.Digest
			} else if fact := q.s.Anonymous[i.String()]; fact.Read() && fact.Value.Digest != "" {
				use.Digest = &fact.Value.Digest
			}
		}
		uses = append(uses, use)
	}
	return uses
}

// workloadObservations gives what the workload itself says about its last deploy.
func workloadObservations(resolved resolvedQuestion) []Observation {
	condition := resolved.workload.Value.Condition
	if condition == nil || condition.Ready {
		return nil
	}
	text := condition.Message
	if condition.Reason != "" {
		text = condition.Reason + ": " + text
	}
	w := resolved.workload.Value
	return []Observation{{Text: fmt.Sprintf("%s %s says: %s", w.Kind.DisplayName(), w.Name, text), Time: condition.Time, Quoted: true}}
}

// numberedID names the nth of several checks: pull, pull#2, pull#3.
func numberedID(id string, n int) string {
	if n == 0 {
		return id
	}
	return fmt.Sprintf("%s#%d", id, n+1)
}

// unknownBecause is a check that can't even be asked, because of a gap.
func (c Check) unknownBecause(gap Gap, what string) Check {
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

// withDecision puts a decision into the check, with its sentence.
func (c Check) withDecision(d Decision) Check {
	c.Verdict, c.Evidence, c.Gaps, c.Levels = d.Verdict, d.Evidence, d.Gaps, d.Levels
	c.Reason, c.Opinion, c.boundaryUnchecked, c.ground = d.sentence(), d.Opinion, d.boundaryUnchecked, d.groundNote()
	c.noGrantHelps = c.noGrantHelps || d.callerTest == callerTestNoDespiteBinding
	if advice := firstInertText(d.Inert, InertBinding.advice); advice != "" && d.Verdict == Missing {
		c.Advice = append(c.Advice, advice)
	}
	if d.blockedBy != nil {
		c.Advice = append(c.Advice, boundaryAdvice)
	}
	if d.noOpinionReason != "" {
		c.Advice = append(c.Advice, "No second opinion from Policy Troubleshooter: "+d.noOpinionReason+".")
	}
	return c
}

// sentence says a decision's reason.
func (d Decision) sentence() string {
	switch d.Verdict {
	case Granted:
		if d.Evidence[0].Source == SourceOpinion {
			return "Policy Troubleshooter says that it is given" + inParentheses(d.Opinion.Why) + "."
		}
		return evidenceText(d.Evidence[0]) + " gives it."
	case Denied:
		if d.blockedBy != nil {
			return d.blockedBy.sentence()
		}
		if d.Evidence[0].Source == SourceOpinion {
			return "Policy Troubleshooter says that it is denied" + inParentheses(d.Opinion.Why) + "."
		}
		return fmt.Sprintf("%s on %s takes it away.", d.Evidence[0].Source, Describe(d.Evidence[0].Resource, d.Levels))
	case Missing:
		switch d.callerTest {
		case callerTestNo:
			return "Your own test of the permission says no."
		case callerTestNoDespiteBinding:
			return "Your own test of the permission says no, although " + evidenceText(d.contradictedBinding) + " gives it: " +
				"a deny policy, an access boundary or a change of the last minutes may be why."
		}
		if len(d.Evidence) > 0 {
			return "Policy Troubleshooter says that nothing gives it" + inParentheses(d.Opinion.Why) + "."
		}
		return "Nothing that was read gives it: " + joinLevels(d.Levels) + "." + conditionUnmetSentence(d.ConditionUnmet) + firstInertText(d.Inert, InertBinding.sentence)
	}
	if d.pending() {
		return "Still reading."
	}
	if d.callerTest == callerTestNoUnseen {
		return "You lack this permission, or the resource doesn't exist: Google answers both the same way."
	}
	return "Not decided: " + d.Gaps[0].Reason + moreGapsText(len(d.Gaps)-1) + "."
}

func (d Decision) pending() bool { return len(d.Gaps) > 0 && Check{Gaps: d.Gaps}.Pending() }

func moreGapsText(n int) string {
	if n <= 0 {
		return ""
	}
	return " (and " + text.CountNoun(n, "more gap") + ")"
}

// evidenceText names what a piece of evidence rests on.
func evidenceText(e Evidence) string {
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

// conditionUnmetSentence names the binding that would give it if its condition held: most often its time is over.
func conditionUnmetSentence(lapsed []Evidence) string {
	if len(lapsed) == 0 {
		return ""
	}
	e := lapsed[0]
	return fmt.Sprintf(" %s on %s would, but its condition does not hold: %s.", e.Role, Describe(e.Resource, nil), e.Condition)
}

func joinLevels(levels []Ancestor) string {
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
