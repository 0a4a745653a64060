package settings

import (
	"fmt"
	"strings"

	"whopulls/files"
	"whopulls/text"
	"whopulls/tui/ui"
)

// Value is a setting as it is in force, and what says so.
type Value struct{ Name, Text, Origin string }

// Origins of values. A flag and a variable are their own.
const (
	fromFile    = "settings file"
	fromDefault = "default"
)

// InForce lists every setting. What a flag or a variable says comes before the file; over names it, by the setting's name.
func InForce(file string, s Settings, over map[string]string) []Value {
	content, err := files.Read(file, maxSize)
	if err != nil {
		content = nil // a file that is not there says nothing; whatever else is wrong was said when it was read
	}
	values := []Value{
		{Name: "read-only", Text: fmt.Sprint(s.ReadOnly)},
		{Name: "production", Text: orElse(s.Production, "only what is labelled so")},
		{Name: "theme", Text: orElse(string(s.Theme), string(ui.ThemeAuto))},
		{Name: "accessible", Text: orElse(string(s.Accessible), string(Auto))},
		{Name: "ascii", Text: orElse(string(s.ASCII), string(Auto))},
		{Name: "mouse", Text: mouseText(s.MouseOff)},
		{Name: "language", Text: orElse(string(s.Language), string(Auto))},
		{Name: "keys", Text: orElse(s.Keys.String(), "as they come")},
		{Name: "recent", Text: text.CountNoun(len(s.Recent), "project")},
	}
	for n := range values {
		v := &values[n]
		switch {
		case over[v.Name] != "":
			v.Origin = over[v.Name]
		case valueOf(normalizeNewlines(string(content)), v.Name) != nil:
			v.Origin = fromFile
		default:
			v.Origin = fromDefault
		}
	}
	return values
}

func orElse(value, without string) string {
	if strings.TrimSpace(value) == "" {
		return without
	}
	return value
}
