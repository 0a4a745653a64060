package accessmap

import (
	"encoding/xml"
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text"
	"whopulls/text/cells"
)

// The measures of the SVG, in the units of its view box. A column is a little wider than a letter of the fixed-width type.
// So no text runs into the next one with another font of the family.
const (
	fontSize    = 13.0
	columnWidth = 0.62 * fontSize
	rowHeight   = 21.0
	margin      = 14.0
	boxTop      = margin + rowHeight // of the first boxes: below the heading
	boxPadding  = 14.0
	boxGap      = 16.0 // between the places
	wireGap     = 96.0 // between the consumer and the places
	stopAt      = 14.0 // where a wire ends that is missing
	wireLead    = 32.0 // before a wire bends: beyond the sign of one that ends
	baseline    = 15.0 // of a text below the top of its row
)

// svgStyle is readable on a light page and on a dark one. The fonts are named by family: none is loaded.
const svgStyle = `text{font:13px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK JP",monospace;fill:#1f2328;white-space:pre}
.page{fill:#ffffff}.box{fill:#ffffff;stroke:#8c959f}.strong{font-weight:bold}.faint{fill:#57606a}
.granted{fill:#116329}.missing,.denied{fill:#a40e26}.unknown{fill:#7d4e00}
.wire{fill:none;stroke-width:1.5}.wire.granted{stroke:#116329}.wire.missing,.wire.denied{stroke:#a40e26;stroke-width:2.5}.wire.unknown{stroke:#7d4e00;stroke-dasharray:3 4}.wire.open{stroke:#8c959f;stroke-dasharray:2 5}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.page,.box{fill:#0d1117}.box{stroke:#6e7681}.faint{fill:#9ea7b3}
.granted{fill:#3fb950}.missing,.denied{fill:#ff8078}.unknown{fill:#d9a22e}
.wire{fill:none}.wire.granted{stroke:#3fb950}.wire.missing,.wire.denied{stroke:#ff8078}.wire.unknown{stroke:#d9a22e}.wire.open{stroke:#6e7681}}`

// SVG is the map as a file of its own. It has no script, and loads no font and nothing else. A title and a description say
// the same to readers who can't see it.
func SVG(p picture.Picture) string {
	d := &svgDrawing{picture: p, rungRows: map[[2]int]float64{}}
	d.layOut()
	d.heading()
	d.places()
	d.consumer()
	d.wires()
	return d.document()
}

// svgDrawing is the map on its way to an SVG.
type svgDrawing struct {
	picture      picture.Picture
	boxes, texts strings.Builder
	lines        strings.Builder // the wires
	left, right  float64         // the widths of the consumer's box and of the places' boxes
	bottom       float64
	columns      columns
	rungRows     map[[2]int]float64 // the middle of each rung, by place and rung
	starts       []wireStart
}

// wireStart is where a wire leaves the consumer's box.
type wireStart struct {
	y    float64
	line picture.Line
}

const chipColumns, laneColumns, letterColumns = 11, 10, 4

// layOut finds the widths of the two sides.
func (d *svgDrawing) layOut() {
	columns := cells.Width(join("  ", "CONSUMER PROJECT", d.picture.Consumer.ID, d.picture.Consumer.Number, "? "+apiText(d.picture.API)))
	for _, l := range d.picture.Lanes {
		columns = max(columns, laneColumns+cells.Width(l.Who), laneColumns+cells.Width(l.Account), 2+cells.Width(l.Remark))
	}
	d.columns = columnsOf(d.picture)
	d.left = px(max(columns, 2+chipColumns+d.columns.label+2+d.columns.role+2+d.columns.where+letterColumns)) + 2*boxPadding
	for _, p := range d.picture.Places {
		columns, names := cells.Width(placeTitle(p)), rungColumns(p)
		for _, r := range p.Rungs {
			columns = max(columns, names+cells.Width(r.Note))
			for _, h := range r.Holders {
				columns = max(columns, 4+cells.Width(holderText(h)))
			}
			for _, image := range r.Images {
				columns = max(columns, 6+cells.Width(join("  ", image.Label, proofText(image))))
			}
		}
		d.right = max(d.right, px(columns)+2*boxPadding)
	}
}

