package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/ui"
)

// menuSizes are the windows that menus are looked at in.
var menuSizes = [][2]int{{60, 15}, {80, 24}, {120, 36}, {200, 50}}

// The menu of a missing line has everything that fixes it, in every window.
func TestTheCopyMenuInEveryWindow(t *testing.T) {
	for _, size := range menuSizes {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, size[0], size[1])
			term.shows("fix: 1 step")
			term.press("y")
			term.shows("╭ Copy", "▸ member")
			for range 4 {
				term.press("down")
			}
			compareScreen(t, "copy-"+name, term.shows("▸ command"))
		})
	}
}

// What is sent to the clipboard is exactly what the row shows.
func TestWhatIsShownIsCopied(t *testing.T) {
	signedOut := func(context.Context) (Cloud, error) { return nil, errSignedOut }
	for _, test := range []struct {
		name    string
		options Options
		keys    []string
		copies  string // the key
		row     string
		text    string
	}{
		{"the member of a missing line", Options{Question: articleQuestion()}, nil, "y", "member", string(agentMember)},
		{"its role", Options{Question: articleQuestion()}, nil, "y", "role", model.RoleReader},
		{"its permission", Options{Question: articleQuestion()}, nil, "y", "permission", "artifactregistry.repositories.downloadArtifacts"},
		{"its resource", Options{Question: articleQuestion()}, nil, "y", "resource", repoName.Resource().Path()},
		{"the image by digest", Options{Question: articleQuestion()}, nil, "y", "image by digest", "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob@sha256:"},
		{"the line", Options{Question: articleQuestion()}, nil, "y", "line", "✗ missing  pull the image: "},
		{"a step", Options{Question: articleQuestion()}, []string{"enter"}, "y", "command", "gcloud artifacts repositories add-iam-policy-binding"},
		{"an error message", Options{Pasted: failureText}, nil, "ctrl+y", "the text", strings.TrimSpace(failureText)},
		{"no connection", Options{Connect: signedOut}, nil, "y", "line", errSignedOut.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), test.options, 200, 50)
			term.shows()
			for _, key := range append(test.keys, test.copies) {
				term.press(key)
				term.shows()
			}
			term.choose(test.row)
			screen := term.shows("sent to the clipboard: ")
			_, sent, _ := strings.Cut(screen, "sent to the clipboard: ")
			if flat := strings.Join(strings.Fields(sent), " "); !strings.HasPrefix(flat, strings.Join(strings.Fields(test.text), " ")) {
				t.Errorf("%q was sent, not %q", flat, test.text)
			}
		})
	}
}

// One thing alone is copied at once; where there is nothing, that is said; and nothing is there twice.
func TestCopyables(t *testing.T) {
	one, twice := ui.Copyables{}, ui.Copyables{}
	one.Add("role", "", "roles/x\x1b[31m", "")
	twice.Add("role", "roles/x")
	twice.Add("role", "roles/x")
	for name, test := range map[string]struct {
		all    ui.Copyables
		notice string
	}{
		"nothing":         {nil, "there is nothing to copy here"},
		"one, made clean": {one, "sent to the clipboard: roles/x\ufffd[31m"},
		"one, twice":      {twice, "sent to the clipboard: roles/x"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd, menu := test.all.Menu()
			if menu != nil || !strings.Contains(fmt.Sprint(noticesOf(cmd)), test.notice) {
				t.Errorf("a menu %v, and %q is said", menu, noticesOf(cmd))
			}
		})
	}
}

// A question that comes goes before a menu, and the loss of the screen closes it.
func TestAMenuGivesWay(t *testing.T) {
	r := newRoot(t.Context(), Options{Question: articleQuestion()}, nil)
	menu := &ui.Menu{Title: "Some", Rows: []ui.MenuRow{{Label: "one"}}}
	for name, msg := range map[string]any{"a question": ui.DialogMsg{Dialog: &ui.Dialog{Title: "Sure?"}}, "a screen": ui.PushMsg{Screen: r.openOffline(errors.New("x"))}} {
		t.Run(name, func(t *testing.T) {
			r.dialog = nil
			r.openMenu(menu)
			if !strings.Contains(ansi.Strip(r.draw()), "╭ Some") {
				t.Fatal("the menu is not shown")
			}
			r.Update(msg)
			if r.menu != nil {
				t.Error("the menu stays")
			}
		})
	}
	r.openMenu(menu)
	r.dialog = &ui.Dialog{Title: "Sure?"}
	r.menu = nil
	if r.openMenu(menu); r.menu != nil {
		t.Error("a menu opens over a question")
	}
}

// noticesOf are what a command says.
func noticesOf(cmd tea.Cmd) (said []string) {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case ui.NoticeMsg:
		return []string{msg.Text}
	case tea.BatchMsg:
		for _, c := range msg {
			said = append(said, noticesOf(c)...)
		}
	}
	return said
}
