package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// scene is a screen as keys lead to it.
type scene struct {
	question model.Question
	keys     []string
	paste    string   // after the keys
	then     []string // keys after that
	shows    string   // in a window of 120 by 36
}

// scenes are all screens, and what stands over them.
func scenes() map[string]scene {
	article, project := articleQuestion(), model.Question{Project: "myproject-a"}
	list := func(shows string, keys ...string) scene { return scene{keys: keys, shows: shows} }
	pick := func(shows string, keys ...string) scene { return scene{question: project, keys: keys, shows: shows} }
	onMap := func(shows string, keys ...string) scene { return scene{question: article, keys: keys, shows: shows} }
	registry := func(shows string, keys ...string) scene { return onMap(shows, fromPalette("registry", keys...)...) }
	history := func(shows string, keys ...string) scene { return onMap(shows, fromPalette("hi", keys...)...) }
	return map[string]scene{
		"projects":          list("Which project runs the container?"),
		"projects filtered": list("of 3 projects", "m", "y", "p"),
		"preview":           list("Which project runs the container?", "tab"),
		"nothing fits":      list("0 of 3 projects", "x", "x", "x"),
		"workloads":         pick("What runs it in myproject-a?"),
		"kinds":             pick("What kind of workload", "end", "enter"),
		"image":             pick("Which image?", "end", "enter", "enter"),
		"image typed":       pick("Which image?", "end", "enter", "enter", "x"),
		"image projects":    pick("Which project holds the image?", "end", "enter", "enter", "enter"),
		"repositories":      pick("Which repository of", "end", "enter", "enter", "enter", "down", "enter"),
		"images":            pick("Which image of myrepo?", "end", "enter", "enter", "enter", "down", "enter", "enter"),
		"map":               onMap("fix: 1 step"),
		"map granted line":  onMap("myproject-a ▸ job myjob", "up"),
		"map first line":    onMap("myproject-a ▸ job myjob", "home"),
		"walk":              onMap("○ to do", "enter"),
		"question":          onMap("▸ No", "enter", "enter"),
		"walk explained":    onMap("Explain: pull the image", "enter", "e"),
		"history explained": history("Explain: Grant reader", "down", "e"),
		"registry":          registry("▸     ? unknown"),
		"registry heading":  registry("▸ NOT JUDGED", "end"),
		"registry wider":    registry("▸ [ ] ! wider", "down"),
		"registry nothing":  registry("Nothing fits", "/", "x", "x", "x", "enter"),
		"registry selected": registry("▸ [x] ○ deleted", "down", "down", "down", "space"),
		"registry details":  registry("▸     ? unknown", "tab"),
		"registry walk":     registry("myrepo ▸ clean up", "down", "down", "down", "a", "enter"),
		"registry project":  list("Who may pull from the repositories of myproject-a?", fromPalette("registry of")...),
		"registry panes":    onMap("▸ all", fromPalette("registry of organization", "tab")...),
		"history":           history("What whopulls changed"),
		"history step":      history("What whopulls changed", "down", "down"),
		"history filtered":  history("of 5 runs", "/", "d", "o", "n", "e"),
		"history nothing":   history("Nothing fits", "/", "x", "x", "x", "enter"),
		"history walk":      history("history ▸ undo", "enter"),
		"undo":              history("everything of this run", "down", "u"),
		"explain a line":    onMap("╭ Explain", "e"),
		"explain":           onMap("What did the deploy say?", "e", "end", "enter"),
		"explain a failure": {question: article, keys: []string{"e", "end", "enter"}, paste: failureText, shows: "enter draw the map"},
		"explain a field":   {question: article, keys: []string{"e", "end", "enter"}, paste: failureText, then: []string{"down"}, shows: "▸ consumer project"},
		"palette":           onMap("Go anywhere, do anything", "ctrl+p"),
		"palette typed":     onMap("entries found", "ctrl+p", "m", "y"),
		"palette nothing":   onMap("Nothing fits", "ctrl+p", "x", "x", "x", "x"),
		"palette settings":  onMap("Go anywhere, do anything", "ctrl+p", "end"),
		"palette setting":   onMap("keys", "ctrl+p", "^", "k", "e", "y", "s", "$"),
		"help":              onMap("Keys here", "?"),
		"help of a list":    list("Keys here", "f1"),
		"copy":              onMap("╭ Copy", "y"),
		"take out":          onMap("╭ Take out", "x"),
	}
}

// fromPalette are the keys that choose an entry of the palette, and more.
func fromPalette(words string, more ...string) []string {
	return slices.Concat([]string{"ctrl+p"}, strings.Split(words, ""), []string{"enter"}, more)
}

// Each scene is the one that its name says. Else a screen would be looked at by no test, once the keys to it have changed.
func TestScenesAreWhatTheySay(t *testing.T) {
	for name, s := range scenes() {
		t.Run(name, func(t *testing.T) {
			cloud := sceneCloud(t)
			if screen := ansi.Strip(openScene(t, cloud, Options{}, s, 120, 36).View().Content); s.shows == "" || !strings.Contains(screen, s.shows) {
				t.Errorf("it lacks %q:\n%s", s.shows, screen)
			}
		})
	}
}

