package tui

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"

	language "whopulls/model/words"
)

// A line is explained in every window and in both languages: what it is, why it is needed and what to do, with one link and
// the way on.
func TestTheExplanationInEveryWindow(t *testing.T) {
	for _, size := range menuSizes {
		for spoken, question := range map[language.Language]string{language.English: "What is this?", language.Japanese: "これは何ですか？"} {
			name := fmt.Sprintf("%dx%d", size[0], size[1])
			if spoken == language.Japanese {
				name = "ja-" + name
			}
			t.Run(name, func(t *testing.T) {
				term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Language: spoken}, size[0], size[1])
				term.shows("fix: 1 step")
				term.press("e")
				compareScreen(t, "explain-line-"+name, term.shows("╭ Explain: pull the image", question, "▸ fix: 1 step", "copy the link", "read an error message"))
				term.choose("copy the link")
				term.shows("sent to the clipboard:", "#other-projects")
				term.press("e")
				term.choose("fix: 1 step")
				term.shows("○ to do")
			})
		}
	}
}

// Each line of the map is explained, also where it is granted, and a text that is longer than the window scrolls.
func TestEachLineIsExplained(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 60, 15)
	term.shows("fix: 1 step")
	term.press("home", "e")
	term.shows("Explain: Cloud Run API", "What is this?")
	term.press("pgdown", "pgdown", "pgdown")
	term.shows("What to do", "There is nothing to do.")
	term.press("esc", "end", "e")
	term.shows("Explain: image")
}

// The link is one that a terminal opens, where it takes such links. Elsewhere it is text alone.
func TestTheLinkOfAnExplanation(t *testing.T) {
	for _, takes := range []bool{false, true} {
		t.Run(fmt.Sprintf("links %t", takes), func(t *testing.T) {
			screen := &emulatedScreen{Emulator: vt.NewEmulator(80, 24)}
			go func() { _, _ = io.Copy(io.Discard, screen) }()
			sent := &recorder{out: screen}
			term := startOn(t, newFakeCloud(), Options{Question: articleQuestion(), Links: takes}, screen, sent, nil)
			term.shows("fix: 1 step")
			term.press("e", "pgdown")
			term.shows("https://docs.cloud.google.com/run/docs/deploying#other-projects")
			if got := strings.Contains(sent.String(), "\x1b]8;"); got != takes {
				t.Errorf("a link was sent: %t", got)
			}
		})
	}
}

// The cursor stands on repositories and on folded lanes too: each of them is explained, and the repository leads to its registry.
func TestPlacesAndLanesAreExplained(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 50}} {
		for spoken, heading := range map[language.Language]string{language.English: "What is this?", language.Japanese: "これは何ですか？"} {
			name := fmt.Sprintf("%s-%dx%d", spoken, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Language: spoken}, size[0], size[1])
				term.shows("fix: 1 step")
				term.press("end", "up", "e")
				compareScreen(t, "explain-repository-"+name, term.shows("╭ Explain: repository myrepo", heading, "▸ open the registry"))
				term.press("enter")
				term.shows("registry of myproject-b")
			})
		}
	}
	t.Run("a folded lane", func(t *testing.T) {
		term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
		term.shows("fix: 1 step")
		term.press("home", "down", "e")
		compareScreen(t, "explain-lane-80x24", term.shows("╭ Explain: DEPLOYS", "What is this?", "Every line of this lane is granted."))
	})
}
