package main

import (
	"regexp"
	"strings"
)

// flagLine begins a flag in a help text: its letter, its name, its value.
var flagLine = regexp.MustCompile(`^ {2,6}(-\w, )?--([\w-]+)(\S*)( [A-Z:]+)?(  |$)`)

// flagDefault is what a flag is without being given.
var flagDefault = regexp.MustCompile(`\(default ([^)]*)\)`)

// flagsOf gives the flags of a help text, each with its letter, the name of its value and its default, and the commands.
func flagsOf(help string) (flags []string) {
	_, rest, _ := strings.Cut("\n"+help, "\nFlags:\n")
	rest, _, _ = strings.Cut(rest, "\n\n")
	current, text := "", ""
	end := func() {
		if current != "" {
			if m := flagDefault.FindStringSubmatch(strings.Join(strings.Fields(text), " ")); m != nil {
				current += " = " + m[1]
			}
			flags = append(flags, current)
		}
		current, text = "", ""
	}
	for line := range strings.Lines(rest) {
		if m := flagLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			end()
			current = m[1] + "--" + m[2] + m[3] + m[4]
		}
		text += line
	}
	end()
	return append(flags, commandsOf(help)...)
}

// commandsOf gives the commands that a help text lists.
func commandsOf(help string) (names []string) {
	for _, heading := range []string{"\nCommands:\n", "\nAvailable Commands:\n", "\nAdditional Commands:\n"} {
		_, rest, _ := strings.Cut("\n"+help, heading)
		rest, _, _ = strings.Cut(rest, "\n\n")
		for line := range strings.Lines(rest) {
			if name, _, ok := strings.Cut(strings.TrimPrefix(line, "  "), " "); ok && name != "" {
				names = append(names, "command "+name)
			}
		}
	}
	return names
}