// rungColumns is the room for the names of a place's levels.
func rungColumns(p picture.Place) (columns int) {
	for _, r := range p.Rungs {
		columns = max(columns, cells.Width(rungName(r))+2)
	}
	return columns
}

func px(columns int) float64 { return float64(columns) * columnWidth }

// text writes a text, and gives where it ends.
func (d *svgDrawing) text(x, y float64, class, s string) float64 {
	if s == "" {
		return x
	}
	fmt.Fprintf(&d.texts, `<text x="%.1f" y="%.1f"`, x, y+baseline)
	if class != "" {
		fmt.Fprintf(&d.texts, ` class="%s"`, class)
	}
	d.texts.WriteByte('>')
	escape(&d.texts, s)
	d.texts.WriteString("</text>\n")
	return x + px(cells.Width(s))
}

func escape(b *strings.Builder, s string) {
	// A strings.Builder takes every write.
	_ = xml.EscapeText(b, []byte(text.Clean(s)))
}

func (d *svgDrawing) box(x, y, width, height float64) {
	fmt.Fprintf(&d.boxes, `<rect class="box" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="6"/>`+"\n", x, y, width, height)
	d.bottom = max(d.bottom, y+height)
}

// heading says what the map shows, and the verdict.
func (d *svgDrawing) heading() {
	end := d.text(margin, margin/2, "strong", subjectText(d.picture))
	for _, s := range summary(d.picture) {
		end = d.text(end+px(2), margin/2, string(s.verdict), s.text)
	}
}

// consumer draws the three lanes.
func (d *svgDrawing) consumer() {
	x, y := margin+boxPadding, boxTop+boxPadding/2
	end := d.text(x, y, "faint", "CONSUMER PROJECT")
	end = d.text(end+px(2), y, "strong", d.picture.Consumer.ID)
	if number := d.picture.Consumer.Number; number != "" {
		end = d.text(end+px(2), y, "faint", number)
	}
	d.text(end+px(2), y, string(verdict(d.picture.API)), sign(d.picture.API)+" "+apiText(d.picture.API))
	for _, l := range d.picture.Lanes {
		y += 1.5 * rowHeight
		d.text(x, y, "strong", l.Name)
		d.text(x+px(laneColumns), y, "strong", l.Who)
		if l.Account != "" {
			y += rowHeight
			d.text(x+px(laneColumns), y, "", l.Account)
		}
		for _, line := range l.Lines {
			y += rowHeight
			d.check(x+px(2), y, line, l.Identity)
		}
		if l.Remark != "" {
			y += rowHeight
			d.text(x+px(2), y, "faint", l.Remark)
		}
	}
	d.box(margin, boxTop, d.left, y+rowHeight+boxPadding/2-boxTop)
}

// check draws one line of a lane.
func (d *svgDrawing) check(x, y float64, l picture.Line, identity model.Identity) {
	d.text(x, y, string(verdict(l)), strings.TrimRight(chip(l), " "))
	x += px(chipColumns)
	d.text(x, y, "", l.Label)
	x += px(d.columns.label + 2)
	d.text(x, y, "faint", join("", finding(l), l.Role))
	d.text(x+px(d.columns.role+2), y, "faint", l.Where.String())
	if l.Place == picture.None {
		return
	}
	letter := d.picture.Places[l.Place].Letter
	d.text(margin+d.left-boxPadding-px(1), y, "strong", letter)
	if identity == model.Puller {
		d.starts = append(d.starts, wireStart{y + rowHeight/2, l})
	}
}

