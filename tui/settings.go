package tui

import (
	"context"
	"io"
	"os/exec"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	language "whopulls/model/words"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/palette"
	"whopulls/tui/ui"
)

// Setting is a setting as it is in force, and what says so.
type Setting struct{ Name, Text, Origin string }

// Preferences are the settings that can change while the program runs, and the list of all.
type Preferences struct {
	ReadOnly   bool
	Production string
	Theme      ui.Theme
	Signs      signs.Set
	AskWidth   bool
	MouseOff   bool
	Language   language.Language
	Keys       ui.Keys
	List       []Setting
}

// SettingsFile reads the settings, and gives what edits their file. The zero value has none.
type SettingsFile struct {
	Read   func() (Preferences, error)
	Editor func(context.Context) (*exec.Cmd, error)
}

// settingsMsg brings the settings as they are now.
type settingsMsg struct {
	read   Preferences
	err    error
	edited bool // somebody has just edited them
}

// editedMsg says that the editor has ended.
type editedMsg struct{ err error }

// readSettings reads the settings outside the loop.
func (e *app) readSettings(edited bool) tea.Cmd {
	if e.opts.Settings.Read == nil {
		return nil
	}
	return func() tea.Msg {
		read, err := e.opts.Settings.Read()
		return settingsMsg{read, err, edited}
	}
}

// handleSettings takes settings that were read. Those that can't be used leave everything as it is, and a notice says
// why after an edit.
func (r *root) handleSettings(msg settingsMsg) tea.Cmd {
	if msg.err != nil {
		if msg.edited {
			return ui.Notice("the settings stay as they were: " + text.Clean(model.ErrorWithHint(msg.err)))
		}
		return nil
	}
	p := msg.read
	r.settings, r.ReadOnly, r.Keys, r.opts.Production = p.List, p.ReadOnly, p.Keys, p.Production
	r.opts.Theme, r.opts.Signs, r.opts.AskWidth = p.Theme, p.Signs, p.AskWidth
	r.Language = p.Language
	r.restyle()
	if p.MouseOff != r.opts.MouseOff { // else it stays as this run has it
		r.opts.MouseOff, r.mouseOff = p.MouseOff, p.MouseOff
	}
	if msg.edited {
		return ui.Notice("the settings were read again")
	}
	return nil
}

// settingEntries are the settings with their values. Each opens the file.
func (r *root) settingEntries() (entries []palette.Entry) {
	for _, s := range r.settings {
		entries = append(entries, palette.Entry{ID: "setting " + s.Name, Section: palette.Settings, Kind: "setting", Title: s.Name,
			Detail: text.Clean(s.Text + signs.Between + s.Origin), Open: r.editSettings})
	}
	return entries
}

// editSettings gives the terminal to the user's editor.
func (r *root) editSettings() tea.Cmd {
	editor, err := r.opts.Settings.Editor(r.Context)
	if err != nil {
		return ui.Notice(text.Clean(model.ErrorWithHint(err)))
	}
	return tea.Exec(&editorCommand{Cmd: editor}, func(err error) tea.Msg { return editedMsg{err} })
}

// editorCommand is an editor that gets the terminal.
type editorCommand struct{ *exec.Cmd }

// minEditorTime is how long an editor has the terminal at least. Some end at once, since they only send the file to a
// window. Then the screen could stay blank. The drawing that stops for the editor may stop the clock of the one that
// follows (bubbletea v2.1.1, tea.go, startRenderer).
const minEditorTime = 100 * time.Millisecond

// Run waits for the editor.
func (c *editorCommand) Run() error {
	guard.LendTerminal()
	defer guard.TakeTerminal()
	begun := time.Now()
	err := c.Cmd.Run()
	time.Sleep(minEditorTime - time.Since(begun))
	return err
}

// SetStdin gives the editor the terminal's input.
func (c *editorCommand) SetStdin(r io.Reader) { c.Stdin = r }

// SetStdout gives the editor the terminal.
func (c *editorCommand) SetStdout(w io.Writer) { c.Stdout = w }

// SetStderr gives the editor where errors are written.
func (c *editorCommand) SetStderr(w io.Writer) { c.Stderr = w }

// handleEdited reads the settings after the editor has ended, however it did.
func (r *root) handleEdited(msg editedMsg) tea.Cmd {
	if msg.err != nil {
		return ui.Notice("the editor failed: " + text.Clean(msg.err.Error()))
	}
	return r.readSettings(true)
}
