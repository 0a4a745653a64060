package report

import (
	"encoding/csv"
	"html"
	"io"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"
	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/garble"
	"whopulls/text"
)

// randomReport is a report whose every text is whatever Google, or somebody who names things, may write.
func randomReport(t *rapid.T) Stale {
	odd := []rune("\x00\x07\x1b\x7f\u0085\u009b\u200b\u202e\u2066\u2028\ufeff\n\r\t |||\"\"''``\\\\<>&=+-@＝$(){}[]#;,:%*_~!é界\U0001f600")
	texts := rapid.StringOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.RuneFrom([]rune("abcXYZ019.@-"))), 1, 10, -1)
	text := func() string { return texts.Draw(t, "text") }
	number := func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") }
	s := garble.Fill[Stale](text, number)
	s.Scope = imagesRepository
	for i := range s.List.Bindings {
		b := &s.List.Bindings[i]
		b.Status = rapid.SampledFrom(model.StaleStatuses).Draw(t, "status")
		for j := range b.AlsoHolds {
			b.AlsoHolds[j] = model.StaleActive
		}
	}
	return s
}

// renderFor is what a writer puts out.
func renderFor(t interface{ Fatal(...any) }, write func(io.Writer) error) string {
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bindingsInOrder are a report's bindings as each format gives them.
func bindingsInOrder(s Stale) (all []model.StaleBinding) {
	for _, c := range s.chapters() {
		all = append(all, c.Bindings...)
	}
	return all
}

// shownText is a text as it can be shown: on one line, without what a terminal may obey.
func shownText(s string) string { return text.CleanTrim(s) }

// Each cell of the table is there, in its column, whatever it holds; and none is calculated.
func TestCSVIsReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := randomReport(r)
		rows, err := csv.NewReader(strings.NewReader(renderFor(r, s.CSV))).ReadAll()
		bindings := bindingsInOrder(s)
		if err != nil || len(rows) != len(bindings)+1 {
			r.Fatalf("%d rows of %d bindings: %v", len(rows), len(bindings), err)
		}
		for i, b := range bindings {
			for column, want := range map[string]string{"member": string(b.Member), "role": b.Role, "reason": b.Reason, "resource": b.Resource.Path(),
				"replace_with": b.Replace, "gcloud": strings.Join(b.Gcloud, " && ")} {
				cell := rows[i+1][slices.Index(csvHeader, column)]
				if strings.IndexAny(cell, formulaStarts) == 0 {
					r.Fatalf("%s is calculated: %q", column, cell)
				}
				if want = shownText(want); cell != want && cell != "'"+want {
					r.Fatalf("%s became %q, want %q", column, cell, want)
				}
			}
		}
	})
}

// splitCells takes a row of a Markdown table apart, as GitHub does: a bar ends a cell, unless a backslash is before it.
func splitCells(row string) (all []string) {
	var cell strings.Builder
	for i := 0; i < len(row); i++ {
		switch {
		case row[i] == '\\' && i+1 < len(row):
			cell.WriteString(row[i : i+2])
			i++
		case row[i] == '|':
			all = append(all, strings.TrimSpace(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(row[i])
		}
	}
	return all[1:] // before the first bar there is nothing
}

// unmarkCell reads the text of a cell: code as it stands, else without the backslashes.
func unmarkCell(cell string) string {
	if code, ok := strings.CutPrefix(cell, "`"); ok && strings.HasSuffix(code, "`") {
		return strings.TrimSuffix(code, "`")
	}
	var b strings.Builder
	for i := 0; i < len(cell); i++ {
		if cell[i] == '\\' && i+1 < len(cell) {
			i++
		}
		b.WriteByte(cell[i])
	}
	return html.UnescapeString(b.String())
}

// Each binding is one row of five cells, and member and role can be read from theirs.
func TestMarkdownIsReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := randomReport(r)
		var rows [][]string
		for line := range strings.Lines(renderFor(r, s.Markdown)) {
			row := strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(row, "| ") && strings.HasSuffix(row, " |") {
				if c := splitCells(row); len(c) == 5 && c[0] != "status" {
					rows = append(rows, c)
				}
			}
		}
		bindings := bindingsInOrder(s)
		if len(rows) != len(bindings) {
			r.Fatalf("%d rows of %d bindings:\n%s", len(rows), len(bindings), renderFor(r, s.Markdown))
		}
		for i, b := range bindings {
			if got, want := strings.TrimSpace(unmarkCell(rows[i][1])), shownText(string(b.Member)); got != want {
				r.Fatalf("member %q became %q in %q", want, got, rows[i][1])
			}
			if got, want := strings.TrimSpace(unmarkCell(rows[i][2])), shownText(b.Role); got != want {
				r.Fatalf("role %q became %q", want, got)
			}
		}
	})
}

// The page holds each name as text, and no element or attribute that a name made.
func TestHTMLIsReadBack(t *testing.T) {
	known := elements(t, renderFor(t, sampleReport().HTML))
	rapid.Check(t, func(r *rapid.T) {
		s := randomReport(r)
		page := renderFor(r, s.HTML)
		tree, err := nethtml.Parse(strings.NewReader(page))
		if err != nil {
			r.Fatal(err)
		}
		var words strings.Builder
		for n := range tree.Descendants() {
			if n.Type == nethtml.TextNode {
				words.WriteString(n.Data)
			}
			for _, a := range n.Attr {
				if n.Type == nethtml.ElementNode && !known[n.Data+" "+a.Key] {
					r.Fatalf("a name made <%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
			if n.Type == nethtml.ElementNode && !known[n.Data] {
				r.Fatalf("a name made <%s>", n.Data)
			}
		}
		text := strings.Join(strings.Fields(words.String()), " ")
		for _, b := range bindingsInOrder(s) {
			for _, name := range []string{string(b.Member), b.Role, b.Reason} {
				if want := strings.Join(strings.Fields(shownText(name)), " "); !strings.Contains(text, want) {
					r.Fatalf("%q is not in the page:\n%s", want, text)
				}
			}
		}
	})
}

// elements are the elements of a page, and each with each of its attributes.
func elements(t *testing.T, page string) map[string]bool {
	t.Helper()
	tree, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for n := range tree.Descendants() {
		if n.Type != nethtml.ElementNode {
			continue
		}
		known[n.Data] = true
		for _, a := range n.Attr {
			known[n.Data+" "+a.Key] = true
		}
	}
	return known
}
