package files

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// billionLaughs is a list of lists whose aliases grow tenfold with each line.
func billionLaughs(lines int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for n := 1; n < lines; n++ {
		before, name := "*a"+string(rune('0'+n-1)), "a"+string(rune('0'+n))
		b.WriteString(name + ": &" + name + " [" + strings.Repeat(before+", ", 9) + before + "]\n")
	}
	return b.String()
}

// nestedKeys has a key below the other, each a space further in.
func nestedKeys(depth int) string {
	var b strings.Builder
	for n := range depth {
		b.WriteString(strings.Repeat(" ", n) + "a:\n")
	}
	return b.String()
}

// What is nested too deep or grows without end is an error at once, with its line.
func TestParseYAMLHasLimits(t *testing.T) {
	for about, c := range map[string]struct{ text, want string }{
		"brackets":             {"\n" + strings.Repeat("[", 1<<22), "nested too deep"},
		"braces":               {"\n" + strings.Repeat("{a: ", 1<<20), "nested too deep"},
		"dashes":               {"\n" + strings.Repeat("- ", 1<<21) + "x", "nested too deep"},
		"questions":            {"\n" + strings.Repeat("? ", 1<<21) + "x", "nested too deep"},
		"dashes in a row":      {"a:\n  " + strings.Repeat("- ", maxYAMLDepth+1) + "x", "nested too deep"},
		"indents":              {nestedKeys(maxYAMLDepth + 1), "nested too deep"},
		"laughs":               {billionLaughs(9), "stand for more than 100000 values"},
		"merged laughs":        {"a: {<<: *b}\n", "no anchor before it"},
		"an alias to itself":   {"x: 1\na: &a [*a]\n", "no anchor before it"},
		"an alias to nothing":  {"x: 1\na: *b\n", "no anchor before it"},
		"an alias that's late": {"x: *a\na: &a 1\n", "no anchor before it"},
	} {
		t.Run(about, func(t *testing.T) {
			begun := time.Now()
			_, err := ParseYAML([]byte(c.text))
			var told yaml.Error
			if !errors.As(err, &told) || !strings.Contains(told.GetMessage(), c.want) || told.GetToken() == nil || told.GetToken().Position.Line < 1 {
				t.Errorf("%s: %.200v, want %s", about, err, c.want)
			}
			if spent := time.Since(begun); spent > 10*time.Second {
				t.Errorf("%s took %v", about, spent)
			}
		})
	}
	for about, text := range map[string]string{"nothing": "", "lines drawn": "# " + strings.Repeat("-", 200) + "\n# " + strings.Repeat("- ", 200) + "\na: 1\n",
		"aliases": billionLaughs(5), "an anchor twice": "a: &a 1\nb: *a\nc: &a 2\nd: *a\n", "a merge": "a: &a {x: 1}\nb: {<<: *a}\n"} {
		t.Run(about, func(t *testing.T) {
			if _, err := ParseYAML([]byte(text)); err != nil {
				t.Errorf("%s: %v", about, err)
			}
		})
	}
}

func FuzzYAML(f *testing.F) {
	for _, text := range []string{"a: !!foo", "a: !!set {x}", "a: ! x", "a: !<x> [b]", "!!map a: b", "a: &a {<<: *a}", "a: &a [*a]", billionLaughs(4), nestedKeys(20),
		"? [a]\n: b", "- - - a", "a: |+\n  x\n", "%YAML 1.2\n---\n--- b\n...", "<<: [1]", "a: \"\\x1b\"", "\x00\xff\ufeff"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(_ *testing.T, content []byte) {
		file, err := ParseYAML(content)
		if err != nil {
			return
		}
		for _, doc := range file.Docs {
			if doc.Body == nil {
				continue
			}
			var free any
			var typed struct {
				A map[string][]int
				B *string
				C []struct{ D bool }
			}
			_, _ = DecodeYAML(doc.Body, &free), DecodeYAML(doc.Body, &typed) // only that they come back
		}
	})
}
