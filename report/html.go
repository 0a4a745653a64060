package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"whopulls/model"
	"whopulls/text"
)

//go:embed stale.gohtml
var stalePage string

var staleTemplate = template.Must(template.New("stale").Parse(stalePage))

// pageData is what the template shows. Every text in it went through text.Clean, and goes through the template's escaping.
type pageData struct {
	Title, Kind, Scope string
	Made               [][2]string
	Chapters           []pageChapter
	Gaps, Nexts        []string
	Searched           []string
	Meanings           []meaning
	Picture            picture
	Uncounted          string // in place of counts where nothing was read
}

type pageChapter struct {
	chapter
	Rows []pageRow
	Open bool // its commands are shown at once
}

// pageRow is a binding in a table.
type pageRow struct {
	Number                 int
	Status, Sign           string
	Tone                   model.StaleAction
	Who, Member            string // Who is empty if the member says it all
	Role, Place, Condition string
	Reason, Also, ByHand   string
	Evidence, Gaps         shortList
	Gcloud                 [][]string // commands in words: lines break between them
}

// shortList is a list whose end is folded away.
type shortList struct{ First, More []string }

// meaning explains a word.
type meaning struct {
	Word, Words, Sign string
	Tone              model.StaleAction
}

// Of a list so much is shown at once: things of one binding, and bindings with their commands.
const (
	maxShownItems = 6
	maxOpenRows   = 40
)

// HTML writes the report as one page that needs nothing else. It loads no script, style, font or picture from
// elsewhere, and its own policy forbids them.
func (s Stale) HTML(w io.Writer) error {
	p := pageData{Title: text.Clean(s.title()), Kind: string(s.Scope.Kind()), Scope: text.Clean(s.Scope.Path()), Gaps: oneLines(s.gaps(s.List.Gaps)),
		Nexts: oneLines(model.AdviceLines(model.AdviceFor(s.List.Gaps))), Searched: oneLines(s.searchNotes()), Picture: s.picture(), Meanings: meanings()}
	if s.NothingRead() {
		p.Uncounted = NothingReadText
	}
	for _, fact := range s.provenance() {
		if fact[1] != "" {
			p.Made = append(p.Made, [2]string{fact[0], text.Clean(fact[1])})
		}
	}
	number := 0
	for _, c := range s.chapters() {
		shown := pageChapter{chapter: c, Open: len(c.Bindings) <= maxOpenRows}
		for _, b := range c.Bindings {
			number++
			shown.Rows = append(shown.Rows, s.pageRow(b, c, number))
		}
		p.Chapters = append(p.Chapters, shown)
	}
	if err := staleTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

type statusMark struct {
	sign   string
	action model.StaleAction
}

// statusMarks say how each status looks.
var statusMarks = map[model.StaleStatus]statusMark{
	model.StaleDeleted: {"✗", model.ActionRemove}, model.StaleExpired: {"✗", model.ActionRemove}, model.StaleDying: {"✗", model.ActionRemove},
	model.StaleRedundant: {"✗", model.ActionRemove}, model.StaleIdle: {"✗", model.ActionRemove}, model.StaleMisplaced: {"✗", model.ActionRemove},
	model.StaleExcessive: {"!", model.ActionReplace}, model.StalePublic: {"!", model.ActionPublic},
	model.StaleUnknown: {"?", model.ActionReview}, model.StaleActive: {"✓", model.ActionKeep},
}

func (s Stale) pageRow(b model.StaleBinding, c chapter, number int) pageRow {
	row := pageRow{Number: number, Status: b.Word(), Sign: c.Sign, Tone: c.Action, Member: text.Clean(cmp.Or(string(b.Member), "nobody")),
		Role: text.Clean(b.Role), Place: text.Clean(s.resourceText(b.Resource)), Condition: b.Condition.Text(),
		Reason: text.Clean(b.Reason), Also: alsoHolds(b), ByHand: manualNote(b), Gcloud: splitWords(b.Gcloud),
		Evidence: shorten(s.evidence(b)), Gaps: shorten(s.gaps(b.Gaps))}
	if b.IsJudged() {
		row.Who = text.Clean(consumerName(b))
	}
	return row
}

func shorten(things []string) shortList {
	n := min(len(things), maxShownItems)
	return shortList{oneLines(things[:n]), oneLines(things[n:])}
}

func oneLines(texts []string) []string {
	lines := make([]string, len(texts))
	for i, t := range texts {
		lines[i] = text.Clean(t)
	}
	return lines
}

func splitWords(commands []string) [][]string {
	var all [][]string
	for _, c := range commands {
		all = append(all, strings.Fields(text.Clean(c)))
	}
	return all
}
