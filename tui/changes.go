package tui

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/charmbracelet/x/term"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// changes is what was tried in this session. It is shown when the program ends, so that it stays in the
// terminal. That includes a change that was finished after the screen was closed.
type changes struct {
	styles      *ui.Styles
	undoCommand func(entry string, by *Login) string // see Options.UndoCommand

	mu          sync.Mutex
	login       *Login            // that changes are made by from now on; nil: the one that the program began with
	loginOf     map[string]*Login // by the run that it made
	writes      []model.Write
	outcomes    []model.Outcome
	runs        []string        // of the outcomes, in the same order
	temporary   []bool          // whether they were made in a cloud that is gone by the end
	notUndoable map[string]bool // entries that no command takes back
	undone      map[string]bool // entries that were taken back
}

// add keeps what became of a write. One is final in a cloud that is gone by the end, as is what was taken back, and the
// taking back.
func (c *changes) add(w model.Write, o model.Outcome, temporary bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes = append(c.writes, w)
	if c.loginOf == nil {
		c.loginOf = map[string]*Login{}
	}
	c.loginOf[w.Run] = c.login
	c.outcomes, c.runs, c.temporary = append(c.outcomes, o), append(c.runs, w.Run), append(c.temporary, temporary)
	undoes := w.Undoes != "" && o.InPlace()
	if o.Entry == nil || !undoes && !temporary {
		return
	}
	if c.notUndoable == nil {
		c.notUndoable, c.undone = map[string]bool{}, map[string]bool{}
	}
	c.undone[w.Undoes] = undoes
	c.notUndoable[w.Undoes], c.notUndoable[*o.Entry] = true, true
}

// count is how many there are.
func (c *changes) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.outcomes)
}

// workAs notes which login makes the changes that follow.
func (c *changes) workAs(l *Login) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.login = l
}

// undoSteps take back the changes of this run of the program that are in place, the last one first. gone are
// those made in a cloud that ends with the program. What took a change back is not among them.
func (c *changes) undoSteps(temporary bool) (steps []model.Step, writes map[string]model.Write) {
	c.mu.Lock()
	defer c.mu.Unlock()
	writes = map[string]model.Write{}
	for i := len(c.outcomes) - 1; i >= 0; i-- {
		o, w := c.outcomes[i], c.writes[i]
		if o.State != model.StepDone || o.Entry == nil || w.Undoes != "" || c.temporary[i] != temporary || c.undone[*o.Entry] {
			continue
		}
		inverse, err := o.Inverse()
		if err != nil {
			continue
		}
		inverse.ID = strconv.Itoa(len(steps) + 1)
		for id, later := range writes {
			if w.WasReplacementFor(later) {
				inverse.After = append(inverse.After, id)
			}
		}
		w.Step, w.Undoes = o.Step, *o.Entry
		steps, writes[inverse.ID] = append(steps, inverse), w
	}
	return steps, writes
}

// lines tells each, broken at that width, and how to take back what is in place.
func (c *changes) lines(width int) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	const indent = "  "
	perRun := c.undoableByRun()
	for i, o := range c.outcomes {
		sign, word, _ := c.styles.OutcomeMark(o)
		text := sign + " " + word + ": " + o.Title
		if c.temporary[i] {
			text = sign + " " + word + ", in the sandbox: " + o.Title
		}
		if o.Member != "" && !strings.Contains(o.Title, string(o.Member)) && !strings.Contains(o.Title, o.Member.Email()) {
			text += " (" + string(o.Member) + ")"
		}
		if o.Message != "" {
			text += ": " + o.Message
		}
		lines = append(lines, strings.Join(cells.Wrap(text, width-len(indent)), "\n"+indent))
		if command := c.undoCommandFor(o, c.runs[i]); command != "" && perRun[c.runs[i]] == 1 {
			lines = append(lines, indent+"Undo: "+command)
		}
	}
	for _, run := range slices.Compact(slices.Clone(c.runs)) {
		if perRun[run] > 1 {
			lines = append(lines, fmt.Sprintf("Undo these %d: %s", perRun[run], text.Clean(c.undoCommand(run, c.loginOf[run]))))
			perRun[run] = 0
		}
	}
	return lines
}

// undoableByRun counts by run what a command takes back.
func (c *changes) undoableByRun() map[string]int {
	count := map[string]int{}
	for i, o := range c.outcomes {
		if c.undoCommandFor(o, c.runs[i]) != "" {
			count[c.runs[i]]++
		}
	}
	return count
}

// undoCommandFor is the command that takes a change back. It stays in one line, so that it can be copied.
func (c *changes) undoCommandFor(o model.Outcome, run string) string {
	if c.undoCommand == nil || o.Entry == nil || o.State != model.StepDone || c.notUndoable[*o.Entry] {
		return ""
	}
	if _, err := o.Inverse(); err != nil {
		return ""
	}
	return text.Clean(c.undoCommand(*o.Entry, c.loginOf[run]))
}

// unlimitedWidth is a width that no line reaches.
const unlimitedWidth = 1 << 20

// terminalWidth is that of the terminal behind a stream. Where there is none, nothing is broken.
func terminalWidth(w io.Writer) int {
	file, ok := w.(interface{ Fd() uintptr })
	if !ok {
		return unlimitedWidth
	}
	width, _, err := term.GetSize(file.Fd())
	if err != nil || width < minWidth {
		return unlimitedWidth // a narrower one breaks lines itself
	}
	return width
}
