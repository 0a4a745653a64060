package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// limitPrefix is never 1, and what is more than one is several anyway.
const limitPrefix = "more than %d "

// countedPlural are a number and a plural written out, of which one would be "1 projects".
var countedPlural = regexp.MustCompile(`%d (?:[a-z]+ ){0,2}?([a-z]{3,}s)\b`)

// notPlurals end in s and are none.
var notPlurals = []string{"says", "was", "has", "this", "its", "less", "always", "means"}

// neverOne are the sentences with a number that is never 1 there, by the reason.
var neverOne = map[string]string{
	"%d changes are asked for.":               "one has its own sentence",
	"%d things are not known":                 "one is named",
	"its %d other bindings stay as they are":  "one has its own sentence",
	"%d allow policies that you may not read": "one has its own sentence",
	"%d bytes":                             "a limit",
	"%d waits of a minute did not free it": "a constant",
	" Of %d of them others changed the policy since: somebody may have made the same change again, and then it is theirs.": "one is named",
}

// A number with its noun is written by model.Counted, which knows one from several.
func TestOneThingIsNoPlural(t *testing.T) {
	used := map[string]bool{}
	for _, folder := range []string{"cmd", "tui", "report", "model", "files", "gcp"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && slices.Contains([]string{"testdata", "sandbox", "googletest"}, d.Name()):
				return filepath.SkipDir
			case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := literal(n); ok && countsPlural(text) {
					if used[text] = true; neverOne[text] == "" {
						t.Errorf("%s: %q would be wrong of one: use model.Counted", path, text)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for text := range neverOne {
		if !used[text] {
			t.Errorf("nothing says %q any more", text)
		}
	}
}

func literal(n ast.Node) (string, bool) {
	l, ok := n.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func countsPlural(text string) bool {
	m := countedPlural.FindStringSubmatch(text)
	return m != nil && !strings.Contains(text, limitPrefix) && !slices.Contains(notPlurals, m[1])
}
