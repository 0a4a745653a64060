package tui

import (
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

// assertLacks fails where a screen has one of the texts.
func assertLacks(t *testing.T, screen string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(screen, text) {
			t.Errorf("the screen has %q:\n%s", text, screen)
		}
	}
}

// A map without steps, of an image outside Artifact Registry, offers neither a walk nor a clean-up. Enter says what closes the line.
func TestAMapOffersWhatItHas(t *testing.T) {
	cloud := newFakeCloud()
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a", Image: model.ImageOf("docker.io/library/nginx:latest")}}, 80, 24)
	assertLacks(t, term.shows("myproject-a ▸ a new deployment (", "   ? unknown\n", "outside Artifact Registry", "enter what to do", "e explain"), "fix:", "registry: who", "reading")
	term.press("?")
	term.shows("what closes this line")
	term.press("pgdown")
	term.shows("registry (no repository of Artifact Registry is")
	term.press("esc")
	term.act("registry")
	term.shows("no repository of Artifact Registry is known here")
}

// Enter goes into the chosen line and into no other: a red line has its own fix or what closes it, a green one its evidence.
func TestEnterStaysOnItsLine(t *testing.T) {
	cloud := newFakeCloud()
	cloud.imageAbsent = true
	term := start(t, cloud, Options{Question: articleQuestion()}, 120, 40)
	term.shows("▸ ✗ missing  pull the image", "enter fix: 1 step")
	term.press("home")
	for _, line := range []struct {
		name  string
		opens []string
		lacks []string
	}{
		{"Cloud Run API", []string{"╭ Evidence: Cloud Run API", "copy the line"}, []string{"The binding"}},
		{"update the job", []string{"╭ Evidence: update the job", "The binding", "role       roles/run.developer", "member     user:dev@example.com", "on         project myproject-a, above job myjob"}, nil},
		{"act as the runner", []string{"╭ Evidence: act as the runner", "role       roles/iam.serviceAccountUser"}, nil},
		{"read the image", []string{"╭ Evidence: read the image", "on         repository myrepo", "open the registry"}, []string{"above"}},
		{"have its role here", []string{"╭ Evidence: have its role here", "on         project myproject-a"}, nil},
		{"start as the runner", []string{"╭ Evidence: start as the runner"}, nil},
		{"pull the image", []string{"○ to do", "roles/artifactregistry.reader"}, []string{"╭ "}},
		{"exists and is enabled", []string{"╭ Evidence: exists and is enabled"}, nil},
		{"repository", []string{"Who may pull from repository myrepo of myproject-b?"}, nil},
		{"image", []string{"╭ Explain: image", "What to do"}, []string{"fix: 1 step  Grant"}},
	} {
		t.Run(line.name, func(*testing.T) {
			if line.name == "repository" {
				term.press("down", "down", "down") // the organization, the folder and the project: TestLevelsOnTheMap
			}
			term.press("enter")
			assertLacks(t, term.shows(line.opens...), line.lacks...)
			term.press("esc")
			term.shows("▸", "? keys", "PULLS")
			term.press("down")
		})
	}
}

// The evidence of a binding above the repository names the level, and leads to who else may pull.
func TestTheEvidenceLeadsOn(t *testing.T) {
	cloud := newFakeCloud()
	cloud.policies[organization.Resource] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{agentMember}}}}
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {200, 50}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			term := start(t, cloud, Options{Question: articleQuestion()}, size[0], size[1])
			term.shows("✓ granted  pull the image", "enter evidence")
			term.press("enter")
			compareScreen(t, fmt.Sprintf("evidence-%d", size[0]), term.shows("╭ Evidence: pull the image", "organization example.com, above"))
		})
	}
	term := start(t, cloud, Options{Question: articleQuestion()}, 120, 36)
	term.shows("enter evidence")
	term.press("enter")
	term.choose("explain this line")
	term.shows("╭ Explain: pull the image", "There is nothing to do.")
	term.press("esc")
	term.choose("open the registry")
	term.shows("Who may pull from repository myrepo")
}

func TestCleanUpOffersNoRemovalOfNothing(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
	term.press("up")
	assertLacks(t, term.shows("7 bindings\n"), "space select", "asks first", "enter fix")
	term.press("?")
	assertLacks(t, term.shows("select (it stays (granted): Project", "fix (it stays (granted): Project"), "remove 0")
}

// A read-only program changes nothing, so it asks nothing.
func TestReadOnlyAsksNothing(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion(), ReadOnly: true}, 80, 24)
	term.shows("fix: 1 step", "READ ONLY")
	term.press("enter")
	assertLacks(t, term.shows("The steps  0 of 1 done; read-only: nothing is changed"), "asks")
	term.press("?")
	assertLacks(t, term.shows("grant (read-only: nothing is changed", "undo (read-only: nothing is changed"), "asks")
}

// A step that waits for another is not offered, and the help names the one that comes first.
func TestAWaitingStepIsNotOffered(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
	term.press("home", "down", "enter")
	term.shows("Grant reader to", "enter grant (asks first)")
	term.press("down")
	assertLacks(t, term.shows("▸ ○ to do       2  Remove writer", "s skip"), "remove (asks first)")
	term.press("?")
	term.shows("remove (step 1 comes first)")
	term.press("esc", "enter")
	term.shows("\n step 1 comes first")
}

// What a walk has tried is not selected again in the list, least of all what was taken back; what it left out is.
func TestWhatWasTriedIsNotSelectedAgain(t *testing.T) {
	cloud := newStaleCloud()
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("space", "down", "space")
	term.shows("2 selected")
	term.press("enter")
	term.shows("0 of 2 done")
	term.press("down", "enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("1 of 2 done")
	term.press("down", "u")
	term.shows("take back")
	term.answerYes()
	term.shows("0 of 2 done", "taken back: a fresh read shows it")
	term.press("esc")
	term.shows("7 bindings, 1 selected", "[x] ○ deleted", "[ ] ○ idle")
}

// With an empty field enter looks for an image, and the footer says so.
func TestAnEmptyFieldLooksForAnImage(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	term.press("end", "enter")
	term.shows("3 kinds")
	term.press("enter")
	assertLacks(t, term.shows("Which image?", "\n enter look for an image  esc back"), "draw the map", "ctrl+u clear", "…")
	term.typeText("x")
	term.shows("\n enter draw the map  ↓ look for an image  ctrl+u clear")
	term.press("ctrl+u", "enter")
	term.shows("Which project holds the image?")
}

// A reference that is longer than the field says at which end there is more of it.
func TestALongReferenceIsMarkedWhereItIsCut(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 60, 15)
	term.shows("2 workloads")
	term.press("end", "enter")
	term.shows("3 kinds")
	term.press("enter")
	term.shows("Which image?")
	term.paste(imageText)
	term.shows("  ▸…a-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob\n")
	term.press("home")
	term.shows("  ▸ asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myj…\n")
}
