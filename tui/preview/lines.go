package preview

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// Lines are what the pane shows, as far as they fit. What does not fit is counted.
func (p *Pane) Lines(width, height int) []string {
	s := sheet{styles: p.Styles, width: width}
	known, reading := p.known[p.id], p.Busy || p.known[p.id].err == nil && !p.known[p.id].complete
	switch v := p.value.(type) {
	case model.Project:
		s.project(v, known, reading)
	case model.Workload:
		s.workload(v, p)
	case model.WorkloadName:
		s.title(v.Name)
		s.workloadName(v)
	case model.ListedImage:
		s.image(v)
	case model.Repository:
		s.repository(v, known, reading)
	case interface{ Describe() string }:
		s.entry("", v.Describe())
	}
	if known.err != nil {
		s.blank()
		s.doubt("", known.err.Error())
	}
	if more := len(s.lines) - height; more > 0 && height > 0 {
		s.lines = append(s.lines[:height-1], p.Styles.Dim.Render(fmt.Sprintf(signs.More+" %s more, %s goes there", text.CountNoun(more+1, "line"), p.Keys.Symbol(ui.IntentPane, true))))
	}
	return s.lines
}

// sheet collects lines of a label and a text.
type sheet struct {
	styles *ui.Styles
	width  int
	lines  []string
}

const labelWidth = 13

func (s *sheet) blank() { s.lines = append(s.lines, "") }

// title is the name of what is shown.
func (s *sheet) title(name string) {
	for _, l := range cells.Wrap(name, s.width) {
		s.lines = append(s.lines, s.styles.Bold.Render(l))
	}
	s.blank()
}

// entry is a label and its text; without a text there is no entry. A name that fits no line behind its label stands below it.
func (s *sheet) entry(label, content string) {
	const indent = 2
	switch content = text.Clean(content); {
	case content == "":
		return
	case label != "" && !strings.Contains(content, " ") && cells.Width(content) > s.width-labelWidth && cells.Width(content) <= s.width-indent:
		s.lines = append(s.lines, s.styles.Dim.Render(label), strings.Repeat(" ", indent)+content)
		return
	}
	for _, l := range cells.Wrap(content, s.width-labelWidth) {
		s.lines = append(s.lines, s.styles.Dim.Render(cells.Pad(label, labelWidth))+l)
		label = ""
	}
}

// hung is a text behind a sign, in as many lines as it needs.
func (s *sheet) hung(sign, content string) {
	blank := strings.Repeat(" ", cells.Width(sign))
	if content = text.Clean(content); cells.Width(content) <= s.width-len(blank) { // as it is, with the gaps in it
		s.lines = append(s.lines, sign+content)
		return
	}
	for _, l := range cells.Wrap(content, s.width-len(blank)) {
		s.lines = append(s.lines, sign+l)
		sign = blank
	}
}

// doubt is an entry for what could not be read.
func (s *sheet) doubt(label, why string) { s.signed(label, model.Unknown, why) }

// signed is an entry that begins with a verdict's sign.
func (s *sheet) signed(label string, v model.Verdict, content string) {
	sign := s.styles.Verdicts[v].Render(ui.VerdictSigns[v]) + " "
	for _, l := range cells.Wrap(content, s.width-labelWidth-2) {
		s.lines = append(s.lines, s.styles.Dim.Render(cells.Pad(label, labelWidth))+sign+l)
		label, sign = "", "  "
	}
}

// pending is an entry that is still being read.
func (s *sheet) pending(label string, reading bool) {
	if reading {
		s.lines = append(s.lines, s.styles.Dim.Render(cells.Pad(label, labelWidth)+signs.More))
	}
}

// factEntry is an entry for a fact: its text, why it could not be read, or that it is being read.
func factEntry[T any](s *sheet, label string, f model.Fact[T], reading bool, describe func(T) string) {
	switch {
	case f.Read():
		s.entry(label, describe(f.Value))
	case f.State == model.FactGap:
		s.doubt(label, ui.GapText(f.Gap))
	default:
		s.pending(label, reading)
	}
}

func (s *sheet) project(v model.Project, known facts, reading bool) {
	if read := known.situation.Projects[v.ID]; read.Read() {
		v = read.Value
	}
	s.title(cmp.Or(v.ID, v.Number))
	s.entry("name", v.Name)
	s.entry("number", v.Number)
	label := "labels"
	for _, key := range slices.Sorted(maps.Keys(v.Labels)) {
		s.entry(label, key+"="+v.Labels[key])
		label = ""
	}
	factEntry(s, "folder", known.situation.Ancestry[v.ID], reading, pathText)
	label = "APIs"
	for _, api := range apis {
		s.api(label, api.name, known.situation.APIs[model.APIResource(v.ID, api.service)], reading)
		label = ""
	}
	s.workloads(known, reading)
}

