package tui

import (
	"context"
	"errors"
	"os/exec"
	"sync"
	"testing"

	language "whopulls/model/words"
	"whopulls/tui/ui"
)

// settingsInMemory are settings that an editor changes.
type settingsInMemory struct {
	mu     sync.Mutex
	now    Preferences
	err    error
	editor error
}

func (s *settingsInMemory) file(edit func(s *settingsInMemory)) SettingsFile {
	return SettingsFile{
		Read: func() (Preferences, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.now, s.err
		},
		Editor: func(context.Context) (*exec.Cmd, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if edit != nil {
				edit(s)
			}
			return exec.Command("true"), s.editor
		},
	}
}

func someSettings() *settingsInMemory {
	return &settingsInMemory{now: Preferences{List: []Setting{{"read-only", "false", "default"}, {"theme", "terminal", "settings file"}}}}
}

// chooseSetting opens the palette on a setting and takes it.
func chooseSetting(term *terminal, name string) {
	term.press("ctrl+p")
	term.shows("Go anywhere")
	term.typeText("^" + name + "$")
	term.shows("1 entry found")
	term.press("enter")
}

// The settings stand in the palette with what says so, and what an editor changed holds from then on.
func TestSettingsAreEditedFromThePalette(t *testing.T) {
	keys, err := ui.ParseKeys(map[string][]string{"copy": {"c"}})
	if err != nil {
		t.Fatal(err)
	}
	file := someSettings().file(func(s *settingsInMemory) {
		s.now = Preferences{ReadOnly: true, Theme: ui.ThemeMono, Keys: keys, Language: language.Japanese, List: []Setting{{"read-only", "true", "settings file"}}}
	})
	term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Settings: file}, 80, 40)
	term.shows("fix: 1 step", "y copy")
	term.press("ctrl+p")
	compareScreen(t, "palette-settings", term.shows("SETTINGS", "false · default", "terminal · settings file"))
	term.press("esc")
	chooseSetting(term, "theme")
	term.shows("the settings were read again", "READ ONLY")
	term.press("up")
	term.shows("c copy")
	term.press("e")
	term.shows("これは何ですか？")
	term.press("esc", "ctrl+p")
	term.shows("true · settings file")
}

// Settings that can't be used change nothing, and a notice says why.
func TestSettingsThatCantBeUsed(t *testing.T) {
	for _, test := range []struct {
		name  string
		edit  func(s *settingsInMemory)
		shows string
	}{
		{"a mistake", func(s *settingsInMemory) { s.err = errors.New("settings.yaml:2: theme: x is no theme") }, "the settings stay as they were: settings.yaml:2: theme"},
		{"no editor", func(s *settingsInMemory) { s.editor = errors.New("neither VISUAL nor EDITOR names an editor") }, "neither VISUAL nor EDITOR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Settings: someSettings().file(test.edit)}, 80, 24)
			term.shows("fix: 1 step")
			chooseSetting(term, "theme")
			term.shows(test.shows)
			term.press("up")
			term.shows("y copy")
		})
	}
}
