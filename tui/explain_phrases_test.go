package tui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	language "whopulls/model/words"
)

// Each phrase of the screen is there in both languages, and names the same values.
func TestPhrasesAreWhole(t *testing.T) {
	tree, err := parser.ParseFile(token.NewFileSet(), "explain_phrases.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	ast.Inspect(tree, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok || len(literal.Elts) != 2 {
			return true
		}
		var said [2]string
		for i, e := range literal.Elts {
			value, ok := e.(*ast.KeyValueExpr).Value.(*ast.BasicLit)
			if !ok {
				return true
			}
			if said[i], err = strconv.Unquote(value.Value); err != nil {
				t.Fatal(err)
			}
		}
		count++
		if err := (phrase{EN: said[0], JA: said[1]}).Validate(); err != nil {
			t.Error(err)
		}
		return true
	})
	if count < 20 {
		t.Errorf("only %d phrases were found", count)
	}
}

// In a Japanese locale the screen of a failure text is Japanese, in every window.
func TestTheFailureTextInJapanese(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"explain-ja-60x15", 60, 15}, {"explain-ja-80x24", 80, 24}, {"explain-ja-120x40", 120, 40}} {
		term := start(t, newFakeCloud(), Options{Language: language.Japanese}, size.width, size.height)
		term.shows("3 projects")
		term.paste("次のエラーが出ました。\n" + failureText)
		golden(t, size.name, term.shows("PULLS", "実行側プロジェクト"))
		term.press("tab", "ctrl+u", "enter")
		term.shows("イメージを実行するプロジェクトを入力してください")
	}
	term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Language: language.Japanese}, 80, 24)
	term.shows("walk through 1 step")
	term.press("e")
	golden(t, "explain-ja-empty", term.shows("エラー テキストを貼り付けてください"))
	term.press("enter")
	term.shows("先にエラー テキストを")
	term.paste("うまくいきません。\nどうすればよいか わかりません。 だれか 教えて ください。")
	golden(t, "explain-ja-unrecognized", term.shows("原因を読み取れませんでした"))
}
