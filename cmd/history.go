package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/gcp/journal"
	"whopulls/model"
	"whopulls/text"
)

const historyLong = `Lists what whopulls changed in the Google Cloud in use, from its journal: the
oldest first, each with its state:

  done      made
  undone    made, and taken back by a later entry
  failed    not made
  unclear   it is there, but may be somebody else's; or it is not there and its
            request, which got no answer, may still arrive
  intended  announced; another whopulls is working on it, or it could not be
            checked since

Changes that an interrupted whopulls left open are checked first, with your
sign-in. If nobody is signed in, they are listed unchecked, with a note.

Exit code: 0.`

const historyExample = `  # what was changed, with the ids that undo takes
  whopulls history

  # in other clouds and sandboxes too
  whopulls history --all`

func newHistory(p *program) *cobra.Command {
	var f flags
	all := false
	c := &cobra.Command{
		Use: "history", SuggestFor: []string{"log", "journal"}, Short: "List what whopulls changed",
		Long: historyLong, Example: historyExample, Args: refuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := f.parse(c, p, tableFormats)
			if err != nil {
				return err
			}
			return p.history(c.Context(), r, all)
		},
	}
	f.addTarget(c)
	f.addFormat(c, tableFormats)
	c.Flags().BoolVar(&all, "all", false, "also what was changed in other clouds and sandboxes")
	return c
}

// historyEntry is an entry as it is told to programs.
type historyEntry struct {
	ID        string           `json:"id"`
	Run       string           `json:"run"`
	Time      time.Time        `json:"time"`
	Target    string           `json:"target"`
	Account   string           `json:"account"`
	Project   string           `json:"project"`
	Kind      model.StepKind   `json:"kind"`
	Resource  model.Resource   `json:"resource"`
	Role      string           `json:"role,omitempty"`
	Member    model.Member     `json:"member"`
	Condition *model.Condition `json:"condition,omitempty"`
	Undoes    string           `json:"undoes,omitempty"`
	State     journal.State    `json:"state"`
	Until     *time.Time       `json:"until,omitempty"` // of an unclear change: until when its request may still arrive
	Message   string           `json:"message,omitempty"`
}

// history tells of a file of this machine, so that nobody has to sign in for it, unless there is something to look at.
func (p *program) history(ctx context.Context, r request, all bool) error {
	r.target.lazySignIn = true
	return p.withCloud(ctx, r, func(c cloud) error {
		if err := p.reconcile(ctx, c, r); err != nil && !r.readOnly {
			return err
		}
		h, err := c.History()
		if err != nil {
			return err
		}
		p.warnUnreadableLines(h, r)
		if r.target.world != "" && !hidesWarnings(r.verbosity) {
			p.note("The journal of a sandbox inside the program ends with it. One that stays: whopulls sandbox start")
		}
		entries := []historyEntry{}
		for _, e := range h.Entries {
			if all || e.Target == c.Origin() {
				entries = append(entries, historyEntry{e.ID, e.Run, e.Time, e.Target, e.Account, e.Project, e.Kind, e.Resource,
					e.Role, e.Member, e.Condition, e.Undoes, e.State, mayArriveUntil(e), e.Message})
			}
		}
		return p.writeResult(r.format, map[string][]historyEntry{"entries": entries}, func(out *console.Printer) { viewHistory(out, entries, c.Origin()) })
	})
}

// mayArriveUntil is until when an unanswered request may still arrive; nil where it can't any more.
func mayArriveUntil(e journal.Entry) *time.Time {
	if e.Until.IsZero() {
		return nil
	}
	return &e.Until
}

// clockTime is a time of the day on this machine.
func clockTime(t time.Time) string { return t.Local().Format("15:04:05 MST") }

// withDeadline adds to an entry's message until when its request may still arrive.
func withDeadline(message string, deadline *time.Time) string {
	if deadline == nil {
		return message
	}
	return message + "; it may still arrive until " + clockTime(*deadline) + ", and each start looks again"
}

