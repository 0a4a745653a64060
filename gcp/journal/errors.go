package journal

import (
	"errors"
	"fmt"

	"whopulls/model/ledger"

	"whopulls/text"
)

// Why the journal can't be used. The errors that wrap them have a method Hint() string that says what to do next. After
// any of them from Intend, nothing may be sent.
var (
	ErrUnwritable = errors.New("the journal can't be written")
	ErrUnreadable = errors.New("the journal can't be read")
	ErrBusy       = errors.New("the journal is locked by another process")
	ErrNewer      = errors.New("the journal was written by a newer whopulls")
	ErrIncomplete = errors.New("the journal accepts no incomplete entry")
	ErrUnknown    = errors.New("the journal has no such entry")
	ErrState      = errors.New("the entry is past that")
)

// hintedError is one of the errors above with its cause and the way out.
type hintedError struct {
	kind   error
	reason string
	hint   string
	cause  error
}

// Error says what happened and why.
func (e *hintedError) Error() string { return e.kind.Error() + ": " + e.reason }

// Unwrap lets errors.Is find the sentinel and the cause.
func (e *hintedError) Unwrap() []error {
	if e.cause == nil {
		return []error{e.kind}
	}
	return []error{e.kind, e.cause}
}

// Hint says what to do next.
func (e *hintedError) Hint() string { return e.hint }

func unwritableError(err error) error {
	return &hintedError{ErrUnwritable, err.Error(),
		"no change is made without it: free space on the disk, make the folder yours to write, or set XDG_STATE_HOME (for whopulls --sandbox: TMPDIR) to another", err}
}

func unreadableError(err error) error {
	return &hintedError{ErrUnreadable, err.Error(), "make the file yours to read, or set XDG_STATE_HOME to another folder", err}
}

func sharedFolderError(folder string) error {
	return &hintedError{ErrUnwritable, fmt.Sprintf("the folder %q belongs to somebody else and is open to others", folder),
		"set XDG_STATE_HOME to a folder of your own", nil}
}

func busyError(path string) error {
	return &hintedError{ErrBusy, fmt.Sprintf("%q was not free for %v", path, lockTimeout),
		"look for a whopulls that was stopped or hangs, end it, and try again", nil}
}

func newerError(path string, lines int) error {
	return &hintedError{ErrNewer, fmt.Sprintf("%q has %s of a version that this one does not know", path, text.CountNoun(lines, "line")),
		"update whopulls; or, to continue with this version, set XDG_STATE_HOME to another folder", nil}
}

func incompleteError() error {
	return &hintedError{ErrIncomplete, "it needs a run, a target, a resource and a kind that can be recorded",
		"this is a bug in whopulls: please report it", nil}
}

func unknownEntryError(id string) error {
	return &hintedError{ErrUnknown, fmt.Sprintf("%q is not in it", id), "whopulls history lists the entries", nil}
}

func otherTargetError(id, target string) error {
	return &hintedError{ErrState, fmt.Sprintf("%s was changed in another cloud: %s", id, target), "run the undo in that cloud", nil}
}

func stateError(id string, before, after ledger.State) error {
	return &hintedError{ErrState, fmt.Sprintf("%s is %s and can't become %s", id, before, after),
		"look at whopulls history: another whopulls may have changed the entry first", nil}
}
