package model

import (
	"fmt"
	"slices"
	"strings"
)

// SecondOpinion is Policy Troubleshooter's answer to an Access: Google's own engine, which sees what the caller may see, and
// in addition groups and tags. It says nothing about propagation (iam-facts 6.4, 8.1). Its verdict is that of allow and deny
// policies; what it says about principal access boundaries stands apart.
type SecondOpinion struct {
	Verdict  Verdict  `json:"verdict"`
	Why      []string `json:"why,omitempty"` // what it rests on, each a few words
	Boundary Boundary `json:"boundary,omitzero"`
}

// SourceOpinion is the source of evidence that Policy Troubleshooter gave.
const SourceOpinion = "policytroubleshooter"

// UnmarshalText reads what MarshalText writes.
func (a *Access) UnmarshalText(text []byte) error {
	parts := strings.SplitN(string(text), " ", 3)
	if len(parts) != 3 {
		return fmt.Errorf("%q is not PERMISSION PRINCIPAL RESOURCE", text)
	}
	*a = Access{Permission: Permission(parts[0]), Principal: Member(parts[1]), Resource: Resource(parts[2])}
	return nil
}

// MarshalText writes an Access as a map key of JSON: PERMISSION PRINCIPAL RESOURCE.
func (a Access) MarshalText() ([]byte, error) { return []byte(a.key()), nil }

func (a Access) key() string {
	return string(a.Permission) + " " + string(a.Principal) + " " + string(a.Resource)
}

// canTroubleshoot reports whether Policy Troubleshooter can be asked: it takes the e-mails of people and service accounts.
func (a Access) canTroubleshoot() bool {
	return !a.Principal.Deleted() && (a.Principal.Type() == "user" || a.Principal.IsServiceAccount())
}

// withSecondOpinion asks for the second opinion on a decision. It wins over an unknown; where the two contradict each other the
// answer is unknown, and says so.
func (q *evaluation) withSecondOpinion(a Access, d Decision) Decision {
	if !a.canTroubleshoot() {
		return d
	}
	fact := q.opinion(a)
	switch {
	case fact.Read():
		d.Opinion = &fact.Value
	case fact.Gap.pending:
		d.Gaps = append(slices.Clone(d.Gaps), fact.Gap)
	case d.Verdict == Unknown && fact.Gap.Reason != "":
		d.noOpinionReason = fact.Gap.Reason
	}
	if d.Opinion == nil || d.pending() {
		return d
	}
	return d.reconcileOpinion(a.Resource)
}

// reconcileOpinion lets the opinion speak.
func (d Decision) reconcileOpinion(r Resource) Decision {
	theirs := d.Opinion.Verdict
	gives := d.Verdict == Unknown && len(d.Evidence) > 0 // what is open is only whether something takes it away
	switch {
	case gives && theirs == Missing: // they see no binding, and one was read
		return d.conflictWithOpinion(r, Granted)
	case theirs == Unknown || theirs == d.Verdict || (theirs == Missing && d.Verdict == Denied):
		return d
	case d.Verdict == Unknown || (theirs == Denied && d.Verdict == Missing):
		d.Verdict, d.Gaps = theirs, nil
		d.Evidence = append([]Evidence{{Resource: r, Source: SourceOpinion}}, d.Evidence...)
		return d
	}
	return d.conflictWithOpinion(r, d.Verdict)
}

// conflictWithOpinion leaves the answer open, and says what stands against what.
func (d Decision) conflictWithOpinion(r Resource, read Verdict) Decision {
	d.Gaps = append(slices.Clone(d.Gaps), Gap{Resource: r, Reason: fmt.Sprintf(
		"Policy Troubleshooter and the policies contradict each other: it says %s%s, by what was read it is %s",
		d.Opinion.Verdict, inParentheses(d.Opinion.Why), read)})
	d.Verdict = Unknown
	return d
}

func inParentheses(why []string) string {
	if len(why) == 0 {
		return ""
	}
	return " (" + strings.Join(why, "; ") + ")"
}

// OpinionSentence says what the second opinion adds to the check's reason. It is empty if it adds nothing, or
// if reason and gaps already say it.
func (c Check) OpinionSentence() string {
	switch {
	case c.Opinion == nil || c.Pending() || c.Opinion.Boundary.State == BoundaryBlocks || (len(c.Evidence) > 0 && c.Evidence[0].Source == SourceOpinion):
		return ""
	case c.Opinion.Verdict == Unknown:
		return "Policy Troubleshooter can't tell" + inParentheses(c.Opinion.Why) + "."
	case c.Opinion.Verdict == c.Verdict:
		return "Policy Troubleshooter says the same" + inParentheses(c.Opinion.Why) + "."
	case c.Verdict == Denied:
		return "Policy Troubleshooter says that nothing gives it."
	}
	return ""
}
