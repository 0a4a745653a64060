package pick

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"whopulls/model"
	"whopulls/text"
)

// The lengths of a project's id. https://docs.cloud.google.com/resource-manager/docs/creating-managing-projects
const (
	minProjectID = 6
	maxProjectID = 30
)

// whyNoProject says why a text can be neither a project's id nor its number, in a sentence; empty: it can.
func whyNoProject(typed string) string {
	if model.ValidateProject(typed) == nil {
		return ""
	}
	_, id, scoped := strings.Cut(typed, ":") // a project of a domain: example.com:project-id
	if !scoped {
		id = typed
	}
	return typed + " can't be a project: " + whyNoProjectID(id) + "."
}

// whyNoProjectID says what is wrong with an id: a character first, then where it stands, then the length.
func whyNoProjectID(id string) string {
	wrong := strings.IndexFunc(id, func(r rune) bool { return !isLower(r) && !isDigit(r) && r != '-' })
	length := utf8.RuneCountInString(id)
	switch {
	case wrong >= 0:
		r, _ := utf8.DecodeRuneInString(id[wrong:])
		return fmt.Sprintf("an id has no %q, only lower-case letters, digits and hyphens", string(r))
	case length < minProjectID:
		return fmt.Sprintf("it has %s, and an id has at least %d", text.CountNoun(length, "character"), minProjectID)
	case length > maxProjectID:
		return fmt.Sprintf("it has %s, and an id has at most %d", text.CountNoun(length, "character"), maxProjectID)
	case !isLower(rune(id[0])):
		return "an id begins with a letter"
	case strings.HasSuffix(id, "-"):
		return "an id does not end with a hyphen"
	}
	return "what stands before the colon is not a domain"
}

func isLower(r rune) bool { return 'a' <= r && r <= 'z' }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
