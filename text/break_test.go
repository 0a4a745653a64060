package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"whopulls/text"
)

func TestPieces(t *testing.T) {
	for s, want := range map[string]string{
		"":                                   "",
		"grant the role":                     "grant| the| role",
		" two  spaces\nand a line ":          "two| spaces| and| a| line",
		"asia-northeast1-docker.pkg.dev/p/r": "asia-northeast1-docker.pkg.dev/p/r",
		"読めません。":                             "読|め|ま|せ|ん。",
		"「読む」、と":                             "「読|む」、|と",
		"サービス エージェント":                        "サー|ビ|ス| エー|ジェ|ン|ト",
		"（roles/run.admin）ロール":               "（roles/run.admin）|ロー|ル",
		"実行側プロジェクト app-1 で":                  "実|行|側|プ|ロ|ジェ|ク|ト| app-1| で",
		"「（二重）」":                             "「（二|重）」",
		"待って、もう一度":                           "待っ|て、|も|う|一|度",
		"dev@example.comには":                  "dev@example.com|に|は",
		"確認します: gcloud":                      "確|認|し|ま|す:| gcloud",
		"2 つの変更":                             "2| つ|の|変|更",
	} {
		t.Run(s, func(t *testing.T) {
			var got []string
			for n, p := range text.Pieces(s) {
				if p.AfterSpace && n > 0 {
					got = append(got, " "+p.Text)
					continue
				}
				got = append(got, p.Text)
			}
			if strings.Join(got, "|") != want {
				t.Errorf("%q is split into %q, want %q", s, strings.Join(got, "|"), want)
			}
		})
	}
}

// Put together, the pieces are the text; and each may begin a line, and end one.
func TestPiecesAreTheText(t *testing.T) {
	sign := rapid.SampledFrom([]rune("あっーャ漢字カナ、。「」（）・ab1:/@- …！Ａ"))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(strings.Fields(string(rapid.SliceOf(sign).Draw(t, "text"))), " ")
		var b strings.Builder
		for n, p := range text.Pieces(s) {
			if p.AfterSpace && n > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(p.Text)
			first, _ := utf8.DecodeRuneInString(p.Text)
			last, _ := utf8.DecodeLastRuneInString(p.Text)
			if n > 0 && !p.AfterSpace && strings.ContainsRune("、。」）・ーっャ", first) {
				t.Fatalf("%q: %q begins a line", s, p.Text)
			}
			if strings.ContainsRune("「（", last) && !strings.HasSuffix(s, p.Text) && !strings.Contains(s, p.Text+" ") {
				t.Fatalf("%q: %q ends a line", s, p.Text)
			}
		}
		if b.String() != s {
			t.Fatalf("%q becomes %q", s, b.String())
		}
	})
}
