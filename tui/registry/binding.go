package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/match"
	"whopulls/tui/ui"
)

// section is a heading of the list: it says what to do about the bindings below it.
type section int

// The sections, in their order.
const (
	unclear section = iota // something that matters could not be seen
	inUse
	notNeeded
	notJudged
	beingRead // while facts are missing
	sectionCount
)

var sectionNames = [sectionCount]string{"UNCLEAR", "IN USE", "NOT NEEDED", "NOT JUDGED", "BEING READ"}

// binding is a member of a binding that may pull, judged as far as it is known.
type binding struct {
	model.StaleBinding
	id         string
	section    section
	columns    [columnCount]string
	searchText match.Text
}

// The columns.
const (
	columnConsumer = iota
	columnUse
	columnGrant
	columnCount
)

var columnNames = [columnCount]string{"CONSUMER", "USED BY", "GRANTED BY"}

// newBinding prepares a binding to be shown and found.
func newBinding(b model.StaleBinding, scope model.Question, levels []model.Ancestor) binding {
	shown := binding{StaleBinding: b, id: bindingID(b), section: sectionOf(b)}
	shown.columns = [columnCount]string{text.Clean(consumerText(b)), text.Clean(useText(b)), text.Clean(grantText(b, scope, levels))}
	_, word := shown.mark()
	shown.searchText = match.NewLooseText(1, shown.columns[columnConsumer], shown.columns[columnUse], shown.columns[columnGrant], word, text.Clean(string(b.Member)))
	return shown
}

// bindingID tells a binding from the others, in each reading of the list.
func bindingID(b model.StaleBinding) string {
	condition := ""
	if b.Condition != nil {
		condition = b.Condition.Title + "\x00" + b.Condition.Expression
	}
	return strings.Join([]string{string(b.Resource), b.Role, string(b.Member), condition}, "\x00")
}

// sectionOf says what is to be done about a binding. One that gives too much is in use: it is replaced.
func sectionOf(b model.StaleBinding) section {
	if b.Status == "" {
		return beingRead
	}
	switch b.Action() {
	case model.ActionRemove:
		return notNeeded
	case model.ActionReplace, model.ActionKeep:
		return inUse
	case model.ActionReview:
		if b.IsJudged() {
			return unclear
		}
	}
	return notJudged
}

// compare puts the sections in their order, and the worst first in each.
func (b binding) compare(other binding) int {
	return cmp.Or(int(b.section-other.section), b.badness()-other.badness())
}

// badness is a place in a section.
func (b binding) badness() int {
	switch {
	case b.section == notNeeded:
		return slices.Index(model.StaleStatuses, b.Status)
	case b.Status == model.StaleExcessive, b.Status == model.StalePublic:
		return 0
	}
	return 1
}

// The words of bindings that nothing is to be done about, or that are wider than needed. Not needed ones have those of model.
const (
	wordGranted = "granted"
	wordWider   = "wider"
	wordReading = "reading"
)

// mark is the sign of a binding and the word for it.
func (b *binding) mark() (sign, word string) {
	switch {
	case b.section == beingRead:
		return signs.Pending, wordReading
	case b.section == notNeeded:
		return signs.ToDo, string(b.Status)
	case b.Status == model.StaleExcessive:
		return "!", wordWider
	case b.section == inUse:
		return ui.VerdictSigns[model.Granted], wordGranted
	case b.Status == model.StalePublic:
		return "!", string(b.Status)
	case b.section == notJudged:
		return signs.Skipped, model.WordNotJudged
	}
	return ui.VerdictSigns[model.Unknown], string(model.Unknown)
}

// style is the colour of a sign; its word says the same.
func (b *binding) style(t *ui.Styles) lipgloss.Style {
	switch {
	case b.section == beingRead:
		return t.Dim
	case b.section == notNeeded:
		return t.Accent
	case b.Status == model.StaleActive:
		return t.Verdicts[model.Granted]
	case !b.IsJudged():
		return t.Dim
	}
	return t.Verdicts[model.Unknown]
}

// consumerText names the project that pulls by the binding, or else the member.
func consumerText(b model.StaleBinding) string {
	if project := b.Consumer(); project != "" && !b.Member.Deleted() && model.RunServiceAgentProject(b.Member) != "" {
		return project
	}
	return ui.MemberName(b.Member)
}

// useText says what uses the binding, as far as that is known.
func useText(b model.StaleBinding) string {
	switch {
	case b.Status == "":
		return ""
	case len(b.Evidence) > 0:
		return workloadsText(b.Evidence)
	case b.Status == model.StaleIdle:
		return "nothing found"
	case b.Status == model.StaleUnknown && b.IsJudged():
		return "not known"
	case b.Status == model.StaleUnknown, b.Status == model.StalePublic:
		return "not looked for"
	}
	return ""
}

// workloadsText names the first workload, and counts the others.
func workloadsText(uses []model.Use) string {
	type workload struct {
		project string
		name    model.WorkloadName
	}
	seen := map[workload]bool{}
	for _, u := range uses {
		seen[workload{u.Project, u.Workload}] = true
	}
	first := uses[0].Workload.Kind.DisplayName() + " " + uses[0].Workload.Name
	if len(seen) == 1 {
		return first
	}
	return fmt.Sprintf("%s +%d", first, len(seen)-1)
}

// grantText says by which role, and where that was granted: on a repository, or on a level above it.
func grantText(b model.StaleBinding, scope model.Question, levels []model.Ancestor) string {
	role := roleText(b)
	repository, isRepository := b.Resource.Repository()
	switch {
	case b.Resource == scope.Scope && isRepository:
		return role
	case !isRepository:
		return role + " " + ui.InheritedFrom(b.Resource, scope.Scope.Project(), levels)
	case repository.Project == scope.Scope.Project():
		return role + " on " + repository.ID
	}
	return role + " on " + repository.Project + "/" + repository.ID
}

// roleText names the role, and says that it has a condition.
func roleText(b model.StaleBinding) string {
	if b.Condition != nil {
		return ui.ShortRole(b.Role) + " if"
	}
	return ui.ShortRole(b.Role)
}

// legend explains the words that stand before the bindings.
func legend() (lines []string) {
	lines = append(lines, signs.Granted+" "+wordGranted+"  in use; it stays", "! "+wordWider+"  in use, but it gives more than reading: to be replaced by the reader role")
	for _, m := range model.StaleMeanings {
		b := newBinding(model.StaleBinding{Status: m.Status, Removable: removable(m.Status)}, model.Question{}, nil)
		if b.section != inUse {
			sign, word := b.mark()
			lines = append(lines, sign+" "+word+"  "+m.Words)
		}
	}
	return append(lines, signs.Skipped+" "+model.WordNotJudged+"  "+model.MeaningNotJudged)
}

// removable reports whether bindings of a status can be taken away.
func removable(s model.StaleStatus) bool {
	return !slices.Contains([]model.StaleStatus{model.StalePublic, model.StaleUnknown, model.StaleExcessive, model.StaleActive}, s)
}
