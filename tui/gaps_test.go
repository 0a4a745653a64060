package tui

import (
	"testing"

	"whopulls/model"
)

const perimeterNext = "send the identifier to the perimeter's administrator; it finds the refusal in the audit log"

// perimeterGap is what a refusal by VPC Service Controls leaves.
func perimeterGap(what, identifier string) model.Gap {
	return model.Gap{Resource: repoName.Resource(), Next: perimeterNext,
		Reason: "VPC Service Controls does not let you " + what + " (identifier " + identifier + ")"}
}

// The identifier of each refusal is on the screen whole, and what to do about all of them once.
func TestGapsSayWhatHelps(t *testing.T) {
	cloud := newFakeCloud()
	cloud.gaps = []model.Gap{perimeterGap("list the services of project myproject-a", "aB1-cD2_eF3gH4iJ5kL6"),
		perimeterGap("list the jobs of project myproject-a", "mN7-oP8_qR9sT0uV1wX2")}
	cloud.unreadablePolicies = map[model.Resource]model.Gap{repoName.Resource(): perimeterGap("read the policy of repository myrepo", "yZ3-aB4_cD5eF6gH7iJ8")}
	term := start(t, cloud, Options{}, 80, 24)
	term.shows("3 projects")
	term.typeText("proja")
	term.shows("1 of 3 projects")
	term.press("enter")
	compareScreen(t, "pick-workload-gaps", term.shows("2 workloads, some could not be listed\n", "aB1-cD2_eF3gH4iJ5kL6", "mN7-oP8_qR9sT0uV1wX2", "audit log"))
	term = start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	compareScreen(t, "map-gap", term.shows("myproject-a ▸ job myjob   ? unknown\n", "yZ3-aB4_cD5eF6gH7iJ8", "refusal in the audit log", "not looked at:"))
	term = start(t, cloud, Options{Question: articleQuestion()}, 80, 18)
	term.shows("1-3 of 6, pgdn", "not looked at:")
	term.press("pgdown")
	term.shows("refusal in the audit log", "not looked at:")
	term.press("up")
	term.press("down")
	term.shows("1-3 of 6, pgdn")
}
