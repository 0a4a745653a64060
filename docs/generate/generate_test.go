package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"whopulls/cmd"
)

func TestReferenceIsCurrent(t *testing.T) {
	committed, err := os.ReadFile("../reference.md")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	writeReference(&b, pagesOf(cmd.Commands()))
	if b.String() != string(committed) {
		t.Error("docs/reference.md is not what the commands say: run make docs")
	}
}

func TestEveryCommandHasAManPage(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	folder := filepath.Join(t.TempDir(), "man")
	if err := run([]string{"man", folder, "1.2.3"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"whopulls.1", "whopulls-check.1", "whopulls-sandbox-start.1", "whopulls-completion-zsh.1"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Error(err)
				return
			}
			title := strings.ToUpper(escapeRoff(strings.TrimSuffix(name, ".1")))
			if head := `.TH "` + title + `" "1" "2023-11-14" "whopulls 1.2.3" "whopulls manual"` + "\n"; !strings.HasPrefix(string(text), head) {
				t.Errorf("%s does not begin with %s", name, head)
			}
		})
	}
	written, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(pagesOf(cmd.Commands())); len(written) != n {
		t.Errorf("there are %d pages of %d commands", len(written), n)
	}
}

// Homebrew needs each page of a cask by name, so the release's configuration lists them.
func TestCaskListsEveryManPage(t *testing.T) {
	text, err := os.ReadFile("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var release struct {
		Casks []struct{ Manpages []string } `yaml:"homebrew_casks"`
	}
	if err := yaml.Unmarshal(text, &release); err != nil {
		t.Fatal(err)
	}
	if len(release.Casks) != 1 {
		t.Fatalf("there are %d casks", len(release.Casks))
	}
	var pages []string
	for _, p := range pagesOf(cmd.Commands()) {
		pages = append(pages, "man/"+p.manName()+".1")
	}
	slices.Sort(pages)
	if got := release.Casks[0].Manpages; !slices.Equal(got, pages) {
		t.Errorf(".goreleaser.yaml has under homebrew_casks the manpages\n  %s\nand the commands have\n  %s",
			strings.Join(got, "\n  "), strings.Join(pages, "\n  "))
	}
}

func TestRunRefuses(t *testing.T) {
	for _, c := range []struct {
		about, epoch, says string
		args               []string
	}{
		{"no arguments", "1", "usage:", nil},
		{"an unknown page", "1", "usage:", []string{"html", "x"}},
		{"no version", "1", "usage:", []string{"man", "x"}},
		{"no date", "", "SOURCE_DATE_EPOCH", []string{"man", "x", "1.2.3"}},
		{"a date in words", "today", "SOURCE_DATE_EPOCH", []string{"man", "x", "1.2.3"}},
	} {
		t.Run(c.about, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("SOURCE_DATE_EPOCH", c.epoch)
			if err := run(c.args); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the error is %v", err)
			}
			if left, _ := os.ReadDir("."); len(left) > 0 {
				t.Errorf("%s was written", left[0].Name())
			}
		})
	}
}

// sampleCommand has one of everything that a command's help can hold.
func sampleCommand() *cobra.Command {
	root := &cobra.Command{Use: "tool", Short: "Do a thing", Run: func(*cobra.Command, []string) {}}
	sub := &cobra.Command{
		Use: "run [FILE]", Short: "Run it", Run: func(*cobra.Command, []string) {},
		Long: `Runs a <file>.

  done  it's made
  \n    not

#### Linux:

.hidden names, as in a*b.

Exit code: 0 done, 3 skipped, or late,
1 error. Nothing else.`,
		Example: "  # here\n  . ./env\n  tool run \\\n      --as='x'",
	}
	sub.Flags().SortFlags = false
	sub.Flags().StringP("as", "a", "", "`NAME` of the runner")
	sub.Flags().String("how", "fast", "the `WAY` of it")
	sub.Flags().String("world", "", "a `WORLD`")
	sub.Flags().Lookup("world").NoOptDefVal = "big"
	sub.Flags().Bool("secret", false, "not shown")
	_ = sub.Flags().MarkHidden("secret")
	root.AddCommand(sub)
	return root
}

