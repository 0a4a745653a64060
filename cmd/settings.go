package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
	"github.com/goccy/go-yaml"
)

// settings are whopulls' own, as a person writes them. What a flag or a variable says comes before them.
type settings struct {
	ReadOnly   bool   `yaml:"read-only"`
	Production string `yaml:"production"` // pattern of projects that are production
}

const settingsKeys = "read-only (true or false) and production (a pattern of project ids, such as *-prod)"

// settingsFile is where the settings are; empty when the environment names no place for them.
func settingsFile() string {
	if !filepath.IsAbs(xdg.ConfigHome) {
		return ""
	}
	return filepath.Join(xdg.ConfigHome, "whopulls", "settings.yaml")
}

// readSettings reads the file; one that is not there sets nothing. A file that can't be read as a whole refuses
// everything: half of it may be the half that was meant to keep changes away.
func readSettings(file string) (settings, error) {
	var s settings
	if file == "" {
		return s, nil
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, usage("the settings can't be read: "+err.Error(), "mend the file, or take it away")
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(content)), yaml.Strict())
	if err := decoder.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return s, usage(file+settingsTrouble(err), "its keys are "+settingsKeys)
	}
	if err := decoder.Decode(&settings{}); !errors.Is(err, io.EOF) {
		return s, usage(file+": it holds more than one document", "its keys are "+settingsKeys)
	}
	if err := checkPattern(s.Production, file+": production"); err != nil {
		return s, err
	}
	return s, nil
}

// settingsTrouble is the line and what is wrong there.
func settingsTrouble(err error) string {
	var told yaml.Error
	if !errors.As(err, &told) {
		return ": " + err.Error()
	}
	if at := told.GetToken(); at != nil {
		return fmt.Sprintf(":%d: %s (at %q)", at.Position.Line, told.GetMessage(), at.Value)
	}
	return ": " + told.GetMessage()
}

// guards reads what keeps changes away: the flag before the variable before the settings.
func (r *request) guards(f *flags, flagGiven bool, s streams) error {
	kept, err := readSettings(s.Settings)
	if err != nil {
		return err
	}
	r.readOnly = kept.ReadOnly
	if value := s.env("WHOPULLS_READ_ONLY"); value != "" {
		if r.readOnly = truth(value); !r.readOnly && !falsehood(value) {
			return usage(fmt.Sprintf("WHOPULLS_READ_ONLY is neither true nor false: %q", value), "set it to true, or take it away")
		}
	}
	if flagGiven {
		r.readOnly = f.readOnly
	}
	r.production = cmp.Or(s.env("WHOPULLS_PRODUCTION"), kept.Production)
	return checkPattern(s.env("WHOPULLS_PRODUCTION"), "WHOPULLS_PRODUCTION")
}
