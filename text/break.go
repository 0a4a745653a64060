package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Piece is a part of a text within which no line breaks.
type Piece struct {
	Text       string
	AfterSpace bool // a space stands before it, unless a line breaks there
}

// Pieces splits a text where a line may break: at white space, and next to a Japanese character. By the rules of Japanese
// typesetting (kinsoku, JIS X 4051) no line begins with 、 or a small kana, and none ends with 「.
func Pieces(s string) []Piece {
	var pieces []Piece
	for word := range strings.FieldsSeq(s) {
		from := 0
		before := rune(0)
		for at, r := range word {
			if at > 0 && mayBreak(before, r) {
				pieces = append(pieces, Piece{word[from:at], from == 0})
				from = at
			}
			before = r
		}
		pieces = append(pieces, Piece{word[from:], from == 0})
	}
	return pieces
}

// mayBreak reports whether a line may break between two characters that have no space between them.
func mayBreak(before, after rune) bool {
	return (isJapanese(before) || isJapanese(after)) && !strings.ContainsRune(notAtLineEnd, before) && MayBeginLine(after)
}

// MayBeginLine reports whether a line may begin with a character.
func MayBeginLine(r rune) bool {
	return !strings.ContainsRune(notAtLineStart, r) && !unicode.Is(unicode.Mn, r)
}

// No line begins with a character of the first list, and none ends with one of the second (JIS X 4051).
const (
	notAtLineStart = "、。，．・：；？！」』）】〕〉》］｝ーぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ々ゝゞヽヾ゛゜…‥〜～,.:;?!)]}%’”°"
	notAtLineEnd   = "「『（【〔〈《［｛([{‘“"
)

// isJapanese reports whether a character belongs to Japanese writing, which has no spaces between words.
func isJapanese(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= '　' && r <= '〿' || r >= '！' && r <= '￯' || r == 'ー')
}
