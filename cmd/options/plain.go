package options

import (
	"cmp"
	"strings"

	"whopulls/gcp/gcloud"
	"whopulls/settings"
)

// AccessibleVariable turns plain mode on. Other programs for a terminal read it too.
const AccessibleVariable = "ACCESSIBLE"

// DumbTerminal is the variable of a terminal that can't move its cursor, with its value.
const DumbTerminal = "TERM=dumb"

// PlainMode writes lines that stay as they are, and asks with numbered lists.
type PlainMode struct {
	ScreenReader bool   // words take the place of signs
	SetBy        string // what turned it on; empty: it is off
	over         string // the flag or variable that came before the settings; empty: neither was given
}

// plainMode decides on plain mode. The flag comes before the variable, then whopulls' settings, then gcloud's property.
// A terminal that can't move its cursor has no other mode.
func (f CloudFlags) plainMode(in CommandLine, saved settings.When, c *gcloud.Configuration) (m PlainMode, err error) {
	property, err := c.Bool(gcloud.ScreenReader)
	if err != nil {
		return m, configFailure(err)
	}
	switch value := strings.TrimSpace(in.Streams.Env(AccessibleVariable)); {
	case in.Flags.Changed(FlagAccessible):
		m = PlainMode{ScreenReader: f.accessible, over: "--" + FlagAccessible}
	case value != "":
		m = PlainMode{ScreenReader: !settings.IsFalse(value), over: AccessibleVariable}
	case saved == settings.Always, saved == settings.Never:
		m = PlainMode{ScreenReader: saved == settings.Always, SetBy: "the settings"}
	default:
		m = PlainMode{ScreenReader: property, SetBy: string(gcloud.ScreenReader) + " (" + c.Get(gcloud.ScreenReader).Origin + ")"}
	}
	switch {
	case m.ScreenReader:
		m.SetBy = cmp.Or(m.over, m.SetBy)
	case in.Streams.IsDumb():
		m.SetBy = DumbTerminal
	default:
		m.SetBy = ""
	}
	return m, nil
}

// inSettings is the value that the settings would need to have the same effect as the flag or variable.
func (m PlainMode) inSettings() settings.When {
	if m.ScreenReader {
		return settings.Always
	}
	return settings.Never
}
