package view

import (
	"slices"
	"strings"
)

// Build says which build of the program this is.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
	Go      string `json:"go"`
}

// UnknownValue stands for what is not known about a build.
const UnknownValue = "unknown"

// Summary names the build for people, with what is known about it.
func (b Build) Summary() string {
	known := slices.DeleteFunc([]string{b.Commit, b.Date, b.Go}, func(part string) bool { return part == UnknownValue })
	return "whopulls " + b.Version + " (" + strings.Join(known, ", ") + ")"
}
