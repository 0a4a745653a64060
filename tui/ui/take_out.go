package ui

import (
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
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

// targets offers a file and the clipboard. The file comes first: for the clipboard there is the menu of what can be copied.
func (t TakeOut) targets(to Folder) *Menu {
	file := MenuRow{Label: "to a file", Detail: filepath.Join(to.Path, t.FileName), Take: func() tea.Cmd { return t.save(to) }}
	if to.Create == nil {
		file.WhyOff = "no file can be written here"
	}
	return NewMenu("Take out: "+t.Label, file, MenuRow{Label: "to the clipboard", Detail: "over SSH too", Take: func() tea.Cmd { return t.copy }})
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
