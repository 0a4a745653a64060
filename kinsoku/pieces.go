// Package kinsoku says where the lines of a text may break, in English and by the rules of Japanese typesetting.
package kinsoku

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Piece is a part of a text within which no line breaks.
type Piece struct {
	Text       string
	AfterSpace bool // a space stands before it, where no line breaks there
}

// Pieces takes a text apart where a line may break: at spaces, and beside a Japanese character, but not where that would
// begin a line with 、 or a small kana, nor end one with 「 (kinsoku).
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

// mayBreak tells whether a line may break between two characters without a space between them.
func mayBreak(before, after rune) bool {
	return (isJapanese(before) || isJapanese(after)) && !strings.ContainsRune(notAtLineEnd, before) && MayBeginLine(after)
}

// MayBeginLine tells whether a line may begin with a character.
func MayBeginLine(r rune) bool {
	return !strings.ContainsRune(notAtLineStart, r) && !unicode.Is(unicode.Mn, r)
}

// What no line begins with, and what none ends with, in Japanese typesetting (JIS X 4051).
const (
	notAtLineStart = "、。，．・：；？！」』）】〕〉》］｝ーぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ々ゝゞヽヾ゛゜…‥〜～,.:;?!)]}%’”°"
	notAtLineEnd   = "「『（【〔〈《［｛([{‘“"
)

// isJapanese tells whether a character is of Japanese writing, which has no spaces between words.
func isJapanese(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= '　' && r <= '〿' || r >= '！' && r <= '￯' || r == 'ー')
}
