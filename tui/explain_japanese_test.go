package tui

import (
	"testing"

	language "whopulls/model/words"
)

// In a Japanese locale the screen of an error message is Japanese, in every window.
func TestTheFailureTextInJapanese(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"explain-ja-60x15", 60, 15}, {"explain-ja-80x24", 80, 24}, {"explain-ja-120x40", 120, 40}} {
		t.Run(size.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Language: language.Japanese}, size.width, size.height)
			term.shows("3 projects")
			term.paste("次のエラーが出ました。\n" + failureText)
			compareScreen(t, size.name, term.shows("PULLS", "実行側プロジェクト"))
			term.press("down", "ctrl+u", "enter")
			term.shows("イメージを実行するプロジェクトを入力してください")
		})
	}
	term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Language: language.Japanese}, 80, 24)
	term.shows("fix: 1 step")
	term.press("e", "end", "enter")
	compareScreen(t, "explain-ja-empty", term.shows("エラー メッセージを貼り付けてください"))
	term.press("enter")
	term.shows("先にエラー メッセージを")
	term.paste("うまくいきません。\nどうすればよいか わかりません。 だれか 教えて ください。")
	compareScreen(t, "explain-ja-unrecognized", term.shows("原因を読み取れませんでした"))
}
