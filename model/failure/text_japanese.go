package failure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text from a Japanese console, chat or article has Google's English message between Japanese words. There is
// often no space before or after it. Some of its characters have the wide forms that a Japanese keyboard
// types.

// normalizeJapanese gives a line the signs of an English one: wide forms become ASCII's, and Japanese words stand apart from the
// names that they touch. Where Japanese fills a place of a name, as in service-プロジェクト番号@…, the name is masked.
func normalizeJapanese(line string) string {
	if isASCII(line) {
		return line
	}
	written := []rune(line)
	runes := []rune(strings.Map(narrowRune, line))
	var b strings.Builder
	b.Grow(len(line))
	for i, r := range runes {
		if i > 0 {
			b.WriteString(separatorBefore(runes, i))
		}
		b.WriteRune(r)
		if includesSpace(written, i) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// includesSpace reports whether the character at i includes its space. It is then the punctuation of a
// sentence, and not part of a name in wide characters.
func includesSpace(runes []rune, i int) bool {
	switch runes[i] {
	case '。', '、', '｡', '､':
		return true
	case '：', '，', '；', '．', '！', '？':
		return i+1 == len(runes) || runes[i+1] < utf8.RuneSelf
	}
	return false
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// narrowRune gives ASCII's form of a sign. Angle brackets become quotes: ASCII's own mark a placeholder.
func narrowRune(r rune) rune {
	switch {
	case r == ideographicSpace:
		return ' '
	case r == '～' || r == '〜': // stands for what was left out, as an ellipsis does
		return ellipsis
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	}
	if sign, ok := narrowSigns[r]; ok {
		return sign
	}
	return r
}

var narrowSigns = map[rune]rune{
	'「': '"', '」': '"', '『': '"', '』': '"', '｢': '"', '｣': '"', '〝': '"', '〞': '"', '〟': '"', '〈': '"', '〉': '"', '《': '"', '》': '"',
	'【': '[', '】': ']', '〔': '[', '〕': ']', '。': '.', '｡': '.', '、': ',', '､': ',', '‐': '-', '‑': '-', '−': '-',
}

// separatorBefore is what has to stand before the rune at i so that a name ends, or is masked, where Japanese begins.
func separatorBefore(runes []rune, i int) string {
	before, after := runes[i-1], runes[i]
	switch {
	case isWide(before) == isWide(after) || before <= ' ' || after <= ' ' || before == ellipsis || after == ellipsis:
		return ""
	case isWide(after) && (strings.ContainsRune("-/@_:=", before) || isAlphanumeric(before) && startsMask(runes[i:])),
		isWide(before) && strings.ContainsRune("-/@_", after):
		return string(ellipsis)
	}
	return " "
}

func isAlphanumeric(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// startsMask reports whether signs such as ○○ begin here, instead of a part of a name. One alone begins an
// item of a list.
func startsMask(runes []rune) bool {
	return len(runes) > 1 && isShape(runes[0]) && runes[0] == runes[1]
}

// isWide is what a Japanese text is made of, in addition to ASCII's signs: kana, kanji, its punctuation, shapes and arrows.
func isWide(r rune) bool { return r >= '⺀' && r != unicode.ReplacementChar || isShape(r) }

// isShape is a sign that people use to hide names or to begin a line: ○, ■, ×, → and the like. What frames are drawn with
// is not one.
func isShape(r rune) bool {
	return r == '×' || r == '・' || r == '〇' || r == '◯' || r == '※' || r >= '←' && r <= '⇿' || r >= '■' && r <= '➿'
}