// pathText is the way from the organization down to a project.
func pathText(levels []model.Ancestor) string {
	var names []string
	for _, l := range slices.Backward(levels) {
		if l.Resource.Kind() != model.KindProject {
			names = append(names, cmp.Or(l.Name, l.Resource.Path()))
		}
	}
	return cmp.Or(strings.Join(names, signs.Within), "no organization")
}

func (s *sheet) api(label, name string, on model.Fact[bool], reading bool) {
	switch {
	case on.Read() && on.Value:
		s.signed(label, model.Granted, name+" is on")
	case on.Read():
		s.signed(label, model.Missing, name+" is off")
	case on.State == model.FactGap:
		s.doubt(label, name+": "+ui.GapText(on.Gap))
	default:
		s.pending(label, reading)
	}
}

// workloads lists what runs in a project.
func (s *sheet) workloads(known facts, reading bool) {
	if !known.listed {
		return
	}
	s.blank()
	s.lines = append(s.lines, s.styles.Dim.Render(countText(len(known.workloads), "workload", len(known.gaps) > 0 || known.err != nil, reading)))
	for _, w := range known.workloads {
		name := w.Name + "  " + w.Kind.DisplayName() + "  " + w.Region
		sign := "  "
		if w.Condition != nil && !w.Condition.Ready {
			sign = s.styles.Verdicts[model.Missing].Render(ui.VerdictSigns[model.Missing]) + " "
		}
		s.hung(sign, name)
	}
	for _, g := range known.gaps {
		s.doubt("", ui.GapText(g))
	}
}

// countText says how many there are, as far as they were read. What was not read has no number.
func countText(n int, noun string, doubt, reading bool) string {
	count := text.CountNoun(n, noun)
	switch {
	case n == 0 && (reading || doubt):
		count = text.Plural(noun)
	case doubt && !reading:
		count = "at least " + count
	}
	if reading {
		count += ", reading " + signs.More
	}
	return count
}

func (s *sheet) workloadName(v model.WorkloadName) {
	s.entry("kind", v.Kind.DisplayName())
	s.entry("region", v.Region)
}

func (s *sheet) workload(v model.Workload, p *Pane) {
	s.title(v.Name)
	s.workloadName(v.WorkloadName)
	label := "image"
	for n, image := range v.Images {
		if n == 1 {
			label = "also"
		}
		s.entry(label, image.String())
	}
	switch {
	case v.AgentIdentity:
		s.entry("runs as", "an agent identity")
	default:
		s.entry("runs as", cmp.Or(v.ServiceAccount, "the default compute account"))
	}
	s.checked(p)
	s.condition(v.Condition)
}

// checked is what a check has found about the row, where there was one: its verdict, and each thing that is not granted.
func (s *sheet) checked(p *Pane) {
	if p.VerdictOf == nil {
		return
	}
	v, checked := p.VerdictOf(p.id)
	if !checked {
		return
	}
	s.signed("verdict", v.Verdict, string(v.Verdict))
	for _, part := range v.OpenParts() {
		label := part.Labels[0]
		if part.Shared() {
			label = text.CountNoun(len(part.Labels), "check")
		}
		s.signed("", part.Verdict, label+": "+part.Reason)
	}
	for _, g := range v.Gaps {
		s.entry("", g.Reason)
	}
}

// condition is how the last deploy ended.
func (s *sheet) condition(c *model.Readiness) {
	switch {
	case c == nil:
		s.entry("last deploy", "under way, or not reported")
	case c.Ready:
		s.signed("last deploy", model.Granted, strings.TrimSpace("ready "+timeText(c.Time)))
	default:
		s.signed("last deploy", model.Missing, strings.TrimSpace("not ready "+timeText(c.Time)))
		s.entry("reason", c.Reason)
		s.entry("says", c.Message)
	}
}

func (s *sheet) image(v model.ListedImage) {
	s.title(v.Path)
	label := "tags"
	for _, tag := range v.Tags {
		s.entry(label, tag)
		label = ""
	}
	if len(v.Tags) == 0 {
		s.entry(label, "none")
	}
	s.entry("digest", v.Digest)
	s.entry("size", ui.SizeText(v.Size))
	s.entry("uploaded", timeText(v.Pushed))
	s.entry("reference", v.Reference().String())
}

func (s *sheet) repository(v model.Repository, known facts, reading bool) {
	s.title(v.Name.ID)
	s.entry("project", v.Name.Project)
	s.entry("location", v.Name.Location)
	s.entry("mode", ui.ModeText(v.Mode))
	label := "upstreams"
	if v.Mode == model.ModeRemote && len(v.Upstreams) == 0 {
		s.entry(label, "outside Artifact Registry")
	}
	for _, u := range v.Upstreams {
		s.entry(label, u.Project+"/"+u.ID+" in "+u.Location)
		label = ""
	}
	s.blank()
	s.readers(known.readers, v.Name.Project, reading)
}

// timeText is a time to the minute; empty where none is known.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04") + " UTC"
}
