// Package words says things to people in their language.
//
// A Message has its English and its Japanese text side by side. Each is a whole sentence or a whole noun
// phrase. The two languages order their words differently, so no sentence can be built from pieces. Values go
// into named places such as {Image}, which are the fields of a struct. The compiler ensures that a message
// gets values of its own kind. Check ensures that both texts name the same places.
package words

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Language is one in which whopulls speaks. The zero value is English.
type Language string

// The languages.
const (
	English  Language = "en"
	Japanese Language = "ja"
)

// Languages are all that there are.
var Languages = []Language{English, Japanese}

// Message is one thing to say. V is a struct whose fields, each a Text, are the places that the texts may name.
type Message[V any] struct{ EN, JA string }

// Text is what is to be said on one occasion, in no language yet: a message with its values, or a name. The zero value
// says nothing.
type Text struct {
	name   string // what is the same in each language: an e-mail, an image, a permission
	en, ja string
	values reflect.Value
}

// Name is a text that is the same in each language, and spelled as it is wherever it stands.
func Name(name string) Text { return Text{name: name} }

// With fills the places of a message.
func (m Message[V]) With(values V) Text {
	return Text{en: m.EN, ja: m.JA, values: reflect.ValueOf(values)}
}

// Or is the text, or another one where it says nothing.
func (t Text) Or(other Text) Text {
	if t.IsEmpty() {
		return other
	}
	return t
}

// IsEmpty reports whether the text says nothing.
func (t Text) IsEmpty() bool { return t.name == "" && t.en == "" }

// Render renders the text as it is written. In English a noun phrase that a sentence begins with gets its capital; a name
// never does.
func (t Text) Render(language Language) string {
	if language == Japanese {
		return t.japanese()
	}
	return t.english(true, false)
}

// placeholder is where a value goes.
var placeholder = regexp.MustCompile(`\{([A-Z][A-Za-z]*)\}`)

func (t Text) value(name string) Text {
	value, _ := t.values.FieldByName(name).Interface().(Text)
	return value
}

// english renders the text. startsSentence is set where a sentence begins with it, embedded where it stands within another
// text, where its author wrote it small.
func (t Text) english(startsSentence, embedded bool) string {
	if t.name != "" {
		return t.name
	}
	var b strings.Builder
	add := func(s string) {
		if b.Len() == 0 && startsSentence && embedded {
			s = capitalize(s)
		}
		b.WriteString(s)
	}
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(t.en, -1) {
		add(t.en[from:at[0]])
		first := startsSentence && at[0] == 0 || strings.HasSuffix(t.en[:at[0]], ". ")
		b.WriteString(t.value(t.en[at[2]:at[3]]).english(first, true))
		from = at[1]
	}
	add(t.en[from:])
	return b.String()
}

func capitalize(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// japanese renders the text. Between Japanese and Latin letters there is a space of half width, as in
// Google's pages. The texts have no such space around places, since only the value shows whether one belongs
// there.
func (t Text) japanese() string {
	if t.name != "" {
		return t.name
	}
	var b strings.Builder
	add := func(s string) {
		last, _ := utf8.DecodeLastRuneInString(b.String())
		first, _ := utf8.DecodeRuneInString(s)
		if isJapanese(last) && isLatin(first) || isLatin(last) && isJapanese(first) {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(t.ja, -1) {
		add(t.ja[from:at[0]])
		add(t.value(t.ja[at[2]:at[3]]).japanese())
		from = at[1]
	}
	add(t.ja[from:])
	return b.String()
}

func isJapanese(r rune) bool {
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

func isLatin(r rune) bool {
	return r > ' ' && r < unicode.MaxASCII && !strings.ContainsRune(`()[]"':;,.!?`, r)
}

// Validate says what is wrong with a message: a language is missing, only one language names a place, or a
// place has no value.
func (m Message[V]) Validate() error {
	if strings.TrimSpace(m.EN) == "" || strings.TrimSpace(m.JA) == "" {
		return fmt.Errorf("a language is missing: %q, %q", m.EN, m.JA)
	}
	en, ja := placeholders(m.EN), placeholders(m.JA)
	if !slices.Equal(en, ja) {
		return fmt.Errorf("%q names %v, %q names %v", m.EN, en, m.JA, ja)
	}
	kind := reflect.TypeFor[V]()
	for _, name := range en {
		if field, ok := kind.FieldByName(name); !ok || field.Type != reflect.TypeFor[Text]() {
			return fmt.Errorf("%q: there is no value {%s}", m.EN, name)
		}
	}
	for _, text := range []string{m.EN, m.JA} {
		if rest := placeholder.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}") {
			return fmt.Errorf("%q has a brace that is no place", text)
		}
	}
	return nil
}

// placeholders are the names in a text, each once.
func placeholders(text string) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}
