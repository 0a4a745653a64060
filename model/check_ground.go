package model

import "slices"

// Ground is what a verdict rests on, for code to decide on: a check's reason is for people alone.
type Ground string

// What a granted check rests on.
const (
	GroundBinding        Ground = "binding"         // on the resource itself, or on the project of a workload
	GroundInherited      Ground = "inherited"       // a binding on a level above
	GroundPublic         Ground = "public"          // it is granted to everybody
	GroundTest           Ground = "test"            // the caller's own test says yes
	GroundOpinionGranted Ground = "opinion-granted" // Policy Troubleshooter says so
	GroundSeen           Ground = "seen"            // it was looked up
	GroundNotNeeded      Ground = "not-needed"      // it asks about an account that the workload does not have
)

// What a missing check rests on.
const (
	GroundNothing        Ground = "nothing"         // every level was read, and nothing gives it
	GroundCondition      Ground = "condition"       // a binding would give it, but its condition does not hold
	GroundInertRole      Ground = "inert-role"      // a binding would give it, but its role is disabled or deleted
	GroundTestNo         Ground = "test-no"         // the caller's own test says no
	GroundTestAgainst    Ground = "test-against"    // the caller's own test says no, although a binding gives it
	GroundOpinionMissing Ground = "opinion-missing" // Policy Troubleshooter says so
	GroundAbsent         Ground = "absent"          // it was looked up, and is not there
	GroundOff            Ground = "off"             // the API is off
	GroundFormat         Ground = "format"          // the repository is of a format that holds no images
	GroundDisabled       Ground = "disabled"        // the account is disabled
	GroundDying          Ground = "dying"           // its project is being deleted
	GroundRefused        Ground = "refused"         // Cloud Run takes no images from that registry
)

// What a denied check rests on.
const (
	GroundDenyPolicy         Ground = "deny-policy"
	GroundBoundary           Ground = "boundary"            // a principal access boundary policy
	GroundOrganizationPolicy Ground = "organization-policy" // it keeps accounts in their own project
	GroundOpinionDenied      Ground = "opinion-denied"      // Policy Troubleshooter says so
)

// Why a check is unknown.
const (
	GroundUnread    Ground = "unread"    // the caller may not read something that matters
	GroundUndecided Ground = "undecided" // what was read does not decide it: a group, a tag, a condition
	GroundUnseen    Ground = "unseen"    // not allowed, or not there: Google answers both the same way
	GroundElsewhere Ground = "elsewhere" // Google's IAM does not decide there, so that nothing was looked at
)

// Why something that matters could not be read, where a permission is not the cause.
const (
	GroundUnreadOff    Ground = "unread-off"    // the API that would answer is off
	GroundUnreadNow    Ground = "unread-now"    // no answer, or a quota that is used up: a later look may succeed
	GroundUnreadFailed Ground = "unread-failed" // anything else: too large, a sign-in, a perimeter
)

// GroundPending is that of a check of any verdict whose answer is still under way.
const GroundPending Ground = "pending"

// Grounds are those that a check with a verdict can have.
func (v Verdict) Grounds() []Ground {
	switch v {
	case Granted:
		return []Ground{GroundBinding, GroundInherited, GroundPublic, GroundTest, GroundOpinionGranted, GroundSeen, GroundNotNeeded, GroundPending}
	case Missing:
		return []Ground{GroundNothing, GroundCondition, GroundInertRole, GroundTestNo, GroundTestAgainst, GroundOpinionMissing, GroundAbsent,
			GroundOff, GroundFormat, GroundDisabled, GroundDying, GroundRefused, GroundPending}
	case Denied:
		return []Ground{GroundDenyPolicy, GroundBoundary, GroundOrganizationPolicy, GroundOpinionDenied, GroundPending}
	}
	return []Ground{GroundUnread, GroundUnreadOff, GroundUnreadNow, GroundUnreadFailed, GroundUndecided, GroundUnseen, GroundElsewhere, GroundRefused, GroundPending}
}

// Ground says what the check's verdict rests on.
func (c Check) Ground() Ground {
	switch {
	case c.Pending():
		return GroundPending
	case slices.Contains(c.Verdict.Grounds(), c.ground): // the verdict may have changed since it was noted
		return c.ground
	case c.Verdict == Granted:
		return c.grantedGround()
	case c.Verdict == Missing:
		return c.missingGround()
	case c.Verdict == Denied:
		return GroundDenyPolicy
	}
	return c.OpenGap().ground()
}

func (c Check) grantedGround() Ground {
	if len(c.Evidence) == 0 {
		return GroundSeen
	}
	switch e := c.Evidence[0]; {
	case c.NotApplicable():
		return GroundNotNeeded
	case e.Member.IsEverybody():
		return GroundPublic
	case e.Source == SourceTest:
		return GroundTest
	case e.Source == SourceOpinion:
		return GroundOpinionGranted
	case e.Role == "":
		return GroundSeen
	case e.IsAbove(c.Resource):
		return GroundInherited
	}
	return GroundBinding
}

func (c Check) missingGround() Ground {
	switch {
	case c.Detail.Absent == AbsentDockerFormat:
		return GroundFormat
	case c.Detail.Absent != "":
		return GroundAbsent
	case len(c.Evidence) > 0 && c.Evidence[0].Source == SourceOpinion: // it answers where no level was read
		return GroundOpinionMissing
	case len(c.Levels) == 0:
		return GroundAbsent
	}
	return GroundNothing
}

// IsAbove reports whether the evidence stands above what was asked about. The project is the home of its workloads: nobody
// expects a binding on one of them.
func (e Evidence) IsAbove(asked Resource) bool {
	switch asked.Kind() {
	case KindRepository, KindAccount:
		return e.Resource != asked
	}
	return e.Resource.Kind() == KindFolder || e.Resource.Kind() == KindOrganization
}

// groundNote is the ground of a decision that its evidence and gaps do not show.
func (d Decision) groundNote() Ground {
	switch {
	case d.blockedBy != nil:
		return GroundBoundary
	case d.Verdict == Denied && len(d.Evidence) > 0 && d.Evidence[0].Source == SourceOpinion:
		return GroundOpinionDenied
	case d.callerTest == callerTestNoUnseen:
		return GroundUnseen
	case d.callerTest == callerTestNo:
		return GroundTestNo
	case d.callerTest == callerTestNoDespiteBinding:
		return GroundTestAgainst
	case len(d.Evidence) > 0:
		return ""
	case len(d.ConditionUnmet) > 0:
		return GroundCondition
	case len(d.Inert) > 0:
		return GroundInertRole
	}
	return ""
}
