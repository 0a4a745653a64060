package registry

import (
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// detail is what there is to say about the binding under the cursor: who it is, why it stands there, and the fix.
func (r *Screen) detail(width int) []string {
	b, ok := r.current()
	if !ok {
		return nil
	}
	levels := r.result.levels
	sign, word := b.mark()
	word = sign + " " + word
	block := &ui.Block{Styles: r.Styles, Width: width}
	indent := cells.Width(word) + 4
	for n, l := range cells.Wrap(b.Role+" on "+model.Describe(b.Resource, levels), width-indent-2) {
		lead := strings.Repeat(" ", indent)
		if n == 0 {
			lead = "  " + b.style(r.Styles).Render(word) + "  "
		}
		block.Add(lead + r.Styles.Bold.Render(l))
	}
	block.Para("who    ", string(b.Member))
	if b.Condition != nil {
		block.Para("if     ", b.Condition.Text())
	}
	r.addGrounds(block, b, levels)
	r.addFix(block, b)
	return block.Lines
}

// addGrounds are what the word rests on, or what keeps it open.
func (r *Screen) addGrounds(block *ui.Block, b *binding, levels []model.Ancestor) {
	if b.Status == "" {
		block.Para("why    ", "What decides it is still being read.")
		return
	}
	block.Para("why    ", b.Reason)
	for _, also := range b.AlsoHolds {
		if b.section == notNeeded { // elsewhere such a word would say what to do
			block.Para("also   ", string(also))
		}
	}
	if b.Higher != nil {
		block.Para("higher ", b.Higher.Role+" on "+model.Describe(b.Higher.Resource, levels))
	}
	for _, u := range b.Evidence {
		block.Para("used   ", strings.TrimPrefix(u.Sentence(), "used "))
	}
	for _, g := range b.Gaps {
		if words := ui.GapBeyond(g, b.Reason); words != "" {
			block.Para("unread ", words)
		}
	}
	for _, next := range model.AdviceInApp(b.Gaps, r.KeyNames(false)) {
		block.Para("helps  ", next.String())
	}
}

// addFix is what the fix changes, as a difference of the policy and as commands.
func (r *Screen) addFix(block *ui.Block, b *binding) {
	steps, _ := model.StaleSteps([]model.StaleBinding{b.StaleBinding})
	prefix := "fix    "
	for _, s := range steps {
		sign, style := "- ", r.Styles.Danger
		if s.Kind == model.StepGrant {
			sign, style = "+ ", r.Styles.Added
		}
		for n, l := range cells.Wrap(s.Role+" "+string(s.Member), block.Width-13) {
			if n > 0 {
				sign = "    "
			}
			block.Add("  " + r.Styles.Dim.Render(prefix) + style.Render(sign+l))
			prefix = strings.Repeat(" ", len(prefix))
		}
	}
	for _, command := range b.Gcloud {
		block.Command(text.Clean(command))
	}
}

// foot is what was read and what could not be: the error that ended it, the levels that are missing, and the counts.
func (r *Screen) foot(width int) (lines []string) {
	if err := r.reading.err; err != nil && !r.reading.stopped {
		lines = append(lines, r.ErrorLines(err, false, width-2)...)
	}
	const maxGaps = 2
	gaps := r.result.list.Gaps
	for _, g := range gaps[:min(len(gaps), maxGaps)] {
		for n, l := range cells.Wrap(ui.GapText(g), width-6) {
			sign := "  "
			if n == 0 {
				sign = r.Styles.Verdicts[model.Unknown].Render("? ")
			}
			lines = append(lines, "  "+sign+l)
		}
	}
	if words := r.result.summary.String(); words != "" {
		lines = append(lines, "  "+r.Styles.Dim.Render(cells.Cut(words, width-4)))
	}
	return lines
}
