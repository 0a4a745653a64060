package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/tui/ui"
)

// The menu of what can be taken out, and the one of where to, in every window.
func TestTheTakeOutMenuInEveryWindow(t *testing.T) {
	for _, size := range menuSizes {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			folder := ui.Folder{Path: "/home/dev/work", Create: func(string, string) (string, error) { return "", nil }}
			term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Folder: folder}, size[0], size[1])
			term.shows("fix: 1 step")
			term.press("x")
			compareScreen(t, "take-out-"+name, term.shows("╭ Take out", "▸ request for a colleague"))
			term.choose("gcloud commands")
			compareScreen(t, "take-out-where-"+name, term.shows("╭ Take out: gcloud commands", "▸ to a file", "/home/dev/work/myjob.grant.sh"))
			term.press("down")
			term.shows("▸ to the clipboard")
			term.press("esc")
			term.shows("╭ Take out ─")
			term.press("esc")
			assertLacks(t, term.shows("fix: 1 step"), "╭ Take out")
		})
	}
}

// Each form goes to the clipboard or to a file of its own name, as the command line gives it; the path is said.
func TestTakingOut(t *testing.T) {
	for _, test := range []struct {
		walk             bool
		row, file, holds string
	}{
		{false, "request for a colleague", "myjob.request.txt", "request of myproject-a"},
		{false, "request as Markdown", "myjob.request.md", "markdown of myproject-a"},
		{false, "gcloud commands", "myjob.grant.sh", "gcloud of myproject-a"},
		{false, "Terraform", "myjob.grant.tf", "terraform of myproject-a"},
		{false, "JSON of the answer", "myjob.check.json", "json of myproject-a"},
		{false, "rights for a time", "myjob.pam.sh", "# Some people hold such rights only for a time"},
		{true, "gcloud commands", "myjob.grant.sh", "gcloud of myproject-a"},
		{true, "JSON of the answer", "myjob.check.json", "json of myproject-a"},
	} {
		t.Run(fmt.Sprintf("%s, in a walk %t", test.row, test.walk), func(t *testing.T) {
			written := map[string]string{}
			folder := ui.Folder{Path: "/f", Create: func(name, content string) (string, error) {
				written[name] = content
				return "/f/" + name, nil
			}}
			term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Folder: folder}, 80, 24)
			term.shows("fix: 1 step")
			if test.walk {
				term.press("enter")
				term.shows("○ to do")
			}
			term.press("x")
			term.choose(test.row)
			term.choose("to a file")
			term.shows("written, and the path sent to the clipboard: /f/" + test.file)
			if !strings.HasPrefix(written[test.file], test.holds) {
				t.Errorf("%q was written", written)
			}
			term.press("x")
			term.choose(test.row)
			term.choose("to the clipboard")
			term.shows("sent to the clipboard: " + test.row)
		})
	}
}

// What is taken out can be read first. A long line is broken and keeps its indentation, and the way on is the same as without it.
func TestWhatIsTakenOutIsShownFirst(t *testing.T) {
	for _, size := range menuSizes {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			written := ""
			folder := ui.Folder{Path: "/f", Create: func(_, content string) (string, error) { written = content; return "/f/x", nil }}
			term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Folder: folder}, size[0], size[1])
			term.shows("fix: 1 step")
			term.press("x")
			term.choose("rights for a time")
			term.choose("on the screen")
			compareScreen(t, "take-out-shown-"+name, term.shows("╭ rights for a time", "▸ to a file", "Some people hold such rights"))
			term.choose("to a file")
			term.shows("written, and the path sent to the clipboard: /f/x")
			if !strings.Contains(written, "gcloud pam grants create --entitlement=ENTITLEMENT_NAME ") {
				t.Errorf("it holds\n%s", written)
			}
		})
	}
}

// What can't be taken out says why, in the menu or in place of it.
func TestWhatCantBeTakenOut(t *testing.T) {
	t.Run("nothing is missing", func(t *testing.T) {
		cloud := newFakeCloud()
		cloud.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{devMember, agentMember}}}}
		term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
		term.shows("myproject-a ▸ ", "   ✓ granted\n")
		term.press("x")
		term.shows("▸ picture of the map (SVG)", "nothing to do: everything")
		term.press("up", "enter")
		term.shows("╭ Take out", "▸ Terraform", "\n nothing to do: everything that is needed is granted")
		term.choose("JSON of the answer")
		term.shows("to the clipboard", "no file can be written here")
	})
	t.Run("every step is in place", func(t *testing.T) {
		term := startWalk(t, newFakeCloud(), Options{})
		term.press("enter")
		term.shows("Change the policy")
		term.answerYes()
		term.shows("✓ granted and verified")
		term.press("x")
		assertLacks(t, term.shows("every step is in place: there is nothing to ask for"), "╭ Take out")
	})
	t.Run("the file can't be written", func(t *testing.T) {
		folder := ui.Folder{Create: func(string, string) (string, error) { return "", errors.New("permission denied") }}
		term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Folder: folder}, 80, 24)
		term.shows("fix: 1 step")
		term.press("x")
		term.choose("Terraform")
		term.choose("to a file")
		term.shows("not written: permission denied")
	})
}

// A name from elsewhere makes no path, no hidden file and no option of a command.
func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"myjob": "myjob.tf", "../../etc/passwd": "etc-passwd.tf", "-rf": "rf.tf", ".hidden": "hidden.tf", "a b\x1b[31m\n": "a-b--31m.tf",
		"日本": "whopulls.tf", strings.Repeat("x", 300): strings.Repeat("x", 60) + ".tf",
	} {
		t.Run(name, func(t *testing.T) {
			if got := ui.FileName(name, ".tf"); got != want {
				t.Errorf("%q, not %q", got, want)
			}
		})
	}
}
