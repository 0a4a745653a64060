package tui

import (
	"testing"

	"whopulls/model"
)

// What a new deployment is to be is asked before its image, unless it is known already.
func TestKindOfANewDeployment(t *testing.T) {
	for _, c := range []struct {
		about string
		given model.Question
		keys  []string
		kind  string
		line  string
	}{
		{"a service", model.Question{}, []string{"enter"}, "service", "create services"},
		{"a job", model.Question{}, []string{"down", "enter"}, "job", "create jobs"},
		{"a worker pool", model.Question{}, []string{"end", "enter"}, "worker pool", "create worker pools"},
		{"given by --kind", model.Question{Kind: model.WorkerPool}, nil, "worker pool", "create worker pools"},
		{"open to everybody", model.Question{Public: true}, nil, "service", "create public services"},
	} {
		t.Run(c.about, func(t *testing.T) {
			c.given.Project = "myproject-a"
			term := start(t, newFakeCloud(), Options{Question: c.given}, 80, 24)
			term.shows("2 workloads")
			term.press("end", "enter")
			if c.keys != nil {
				compareScreen(t, "pick-kind", term.shows("What kind of workload is the new deployment?", "3 kinds"))
				term.press(c.keys...)
			}
			term.shows("Which image?", "a new "+c.kind)
			term.typeText(imageText)
			term.press("enter")
			term.shows("myproject-a ▸ a new "+c.kind+"   ✗ missing", "3 of 3 granted")
			unfoldDeployer(term)
			term.shows(c.line)
		})
	}
}

// unfoldDeployer shows the lines of the deployer, which fold in a low window where all are granted.
func unfoldDeployer(term *terminal) { term.press("home", "down", "enter") }

// On the map of one that is assumed to be a service, a key asks the same of the next kind.
func TestOtherKindOnTheMap(t *testing.T) {
	question := model.Question{Project: "myproject-a", Image: model.ImageOf(imageText)}
	term := start(t, newFakeCloud(), Options{Question: question}, 80, 24)
	compareScreen(t, "map-assumed", term.shows("myproject-a ▸ a new deployment (service, assu…   ✗ missing", "3 of 3 granted"))
	unfoldDeployer(term)
	term.shows("create services")
	for _, kind := range []string{"job", "worker pool", "service", "job"} {
		term.act("instead")
		term.shows("myproject-a ▸ a new "+kind+"   ✗ missing", "create "+kind+"s")
	}
	for why, q := range map[string]model.Question{
		"it is deployed already":       articleQuestion(),
		"only a service can be public": {Project: "myproject-a", Image: model.ImageOf(imageText), Public: true},
	} {
		t.Run(why, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: q}, 80, 24)
			assertLacks(t, term.shows("✗ missing", "fix:"), " instead")
			term.act("another kind")
			term.shows("\n " + why)
		})
	}
}
