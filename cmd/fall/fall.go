// Package fall says in words how a fall ended the program, and which changes it left open.
package fall

import (
	"os"
	"strings"

	"whopulls/cmd/console"
	"whopulls/gcp/journal"
	"whopulls/guard"
	"whopulls/model/ledger"
	"whopulls/text"
)

// Error says how the program ended. What it left open stands in the journal of that folder.
func Error(f guard.Fall, folder string) *console.Error {
	if f.Killed {
		return &console.Error{Status: console.StatusError, Message: "whopulls was killed: by a signal, or because memory ran out", Hints: changes(f, folder)}
	}
	hints := append(changes(f, folder), report(f)...)
	return &console.Error{Status: console.StatusError, Message: "a fault of whopulls itself ended it", Hints: hints}
}

// changes says what became of the changes under way. The journal knows more than the guard, which only counts them.
func changes(f guard.Fall, folder string) (hints []string) {
	if f.Finished > 0 {
		hints = append(hints, text.CountNoun(f.Finished, "change")+" under way came to the end first: whopulls history shows how")
	}
	host, _ := os.Hostname() // unknown: the journal's entries have none either
	open, err := journal.LeftOpen(folder, host, f.PID)
	switch {
	case len(open) > 0:
		return append(hints, openChanges(open)...)
	case f.Open > 0:
		return append(hints, "how "+text.CountNoun(f.Open, "change")+" under way ended is not known yet: whopulls history finds out")
	case f.Crashed && err != nil:
		return append(hints, "a change under way is checked at the next start: whopulls history shows how it ended")
	case f.Crashed:
		return append(hints, "the journal has no open change; whopulls history shows what was changed before")
	case f.Finished == 0:
		return append(hints, "no change was under way; whopulls history shows what was changed before")
	}
	return hints
}

// openChanges names what was announced and has no result, and the command that finds the result.
func openChanges(open []ledger.Entry) (hints []string) {
	for _, e := range open {
		hints = append(hints, "not known yet whether this was made: "+e.Step().Heading()+" ("+e.ID+")")
	}
	where := ""
	if strings.HasPrefix(open[0].Target, "sandbox:") {
		where = " at the same sandbox"
	}
	return append(hints, "whopulls history"+where+" finds out, and records it")
}

// report says where the report is.
func report(f guard.Fall) []string {
	if f.Failure != nil {
		return []string{"the report could not be written: " + f.Failure.Error()}
	}
	return []string{"where it happened is in this report, which holds no names and no secrets:", f.Report} // a line to copy
}
