package failure_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A postedCase is a text as somebody posted it, names changed, with the reading that is right by the text alone. A phrase of
// MustSay may be several, with | between, of which one has to be said.
type postedCase struct {
	name          string
	text          string
	Expected      map[string]any   `json:"expected"`
	ExpectedOneOf map[string][]any `json:"expectedOneOf"`
	Others        []otherError     `json:"others"`
	MustSay       []string         `json:"mustSay"`
	MustNotSay    []string         `json:"mustNotSay"`
	About         string           `json:"about"`
	Reason        string           `json:"reason"`
}

// An otherError is a further error in the text. Cause and identity are one value, or a list of those that are right.
// Optional is one that a reading may leave out: it asks for nothing, or says the same of a neighbour.
type otherError struct {
	Cause    any
	Identity any
	Optional bool
}

const expectedSuffix = ".expected.json"

func postedCases(t testing.TB) []postedCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "field", "*"+expectedSuffix))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no texts of the field: %v", err)
	}
	all := make([]postedCase, len(files))
	for i, file := range files {
		all[i] = readPostedCase(t, strings.TrimSuffix(file, expectedSuffix))
	}
	return all
}

func readPostedCase(t testing.TB, base string) postedCase {
	t.Helper()
	c := postedCase{name: filepath.Base(base)}
	text, err := os.ReadFile(base + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	c.text = string(text)
	expected, err := os.Open(base + expectedSuffix)
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()
	strict := json.NewDecoder(expected)
	strict.DisallowUnknownFields()
	if err := strict.Decode(&c); err != nil {
		t.Fatalf("%s: %v", base, err)
	}
	return c
}

// What people posted is read as it stands there, with who is at fault, and with the further errors next to the first.
func TestPostedTexts(t *testing.T) {
	for _, c := range postedCases(t) {
		if wrong := c.mismatches(documentOf(t, c.text)); len(wrong) > 0 {
			t.Errorf("%s (%s): %s", c.name, c.About, strings.Join(wrong, "; "))
		}
	}
}

func (c postedCase) mismatches(got map[string]any) []string {
	said := saidText(got)
	var wrong []string
	for _, phrase := range c.MustNotSay {
		if strings.Contains(said, phrase) {
			wrong = append(wrong, "says "+phrase)
		}
	}
	for _, phrase := range c.MustSay {
		if !slices.ContainsFunc(strings.Split(phrase, "|"), func(one string) bool { return strings.Contains(said, one) }) {
			wrong = append(wrong, "doesn't say "+phrase)
		}
	}
	for field, want := range c.Expected {
		if !isAmong([]any{want}, got[field]) {
			wrong = append(wrong, fmt.Sprintf("%s is %v, not %v", field, got[field], want))
		}
	}
	for field, want := range c.ExpectedOneOf {
		if !isAmong(want, got[field]) {
			wrong = append(wrong, fmt.Sprintf("%s is %v, none of %v", field, got[field], want))
		}
	}
	slices.Sort(wrong)
	return append(wrong, c.otherMismatches(got["others"])...)
}

// saidText is all that a reading says to a person.
func saidText(got map[string]any) string {
	said, _ := got["summary"].(string)
	next, _ := got["next"].([]any)
	for _, line := range next {
		said += " " + fmt.Sprint(line)
	}
	return said
}

// isAmong compares as a person would: a member's kind says no more than its e-mail.
func isAmong(want []any, got any) bool {
	if s, ok := got.(string); ok {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "serviceAccount:"), "user:")
		got = s
	}
	return slices.Contains(want, got)
}

// otherMismatches compares the further errors, in whatever order they are listed.
func (c postedCase) otherMismatches(got any) []string {
	list, ok := got.([]any)
	if !ok {
		return []string{"others is no list"}
	}
	left := slices.Clone(c.Others)
	var wrong []string
	for _, one := range list {
		other, _ := one.(map[string]any)
		at := slices.IndexFunc(left, func(o otherError) bool { return o.matches(other) })
		if at < 0 {
			wrong = append(wrong, fmt.Sprintf("lists another error, %v of %v", other["cause"], other["identity"]))
			continue
		}
		left = slices.Delete(left, at, at+1)
	}
	for _, o := range left {
		if !o.Optional {
			wrong = append(wrong, fmt.Sprintf("doesn't list another error, %v of %v", o.Cause, o.Identity))
		}
	}
	return wrong
}

func (o otherError) matches(got map[string]any) bool {
	return isAmong(asList(o.Cause), got["cause"]) && isAmong(asList(o.Identity), got["identity"])
}

func asList(want any) []any {
	if list, ok := want.([]any); ok {
		return list
	}
	return []any{want}
}

// Every text says who is at fault and what else stands in it, else nothing holds a reading to it.
func TestPostedTextsAreComplete(t *testing.T) {
	for _, c := range postedCases(t) {
		_, one := c.Expected["identity"]
		_, several := c.ExpectedOneOf["identity"]
		if one == several || c.Others == nil || c.About == "" || c.Reason == "" {
			t.Errorf("%s lacks identity, others, about or reason", c.name)
		}
	}
}
