package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"whopulls/model"
	"whopulls/text/signs"
)

// Stale is what stale list found, with what a reader needs who was not there. Every name in it is somebody else's text
// and is not trusted with a page, a ticket or a spreadsheet.
type Stale struct {
	Scope      model.Resource   // what was looked at: a repository, project, folder or organization
	Levels     []model.Ancestor // display names of levels, as far as they were read
	At         time.Time        // of the reading
	CloudName  string           // the cloud that was asked, for people
	Account    string           // who asked
	IndexNote  string           // a sentence on the age of the index that was asked; empty if none was
	FilterNote string           // a sentence on what of the list is shown; empty: all
	List       model.StaleList
}

// NothingReadText stands in place of counts where nothing was read that could be counted.
const NothingReadText = "None of those who may read it could be listed."

// NothingRead reports whether the list is empty because it could not be read.
func (s Stale) NothingRead() bool {
	return len(s.List.Bindings) == 0 && len(s.List.Gaps) > 0 && s.FilterNote == ""
}

// chapter is what of a list comes to one action.
type chapter struct {
	Action    model.StaleAction
	NotJudged bool // of unknown bindings: those of members that whopulls does not judge
	Title     string
	Short     string // after a count
	Lead      string // what a reader is to know before the first of them
	Sign      string
	Bindings  []model.StaleBinding
}

// Anchor is the chapter's place on a page.
func (c chapter) Anchor() string { return styleName(c.Short) }

// styleName makes a word a name that a page can give to a place or a style.
func styleName(word string) string { return strings.ReplaceAll(word, " ", "-") }

// holds reports whether a binding belongs in the chapter.
func (c chapter) holds(b model.StaleBinding) bool {
	return c.Action == b.Action() && (c.Action != model.ActionReview || c.NotJudged == !b.IsJudged())
}

// chapters sorts the bindings by what they come to, and within that by status, place and member, so that equal lists give
// equal reports.
func (s Stale) chapters() []chapter {
	all := []chapter{
		{Action: model.ActionRemove, Title: "Can be removed", Short: "can be removed", Sign: "✗",
			Lead: "These no longer serve anyone, as far as what was read tells. Serving revisions keep their copy of an image; the next deploy of an agent whose binding is gone fails, and perhaps going back to an old revision, and a job may fail at its next execution."},
		{Action: model.ActionReplace, Title: "To be replaced", Short: "to be replaced", Sign: "!",
			Lead: "These may do more than read. The reader role is granted first, so that nothing fails in between; then the broad role is revoked."},
		{Action: model.ActionPublic, Title: "Public", Short: "public", Sign: "!",
			Lead: "Everybody may read by these. Somebody who knows the content must decide whether that is intended; whopulls does not remove them."},
		{Action: model.ActionReview, Title: "Unknown", Short: "unknown", Sign: signs.Unknown,
			Lead: "Something that matters could not be seen. They stay."},
		{Action: model.ActionReview, Title: "Not judged", Short: model.WordNotJudged, Sign: signs.Skipped, NotJudged: true,
			Lead: "These are people, groups, pipelines and other agents, which whopulls does not check. They stay."},
		{Action: model.ActionKeep, Title: "In use", Short: "in use", Sign: "✓", Lead: "These serve somebody, and stay."},
	}
	for _, b := range s.List.Bindings {
		n := slices.IndexFunc(all, func(c chapter) bool { return c.holds(b) })
		all[n].Bindings = append(all[n].Bindings, b)
	}
	for _, c := range all {
		slices.SortStableFunc(c.Bindings, compareBindings)
	}
	return all
}

func compareBindings(a, b model.StaleBinding) int {
	return cmp.Or(cmp.Compare(wordRank(a.Word()), wordRank(b.Word())), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Member, b.Member),
		cmp.Compare(a.Role, b.Role), cmp.Compare(a.Condition.Text(), b.Condition.Text()))
}

// meanings explain the words of bindings, in the order of their statuses. What is not judged comes last.
func meanings() (all []meaning) {
	for _, m := range model.StaleMeanings {
		mark := statusMarks[m.Status]
		all = append(all, meaning{string(m.Status), m.Words, mark.sign, mark.action})
	}
	return append(all, meaning{model.WordNotJudged, model.MeaningNotJudged, signs.Skipped, model.ActionReview})
}

