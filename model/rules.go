package model

import (
	"fmt"
	"slices"
)

// Rule is a download rule of a repository. Its condition and what it means for one pull are not decided here.
type Rule struct {
	ID      string `json:"id"`
	Action  string `json:"action"`            // ALLOW or DENY
	Package string `json:"package,omitempty"` // empty: every package
}

// ruleObservations tell of download rules, which can refuse a pull although IAM allows it (iam-facts 4.5). They alter no
// verdict: what one rule does to one image is not documented well enough. Rules that can't be read are not spoken of.
func (q *inquiry) ruleObservations(sub subject) []Observation {
	var all []Observation
	for _, p := range sub.places() {
		rules := q.rulesOf(p).Value
		if len(rules) == 0 {
			continue
		}
		all = append(all, Observation{
			Text: fmt.Sprintf("Repository %s has %s, which can refuse a pull that IAM allows.", p.name.ID, countRules(rules)),
			Command: command("gcloud", "artifacts", "rules", "list", "--repository="+p.name.ID,
				"--location="+p.name.Location, "--project="+p.name.Project)})
	}
	return all
}

// countRules counts them: ALLOW rules are counted too, for a pull that none of them allows may be refused as well.
func countRules(rules []Rule) string {
	denying := 0
	for _, r := range rules {
		if r.Action == "DENY" {
			denying++
		}
	}
	if len(rules) == 1 {
		return "1 download rule (" + rules[0].Action + ")"
	}
	return fmt.Sprintf("%s (%d of them DENY)", Counted(len(rules), "download rule"), denying)
}

func (q *inquiry) rulesOf(p place) Fact[[]Rule] {
	if p.registry != ArtifactRegistry {
		return Absent[[]Rule]()
	}
	return q.rules(p.name.Resource())
}

// awaited are the answers under way that may yet add a check or an observation to what is known of a place.
func (q *inquiry) awaited(p place) []Gap {
	_, links := q.linksOf(p)
	return slices.Concat(links, pendingOnly([]Gap{q.rulesOf(p).Gap}), q.publicAwaited(p))
}
