package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func newTestMenu() *Menu {
	took := func(what string) func() tea.Cmd { return func() tea.Cmd { return func() tea.Msg { return what } } }
	return &Menu{Title: "Copy", Rows: []MenuRow{
		{Label: "role", Detail: "roles/reader", Take: took("role")},
		{Label: "commands", Detail: "gcloud one --flag=value\ngcloud two", Take: took("commands")},
		{Label: "digest", WhyOff: "the image was not found", Take: took("digest")},
		{Label: "more", Open: func() *Menu { return &Menu{Title: "More", Rows: []MenuRow{{Label: "last"}}} }},
	}}
}

func drawnMenu(m *Menu, width, height int) string {
	box, _ := m.View(NewStyles(ThemeMono), width, height)
	return ansi.Strip(strings.Join(box, "\n"))
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

// A detail that does not fit is shown in full below, without blank lines where it is shorter than another one. The top of the frame
// stands still while the cursor moves.
func TestMenuShowsTheWholeDetail(t *testing.T) {
	for _, size := range [][2]int{{60, 12}, {80, 22}, {200, 48}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			m := newTestMenu()
			m.Rows[0].Detail = strings.Repeat("projects/p/", 12) + "end"
			first := drawnMenu(m, size[0], size[1])
			if flat := strings.NewReplacer("│", "", "\n", "", " ", "").Replace(first); !strings.Contains(flat, m.Rows[0].Detail) {
				t.Errorf("the detail is cut:\n%s", first)
			}
			_, span := m.View(NewStyles(ThemeMono), size[0], size[1])
			for range m.Rows {
				box, now := m.View(NewStyles(ThemeMono), size[0], size[1])
				again, blank := drawnMenu(m, size[0], size[1]), 0
				for _, l := range strings.Split(again, "\n") {
					if blank++; strings.Trim(l, " │") != "" {
						blank = 0
					}
					if blank > 1 {
						t.Errorf("two blank lines:\n%s", again)
					}
				}
				if now != span || len(box) > span || ansi.StringWidth(strings.Split(again, "\n")[0]) != ansi.StringWidth(strings.Split(first, "\n")[0]) {
					t.Errorf("the frame moves, spanning %d lines and not %d:\n%s\n%s", now, span, first, again)
				}
				m.Handle(IntentDown)
			}
		})
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

// A row is clicked where it was drawn, and beyond the frame nothing is.
func TestMenuIsHitWhereItsRowsAre(t *testing.T) {
	for _, size := range [][2]int{{60, 12}, {80, 22}, {200, 48}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			m := newTestMenu()
			box, span := m.View(NewStyles(ThemeMono), size[0], size[1])
			frame, spots := ReadMarks(Overlay(MarkedLine(PaneRows, 7, "of the screen"), box, span, size[0], size[1]))
			for y, line := range strings.Split(ansi.Strip(frame), "\n") {
				before, _, holds := strings.Cut(line, "digest")
				if !holds {
					continue
				}
				at := spots.At(ansi.StringWidth(before), y)
				if m.Point(at) || m.Rows[m.cursor].Label != "digest" {
					t.Errorf("line %d is no row:\n%s", y, frame)
				}
				if !m.Point(at) {
					t.Error("a second click does not find the row chosen")
				}
				for _, x := range []int{0, size[0] - 1} {
					if out := spots.At(x, y); out.Pane == PaneRows {
						t.Errorf("beyond the frame there is row %d", out.Row)
					}
				}
			}
			if behind := spots.At(3, 0); behind != (Spot{}) {
				t.Errorf("the screen behind answers: %v", behind)
			}
		})
	}
}
