package accessmap

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/garble"
	"whopulls/model/picture"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// drawnPicture is a map on a grid of cells, with what decided its layout.
type drawnPicture struct {
	view
	layout
	rows  map[target]int
	lines []string
	grid  [][]string // by row and column; the second half of a wide sign is empty
}

func drawPicture(v view, width, height int) drawnPicture {
	drawn, rows := drawMap(ui.NewStyles(ui.ThemeMono), v, width, height)
	p := drawnPicture{view: v, layout: layoutFor(width), rows: rows}
	for _, l := range drawn {
		plain, _ := ui.ReadMarks(l)
		plain = ansi.Strip(plain)
		p.lines = append(p.lines, plain)
		p.grid = append(p.grid, cellsOf(cells.Pad(plain, width)))
	}
	return p
}

// cellsOf splits a line into its cells.
func cellsOf(line string) (row []string) {
	for line != "" {
		sign, width, size, _ := ansi.DecodeSequence(line, ansi.NormalState, nil)
		if line = line[size:]; width > 0 {
			row = append(append(row, sign), make([]string, width-1)...)
		}
	}
	return row
}

// at is what stands in a cell; a blank beyond the edges.
func (p drawnPicture) at(x, y int) string {
	if y < 0 || y >= len(p.grid) || x < 0 || x >= len(p.grid[y]) {
		return " "
	}
	return p.grid[y][x]
}

// armsOf gives the arms of each sign that lines are made of.
func armsOf() map[string]int {
	all := map[string]int{signs.DoubleThrough: 15, signs.DoubleAcross: 15, signs.DoubleLeaves: toTop | toBottom | toRight}
	for _, p := range []*pieces{singlePieces, doublePieces, dottedPieces} {
		for arms, sign := range p.byArms {
			if sign != "" {
				all[sign] |= arms
			}
		}
	}
	return all
}

const heads = signs.HeadRight + signs.HeadLeft + signs.Missing + signs.Denied + signs.Unknown + signs.Pending

// looseEnd says where a wire begins or ends in nothing; empty: none does. Wires are right of the consumer project, or at its right edge.
func (p drawnPicture) looseEnd() string {
	arms := armsOf()
	from, until := p.consumer, p.placeLeft
	if !p.sideBySide() {
		from, until = p.placeLeft+p.placeWidth+1, p.consumer-1
	}
	steps := map[int][3]int{toLeft: {-1, 0, toRight}, toRight: {1, 0, toLeft}, toTop: {0, -1, toBottom}, toBottom: {0, 1, toTop}}
	for y := 1; y < len(p.grid); y++ { // the first row is the upper edge, with words in it
		for x := from; x < until; x++ {
			for arm, step := range steps {
				next := p.at(x+step[0], y+step[1])
				isHead := step[1] == 0 && strings.Contains(heads, next)
				behindLetter := arm == toLeft && x == p.letterColumn()+2
				if arms[p.at(x, y)]&arm != 0 && arms[next]&step[2] == 0 && !isHead && !behindLetter {
					return fmt.Sprintf("%q in row %d, column %d leads to %q", p.at(x, y), y, x, next)
				}
			}
		}
	}
	return ""
}