// reconciler looks for the changes that an interrupted whopulls left open, and says how they ended.
type reconciler interface {
	Reconcile(ctx context.Context) ([]journal.Entry, error)
}

// reconcile looks at what an interrupted whopulls left open, and tells of it.
func (p *program) reconcile(ctx context.Context, c reconciler, r request) error {
	if r.readOnly {
		return nil
	}
	entries, err := c.Reconcile(ctx)
	if hidesWarnings(r.verbosity) {
		return err
	}
	for _, e := range entries {
		p.io.ErrPrinter().Line(console.Text(fmt.Sprintf("%s %s: %s; %s", e.ID, e.State, e.Step().Heading(), withDeadline(e.Message, mayArriveUntil(e)))))
	}
	return err
}

// warnUnreadableLines says that the journal has lines that can't be read.
func (p *program) warnUnreadableLines(h journal.History, r request) {
	if hidesWarnings(r.verbosity) {
		return
	}
	if h.Torn > 0 {
		p.io.ErrPrinter().Line(console.Doubtful.Text("WARNING:"), console.Text(" left out of the journal: "+text.CountNoun(h.Torn, "line")+", cut off or damaged"))
	}
	if h.Newer > 0 {
		p.io.ErrPrinter().Line(console.Doubtful.Text("WARNING:"), console.Text(" left out of the journal: "+text.CountNoun(h.Newer, "line")+" of a newer whopulls"))
	}
}

// entryMarks are how the states of an entry look.
var entryMarks = map[journal.State]console.Mark{
	journal.StateDone: console.Good.Mark("✓"), journal.StateUndone: console.Plain.Mark("↶"), journal.StateFailed: console.Bad.Mark("✗"),
	journal.StateUnclear: console.Doubtful.Mark("?"), journal.StateIntended: console.Doubtful.Mark("…"),
}

// viewHistory writes the entries by run: when and who, and under it what.
func viewHistory(p *console.Printer, entries []historyEntry, origin string) {
	if len(entries) == 0 {
		p.Line(console.Text("Nothing was changed yet."))
		return
	}
	runs := map[string]string{} // by the ids of their entries
	for i, e := range entries {
		runs[e.ID] = e.Run
		if i == 0 || entries[i-1].Run != e.Run {
			if i > 0 {
				p.Line()
			}
			p.Line(console.Strong.Text(e.Run), console.Text("  "+runText(e, origin, runs[e.Undoes])))
		}
		viewEntry(p, e)
	}
}

// viewEntry writes a change, and its member in full where the words only say what it is.
func viewEntry(p *console.Printer, e historyEntry) {
	step := model.Step{Kind: e.Kind, Resource: e.Resource, Role: e.Role, Member: e.Member}
	heading := step.Heading()
	p.WrapAfter([]console.Span{console.Text("  "), p.Mark(entryMarks[e.State], string(e.State), len(journal.StateIntended)), console.Text("  " + e.ID + "  ")}, console.Text(heading))
	if e.Member != "" && !strings.Contains(heading, console.MemberName(e.Member)) {
		p.Paragraph(4, console.Faint.Text(string(e.Member)))
	}
	if e.Message != "" && e.State != journal.StateDone {
		p.Paragraph(4, console.Text(withDeadline(e.Message, e.Until)))
	}
}

// runText say when a run was, whose and what for; one that took another back names it.
func runText(e historyEntry, origin, undone string) string {
	parts := []string{e.Time.Local().Format("2006-01-02 15:04:05 MST")}
	if e.Account != "" {
		parts = append(parts, console.MemberName(model.Member(e.Account)))
	}
	if e.Project != "" {
		parts = append(parts, "for "+e.Project)
	}
	if undone != "" {
		parts = append(parts, "takes back "+undone)
	}
	if e.Target != origin {
		parts = append(parts, "in another cloud: "+e.Target)
	}
	return strings.Join(parts, "  ")
}
