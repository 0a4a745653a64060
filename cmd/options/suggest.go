package options

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// DidYouMean gives the hint that names what was probably meant; none where nothing is near.
func DidYouMean(typed string, known []string) []string {
	matches := nearest(typed, known)
	if len(matches) == 0 {
		return nil
	}
	return []string{"did you mean " + strings.Join(matches, " or ") + "?"}
}

// nearest gives the known words within a typo or two, and only the nearest of them. If there is none, it
// gives the words that begin with the typed text. Of a short word a single slip leaves little.
func nearest(typed string, known []string) (matches []string) {
	typed = strings.ReplaceAll(strings.ToLower(typed), "_", "-")
	best := 2
	if len(typed) <= 4 {
		best = 1
	}
	for _, word := range known {
		switch d := editDistance(typed, word); {
		case d < best:
			best, matches = d, []string{word}
		case d == best && len(word) > d:
			matches = append(matches, word)
		}
	}
	if len(matches) > 0 {
		return matches
	}
	return slices.DeleteFunc(slices.Clone(known), func(word string) bool {
		return len(typed) < 3 || !strings.HasPrefix(word, typed)
	})
}

// editDistance counts the edits that turn one word into another (optimal string alignment). An edit removes,
// inserts or replaces a letter, or swaps two neighbours.
func editDistance(from, to string) int {
	a, b := []rune(from), []rune(to)
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i := range a {
		for j := range b {
			replaced := rows[i][j]
			if a[i] != b[j] {
				replaced++
			}
			d := min(replaced, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(a)][len(b)]
}

// CommandsLike hints at the commands below c that a word may have meant: a slip, or what other programs call it.
func CommandsLike(c *cobra.Command, typed string) []string {
	var names []string
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() && sub.Name() != "help" {
			continue
		}
		if slices.Contains(sub.SuggestFor, strings.ToLower(typed)) {
			return []string{"did you mean " + sub.Name() + "?"}
		}
		names = append(names, sub.Name())
	}
	return DidYouMean(typed, names)
}

// flagSynonyms are what other programs call a flag.
func flagSynonyms() map[string]string {
	return map[string]string{"zone": "region", "location": "region", "json": "format=json", "yaml": "format=yaml", "yes": FlagQuiet}
}

// flagsLike hints at the flag that was meant, or says whose it is.
func flagsLike(c *cobra.Command, typed string) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	synonym := flagSynonyms()[typed]
	if name, _, _ := strings.Cut(synonym, "="); slices.Contains(names, name) {
		return []string{"did you mean --" + synonym + "?"}
	}
	if commands := commandsWithFlag(c.Root(), typed); len(commands) > 0 {
		return []string{"--" + typed + " is a flag of " + strings.Join(commands, ", ")}
	}
	matches := nearest(typed, names)
	for i := range matches {
		matches[i] = "--" + matches[i]
	}
	if len(matches) == 0 {
		return nil
	}
	return []string{"did you mean " + strings.Join(matches, " or ") + "?"}
}

// commandsWithFlag are the commands that have a flag.
func commandsWithFlag(c *cobra.Command, name string) (commands []string) {
	if c.Flags().Lookup(name) != nil && !c.Hidden {
		commands = append(commands, c.CommandPath())
	}
	for _, sub := range c.Commands() {
		commands = append(commands, commandsWithFlag(sub, name)...)
	}
	return commands
}

// ToStrings are values by their names.
func ToStrings[T ~string](values []T) []string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return names
}