// sceneCloud has something for each scene.
func sceneCloud(t *testing.T) *fakeCloud {
	t.Helper()
	cloud := scannedCloud(generatedOrganization{12, 9}, nil)
	cloud.journal = earlierRuns(t)
	return cloud
}

// settle handles a message and all that comes of it, until nothing does any more.
func settle(r *root, msgs ...tea.Msg) {
	for len(msgs) > 0 {
		_, cmd := r.Update(msgs[0])
		msgs = append(msgs[1:], resultsOf(cmd)...)
	}
}

// openScene gives the program on a scene, at rest.
func openScene(tb testing.TB, cloud Cloud, o Options, s scene, width, height int) *root {
	tb.Helper()
	o.Question, o.Title = s.question, "sandbox article"
	o.Connect = func(context.Context) (Cloud, error) { return cloud, nil }
	o.Settings = (&settingsInMemory{now: Preferences{ReadOnly: o.ReadOnly, Production: o.Production, Theme: o.Theme, Signs: o.Signs, Keys: o.Keys, List: longSettings()}}).file(nil)
	r := newRoot(tb.Context(), o, &sync.WaitGroup{})
	tb.Cleanup(r.close)
	r.activity.interval = time.Millisecond // settle ends only where no timer is left
	r.Clock = noTime
	settle(r, append(resultsOf(r.Init()), tea.WindowSizeMsg{Width: width, Height: height})...)
	for _, key := range s.keys {
		settle(r, keyMsg(key))
	}
	if s.paste != "" {
		settle(r, tea.PasteMsg{Content: s.paste})
	}
	for _, key := range s.then {
		settle(r, keyMsg(key))
	}
	return r
}

// noTime is a clock for which every time is over.
func noTime(time.Duration) <-chan time.Time {
	over := make(chan time.Time)
	close(over)
	return over
}

// longSettings are settings, one with more to say than a line holds.
func longSettings() []Setting {
	var keys []string
	for _, a := range ui.Actions() {
		keys = append(keys, a.Name+": f5")
	}
	return []Setting{{"read-only", "false", "default"}, {"theme", "terminal", "settings file"}, {"keys", strings.Join(keys, ", "), "settings file"}}
}

// eachScene runs a test on each scene of a cloud with a journal, whose names have a suffix.
func eachScene(t *testing.T, o Options, suffix string, test func(t *testing.T, open func(width, height int) *root)) {
	all := scenes()
	all["no connection"] = scene{}
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			test(t, func(width, height int) *root {
				cloud := sceneCloud(t)
				cloud.nameSuffix = suffix
				r := openScene(t, cloud, o, s, width, height)
				if name == "no connection" {
					r.noConnection = r.openOffline(poisonedError{suffix})
				}
				return r
			})
		})
	}
}

// Every screen fills every window, and no more than that: no line is wider, none is missing, and a footer has five hints at most.
func TestEveryScreenInEverySize(t *testing.T) {
	eachScene(t, Options{}, "", func(t *testing.T, open func(width, height int) *root) {
		r := open(120, 36)
		for _, width := range fewIfShort(60, 80, 100, 110, 120, 126, 200) {
			for _, height := range fewIfShort(15, 24, 36, 50) {
				settle(r, tea.WindowSizeMsg{Width: width, Height: height})
				if trouble := frameTrouble(r); trouble != "" {
					t.Errorf("%dx%d: %s:\n%s", width, height, trouble, ansi.Strip(r.View().Content))
				}
			}
		}
	})
}

// The same with names that a terminal obeys, or nobody sees.
func TestEveryScreenOfHostileNames(t *testing.T) {
	for name, s := range scenes() {
		t.Run(name, func(t *testing.T) {
			for n, p := range fewIfShort(poisons...) {
				r := openScene(t, &poisonedCloud{sceneCloud(t), p, n%2 == 0}, Options{}, s, 60, 15)
				for _, size := range fewIfShort([2]int{60, 15}, [2]int{80, 24}, [2]int{110, 24}, [2]int{200, 50}) {
					settle(r, tea.WindowSizeMsg{Width: size[0], Height: size[1]})
					if trouble := frameTrouble(r); trouble != "" {
						t.Errorf("%dx%d, %q: %s:\n%s", size[0], size[1], p, trouble, ansi.Strip(r.View().Content))
					}
				}
			}
		})
	}
}