// places draws the other projects one below the other.
func (d *svgDrawing) places() {
	left, y := margin+d.left+wireGap, boxTop
	for n, p := range d.picture.Places {
		top, names := y, px(rungColumns(p))
		x := left + boxPadding
		y += boxPadding / 2
		end := d.text(x, y, "strong", p.Letter)
		end = d.text(end+px(2), y, "faint", strings.ToUpper(string(p.Kind)))
		d.text(end+px(2), y, "strong", strings.TrimPrefix(placeTitle(p), p.Letter+"  "+strings.ToUpper(string(p.Kind))+"  "))
		for i, r := range p.Rungs {
			if r.Name != "" {
				y += rowHeight
			}
			d.rungRows[[2]int{n, i}] = y + rowHeight/2
			if r.Name == "" {
				d.rungRows[[2]int{n, i}] += rowHeight
			}
			d.text(x, y, "", rungName(r))
			d.text(x+names, y, "faint", r.Note)
			for _, h := range r.Holders {
				y += rowHeight
				d.text(x+px(4), y, "granted", holderText(h))
			}
			for _, image := range r.Images {
				y += rowHeight
				end := d.text(x+px(4), y, string(verdict(image)), sign(image))
				end = d.text(end+px(1), y, "", image.Label)
				d.text(end+px(2), y, "faint", proofText(image))
			}
		}
		y += rowHeight + boxPadding/2
		d.box(left, top, d.right, y-top)
		y += boxGap
	}
}

// wires draws what the puller reaches. One that is missing is stopped on its way.
func (d *svgDrawing) wires() {
	from, to := margin+d.left, margin+d.left+wireGap
	middle := (from + to) / 2
	for _, s := range d.starts {
		verdict := verdict(s.line)
		end := d.rungRows[[2]int{s.line.Place, s.line.Rung}]
		if verdict == model.Granted || verdict == model.Unknown {
			fmt.Fprintf(&d.lines, `<path class="wire %s" d="M%.1f %.1fh%.0fC%.1f %.1f %.1f %.1f %.1f %.1f"/>`+"\n", verdict, from, s.y, wireLead, middle+wireLead/2, s.y, middle+wireLead/2, end, to-7, end)
			fmt.Fprintf(&d.lines, `<path class="%s" d="M%.1f %.1fl-8 -5v10z"/>`+"\n", verdict, to, end)
			continue
		}
		fmt.Fprintf(&d.lines, `<path class="wire %s" d="M%.1f %.1fH%.1f"/>`+"\n", verdict, from, s.y, from+stopAt)
		fmt.Fprintf(&d.lines, `<path class="wire open" d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f"/>`+"\n", from+stopAt+16, s.y, middle+16, s.y, middle, end, to, end)
		d.text(from+stopAt+4, s.y-rowHeight/2, string(verdict), sign(s.line))
	}
}

// document puts it together.
func (d *svgDrawing) document() string {
	width := d.left + 2*margin
	if len(d.picture.Places) > 0 {
		width += wireGap + d.right
	}
	y := d.bottom + boxGap/2
	for _, n := range notes(d.picture) {
		end := d.text(margin, y, string(n.verdict), verdictSigns[n.verdict]+" "+string(n.verdict))
		d.text(end+px(2), y, "", n.about)
		for _, l := range cells.Wrap(n.text, int((width-2*margin)/columnWidth)-2) {
			y += rowHeight
			d.text(margin+px(2), y, "", l)
		}
		y += rowHeight * 1.25
	}
	for _, l := range cells.Wrap(d.picture.Unchecked, int((width-2*margin)/columnWidth)) {
		d.text(margin, y, "faint", l)
		y += rowHeight
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="title desc">`+"\n<title id=\"title\">", width, y+margin, width, y+margin)
	escape(&b, subjectText(d.picture)+": "+summaryWords(d.picture))
	b.WriteString("</title>\n<desc id=\"desc\">")
	escape(&b, describe(d.picture))
	fmt.Fprintf(&b, "</desc>\n<style>%s</style>\n<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n", svgStyle)
	return b.String() + d.boxes.String() + d.lines.String() + d.texts.String() + "</svg>\n"
}
