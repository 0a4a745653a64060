package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func newTestMenu() *Menu {
	took := func(what string) tea.Cmd { return func() tea.Msg { return what } }
	return &Menu{Title: "Copy", Rows: []MenuRow{
		{Label: "role", Detail: "roles/reader", Take: took("role")},
		{Label: "commands", Detail: "gcloud one --flag=value\ngcloud two", Take: took("commands")},
		{Label: "digest", WhyOff: "the image was not found", Take: took("digest")},
		{Label: "more", Open: func() *Menu { return &Menu{Title: "More", Rows: []MenuRow{{Label: "last"}}} }},
	}}
}

func drawnMenu(m *Menu, width, height int) string {
	return ansi.Strip(strings.Join(m.View(NewStyles(ThemeMono), width, height), "\n"))
}

// Enter takes a row or opens its menu. A row that is off says why, and stays.
func TestMenuTakesRows(t *testing.T) {
	for _, test := range []struct {
		name   string
		moves  []Intent
		msg    any
		closes bool
		opens  string
	}{
		{"the first", nil, "role", true, ""},
		{"after the last comes none", []Intent{IntentLast, IntentDown, IntentUp, IntentUp}, "commands", true, ""},
		{"a row that is off", []Intent{IntentDown, IntentDown}, NoticeMsg{Text: "the image was not found"}, false, "Copy"},
		{"a menu of its own", []Intent{IntentLast}, nil, false, "More"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newTestMenu()
			for _, i := range test.moves {
				m.Handle(i)
			}
			cmd, next := m.Choose()
			var msg any
			if cmd != nil {
				msg = cmd()
			}
			if msg != test.msg || (next == nil) != test.closes || next != nil && next.Title != test.opens {
				t.Errorf("%v, and the menu %v is shown", msg, next)
			}
			if test.opens == "More" && next.Parent() != m {
				t.Error("it does not know what opened it")
			}
		})
	}
}

// A detail that does not fit is shown in full below, and the frame stands still while the cursor moves.
func TestMenuShowsTheWholeDetail(t *testing.T) {
	m := newTestMenu()
	m.Rows[0].Detail = strings.Repeat("projects/p/", 12) + "end"
	for _, size := range [][2]int{{60, 12}, {80, 22}, {200, 48}} {
		first := drawnMenu(m, size[0], size[1])
		if flat := strings.NewReplacer("│", "", "\n", "", " ", "").Replace(first); !strings.Contains(flat, m.Rows[0].Detail) {
			t.Errorf("the detail is cut:\n%s", first)
		}
		height := strings.Count(first, "\n")
		for range m.Rows {
			m.Handle(IntentDown)
			if again := drawnMenu(m, size[0], size[1]); strings.Count(again, "\n") != height || ansi.StringWidth(again) != ansi.StringWidth(first) {
				t.Errorf("the frame moves:\n%s\n%s", first, again)
			}
		}
		m.Handle(IntentFirst)
	}
}

// A menu with more rows than there is room shows those around the cursor, and which they are.
func TestMenuScrolls(t *testing.T) {
	m := &Menu{Title: "Many"}
	for range 30 {
		m.Rows = append(m.Rows, MenuRow{Label: "row", Detail: "of many"})
	}
	m.Rows[29].Label = "the last"
	m.Handle(IntentLast)
	if screen := drawnMenu(m, 60, 13); !strings.Contains(screen, "the last") || !strings.Contains(screen, "of 30") || strings.Count(screen, "\n") > 12 {
		t.Errorf("the last row is not in sight:\n%s", screen)
	}
}

// Rows know where they were drawn.
func TestMenuIsHitWhereItsRowsAre(t *testing.T) {
	for _, size := range [][2]int{{60, 12}, {80, 22}, {200, 48}} {
		m := newTestMenu()
		screen := strings.Split(ansi.Strip(Overlay("", m.View(NewStyles(ThemeMono), size[0], size[1]), size[0], size[1])), "\n")
		for y, line := range screen {
			x := ansi.StringWidth(line[:max(0, strings.Index(line, "digest"))])
			isRow, was := m.ChooseAt(max(x, 1), y)
			if holds := strings.Contains(line, "digest"); holds && (!isRow || was || m.Rows[m.cursor].Label != "digest") {
				t.Errorf("at %d,%d there is no row:\n%s", x, y, strings.Join(screen, "\n"))
			} else if holds {
				if _, was := m.ChooseAt(x, y); !was {
					t.Error("a second click does not find the row chosen")
				}
			}
		}
		if isRow, _ := m.ChooseAt(0, size[1]/2); isRow {
			t.Error("beyond the frame there is a row")
		}
	}
}