// wordRank is the place of a binding's word among all.
func wordRank(word string) int {
	return slices.IndexFunc(meanings(), func(m meaning) bool { return m.Word == word })
}

// resourceText names a resource in full: its kind, its display name where there is one, and its path.
func (s Stale) resourceText(r model.Resource) string {
	if words := model.Describe(r, s.Levels); !strings.HasSuffix(words, " "+r.ID()) {
		return words + " (" + r.Path() + ")"
	}
	return strings.TrimSpace(string(r.Kind()) + " " + r.Path())
}

// evidence gives what a finding rests on apart from its reason: the uses, or the binding that gives the same.
func (s Stale) evidence(b model.StaleBinding) []string {
	lines := []string{}
	for _, u := range b.Evidence {
		lines = append(lines, u.Sentence())
	}
	if b.Higher != nil {
		lines = append(lines, "the same by "+b.Higher.Role+" on "+s.resourceText(b.Higher.Resource))
	}
	return lines
}

// gaps are the sentences of gaps, each once.
func (s Stale) gaps(gaps []model.Gap) []string {
	told := []string{}
	for _, g := range gaps {
		if sentence := g.Sentence(s.Levels); !slices.Contains(told, sentence) {
			told = append(told, sentence)
		}
	}
	return told
}

// alsoHolds names what else holds of a binding.
func alsoHolds(b model.StaleBinding) string {
	words := make([]string, len(b.AlsoHolds))
	for i, status := range b.AlsoHolds {
		words[i] = string(status)
	}
	return strings.Join(words, ", ")
}

// manualNote says what to do where there is no command of gcloud's for a change.
func manualNote(b model.StaleBinding) string {
	if change := b.Removable || b.Replace != ""; !change || len(b.Gcloud) > 0 {
		return ""
	}
	return "There is no gcloud command for this one; whopulls stale remove --status=" + string(b.Status) + " makes the change."
}

// title is the report in a line.
func (s Stale) title() string { return "Who may read " + s.resourceText(s.Scope) }

// searchNotes says what was looked at, and what was not.
func (s Stale) searchNotes() []string {
	notes := []string{"Every binding that lets somebody read images there was looked at, on each level that could be read: the repository, its project, and the folders and the organization above."}
	if k := s.Scope.Kind(); k != model.KindRepository {
		notes = []string{"Every binding within " + s.resourceText(s.Scope) + " that lets somebody read images was looked at, as far as it could be read."}
	}
	notes = append(notes,
		"Use is every container of Cloud Run services, jobs, worker pools and instances, in all regions, of revisions with traffic or a traffic tag, and of what they may launch in sandboxes, also by gcr.io names and through virtual repositories.",
		"Judged are the Cloud Run service agents of other projects, and deleted members. allUsers and allAuthenticatedUsers are listed apart. The roles that Google grants an agent on its own project are not listed.",
		"Not looked at: audit logs, pulls by anything but Cloud Run, and code that pulls by itself.")
	if s.FilterNote != "" {
		notes = append(notes, s.FilterNote)
	}
	if s.IndexNote != "" {
		notes = append(notes, s.IndexNote)
	}
	return notes
}

// provenance says when the bindings were read, by which account and from where.
func (s Stale) provenance() [][2]string {
	return [][2]string{{"Read", s.At.UTC().Format("2 January 2006, 15:04 UTC")}, {"By", s.Account}, {"From", s.CloudName}}
}

// consumerName names the project that pulls by a binding, for people.
func consumerName(b model.StaleBinding) string {
	id := b.Consumer()
	if id != "" && strings.Trim(id, "0123456789") == "" {
		return "project " + id
	}
	return id
}

// needsDecision reports whether somebody has to decide on a binding that can be removed. Another one may go
// instead, or the workload's own code may pull.
func needsDecision(b model.StaleBinding) bool {
	return b.Status == model.StaleRedundant || b.Status == model.StaleMisplaced
}
