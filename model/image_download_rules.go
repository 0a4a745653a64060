package model

import (
	"fmt"
	"slices"

	"whopulls/text"
)

// DownloadRule is a download rule of a repository. Its condition and what it means for one pull are not decided here.
type DownloadRule struct {
	ID      string `json:"id"`
	Action  string `json:"action"`            // ALLOW or DENY
	Package string `json:"package,omitempty"` // empty: every package
}

// ruleObservations report download rules, which can refuse a pull although IAM allows it (iam-facts 4.5). They alter no
// verdict: what one rule does to one image is not documented well enough. Rules that can't be read are not spoken of.
func (q *evaluation) ruleObservations(resolved resolvedQuestion) []Observation {
	var all []Observation
	for _, p := range resolved.repositories() {
		rules := q.downloadRulesOf(p).Value
		if len(rules) == 0 {
			continue
		}
		all = append(all, Observation{
			Text: fmt.Sprintf("Repository %s has %s, which can refuse a pull that IAM allows.", p.name.ID, ruleCountText(rules)),
			Command: shellCommand("gcloud", "artifacts", "rules", "list", "--repository="+p.name.ID,
				"--location="+p.name.Location, "--project="+p.name.Project)})
	}
	return all
}

// ruleCountText counts them: ALLOW rules are counted too, for a pull that none of them allows may be refused as well.
func ruleCountText(rules []DownloadRule) string {
	denying := 0
	for _, r := range rules {
		if r.Action == "DENY" {
			denying++
		}
	}
	if len(rules) == 1 {
		return "1 download rule (" + rules[0].Action + ")"
	}
	return fmt.Sprintf("%s (%d of them DENY)", text.CountNoun(len(rules), "download rule"), denying)
}

func (q *evaluation) downloadRulesOf(p imageRepository) Fact[[]DownloadRule] {
	if p.registry != ArtifactRegistry {
		return Absent[[]DownloadRule]()
	}
	return q.downloadRules(p.name.Resource())
}

// pendingAnswers are the answers under way that may yet add a check or an observation to what is known about a place.
func (q *evaluation) pendingAnswers(p imageRepository) []Gap {
	_, links := q.upstreamLinksOf(p)
	return slices.Concat(links, pendingOnly([]Gap{q.downloadRulesOf(p).Gap}), q.pendingPublicAnswers(p))
}
