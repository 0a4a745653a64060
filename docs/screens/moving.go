//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// frame is a screen of a moving picture.
type frame struct {
	cells   cells
	caption string        // what was pressed, or is to be seen
	lasts   time.Duration // how long it stands
}

// span is how long a part stands: from the beginning of one frame to that of another.
type span struct{ from, to int }

// moving is the picture of a sequence of screens. It has no script: a part is shown by the steps of its style, and a row that
// stays the same is there once. Where motion is unwanted the last screen stands.
func moving(look look, title, about string, frames []frame) string {
	c := &canvas{look: look}
	parts := map[span]string{}
	add := func(s span, draw func(*canvas)) {
		p := &canvas{look: look}
		draw(p)
		parts[s] += p.String()
	}
	for y := range frames[0].cells {
		for _, s := range unchanged(frames, func(f frame) string { return fmt.Sprint(pieces(f.cells[y])) }) {
			add(s, func(p *canvas) { p.row(y, frames[s.from].cells[y]) })
		}
	}
	bottom := titleBar + len(frames[0].cells)*cellHeight + margin
	for _, s := range unchanged(frames, func(f frame) string { return f.caption }) {
		add(s, func(p *canvas) {
			p.addf(`<text x="%d" y="%d" fill="%s">%s</text>`+"\n", margin, bottom+20, look.caption, escaped(frames[s.from].caption))
		})
	}
	c.begin(title, about, frames[0].cells.width(), len(frames[0].cells), captionRow, styles(frames, parts))
	for _, s := range ordered(parts) {
		c.addf("<g%s>\n%s</g>\n", s.class(len(frames)), parts[s])
	}
	c.WriteString("</svg>\n")
	return c.String()
}

// unchanged gives the spans in which something stays the same.
func unchanged(frames []frame, of func(frame) string) (spans []span) {
	for i, f := range frames {
		if n := len(spans); n > 0 && of(frames[spans[n-1].from]) == of(f) {
			spans[n-1].to = i + 1
			continue
		}
		spans = append(spans, span{i, i + 1})
	}
	return spans
}

func ordered(parts map[span]string) []span {
	var all []span
	for s := range parts {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b span) int { return (a.from-b.from)*1000 + a.to - b.to })
	return all
}

// class gives the attribute that shows a part in its span; what always stands has none.
func (s span) class(frames int) string {
	if s.from == 0 && s.to == frames {
		return ""
	}
	return fmt.Sprintf(` class="s%d-%d"`, s.from, s.to)
}

// styles are the rules that show each part in its span, again and again.
func styles(frames []frame, parts map[span]string) string {
	begins := []time.Duration{0}
	for _, f := range frames {
		begins = append(begins, begins[len(begins)-1]+f.lasts)
	}
	whole := begins[len(frames)]
	percent := func(i int) float64 { return 100 * float64(begins[i]) / float64(whole) }
	var b, still strings.Builder
	for _, s := range ordered(parts) {
		if s.class(len(frames)) == "" {
			continue
		}
		name := fmt.Sprintf("s%d-%d", s.from, s.to)
		fmt.Fprintf(&b, "@keyframes %s{", name)
		if s.from > 0 {
			fmt.Fprintf(&b, "0%%{visibility:hidden}")
		}
		fmt.Fprintf(&b, "%.4g%%{visibility:visible}", percent(s.from))
		if s.to < len(frames) {
			fmt.Fprintf(&b, "%.4g%%{visibility:hidden}", percent(s.to))
		}
		fmt.Fprintf(&b, "}.%s{animation:%s %gs step-end infinite}", name, name, whole.Seconds())
		shown := "visible"
		if s.to < len(frames) {
			shown = "hidden"
		}
		fmt.Fprintf(&still, ".%s{animation:none;visibility:%s}", name, shown)
	}
	return b.String() + "@media (prefers-reduced-motion:reduce){" + still.String() + "}"
}
