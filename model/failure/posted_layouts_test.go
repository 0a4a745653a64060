package failure_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// layouts keep the lines of a text, or wrap them so wide that few names are broken.
var layouts = map[string]func(string) string{
	"windows lines": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"quoted mail":   func(s string) string { return prefixed(s, "> ") },
	"indented":      func(s string) string { return prefixed(s, "    ") },
	"stamped":       stamped,
	"coloured":      func(s string) string { return eachLine(s, func(l string) string { return "\x1b[31m" + l + "\x1b[0m" }) },
	"fenced":        func(s string) string { return "Hi, this is what we get:\n\n```\n" + s + "\n```\n\nAny idea?\n" },
	"wrapped":       func(s string) string { return wrapWords(s, 100) },
	"cut":           func(s string) string { return wrapHard(s, 100) },
	"escaped":       quoted,
}

// However a text of the field was copied, it says the same, of as many errors; of names that a wrap broke fewer are read,
// and none otherwise.
func TestPostedLayouts(t *testing.T) {
	for _, c := range postedCases(t) {
		plain := documentOf(t, c.text)
		for layout, lay := range layouts {
			t.Run(c.name+" "+layout, func(t *testing.T) {
				got := documentOf(t, lay(c.text))
				for _, field := range append(slices.Clone(fieldNames), "cause", "identity", "others") {
					was, is := comparableValue(plain[field]), comparableValue(got[field])
					lost := is == nil && slices.Contains(fieldNames, field) && (layout == "wrapped" || layout == "cut")
					if is != was && !lost {
						t.Errorf("%s, %s: %s is %v, not %v", c.name, layout, field, is, was)
					}
				}
			})
		}
	}
}

// comparableValue makes a list of errors one text. Those that ask for nothing may be distinguished from progress, or not.
func comparableValue(value any) any {
	list, ok := value.([]any)
	if !ok {
		return value
	}
	var all []string
	for _, one := range list {
		if other, _ := one.(map[string]any); other["cause"] != "not-access" {
			all = append(all, fmt.Sprint(other["cause"], " of ", other["identity"]))
		}
	}
	return strings.Join(all, ", ")
}
