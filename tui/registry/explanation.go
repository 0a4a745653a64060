package registry

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// MenuFor explains the binding under the cursor: who its member is, whether it is needed, and what to do. It leads on from there.
func (r *Screen) MenuFor(i ui.Intent) *ui.Menu {
	b, ok := r.current()
	if i != ui.IntentExplain || !ok || b.Status == "" {
		return nil
	}
	rows := []ui.MenuRow{{Label: "copy the member", Detail: text.Clean(string(b.Member)), Take: func() tea.Cmd { return ui.Copy(string(b.Member)) }}}
	if r.whyNoRemoval() == "" {
		rows = append([]ui.MenuRow{{Label: r.enterHelp(), Detail: "each change asks first", Take: r.openRemoval}}, rows...)
	}
	menu := ui.NewMenu("Explain: "+b.columns[columnConsumer], rows...)
	menu.Body = func(t *ui.Styles, width int) []string { return r.explanation(t, b, width) }
	return menu
}

// whyNoExplanation says why there is nothing to explain; empty: there is.
func (r *Screen) whyNoExplanation() string {
	b, ok := r.current()
	switch {
	case !ok:
		return noBinding
	case b.Status == "":
		return stillReading
	}
	return ""
}

// explanation answers three questions about a binding.
func (r *Screen) explanation(t *ui.Styles, b *binding, width int) (lines []string) {
	for n, part := range []struct {
		heading string
		answer  []string
	}{
		{"Who is this?", []string{memberText(b.StaleBinding)}},
		{"Is the binding needed?", r.needText(b)},
		{"What to do", r.whatToDo(b)},
	} {
		if n > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, t.Bold.Render(part.heading))
		for _, paragraph := range part.answer {
			lines = append(lines, cells.Wrap(paragraph, width)...)
		}
	}
	return lines
}

// memberText says who a member is.
func memberText(b model.StaleBinding) string {
	project := b.Consumer()
	switch {
	case b.Member.Deleted():
		return "A member that was deleted. Google keeps its bindings, and they give nothing."
	case b.Member.IsEverybody():
		return "Everybody: who holds this role needs no binding of their own."
	case model.RunServiceAgentProject(b.Member) != "":
		return "The Cloud Run service agent of project " + project + ". Cloud Run pulls images as this account, and not as the caller who deploys."
	case b.Member.IsServiceAccount():
		return "A service account that is no Cloud Run service agent. Cloud Run does not pull as it."
	}
	return "A member of the kind " + b.Member.Type() + ". Cloud Run does not pull as it, but people and pipelines may."
}

// needText says what the word of a binding rests on.
func (r *Screen) needText(b *binding) []string {
	const most = 3
	_, word := b.mark()
	answer := []string{strings.ToUpper(word[:1]) + word[1:] + ": " + b.Reason}
	for _, u := range b.Evidence[:min(len(b.Evidence), most)] {
		answer = append(answer, u.Sentence())
	}
	if more := len(b.Evidence) - most; more > 0 {
		answer = append(answer, "and by "+text.CountNoun(more, "other workload"))
	}
	return answer
}

// whatToDo says what closes the question about a binding.
func (r *Screen) whatToDo(b *binding) (all []string) {
	key := r.Keys.Symbol(ui.IntentWalk, false)
	switch {
	case b.Replace != "":
		all = append(all, key+" grants "+ui.ShortRole(b.Replace)+" first, and then removes the wider role. Each change asks.")
	case b.Removable:
		all = append(all, key+" removes it. It asks first.")
	case b.section == inUse:
		all = append(all, "Nothing: it stays.")
	case b.Status == model.StalePublic:
		all = append(all, "Decide whether everybody is meant to read. whopulls does not remove it.")
	case b.section == notJudged:
		all = append(all, "Ask its owner whether it is still needed. whopulls leaves it alone.")
	default:
		all = append(all, "It stays until more can be seen.")
	}
	if b.section == unclear {
		for _, next := range model.AdviceFor(b.Gaps) {
			all = append(all, next.String())
		}
	}
	if r.whyNoUndo() == "" {
		all = append(all, r.Keys.Symbol(ui.IntentUndo, false)+" takes back the last change that whopulls made of it.")
	}
	return all
}
