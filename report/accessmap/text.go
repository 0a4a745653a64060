// Package accessmap writes the access map as a document: plain text, an SVG that stands on its own, or Mermaid. All of them
// draw the same picture.
package accessmap

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// Text is the map in lines of plain text, of which none ends in a space.
func Text(p picture.Picture) string {
	w := &textWriter{picture: p}
	w.line(heading(p))
	w.line("")
	w.consumer()
	for _, place := range p.Places {
		w.line("")
		w.place(place)
	}
	w.line("")
	for _, n := range notes(p) {
		w.line(verdictSigns[n.verdict] + " " + n.about)
		for _, l := range cells.Wrap(n.text, textWidth-2) {
			w.line("  " + l)
		}
	}
	if len(notes(p)) > 0 {
		w.line("")
	}
	for _, l := range cells.Wrap(p.Unchecked, textWidth) {
		w.line(l)
	}
	return w.String()
}

// textWidth is where sentences break.
const textWidth = 80

// heading says in one line what the map shows, and the verdict.
func heading(p picture.Picture) string {
	parts := []string{subjectText(p)}
	for _, s := range summary(p) {
		parts = append(parts, s.text)
	}
	return join("  ", parts...)
}

func subjectText(p picture.Picture) string { return p.Subject + " in " + p.Consumer.ID }

// verdictCount is a verdict with how many lines have it.
type verdictCount struct {
	verdict model.Verdict
	text    string // with its sign
}

// summaryWords are the counts without signs.
func summaryWords(p picture.Picture) string {
	var parts []string
	for _, s := range summary(p) {
		_, words, _ := strings.Cut(s.text, " ")
		parts = append(parts, words)
	}
	return strings.Join(parts, ", ")
}

// summary counts the lines that are not granted, or says that all are.
func summary(p picture.Picture) (parts []verdictCount) {
	counts := map[model.Verdict]int{}
	for l := range p.Lines() {
		counts[verdict(l)]++
	}
	for _, v := range []model.Verdict{model.Missing, model.Denied, model.Unknown} {
		if counts[v] > 0 {
			parts = append(parts, verdictCount{v, fmt.Sprintf("%s %d %s", verdictSigns[v], counts[v], v)})
		}
	}
	if len(parts) == 0 {
		return []verdictCount{{model.Granted, signs.Granted + " everything is granted"}}
	}
	return parts
}

// verdictWords begin a sentence.
var verdictWords = map[model.Verdict]string{model.Granted: "Granted", model.Missing: "Missing", model.Denied: "Denied", model.Unknown: "Unknown"}

// join puts a text between those that are not empty.
func join(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}

var verdictSigns = map[model.Verdict]string{model.Granted: signs.Granted, model.Missing: signs.Missing, model.Denied: signs.Denied, model.Unknown: signs.Unknown}

// verdict is that of a line: one of the four. Anything else is not known.
func verdict(l picture.Line) model.Verdict {
	if verdictSigns[l.Check.Verdict] == "" {
		return model.Unknown
	}
	return l.Check.Verdict
}

// sign is the sign of a line's verdict.
func sign(l picture.Line) string { return verdictSigns[verdict(l)] }

// note is the full reason of a line that is not granted.
type note struct {
	about, text string
	verdict     model.Verdict
}

// notes are the reasons of what is not granted, in the order of the lines. Lines with one reason share it.
func notes(p picture.Picture) (all []note) {
	for l := range p.Lines() {
		v := verdict(l)
		if v == model.Granted || l.Check.Pending() {
			continue
		}
		if at := slices.IndexFunc(all, func(n note) bool { return n.text == l.Check.Reason && n.verdict == v }); at >= 0 {
			all[at].about += ", " + l.Label
			continue
		}
		all = append(all, note{l.Label, l.Check.Reason, v})
	}
	return all
}

// maxFinding is how much of a finding stands in its line; the reason below says it whole.
const maxFinding = 40

// finding is what stands in place of a role.
func finding(l picture.Line) string { return cells.Cut(l.Finding, maxFinding) }

// apiText says whether Cloud Run is on.
func apiText(l picture.Line) string {
	switch verdict(l) {
	case model.Granted:
		return "Cloud Run API on"
	case model.Missing:
		return "Cloud Run API off"
	}
	return "Cloud Run API not known"
}

// textWriter writes the lines.
type textWriter struct {
	strings.Builder
	picture picture.Picture
}

func (w *textWriter) line(s string) {
	w.WriteString(strings.TrimRight(text.Clean(s), " "))
	w.WriteByte('\n')
}

