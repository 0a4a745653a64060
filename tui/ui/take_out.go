package ui

import (
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
)

// TakeOut is something that can be taken out of a screen, to the clipboard or to a file.
type TakeOut struct {
	Label    string
	Detail   string // what it is
	WhyOff   string // why it can't be taken out now; empty: it can
	FileName string
	Content  func() (string, error)
	Copied   func() (string, error) // what goes to the clipboard, where that is something else
}

// Folder is where files are written.
type Folder struct {
	Path   string
	Create func(name, content string) (path string, err error) // never overwrites; nil: no file can be written
}

// Answer is what a screen has found out, to be taken out.
type Answer struct {
	Situation  model.Situation
	Diagnosis  model.Diagnosis
	Plan       model.Plan
	WhyNoSteps string // why there is nothing to ask anybody for; empty: there is
	WhyNotNow  string // why the situation is not the one of now; empty: it is
}

// TakeOutMenu offers what can be taken out, and then where to. Without anything there is no menu.
func TakeOutMenu(list []TakeOut, to Folder) (tea.Cmd, *Menu) {
	if len(list) == 0 {
		return Notice("there is nothing to take out here"), nil
	}
	if len(list) == 1 && list[0].WhyOff == "" {
		return nil, list[0].targets(to)
	}
	rows := make([]MenuRow, 0, len(list))
	for _, t := range list {
		rows = append(rows, MenuRow{Label: t.Label, Detail: t.Detail, WhyOff: t.WhyOff, Open: func() *Menu { return t.targets(to) }})
	}
	return nil, NewMenu("Take out", rows...)
}

// targets offers a file, the clipboard and the screen. The file comes first: for the clipboard there is the menu of what can be copied.
func (t TakeOut) targets(to Folder) *Menu {
	show := MenuRow{Label: "on the screen", Detail: "to read it first", Open: func() *Menu { return t.shown(to) }}
	return NewMenu("Take out: "+t.Label, append(t.targetRows(to), show)...)
}

func (t TakeOut) targetRows(to Folder) []MenuRow {
	file := MenuRow{Label: "to a file", Detail: filepath.Join(to.Path, t.FileName), Take: func() tea.Cmd { return t.save(to) }}
	if to.Create == nil {
		file.WhyOff = "no file can be written here"
	}
	return []MenuRow{file, {Label: "to the clipboard", Detail: "over SSH too", Take: func() tea.Cmd { return t.copy }}}
}

// shown is the content to be read, with where it can be taken to. It is made once: the menu is drawn again and again.
func (t TakeOut) shown(to Folder) *Menu {
	content, err := t.Content()
	if err != nil {
		content = "It can't be made: " + model.ErrorWithHint(err)
	}
	menu := NewMenu(t.Label, t.targetRows(to)...)
	menu.Body = func(_ *Styles, width int) (lines []string) {
		for line := range strings.SplitSeq(strings.TrimRight(content, "\n"), "\n") {
			lines = append(lines, wrapIndented(line, width)...)
		}
		return lines
	}
	return menu
}

// wrapIndented breaks a line, and gives each part the indentation of the first. An empty line stays.
func wrapIndented(line string, width int) []string {
	words := strings.TrimLeft(line, " ")
	indent := strings.Repeat(" ", min(len(line)-len(words), width/2))
	lines := cells.Wrap(words, width-len(indent))
	for i := range lines {
		lines[i] = indent + lines[i]
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// copy sends the content to the clipboard.
func (t TakeOut) copy() tea.Msg {
	content := t.Content
	if t.Copied != nil {
		content = t.Copied
	}
	words, err := content()
	if err != nil {
		return NoticeMsg{Text: "not copied: " + model.ErrorWithHint(err)}
	}
	size := text.CountNoun(strings.Count(strings.TrimSuffix(words, "\n"), "\n")+1, "line")
	return tea.BatchMsg{tea.SetClipboard(words), Notice("sent to the clipboard: " + t.Label + ", " + size)}
}

// save writes the content to a file, and copies the path.
func (t TakeOut) save(to Folder) tea.Cmd {
	return func() tea.Msg {
		words, err := t.Content()
		path := ""
		if err == nil {
			path, err = to.Create(t.FileName, words)
		}
		if err != nil {
			return NoticeMsg{Text: "not written: " + model.ErrorWithHint(err)}
		}
		path = text.Clean(path)
		return tea.BatchMsg{tea.SetClipboard(path), Notice("written, and the path sent to the clipboard: " + path)}
	}
}

// FileName makes a file's name of a name from elsewhere, which may hold anything.
func FileName(name, ending string) string {
	safe := strings.Map(func(r rune) rune {
		if r < 128 && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("._-", r)) {
			return r
		}
		return '-'
	}, name)
	const longest = 60
	safe = strings.Trim(safe[:min(len(safe), longest)], "-._")
	if safe == "" {
		safe = "whopulls"
	}
	return safe + ending
}
