package accessmap

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// detailText is what is said below the map: a title, in shorter and shorter words; then the most important lines first. The last
// ones always stay in sight.
type detailText struct {
	chip       string
	titles     []string
	body, last []string
}

// title is the first of the titles that fits, behind its chip.
func (d detailText) title(t *ui.Styles, width int) string {
	room := width - cells.Width(d.chip) - 1
	words := d.titles[len(d.titles)-1]
	for _, longer := range slices.Backward(d.titles) {
		if cells.Width(longer) <= room {
			words = longer
		}
	}
	return d.chip + " " + t.Bold.Render(cells.Cut(words, room))
}

// checkDetail is the text about the chosen check: verdict and question, reason, and what proves it or is not known. If there is
// room, it explains the identity and lists the levels that were looked at.
func checkDetail(e *ui.Session, c model.Check, d model.Diagnosis, p model.Plan, width, height int) detailText {
	t := e.Styles
	chip, style := t.CheckChip(c)
	var lines []string
	add := func(prefix, text string) {
		for i, l := range cells.Wrap(text, width-4-len(prefix)) {
			if i > 0 {
				prefix = strings.Repeat(" ", len(prefix))
			}
			lines = append(lines, "   "+t.Dim.Render(prefix)+l)
		}
	}
	first, later := cacheAges(c, d)
	for _, l := range groundLines(c, first, e.KeyNames(false)) {
		add(l.label, l.text)
	}
	if step := stepClosing(p.Steps, c.ID); step != nil {
		add("fix    ", stepHint(*step))
	}
	if step := stepClosing(p.Ask, c.ID); step != nil {
		add("ask    ", askHint(*step))
	}
	if second := c.OpinionSentence(); second != "" {
		add("also   ", second)
	}
	for _, text := range later {
		add("kept   ", text)
	}
	last := lastLines(t, d.UncheckedControls(), width)
	height -= len(last) + 1
	for _, o := range observationsFor(c, d) {
		l := observationLine(o, width, height-len(lines))
		add(l.label, l.text)
	}
	if who := identityTexts[c.Identity]; who != "" && len(lines)+1 < height {
		add("", strings.ReplaceAll(who, "PROJECT", text.Clean(d.Consumer.ID)))
	}
	if room := height - len(lines); room > len(c.Levels)+1 && c.Verdict == model.Missing && len(c.Levels) > 0 {
		lines = append(lines, levelLines(t, c.Levels)...)
	}
	return detailText{style.Render(chip), checkTitles(d, c), lines, last}
}

// lastLines say what no verdict looks at. They reach to the edge: at 80 columns they are one then.
func lastLines(t *ui.Styles, unchecked string, width int) (lines []string) {
	for _, l := range cells.Wrap(unchecked, width-3) {
		lines = append(lines, "   "+t.Dim.Render(l))
	}
	return lines
}

// checkTitles say what a check asks: in the words of IAM, then without the domain of an account, then as the map calls it.
func checkTitles(d model.Diagnosis, c model.Check) []string {
	titles := []string{checkQuestion(c)}
	if name, _, ok := strings.Cut(titles[0], "@"); ok && c.Resource.Kind() == model.KindAccount {
		titles = append(titles, name)
	}
	return append(titles, text.Clean(d.CheckLabel(c)))
}

// detail is the text about what is under the cursor.
func (m *Screen) detail(width, height int) detailText {
	if c, known := m.diagnosis.CheckByID(m.selected.check); known {
		was := m.wasDetail(c.ID, width)
		d := checkDetail(m.Session, c, m.diagnosis, m.plan, width, height-len(was))
		d.body = slices.Concat(was, d.body)
		return d
	}
	title, texts := m.placeDetail()
	d := detailText{titles: []string{title}, last: lastLines(m.Styles, m.picture.Unchecked, width)}
	for _, text := range texts {
		for _, l := range cells.Wrap(text, width-3) {
			d.body = append(d.body, "   "+l)
		}
	}
	return d
}

// placeDetail says what a level is, or a lane.
func (m *Screen) placeDetail() (title string, texts []string) {
	if place, r, ok := rungOf(m.picture, m.selected); ok {
		return string(r.Kind) + " " + r.Name, levelTexts(place, r)
	}
	for _, l := range m.picture.Lanes {
		if l.Identity == m.selected.lane {
			return l.Name + " " + l.Who, []string{m.explainIdentity(l.Identity), "Everything that it needs is granted."}
		}
	}
	return "", nil
}

// levelTexts say where a level is, who has which role on it, and what enter leads to.
func levelTexts(place picture.Place, r picture.Rung) (texts []string) {
	switch {
	case r.Inherited:
		texts = []string{signs.Inherits + " It stands above project " + place.Name + ". A role here reaches everything below."}
	case r.Kind == model.KindProject:
		texts = []string{"A role here reaches every repository and account of the project."}
	case r.Note != "":
		texts = []string{"It belongs to project " + place.Name + ": " + r.Note + "."}
	default:
		texts = []string{"It belongs to project " + place.Name + "."}
	}
	for _, h := range r.Holders {
		texts = append(texts, holderWords(h)+" has "+h.Role+" here.")
	}
	for _, image := range r.Images {
		texts = append(texts, image.Label+": "+image.Finding)
	}
	if r.Kind == model.KindAccount {
		return texts
	}
	return append(texts, "Its registry shows who may pull from it, who uses that, and who should.")
}

// holderWords name who has a role.
func holderWords(h picture.Holder) string {
	switch {
	case h.Public:
		return "Everybody"
	case h.Identity == model.Puller:
		return "The service agent"
	}
	return "The " + string(h.Identity)
}