func TestManPage(t *testing.T) {
	const want = `.TH "TOOL\-RUN" "1" "2026-01-02" "whopulls 1.2.3\-rc" "whopulls manual"
.SH NAME
tool\-run \- Run it
.SH SYNOPSIS
\fBtool run\fR [\fIFILE\fR] [flags]
.SH DESCRIPTION
Runs a <file>.
.RS 4
.nf
done  it\(aqs made
\en    not
.fi
.RE
.SS Linux
\&.hidden names, as in a*b.
.SH OPTIONS
.TP
\fB\-a\fR, \fB\-\-as\fR=\fINAME\fR
NAME of the runner
.TP
\fB\-\-how\fR=\fIWAY\fR
the WAY of it (default fast)
.TP
\fB\-\-world\fR[=\fIWORLD\fR]
a WORLD
.TP
\fB\-h\fR, \fB\-\-help\fR
help for run
.SH EXIT STATUS
.TP
\fB0\fR
done
.TP
\fB3\fR
skipped, or late
.TP
\fB1\fR
error
.PP
Nothing else.
.SH EXAMPLES
.RS 4
.nf
# here
\&. ./env
tool run \e
    \-\-as=\(aqx\(aq
.fi
.RE
.SH SEE ALSO
\fBtool\fR(1)
`
	var b bytes.Buffer
	writeManPage(&b, edition{"1.2.3-rc", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, pagesOf(sampleCommand())[1])
	if b.String() != want {
		t.Errorf("the page is\n%s\nnot\n%s", b.String(), want)
	}
}

func TestReferenceSection(t *testing.T) {
	const want = "\n## tool run\n\nRun it.\n\n```\ntool run [FILE] [flags]\n```\n\nRuns a \\<file>.\n\n" +
		"```\ndone  it's made\n\\n    not\n```\n\n#### Linux\n\n.hidden names, as in a\\*b.\n\n" +
		"**Exit code:** 0 done, 3 skipped, or late,\n1 error. Nothing else.\n\n" +
		"**Examples**\n\n```sh\n# here\n. ./env\ntool run \\\n    --as='x'\n```\n\n**Flags**\n\n```\n" +
		"-a, --as NAME               NAME of the runner\n    --how WAY               the WAY of it (default \"fast\")\n" +
		"    --world[=WORLD]         a WORLD\n-h, --help                  help for run\n```\n"
	var b bytes.Buffer
	writeSection(&b, pagesOf(sampleCommand())[1])
	if b.String() != want {
		t.Errorf("the section is\n%s\nnot\n%s", b.String(), want)
	}
}

func TestGroupHasNoRunOfItsOwn(t *testing.T) {
	for _, p := range pagesOf(cmd.Commands()) {
		if p.path == "whopulls sandbox" {
			if want := []string{"whopulls sandbox COMMAND"}; !slices.Equal(p.synopsis, want) {
				t.Errorf("the synopsis is %q", p.synopsis)
			}
			return
		}
	}
	t.Error("there is no page of whopulls sandbox")
}

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		text, rest string
		codes      []exitCode
	}{
		{"0 done, 1 error.", "", []exitCode{{"0", "done"}, {"1", "error"}}},
		{"0 done, 3 skipped (at 5\nor later), 1 error.", "", []exitCode{{"0", "done"}, {"3", "skipped (at 5 or later)"}, {"1", "error"}}},
		{"0 done, 1 error.\nNo more. Really.", "No more. Really.", []exitCode{{"0", "done"}, {"1", "error"}}},
		{"0.", "0.", nil},
		{"that of check.", "that of check.", nil},
	} {
		t.Run(c.text, func(t *testing.T) {
			codes, rest := parseExitCodes(c.text)
			if !slices.Equal(codes, c.codes) || rest != c.rest {
				t.Errorf("%q is %q and %q", c.text, codes, rest)
			}
		})
	}
}