func (w *textWriter) consumer() {
	w.line(join("  ", "A", "CONSUMER PROJECT", w.picture.Consumer.ID, w.picture.Consumer.Number, sign(w.picture.API)+" "+apiText(w.picture.API)))
	c := columnsOf(w.picture)
	for _, l := range w.picture.Lanes {
		w.line("")
		w.line("  " + cells.Pad(l.Name, 9) + join("  ", l.Who, l.Note))
		if l.Account != "" {
			w.line("           " + l.Account)
		}
		for _, line := range l.Lines {
			w.line("    " + chip(line) + cells.Pad(line.Label, c.label+2) + c.proof(line) + reach(w.picture, line))
		}
		if l.Remark != "" {
			w.line("    " + l.Remark)
		}
	}
}

// columns are the widths of the labels, the roles, and the levels of their bindings.
type columns struct{ label, role, where int }

func columnsOf(p picture.Picture) (c columns) {
	for _, l := range p.Lanes {
		for _, line := range l.Lines {
			c.label, c.role, c.where = max(c.label, cells.Width(line.Label)), max(c.role, cells.Width(line.Role)), max(c.where, cells.Width(line.Where.String()))
		}
	}
	for _, l := range p.Lanes {
		for _, line := range l.Lines { // what stands in place of a role reaches over both
			c.where = max(c.where, cells.Width(finding(line))-c.role-2)
		}
	}
	return c
}

// proof is the role and the level of its binding, or what stands in their place, in their columns.
func (c columns) proof(l picture.Line) string {
	if l.Finding != "" {
		return cells.Pad(finding(l), c.role+c.where+4)
	}
	return cells.Pad(l.Role, c.role+2) + cells.Pad(l.Where.String(), c.where+2)
}

// chip is a verdict's sign and word, in one width.
func chip(l picture.Line) string {
	return cells.Pad(sign(l)+" "+string(verdict(l)), 11)
}

// proofText is the role and the level of its binding, or what stands in their place.
func proofText(l picture.Line) string {
	if l.Finding != "" {
		return finding(l)
	}
	return join(", ", l.Role, l.Where.String())
}

// reach is the letter of the place that a line reaches.
func reach(p picture.Picture, l picture.Line) string {
	if l.Place == picture.None {
		return ""
	}
	return signs.Next + " " + p.Places[l.Place].Letter
}

func (w *textWriter) place(p picture.Place) {
	w.line(placeTitle(p))
	width := 0
	for _, r := range p.Rungs {
		width = max(width, cells.Width(rungName(r)))
	}
	for _, r := range p.Rungs {
		if r.Name != "" {
			w.line("  " + cells.Pad(rungName(r), width+2) + join("  ", r.Note, holdersText(r)))
		}
		for _, image := range r.Images {
			w.line("      " + sign(image) + " " + join("  ", image.Label, proofText(image)))
		}
	}
}

// placeTitle names a place: its letter, what it is, and which.
func placeTitle(p picture.Place) string {
	title := p.Letter + "  " + strings.ToUpper(string(p.Kind)) + "  " + p.Name
	if p.Same {
		title += ", the same project"
	}
	return title
}

// rungName is a level's kind and name, with a sign before one above the project.
func rungName(r picture.Rung) string {
	switch {
	case r.Name == "":
		return ""
	case r.Inherited:
		return signs.Inherits + " " + string(r.Kind) + " " + r.Name
	}
	return "  " + string(r.Kind) + " " + r.Name
}

// holdersText says who has which role on a level.
func holdersText(r picture.Rung) string {
	all := make([]string, len(r.Holders))
	for i, h := range r.Holders {
		all[i] = holderText(h)
	}
	return strings.Join(all, ", ")
}

func holderText(h picture.Holder) string { return join(" ", h.Role, signs.Into, holderName(h)) }

// holderName is who holds a binding, in words.
func holderName(h picture.Holder) string {
	switch {
	case h.Public:
		return "everybody"
	case h.Identity == model.Puller:
		return "service agent"
	}
	return string(h.Identity)
}

// describe says in sentences what the picture shows, for readers who can't see it.
func describe(p picture.Picture) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. Project %s runs %s.", apiText(p.API), p.Consumer.ID, p.Subject)
	for _, l := range p.Lanes {
		who := l.Who
		if l.Account != "" {
			who += ", " + l.Account
		}
		fmt.Fprintf(&b, " %s: %s.", l.Name, who)
		for _, line := range l.Lines {
			fmt.Fprintf(&b, " %s: %s", verdictWords[verdict(line)], line.Label)
			if proof := proofText(line); proof != "" {
				fmt.Fprintf(&b, ", %s", proof)
			}
			if line.Place != picture.None {
				fmt.Fprintf(&b, ", in project %s", p.Places[line.Place].Name)
			}
			b.WriteByte('.')
		}
	}
	return b.String()
}