// plainPictures draws pictures of any number of projects, levels, lines and images, with names that hold no sign.
func plainPictures(t *rapid.T, name func() string) picture.Picture {
	p := garble.Fill[picture.Picture](name, func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") })
	p.API.Check.ID = "api"
	id := 0
	fix := func(l *picture.Line) {
		id++
		l.Check.ID = fmt.Sprint("line ", id)
		l.Check.Verdict = rapid.SampledFrom([]model.Verdict{model.Granted, model.Missing, model.Denied, model.Unknown}).Draw(t, "verdict")
		l.Place, l.Rung = picture.None, picture.None
		if at := rapid.IntRange(-1, len(p.Places)-1).Draw(t, "place"); at >= 0 && len(p.Places[at].Rungs) > 0 {
			l.Place, l.Rung = at, rapid.IntRange(0, len(p.Places[at].Rungs)-1).Draw(t, "rung")
		}
	}
	identities := []model.Identity{model.Deployer, model.Puller, model.Runner}
	for i := range p.Lanes {
		p.Lanes[i].Identity = identities[i%len(identities)]
		for n := range p.Lanes[i].Lines {
			fix(&p.Lanes[i].Lines[n])
		}
	}
	p.Lanes = p.Lanes[:min(len(p.Lanes), len(identities))]
	for i := range p.Places {
		p.Places[i].Letter = string(rune('B' + i))
		for n := range p.Places[i].Rungs {
			r := &p.Places[i].Rungs[n]
			r.Kind = rapid.SampledFrom([]model.Kind{model.KindOrganization, model.KindFolder, model.KindProject, model.KindRepository, model.KindAccount}).Draw(t, "kind")
			r.Resource = model.Resource(fmt.Sprint("level ", i, " ", n))
			for image := range r.Images {
				fix(&r.Images[image])
			}
		}
	}
	return p
}

// changes draws what some lines of a picture were.
func changes(t *rapid.T, p picture.Picture) map[string]picture.Line {
	before := map[string]picture.Line{}
	for l := range p.Lines() {
		if rapid.Bool().Draw(t, "changed") {
			before[l.Check.ID] = l
		}
	}
	return before
}

// drawnSize is a window of at least 60 columns and 20 rows.
func drawnSize(t *rapid.T) (width, height int) {
	return rapid.IntRange(60, 220).Draw(t, "width"), rapid.IntRange(18, 60).Draw(t, "height")
}

// Whatever takes part, in any window: each wire begins and ends, each letter has its place, and the cursor can go to everything.
func TestWiresHaveNoLooseEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plainPictures(t, func() string { return rapid.StringMatching(`[a-z-]{1,30}`).Draw(t, "name") })
		width, height := drawnSize(t)
		f := folding{low: height < minOpenHeight}
		all := targets(p, f)
		d := drawPicture(view{picture: p, selected: rapid.SampledFrom(all).Draw(t, "cursor"), folding: f, before: changes(t, p)}, width, height)
		picture := strings.Join(d.lines, "\n")
		if loose := d.looseEnd(); loose != "" {
			t.Fatalf("%d columns: %s\n%s", width, loose, picture)
		}
		for _, at := range all {
			kind := levelKind(p, at) // in a low window the levels above are not drawn
			if _, drawn := d.rows[at]; !drawn && (at.level == "" || kind == model.KindRepository || kind == model.KindAccount) {
				t.Fatalf("%d columns: nothing stands for %v\n%s", width, at, picture)
			}
		}
		for _, lane := range p.Lanes {
			for _, l := range lane.Lines {
				if !f.folds(lane) && l.Place >= 0 && d.at(d.letterColumn(), d.rows[checkTarget(l.Check.ID)]) != p.Places[l.Place].Letter {
					t.Fatalf("%d columns: %s has no letter %s\n%s", width, l.Check.ID, p.Places[l.Place].Letter, picture)
				}
			}
		}
		for _, place := range p.Places {
			if !slices.ContainsFunc(d.lines, func(l string) bool { return strings.Contains(l, " "+place.Letter+" ") }) {
				t.Fatalf("%d columns: no place has the letter %s\n%s", width, place.Letter, picture)
			}
		}
	})
}

// levelKind is that of the level that a target stands for.
func levelKind(p picture.Picture, at target) model.Kind {
	_, r, _ := rungOf(p, at)
	return r.Kind
}

// Names may be anything that is left of them after cleaning. No row is wider than the window, or ends within a sign.
func TestNamesKeepTheMapInShape(t *testing.T) {
	hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"漢字の名前", "\x1b[2J", "a\nb", "\u202egnirts", "│╭╮═", "👩‍💻", "e\u0301", "@", strings.Repeat("長い", 30)}))
	rapid.Check(t, func(t *rapid.T) {
		p := plainPictures(t, func() string { return text.Clean(hostile.Draw(t, "name")) })
		width, height := drawnSize(t)
		d := drawPicture(view{picture: p, selected: rapid.SampledFrom(targets(p, folding{})).Draw(t, "cursor"), before: changes(t, p)}, width, height)
		for n, l := range d.lines {
			if got := cells.Width(l); got > width {
				t.Fatalf("%d columns: row %d has %d: %q", width, n, got, l)
			}
			if strings.ContainsFunc(l, unicode.IsControl) {
				t.Fatalf("row %d holds a control character: %q", n, l)
			}
		}
		for y := 1; y < len(p.Lanes)+1; y++ {
			if row := d.grid[y]; !slices.Contains([]string{signs.Vertical, signs.TeeRight, signs.DoubleLeaves}, row[d.consumer-1]) {
				t.Fatalf("%d columns: row %d breaks the frame: %q", width, y, d.lines[y])
			}
		}
	})
}

// A blank sets the texts of a line apart, whatever its account is called and whatever it asks.
func TestTextsOfTheMapStayApart(t *testing.T) {
	p := picture.Of(crossingCase(t), model.Diagnose(crossingCase(t)))
	for _, width := range []int{60, 80, sideBySideWidth, wideWidth, 200} {
		t.Run(fmt.Sprintf("%d columns", width), func(t *testing.T) {
			d := drawPicture(view{picture: p, selected: checkTarget(model.CheckPull)}, width, 60)
			for _, words := range []string{"service-111111111111@", "have its role here", "read from myrepo", "↑ folder", "! public"} {
				n := slices.IndexFunc(d.lines, func(l string) bool { return strings.Contains(l, words) })
				if n < 0 {
					t.Errorf("%q is not there:\n%s", words, strings.Join(d.lines, "\n"))
					continue
				}
				_, after, _ := strings.Cut(d.lines[n], words)
				inside, _, framed := strings.Cut(after, signs.Vertical)
				if !framed && !strings.Contains(after, signs.TeeRight) || inside != "" && !strings.Contains(inside, " ") {
					t.Errorf("row %d has no blank: %s", n, d.lines[n])
				}
			}
		})
	}
}
