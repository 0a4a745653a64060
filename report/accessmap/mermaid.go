package accessmap

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text"
)

// Mermaid is the map as a flow chart in Mermaid's language, as GitHub and GitLab draw it in Markdown (Mermaid, "Flowcharts").
// It is not in a fence. Each project is one node, and only what the puller reaches is an arrow: more would cross.
func Mermaid(p picture.Picture) string {
	w := &mermaidWriter{picture: p}
	w.line(0, `%%{init: {"flowchart": {"wrappingWidth": 560}}}%%`)
	w.line(0, "flowchart LR")
	w.line(1, "accTitle: "+plainLine(subjectText(p)+": "+summaryWords(p)))
	w.line(1, "accDescr: "+plainLine(describe(p)))
	w.consumer()
	for _, place := range p.Places {
		w.place(place)
	}
	for _, l := range p.Lanes {
		for _, line := range l.Lines {
			if line.Place != picture.None && l.Identity == model.Puller {
				w.edge(line)
			}
		}
	}
	for _, class := range mermaidClasses {
		w.line(1, class)
	}
	return w.String()
}

// mermaidClasses colour the nodes so that their text can be read in a light theme and in a dark one.
var mermaidClasses = []string{
	"classDef granted fill:#dafbe1,stroke:#116329,color:#0a3d1a",
	"classDef missing fill:#ffebe9,stroke:#a40e26,color:#6e0b1a",
	"classDef unknown fill:#fff8c5,stroke:#7d4e00,color:#4d3000",
}

// mermaidWriter writes the lines.
type mermaidWriter struct {
	strings.Builder
	picture picture.Picture
	edges   int
}

func (w *mermaidWriter) line(depth int, s string) {
	w.WriteString(strings.Repeat("  ", depth))
	w.WriteString(text.Clean(s))
	w.WriteByte('\n')
}

// label is a text between quotation marks. Mermaid takes names of signs between # and ; (Mermaid, "Entity codes to escape
// characters").
func label(lines ...string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("<br>")
		}
		for _, r := range l {
			switch {
			case strings.ContainsRune(`"#;<>&\`+"`", r), r == '{', r == '}', r == '|':
				fmt.Fprintf(&b, "#%d;", r)
			default:
				b.WriteRune(r)
			}
		}
	}
	return `"` + b.String() + `"`
}

// plainLine is a text outside of quotation marks, which a line's end or a semicolon ends.
func plainLine(s string) string { return strings.NewReplacer(";", ",", "#", " ", "\n", " ").Replace(s) }

func (w *mermaidWriter) consumer() {
	p := w.picture
	w.line(1, "subgraph consumer["+label(join("  ", "consumer project", p.Consumer.ID, p.Consumer.Number))+"]")
	w.line(2, "api["+label(sign(p.API)+" "+apiText(p.API))+"]"+classOf(verdict(p.API)))
	for _, l := range p.Lanes {
		lines := []string{l.Name + ": " + l.Who}
		if l.Account != "" {
			lines = append(lines, l.Account)
		}
		worst := model.Granted
		for _, line := range l.Lines {
			lines = append(lines, join(" ", sign(line), lineText(line), reach(p, line)))
			if v := verdict(line); v != model.Granted && worst != model.Missing && worst != model.Denied {
				worst = v
			}
		}
		if l.Remark != "" {
			lines = append(lines, l.Remark)
		}
		w.line(2, identityID(l)+"["+label(lines...)+"]"+classOf(worst))
	}
	w.line(1, "end")
}

// lineText is what a line asks, with what proves it.
func lineText(l picture.Line) string { return join(": ", l.Label, proofText(l)) }

// identityID names the node of a lane.
func identityID(l picture.Lane) string {
	switch l.Identity {
	case model.Deployer, model.Puller, model.Runner:
		return string(l.Identity)
	}
	return "identity"
}

// classOf is the class of a node by a verdict.
func classOf(v model.Verdict) string {
	switch v {
	case model.Granted:
		return ":::granted"
	case model.Unknown:
		return ":::unknown"
	}
	return ":::missing"
}

func (w *mermaidWriter) place(p picture.Place) {
	lines := []string{placeTitle(p)}
	for _, r := range p.Rungs {
		lines = append(lines, join("  ", strings.TrimSpace(rungName(r)), r.Note))
		for _, h := range r.Holders {
			lines = append(lines, holderText(h))
		}
		for _, image := range r.Images {
			lines = append(lines, join(" ", sign(image), image.Label, proofText(image)))
		}
	}
	w.line(1, placeID(p)+"["+label(slices.DeleteFunc(lines, func(l string) bool { return l == "" })...)+"]")
}

func placeID(p picture.Place) string { return "place" + p.Letter }

// edge draws what the puller reaches: an arrow, one that ends in a cross, or a dotted one. Its colour says the same.
func (w *mermaidWriter) edge(l picture.Line) {
	arrow, style := "-.->", "stroke:#bf8700"
	switch verdict(l) {
	case model.Granted:
		arrow, style = "-->", "stroke:#2da44e"
	case model.Missing, model.Denied:
		arrow, style = "--x", "stroke:#cf222e,stroke-width:3px"
	}
	w.line(1, fmt.Sprintf("puller %s|%s| %s", arrow, label(sign(l)+" "+l.Label, proofText(l)), placeID(w.picture.Places[l.Place])))
	w.line(1, fmt.Sprintf("linkStyle %d %s", w.edges, style))
	w.edges++
}
