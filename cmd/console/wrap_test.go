package console

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Japanese breaks between its signs, but never before a 。 nor behind a （, whatever the width; a name stays whole while it fits.
func TestWrapJapanese(t *testing.T) {
	const s = "デプロイ担当者アカウント dev@example.com には、リポジトリに対する Artifact Registry 読み取り（roles/artifactregistry.reader）ロールが必要です。「ロール」を付与してください。"
	for width := 36; width < 120; width++ {
		lines := wrap(s, width)
		for n, l := range lines {
			if ansi.StringWidth(l) > width {
				t.Errorf("%d: %q is too wide", width, l)
			}
			first, last := []rune(l)[0], []rune(l)[len([]rune(l))-1]
			if n > 0 && strings.ContainsRune("、。」）ーっャュョァ", first) || n < len(lines)-1 && strings.ContainsRune("「（", last) {
				t.Errorf("%d: the line is %q", width, l)
			}
		}
		if width > 40 && !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "roles/artifactregistry.reader") }) {
			t.Errorf("%d: the role is broken: %q", width, lines)
		}
		if joined := strings.Join(lines, ""); strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%d: it becomes %q", width, joined)
		}
	}
}

// The theme mono has no colours on the command line either, but keeps bold and faint.
func TestMonoPrints(t *testing.T) {
	for _, mono := range []bool{false, true} {
		var out strings.Builder
		Streams{Out: &out, OutTerminal: true, Mono: mono, Lookup: func(string) (string, bool) { return "", false }}.OutPrinter().Line(Bad.Text("x"))
		if got := out.String(); strings.Contains(got, "31") == mono || !strings.Contains(got, "\x1b[1") {
			t.Errorf("mono %v: %q", mono, got)
		}
	}
}
