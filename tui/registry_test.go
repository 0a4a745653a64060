package tui

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/text"
)

// openRegistry opens the registry from the map of a cloud, and goes to the first binding that is not needed.
func openRegistry(t *testing.T, cloud *fakeCloud, o Options, width, height int) *terminal {
	t.Helper()
	o.Question = articleQuestion()
	term := start(t, cloud, o, width, height)
	term.shows("fix: 1 step")
	term.act("registry")
	term.shows("Who may pull from repository myrepo", "7 bindings")
	term.press("down", "down", "down")
	term.shows("▸ [ ] ○ deleted")
	return term
}

func TestRegistryScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		name := fmt.Sprintf("registry-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			term := openRegistry(t, newStaleCloud(), Options{}, size.width, size.height)
			term.press("space")
			compareScreen(t, name, term.shows("[x] ○ deleted", "7 bindings, 1 selected"))
		})
	}
}

// What is in use or not known can't be selected, and says why. What is not judged is folded, and enter opens it.
func TestRegistrySelects(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
	term.press("space", "down")
	compareScreen(t, "registry-idle", term.shows("▸ [ ] ○ idle", "Nothing in project old-campaign-2019 uses it", "remove 1 (asks first)"))
	term.press("space")
	term.shows("2 selected", "remove 2")
	term.press("space")
	term.shows("1 selected")
	term.press("home", "down", "down")
	compareScreen(t, "registry-granted", term.shows("by service web in asia-northeast1 of shop-frontend"))
	term.press("space")
	term.shows("it stays (granted): Project shop-frontend uses it.")
	term.press("end")
	term.shows("▸ NOT JUDGED  2", "people, groups, pipelines; enter opens")
	term.press("space", "a")
	term.shows("3 selected")
	term.press("a", "enter")
	term.shows("▸ NOT JUDGED  2", "enter closes")
	term.press("down")
	compareScreen(t, "registry-not-judged", term.shows("▸     – not judged", "Whopulls checks Cloud Run service agents only"))
	term.press("space")
	term.shows("it stays (not judged)")
	term.press("up", "enter")
	term.shows("enter opens")
	term.press("home")
	compareScreen(t, "registry-unknown", term.shows("UNCLEAR  1", "▸     ? unknown", "777777777777"))
	term.press("space")
	term.shows("it stays (unknown)")
	term.press("enter")
	term.shows("it stays (unknown)")
}

// A repository that everybody may read says so in its head, and nobody can select that binding.
func TestRegistryTellsPublicApart(t *testing.T) {
	cloud := newStaleCloud()
	cloud.policies[repoName.Resource()].Bindings[1].Members = append(cloud.policies[repoName.Resource()].Bindings[1].Members, model.AllUsers)
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("myproject-a ▸ ", "   ✓ granted\n")
	term.act("registry")
	compareScreen(t, "registry-public", term.shows("8 bindings", "  ! public: It lets everybody on the internet read"))
	term.press("/")
	term.typeText("allusers")
	term.shows("1 of 8", "▸     ! public      allUsers")
	term.press("enter", "space")
	term.shows("it stays (public)")
	term.press("a")
	term.shows("nothing that is shown can be removed")
}

// While the filter is open letters are text; enter keeps it, and esc clears it. The marks of what was found are no letters.
func TestRegistryFilters(t *testing.T) {
	cloud := newStaleCloud()
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("/")
	term.typeText("build")
	compareScreen(t, "registry-filter", term.shows("› build", "1 of 7", "▸ [ ] ! wider", "+ roles/artifactregistry.reader"))
	term.press("enter", "y")
	compareScreen(t, "registry-copy", term.shows("Copy", "member", "commands", "line"))
	term.press("down", "down", "down", "enter")
	term.shows("sent to the clipboard: gcloud artifacts repositories add-iam-policy-binding")
	term.press("a")
	term.shows("1 of 7 bindings, 1 selected")
	term.press("esc")
	term.shows("  7 bindings, 1 selected")
	term.press("a")
	term.shows("3 selected")
	term.press("/")
	term.typeText("555555555555")
	term.shows("3 selected, 2 of them not shown")
	term.press("esc", "/")
	term.typeText("qqq")
	term.shows("Nothing fits the filter; esc clears it.")
	term.press("enter", "space", "y", "a")
	term.shows("nothing that is shown can be removed")
	term.press("esc")
	term.shows("7 bindings")
	term.press("esc")
	term.shows("fix: 1 step")
}

