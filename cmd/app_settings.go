package cmd

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/tui"
)

// appSettings show the app the settings, and let a person edit their file.
func (p *program) appSettings(r options.Session) tui.SettingsFile {
	return tui.SettingsFile{Read: func() (tui.Preferences, error) { return p.preferences(r) }, Editor: p.settingsEditor}
}

// preferences are the settings as they are now.
func (p *program) preferences(r options.Session) (tui.Preferences, error) {
	fresh, err := r.ReadSettings(p.io)
	if err != nil {
		return tui.Preferences{}, err
	}
	read := tui.Preferences{ReadOnly: fresh.ReadOnly, Production: fresh.Production, Theme: fresh.Settings.Theme, Signs: fresh.Settings.ASCII.Signs(p.io.Lookup), AskWidth: fresh.Settings.ASCII.AsksWidth(p.io.Lookup),
		MouseOff: fresh.Settings.MouseOff, Language: fresh.Language(p.io), Keys: fresh.Settings.Keys}
	for _, v := range fresh.SettingsInForce(p.io) {
		read.List = append(read.List, tui.Setting(v))
	}
	return read, nil
}

// settingsEditor opens the settings in the user's editor, which begins a file that is not there. Its folder is made.
func (p *program) settingsEditor(ctx context.Context) (*exec.Cmd, error) {
	file := p.io.Settings
	if file == "" {
		return nil, console.WithHint(errors.New("the settings have no place here"), "set HOME or XDG_CONFIG_HOME")
	}
	editor := strings.Fields(cmp.Or(p.io.Env("VISUAL"), p.io.Env("EDITOR")))
	if len(editor) == 0 {
		return nil, console.WithHint(errors.New("neither VISUAL nor EDITOR names an editor"), "the settings are in "+file)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	return exec.CommandContext(ctx, editor[0], append(editor[1:], file)...), nil
}
