package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/gcp/journal"
	"whopulls/model"
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
		Long: historyLong, Example: historyExample, Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := f.request(c, p, tableFormats)
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
	r.target.later = true
	return p.connected(ctx, r, func(c cloud) error {
		if err := p.settle(ctx, c, r); err != nil && !r.readOnly {
			return err
		}
		h, err := c.History()
		if err != nil {
			return err
		}
		p.warnTorn(h, r)
		if r.target.world != "" && !terse(r.verbosity) {
			p.note("The journal of a sandbox inside the program ends with it. One that stays: whopulls sandbox start")
		}
		entries := []historyEntry{}
		for _, e := range h.Entries {
			if all || e.Target == c.Origin() {
				entries = append(entries, historyEntry{e.ID, e.Run, e.Time, e.Target, e.Account, e.Project, e.Kind, e.Resource,
					e.Role, e.Member, e.Condition, e.Undoes, e.State, arrival(e), e.Message})
			}
		}
		return p.show(r.format, map[string][]historyEntry{"entries": entries}, func(out *printer) { viewHistory(out, entries, c.Origin()) })
	})
}

// arrival is until when an unanswered request may still arrive; nil where it can't any more.
func arrival(e journal.Entry) *time.Time {
	if e.Until.IsZero() {
		return nil
	}
	return &e.Until
}

// clockTime is a time of the day on this machine.
func clockTime(t time.Time) string { return t.Local().Format("15:04:05 MST") }

// untilWords adds to an entry's message until when its request may still arrive.
func untilWords(message string, until *time.Time) string {
	if until == nil {
		return message
	}
	return message + "; it may still arrive until " + clockTime(*until) + ", and each start looks again"
}

// settle looks at what an interrupted whopulls left open, and tells of it.
func (p *program) settle(ctx context.Context, c cloud, r request) error {
	if r.readOnly {
		return nil
	}
	settled, err := c.Reconcile(ctx)
	if terse(r.verbosity) {
		return err
	}
	for _, e := range settled {
		p.io.notes().line(text(fmt.Sprintf("%s %s: %s; %s", e.ID, e.State, e.Step().Heading(), untilWords(e.Message, arrival(e)))))
	}
	return err
}

// warnTorn says that the journal has lines that can't be read.
func (p *program) warnTorn(h journal.History, r request) {
	if terse(r.verbosity) {
		return
	}
	if h.Torn > 0 {
		p.io.notes().line(span{doubtful, "WARNING:"}, text(" left out of the journal: "+model.CountNoun(h.Torn, "line")+", cut off or damaged"))
	}
	if h.Newer > 0 {
		p.io.notes().line(span{doubtful, "WARNING:"}, text(" left out of the journal: "+model.CountNoun(h.Newer, "line")+" of a newer whopulls"))
	}
}

// entryMarks are how the states of an entry look.
var entryMarks = map[journal.State]mark{
	journal.StateDone: {"✓", good}, journal.StateUndone: {"↶", plain}, journal.StateFailed: {"✗", bad},
	journal.StateUnclear: {"?", doubtful}, journal.StateIntended: {"…", doubtful},
}

// viewHistory writes the entries by run: when and who, and under it what.
func viewHistory(p *printer, entries []historyEntry, here string) {
	if len(entries) == 0 {
		p.line(text("Nothing was changed yet."))
		return
	}
	runs := map[string]string{} // by the ids of their entries
	for i, e := range entries {
		runs[e.ID] = e.Run
		if i == 0 || entries[i-1].Run != e.Run {
			if i > 0 {
				p.line()
			}
			p.line(span{strong, e.Run}, text("  "+runWords(e, here, runs[e.Undoes])))
		}
		viewEntry(p, e)
	}
}

// viewEntry writes a change, and its member in full where the words only say what it is.
func viewEntry(p *printer, e historyEntry) {
	step := model.Step{Kind: e.Kind, Resource: e.Resource, Role: e.Role, Member: e.Member}
	words := step.Heading()
	p.hang([]span{text("  "), p.mark(entryMarks[e.State], string(e.State), len(journal.StateIntended)), text("  " + e.ID + "  ")}, text(words))
	if e.Member != "" && !strings.Contains(words, nameOf(e.Member)) {
		p.paragraph(4, span{faint, string(e.Member)})
	}
	if e.Message != "" && e.State != journal.StateDone {
		p.paragraph(4, text(untilWords(e.Message, e.Until)))
	}
}

// runWords say when a run was, whose and what for; one that took another back names it.
func runWords(e historyEntry, here, undone string) string {
	words := []string{e.Time.Local().Format("2006-01-02 15:04:05 MST")}
	if e.Account != "" {
		words = append(words, nameOf(model.Member(e.Account)))
	}
	if e.Project != "" {
		words = append(words, "for "+e.Project)
	}
	if undone != "" {
		words = append(words, "takes back "+undone)
	}
	if e.Target != here {
		words = append(words, "in another cloud: "+e.Target)
	}
	return strings.Join(words, "  ")
}