// A pasted member is looked for.
func TestRegistryLooksForAPastedMember(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
	term.paste("service-555555555555@serverless-robot-prod.iam.gserviceaccount.com")
	term.shows("1 of 7", "▸ [ ] ○ idle")
}

// Tab gives the keys to the details, where the arrows scroll.
func TestRegistryScrollsItsDetails(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 60, 15)
	first := term.shows("… lines 1 to ", "tab and ↓ show the rest")
	term.press("tab", "down", "down")
	if then := term.shows("… lines 3 to "); then == first {
		t.Error("nothing moved")
	}
	term.press("tab", "down")
	term.shows("▸ [ ] ○ idle")
}

// One after the other, asking at each; then undo.
func TestRegistryRemoves(t *testing.T) {
	cloud := newStaleCloud()
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("space", "down", "space")
	term.shows("2 selected")
	term.press("enter")
	compareScreen(t, "registry-walk", term.shows("What is removed", "be given back: Google asks", "0 of 2 done"))
	term.press("enter")
	term.shows("Change the policy of repository myrepo?", "given back: Google asks")
	term.press("enter") // the default is no
	term.shows("0 of 2 done", "enter remove (asks first)")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	compareScreen(t, "registry-walk-agent", term.shows("1 of 2 done", "Serving revisions keep their copy"))
	term.press("enter")
	compareScreen(t, "registry-ask", term.shows("Change the policy", "so may a job at its next"))
	term.answerYes()
	compareScreen(t, "registry-done", term.shows("✓ removed  2 of 2 done; u takes the chosen one back", "a fresh read shows that the binding is gone", "back to the list"))
	if cloud.hasBinding(model.RoleReader, deletedMember) || cloud.hasBinding(model.RoleReader, idleMember) || !cloud.hasBinding(model.RoleReader, usingMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
	term.press("u")
	term.shows("No       take back")
	term.answerYes()
	term.shows("taken back", "1 of 2 done")
	if !cloud.hasBinding(model.RoleReader, idleMember) {
		t.Fatal("it was not given back")
	}
	term.press("up", "u")
	term.shows("a deleted member can't be given anything")
	term.press("esc")
	term.shows("6 bindings", "service-555555555555")
}

// What is used by the time of the last look stays, although a person said yes.
func TestRegistryLooksAgain(t *testing.T) {
	cloud := newStaleCloud()
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("down", "enter")
	term.shows("What is removed", "Remove reader from")
	term.press("enter")
	term.shows("Change the policy")
	cloud.startUsing("old-campaign-2019")
	term.answerYes()
	term.shows("\n it is active by now, and stays: Project old-campaign-2019 uses it.") // in the last line
	term.press("up")
	compareScreen(t, "registry-stays", term.shows("– over", "– skipped", "it is active by now", "enter back to the list"))
	if !cloud.hasBinding(model.RoleReader, idleMember) {
		t.Fatal("what is in use was removed")
	}
	term.press("enter")
	if screen := term.shows("7 bindings"); strings.Contains(screen, "idle") {
		t.Errorf("the list is the old one:\n%s", screen)
	}
}

// An excessive binding is replaced: the reader role first, and taken back last.
func TestRegistryReplaces(t *testing.T) {
	cloud := newStaleCloud()
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("home", "down", "enter")
	compareScreen(t, "registry-replace", term.shows("What is changed", "Grant reader to", "Remove writer from"))
	term.press("down", "enter")
	term.shows("step 1 comes first")
	term.press("up", "enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("1 of 2 done")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ changed  2 of 2 done")
	if !cloud.hasBinding(model.RoleReader, broadMember) || cloud.hasBinding(writerRole, broadMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
	term.press("up", "u")
	term.shows("take back step 2 first")
	term.press("esc", "down", "u")
	term.choose("this step")
	term.shows("It gives back one binding", "No       take back")
	term.answerYes()
	term.shows("1 of 2 done")
	if !cloud.hasBinding(writerRole, broadMember) {
		t.Fatal("the broad role was not given back")
	}
}

func TestRegistryReadOnlyAndProduction(t *testing.T) {
	cloud := newStaleCloud()
	term := openRegistry(t, cloud, Options{ReadOnly: true}, 80, 24)
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("read-only: nothing is changed; x takes out the commands")
	term.press("x")
	term.choose("to the clipboard")
	term.shows("sent to the clipboard: gcloud commands, 1 line")
	cloud.labels = map[string]string{"env": "prod"}
	term = openRegistry(t, cloud, Options{}, 80, 24)
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("looks like production")
	term.typeText("y")
	term.press("enter")
	term.shows("nothing is changed: that is not the id")
	if !cloud.hasBinding(model.RoleReader, deletedMember) {
		t.Fatal("it was removed")
	}
}

// While it reads it says so, and leaving ends the reading.
func TestRegistryReads(t *testing.T) {
	cloud := newStaleCloud()
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	cloud.answersHold = make(chan struct{})
	term.act("registry")
	compareScreen(t, "registry-reading", term.showsInPassing("Who may pull from repository myrepo", "  reading …\n"))
	term.press("enter")
	term.showsInPassing("still reading")
	term.press("esc")
	term.showsInPassing("stopped: what is here is not all; r reads again", "Nothing was read before it was stopped.")
	close(cloud.answersHold)
	term.press("r")
	term.shows("7 bindings", "read: 1 repository, 3 projects, 2 workloads; 1 place could not be read")
	term.press("esc")
	term.shows("fix: 1 step")
	held := newStaleCloud()
	held.surveyAbandoned = make(chan struct{})
	term = start(t, held, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	held.answersHold = make(chan struct{})
	term.act("registry")
	if screen := term.showsInPassing("  reading …\n"); strings.Contains(screen, "0 bindings") || strings.Contains(screen, "CONSUMER") {
		t.Errorf("it counts what it has not read:\n%s", screen)
	}
	term.press("esc")
	select {
	case <-held.surveyAbandoned:
	case <-time.After(screenTimeout):
		t.Fatal("it reads on although nobody waits for it")
	}
}

// Whatever stands in a name, the screens are those that the clean name makes.
func TestRegistryHostileNames(t *testing.T) {
	for _, spoil := range []string{"\x1b[2J\x1b[HPWNED", "\u009b31m", "a\nb\r\nc", "\u202egnp.exe"} {
		t.Run(fmt.Sprintf("%q", spoil), func(t *testing.T) {
			screens := func(spoil string) (all []string) {
				cloud := newStaleCloud()
				cloud.nameSuffix = spoil
				term := openRegistry(t, cloud, Options{}, 120, 30)
				term.press("down")
				all = append(all, term.shows("Nothing in project old-campaign-2019"))
				term.press("a", "enter")
				term.shows("0 of 4 done")
				term.press("down")
				return append(all, term.shows("▸ ○ to do       2"))
			}
			want, got := screens(text.Clean(spoil)), screens(spoil)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%q:\n%s\nwant\n%s", spoil, got[i], want[i])
				}
			}
		})
	}
}

// However many are selected, the step and its explanation are seen.
func TestRegistryOfMany(t *testing.T) {
	cloud := newStaleCloud()
	var gone []model.Member
	for n := range 40 {
		gone = append(gone, model.Member(fmt.Sprintf("deleted:user:person%02d@example.com?uid=%d", n, n)))
	}
	cloud.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: gone}}}
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.act("registry")
	term.shows("40 bindings", "… lines 1 to ")
	term.press("a", "enter")
	term.shows("○ to do       1", "… steps 1 to 9 of 40", "change policy")
	for range 20 {
		term.press("down")
	}
	compareScreen(t, "registry-many", term.shows("▸ ○ to do       21", "… steps 13 to 21 of 40", "person20"))
}

// The help explains the words that stand on the screen, and none of another screen.
func TestRegistryHelpExplainsTheStatuses(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 80, 54)
	term.press("?")
	screen := term.shows("Whether a binding serves anyone", "! wider", "○ idle")
	compareScreen(t, "registry-help", screen)
	for _, s := range model.StaleStatuses {
		word := map[model.StaleStatus]string{model.StaleActive: "granted", model.StaleExcessive: "wider"}[s]
		if !strings.Contains(screen, cmp.Or(word, string(s))+" ") {
			t.Errorf("the help has no word for %s", s)
		}
	}
	if !strings.Contains(screen, "– not judged ") {
		t.Error("the help has no word for what is not judged")
	}
	for _, word := range []string{"DEPLOYS", "missing", "denied"} {
		if strings.Contains(screen, word) {
			t.Errorf("%s is on no registry", word)
		}
	}
}