// frameTrouble says what is wrong with a frame; empty: nothing is.
func frameTrouble(r *root) string {
	frame := r.View().Content
	if foreign := foreignSequences(frame); len(foreign) > 0 {
		return fmt.Sprintf("it has %q", foreign)
	}
	lines := strings.Split(ansi.Strip(frame), "\n")
	if len(lines) != r.height {
		return fmt.Sprintf("%d lines", len(lines))
	}
	for n, l := range lines {
		if cells.Width(l) > r.width {
			return fmt.Sprintf("line %d is %d wide", n+1, cells.Width(l))
		}
		if strings.ContainsFunc(l, text.IsInvisible) {
			return fmt.Sprintf("line %d has what is not seen: %q", n+1, l)
		}
	}
	hints := strings.Split(strings.TrimSpace(lines[len(lines)-1]), "  ")
	if len(hints) > 6 || len(hints) == 6 && !strings.HasSuffix(hints[5], " keys") {
		return fmt.Sprintf("%d hints", len(hints))
	}
	return ""
}

// No screen leaves a third of its rows empty while something that it has is cut or scrolled away.
func TestNoRowsAreEmptyWhileSomethingIsCut(t *testing.T) {
	for about, suffix := range map[string]string{"short names": "", "long names": " of the team for the web, the shop and all that belongs to it, in Tokyo and Osaka and wherever else customers are"} {
		t.Run(about, func(t *testing.T) {
			eachScene(t, Options{}, suffix, func(t *testing.T, open func(width, height int) *root) {
				for _, size := range fewIfShort([2]int{80, 24}, [2]int{120, 36}, [2]int{200, 50}) {
					r := open(size[0], size[1])
					body := bodyOf(r)
					empty := len(body) - filledRows(body)
					if 3*empty < len(body) {
						continue
					}
					for _, lacks := range []string{scrolledAway(r, body), cutText(body)} {
						if lacks != "" {
							t.Errorf("%dx%d: %d of %d rows are empty, but %s:\n%s", size[0], size[1], empty, len(body), lacks, strings.Join(body, "\n"))
						}
					}
				}
			})
		})
	}
}

// bodyOf are the lines between title and footer.
func bodyOf(r *root) []string {
	lines := strings.Split(trimLines(ansi.Strip(r.View().Content)), "\n")
	for len(lines) < r.height {
		lines = append(lines, "")
	}
	return lines[1 : r.height-1]
}

// filledRows counts the rows that say something; a frame says nothing.
func filledRows(body []string) (count int) {
	for _, l := range body {
		if strings.Trim(l, " "+signs.Vertical) != "" {
			count++
		}
	}
	return count
}

// scrolledAway says whether a higher window of the same width shows more. Of what stands over a screen it is asked alone: the screen
// behind it is covered on purpose.
func scrolledAway(r *root, body []string) string {
	higher := *r
	higher.height = 500
	inHigher := bodyOf(&higher)
	switch {
	case r.dialog != nil:
		body, inHigher = plainLines(r.dialog.View(r.Styles, r.width, r.height-2)), plainLines(r.dialog.View(r.Styles, r.width, 500))
	case r.menu != nil:
		low, _ := r.menu.View(r.Styles, r.width, r.height-2)
		high, _ := r.menu.View(r.Styles, r.width, 500)
		body, inHigher = plainLines(low), plainLines(high)
	}
	if more := filledRows(inHigher) - filledRows(body); more > 0 {
		return fmt.Sprintf("a higher window shows %d rows more", more)
	}
	return ""
}

// plainLines are lines without their colours.
func plainLines(lines []string) []string {
	return strings.Split(ansi.Strip(strings.Join(lines, "\n")), "\n")
}

// ownMarks are words of ours that end like a text that is cut.
var ownMarks = strings.NewReplacer("an image "+signs.More, "", "reading "+signs.More, "")

// cutText gives a text that is cut in the row under the cursor, or outside of lists, and that stands nowhere in full. The other rows
// of a list get a line each: the cursor shows the rest.
func cutText(body []string) string {
	whole := compact(strings.Join(columnsOf(body), ""))
	for _, l := range body {
		for n, part := range strings.Split(ownMarks.Replace(l), signs.Vertical) {
			isRow := n == 0 && strings.HasPrefix(l, "   ") || n == 1 && strings.HasPrefix(part, "   ")
			if isRow && !strings.Contains(l, signs.Cursor) {
				continue
			}
			before, _, isCut := strings.Cut(part, signs.More)
			if begin := strings.LastIndex(before, "  "); begin >= 0 {
				before = before[begin:]
			}
			shown := compact(before)
			if isCut && shown != "" && strings.Count(whole, shown) == strings.Count(whole, shown+signs.More) {
				return fmt.Sprintf("%q is cut", strings.TrimSpace(before)+signs.More)
			}
		}
	}
	return ""
}

// columnsOf are the lines of what stands left of an upright line, then of what stands right of it.
func columnsOf(body []string) []string {
	columns := make([]string, 10)
	for _, l := range body {
		for n, part := range strings.SplitN(l, signs.Vertical, len(columns)) {
			columns[n] += part
		}
	}
	return columns
}

// compact leaves out what stands between the parts of a text that was broken into lines.
func compact(s string) string { return strings.NewReplacer(" ", "", signs.Vertical, "").Replace(s) }
