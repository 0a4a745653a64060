package failure

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// bannedJapanese are words that Google's Japanese pages do not use, or no longer, or that mean something else there, and signs of
// half width where Japanese prose has wide ones.
var bannedJapanese = map[string]*regexp.Regexp{
	"an old or foreign term": regexp.MustCompile(`役割|組織ポリシー|ポリシー ?バインディング|プル|サービスエージェント|サービスアカウント|メンバー|権限付与|いただけ|下さい`),
	"a narrow bracket":       regexp.MustCompile(`[(][^)]*[\p{Han}\p{Hiragana}\p{Katakana}]|[\p{Han}\p{Hiragana}\p{Katakana}ー][(]`),
	"a narrow stop or comma": regexp.MustCompile(`[\p{Han}\p{Hiragana}\p{Katakana}ー][.,]`),
	"no space next to Latin": regexp.MustCompile(`[\p{Han}\p{Hiragana}\p{Katakana}ー][A-Za-z0-9]|[A-Za-z0-9][\p{Han}\p{Hiragana}\p{Katakana}]`),
	"a wide space":           regexp.MustCompile(`\x{3000}`),
}

// polite are the ends of sentences in です・ます.
var polite = regexp.MustCompile(`(です|ます|ました|ません|ませんでした|ください)$`)

// The Japanese of the catalogue has Google's terms and signs, and its sentences are whole and in one tone.
func TestTheJapaneseOfTheCatalogue(t *testing.T) {
	for name, e := range catalogue(t) {
		for about, form := range bannedJapanese {
			t.Run(name+" "+about, func(t *testing.T) {
				if found := form.FindString(e.JA); found != "" {
					t.Errorf("%s has %s, %q: %s", name, about, found, e.JA)
				}
			})
		}
		if !strings.HasPrefix(name, "sum") && !strings.HasPrefix(name, "adv") {
			continue
		}
		if !strings.HasSuffix(e.JA, "。") {
			t.Errorf("%s is no whole sentence: %s", name, e.JA)
		}
		for sentence := range strings.SplitSeq(strings.TrimSuffix(e.JA, "。"), "。") {
			sentence = strings.TrimRightFunc(bracketed.ReplaceAllString(sentence, ""), unicode.IsSpace)
			if !polite.MatchString(sentence) {
				t.Errorf("%s is in another tone: %s", name, sentence)
			}
		}
	}
}

var bracketed = regexp.MustCompile(`（[^）]*）$`)

// catalogue are the entries by their names.
func catalogue(t *testing.T) map[string]bilingual {
	t.Helper()
	files, err := filepath.Glob("catalogue*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bilingual{}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			literal, ok := spec.Values[0].(*ast.CompositeLit)
			if name, named := literalType(literal); ok && named && name == "bilingual" {
				all[spec.Names[0].Name] = entryOf(t, literal)
			}
			return true
		})
	}
	if len(all) < 100 {
		t.Fatalf("only %d entries were found", len(all))
	}
	return all
}