// explainIdentity explains an identity to a newcomer.
func (m *Screen) explainIdentity(who model.Identity) string {
	return strings.ReplaceAll(identityTexts[who], "PROJECT", text.Clean(m.diagnosis.Consumer.ID))
}

// detailLine is a text with what it is.
type detailLine struct{ label, text string }

// groundLines are what a verdict rests on, or what keeps it open.
func groundLines(c model.Check, kept []string, keys model.KeyNames) []detailLine {
	lines := []detailLine{{"", c.Reason}}
	for _, text := range kept {
		lines = append(lines, detailLine{"kept   ", text})
	}
	for _, a := range c.Advice {
		lines = append(lines, detailLine{"", a})
	}
	for _, e := range c.Evidence {
		lines = append(lines, detailLine{"from   ", evidenceText(e, c)})
	}
	for _, g := range c.Gaps {
		if text := ui.GapBeyond(g, c.Reason); text != "" {
			lines = append(lines, detailLine{"unread ", text})
		}
	}
	for _, next := range model.AdviceInApp(c.Gaps, keys) {
		lines = append(lines, detailLine{"helps  ", next.String()})
	}
	return lines
}

// minObservationLines is how many lines a text of Google's gets where there is no room: the rest says little new.
const minObservationLines = 3

// observationLine is what was observed. A text of Google's is cut where it needs more lines than there are.
func observationLine(o model.Observation, width, room int) detailLine {
	if o.Kind == model.ObservationNearMiss {
		return detailLine{"close  ", text.Clean(strings.TrimPrefix(o.Text, "Close: "))}
	}
	if o.Command != "" {
		return detailLine{"also   ", text.Clean(o.Text) + " " + text.Clean(o.Command)}
	}
	return detailLine{"says   ", cells.Cut(observationText(o), max(minObservationLines, room)*(width-12))}
}

// cacheAges says how old the deny policies of the check are, if they come from the cache. For a denial this
// comes first, because the denial may be gone by now.
func cacheAges(c model.Check, d model.Diagnosis) (first, later []string) {
	for _, o := range d.Observations {
		if o.Age >= time.Minute && len(c.Levels) > 0 {
			later = append(later, text.Clean(o.Text))
		}
	}
	if c.Verdict == model.Denied {
		return later, nil
	}
	return nil, later
}

// observationsFor is what was observed about a pull. What has a command matters to one that IAM allows too.
func observationsFor(c model.Check, d model.Diagnosis) []model.Observation {
	var relevant []model.Observation
	for _, o := range d.Observations {
		if o.Kind == model.ObservationNearMiss {
			if o.Check == c.ID {
				relevant = append(relevant, o)
			}
			continue
		}
		if o.Age == 0 && c.BaseID() == model.CheckPull && (c.Verdict != model.Granted || o.Command != "") {
			relevant = append(relevant, o)
		}
	}
	return relevant
}

// identityTexts explain each identity to a newcomer.
var identityTexts = map[model.Identity]string{
	model.Deployer: "The deployer calls Cloud Run. Cloud Run checks it at the call, before it accepts anything.",
	model.Puller:   "The puller is the Cloud Run service agent of PROJECT. It fetches the image after the call was accepted.",
	model.Runner:   "The runner is the account or agent identity that the container runs as. It never pulls, so it needs no role where the image lives.",
}

// checkQuestion says in the words of IAM what a check asks.
func checkQuestion(c model.Check) string {
	what := string(c.Permission)
	switch {
	case c.BaseID() == model.CheckAgent:
		what = model.RoleRunAgent
	case c.BaseID() == model.CheckRunAPI:
		what = model.RunService
	case what == "":
		what = strings.ReplaceAll(c.BaseID(), "-", " ")
	}
	if c.Resource != "" && c.BaseID() != model.CheckRunAPI {
		what += " on " + text.Clean(model.Describe(c.Resource, c.Levels))
	}
	return what
}

func evidenceText(e model.Evidence, c model.Check) string {
	where := model.Describe(e.Resource, c.Levels)
	if e.IsAbove(c.Resource) {
		where += " (" + signs.Inherits + " above " + model.Describe(c.Resource, c.Levels) + ")"
	}
	switch {
	case e.Role != "":
		return fmt.Sprintf("%s on %s, bound to %s", e.Role, where, e.Member)
	case e.Source == model.SourceAnonymous:
		return "asked without signing in, the registry of " + where + " served the image: anybody may read it"
	case e.Source == model.SourceTest:
		return "testIamPermissions on " + where + " answers yes for you"
	}
	return e.Source + " of " + where
}

func stepHint(s model.Step) string {
	text := s.Title
	if !s.Certain {
		text += " (safe to repeat if it is there already)"
	}
	return text
}

// askHint says what would help where nothing could be seen: nothing that is done from here.
func askHint(s model.Step) string {
	return "Nothing of it could be seen. First make sure that " + s.Resource.Path() + " exists and belongs to you; only then ask for: " + s.Title
}

// levelLines lists the levels whose policies add up, narrowest first.
func levelLines(t *ui.Styles, levels []model.Ancestor) []string {
	lines := []string{""}
	width := 20
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = text.Clean(strings.TrimPrefix(model.Describe(l.Resource, levels), string(l.Resource.Kind())+" "))
		width = max(width, cells.Width(names[i]))
	}
	for i, l := range levels {
		lines = append(lines, "   "+t.Dim.Render(cells.Fit(string(l.Resource.Kind()), 17))+cells.Fit(names[i], width+2)+t.Dim.Render("no binding"))
	}
	return lines
}

func observationText(o model.Observation) string {
	if o.Time.IsZero() {
		return text.Clean(o.Text)
	}
	return o.Time.UTC().Format(time.DateTime) + " UTC, " + text.Clean(o.Text)
}
