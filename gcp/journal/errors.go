package journal

import (
	"errors"
	"fmt"

	"whopulls/model"
)

// Why the journal can't be used. The errors that wrap them have a method Hint() string that says what to do next. After
// any of them from Intend, nothing may be sent.
var (
	ErrUnwritable = errors.New("the journal can't be written")
	ErrUnreadable = errors.New("the journal can't be read")
	ErrBusy       = errors.New("the journal is locked by another process")
	ErrNewer      = errors.New("the journal was written by a newer whopulls")
	ErrIncomplete = errors.New("the journal takes no incomplete entry")
	ErrUnknown    = errors.New("the journal has no such entry")
	ErrState      = errors.New("the entry is past that")
)

// hinted is one of the errors above with its cause and the way out.
type hinted struct {
	is    error
	why   string
	next  string
	cause error
}

// Error says what happened and why.
func (e *hinted) Error() string { return e.is.Error() + ": " + e.why }

// Unwrap lets errors.Is find the sentinel and the cause.
func (e *hinted) Unwrap() []error {
	if e.cause == nil {
		return []error{e.is}
	}
	return []error{e.is, e.cause}
}

// Hint says what to do next.
func (e *hinted) Hint() string { return e.next }

func unwritable(err error) error {
	return &hinted{ErrUnwritable, err.Error(),
		"no change is made without it: free space on the disk, make the folder yours to write, or set XDG_STATE_HOME to another", err}
}

func unreadable(err error) error {
	return &hinted{ErrUnreadable, err.Error(), "make the file yours to read, or set XDG_STATE_HOME to another folder", err}
}

func openToOthers(folder string) error {
	return &hinted{ErrUnwritable, fmt.Sprintf("the folder %q belongs to somebody else and is open to others", folder),
		"set XDG_STATE_HOME to a folder of your own", nil}
}

func busy(path string) error {
	return &hinted{ErrBusy, fmt.Sprintf("%q was not free for %v", path, patience),
		"look for a whopulls that was stopped or hangs, end it, and try again", nil}
}

func newer(path string, lines int) error {
	return &hinted{ErrNewer, fmt.Sprintf("%q has %s of a version that this one does not know", path, model.CountNoun(lines, "line")),
		"update whopulls; or, to go on with this version, set XDG_STATE_HOME to another folder", nil}
}

func incomplete() error {
	return &hinted{ErrIncomplete, "it needs a run, a target, a resource and a kind that can be recorded",
		"this is a fault in whopulls: please report it", nil}
}

func unknown(id string) error {
	return &hinted{ErrUnknown, fmt.Sprintf("%q is not in it", id), "whopulls history lists the entries", nil}
}

func past(id string, before, after State) error {
	return &hinted{ErrState, fmt.Sprintf("%s is %s and can't become %s", id, before, after),
		"look at whopulls history: another whopulls may have been faster, or the entry has to be settled first", nil}
}
