// Package journal keeps the file that says what whopulls changed: a line before each change and a line after it.
//
// A change is announced with [Journal.Intend], which returns once the line is on the disk. Only then is the
// request sent. [Journal.Settle] adds how it ended. The file is only ever appended to, and [Read] folds its
// lines into entries. An entry that was announced but never settled belongs to a process that is still at
// work, or to one that died. Only Google Cloud shows what was really changed.
package journal

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"whopulls/model/ledger"
)

// Names of the files in the folder. The lock is a file of its own because Windows keeps others from reading a locked one.
const (
	fileName = "journal.jsonl"
	lockName = "journal.lock"
)

// Journal writes one folder's journal. It may be used by many goroutines, and many processes may have the same folder.
type Journal struct {
	folder string
	now    func() time.Time
	open   func(path string) (appender, error) // a test's disk can be full
	sync   func(folder string) error           // brings the names in a folder to the disk
	newID  func() string                       // a new id
	mu     sync.Mutex                          // goroutines of this process wait here rather than ask for the lock again and again
}

// Open prepares the folder, for its owner only, and checks that the journal in it can be written. So an
// unusable folder is reported before anything is read from Google Cloud. The journal has nothing to be
// closed.
//
// now gives the entries' times; their order is that of the file, whatever the clock does.
func Open(folder string, now func() time.Time) (*Journal, error) {
	j := &Journal{folder: folder, now: now, open: openFile, sync: syncFolder, newID: NewID}
	return j, j.setUp()
}

// setUp makes the folder and the file, and looks whether the journal in it can be written.
func (j *Journal) setUp() error {
	if err := prepareFolder(j.folder); err != nil {
		return err
	}
	unlock, err := lock(j.folder)
	if err != nil {
		return err
	}
	defer unlock()
	if err := ensureFile(j.folder, j.sync); err != nil {
		return unwritableError(err)
	}
	_, _, err = j.readForWriting()
	return err
}

// NewID gives a random id of ten letters and digits for a run. No clock has a part in it.
func NewID() string { return strings.ToLower(rand.Text()[:10]) }

// Result is what is known about an entry's change after it was announced. Empty fields leave the entry as it is.
//
// With StateIntended it announces the same change once more. After ABORTED the policy is read and edited
// again. The new etag and edit must be on the disk before the second request is sent.
type Result struct {
	State      ledger.State
	Message    string
	Edit       *ledger.Edit
	EtagBefore string
	EtagAfter  string
	Digest     string
	Until      time.Time // with StateUnclear: the request may still arrive until then
}

// Announce announces a change. When it returns without an error, the entry is on the disk with its id, time
// and state. Then the request may be sent. After an error the request must not be sent.
//
// With Undoes, the entry named there has to be done or unclear: one that is still open is settled first.
func (j *Journal) Announce(e ledger.Entry) (ledger.Entry, error) {
	if e.State = ledger.StateIntended; !e.IsComplete() {
		return e, incompleteError()
	}
	err := j.appendEvent(func(h ledger.History) (event, error) {
		if err := checkUndo(h, e); err != nil {
			return event{}, err
		}
		for e.ID = j.newID(); h.InUse(e.ID) || e.ID == e.Run; {
			e.ID = j.newID()
		}
		e.Time, e.ResultTime, e.Until = j.timestamp(), time.Time{}, time.Time{}
		e.Sent = e.Time
		return event{V: version, Event: eventIntended, Entry: e}, nil
	})
	if errors.Is(err, ErrUnwritable) {
		// The line may be there whole although it could not be brought to the disk. Where not even this can be written,
		// the entry stays intended, and anyone who looks finds that nothing was changed.
		_ = j.AddResult(e.ID, Result{State: ledger.StateFailed, Message: "never sent: " + err.Error()})
	}
	return e, err
}

// AddResult writes how an announced change ended, or what was found when it was looked for later. The last result counts.
// An entry is past some of them: see ErrState. When an entry that undoes another is done, the other is undone by that.
//
// After an error the change itself may well have been made: the entry then stays as it was, to be settled another time.
func (j *Journal) AddResult(id string, r Result) error {
	return j.appendEvent(func(h ledger.History) (event, error) {
		before, ok := h.Find(id)
		if !ok {
			return event{}, unknownEntryError(id)
		}
		if !ledger.CanFollow(before.State, r.State) {
			return event{}, stateError(id, before.State, r.State)
		}
		return event{V: version, Event: eventResult, Entry: ledger.Entry{ID: id, Time: j.timestamp(), State: r.State,
			Message: r.Message, Edit: r.Edit, EtagBefore: r.EtagBefore, EtagAfter: r.EtagAfter, Digest: r.Digest, Until: r.Until}}, nil
	})
}

// Read gives what the journal in a folder says; without the folder or the file that is nothing. It writes nothing.
func Read(folder string) (ledger.History, error) {
	unlock, err := lockToRead(folder)
	if err != nil {
		return ledger.History{}, err
	}
	defer unlock()
	return read(folder)
}

// LeftOpen gives the entries without a result that a process announced which has ended, or ends now. It waits for nobody: the
// process may have ended while it held the lock. A line that another process is at is not read.
func LeftOpen(folder, host string, pid int) ([]ledger.Entry, error) {
	h, err := read(folder)
	return slices.DeleteFunc(h.Entries, func(e ledger.Entry) bool { return !e.Unresolved() || e.Host != host || e.PID != pid }), err
}

// read reads without a lock.
func read(folder string) (ledger.History, error) {
	text, err := readFile(folder)
	if err != nil {
		return ledger.History{}, unreadableError(err)
	}
	return parse(text), nil
}

// timestamp is now as it is written: UTC, without the reading of the monotonic clock.
func (j *Journal) timestamp() time.Time { return j.now().UTC().Round(0) }

// checkUndo refuses to take back what isn't there, was taken back, or was changed in another cloud. Two processes can be asked for
// the same undo.
func checkUndo(h ledger.History, undo ledger.Entry) error {
	id := undo.Undoes
	e, ok := h.Find(id)
	switch {
	case id != "" && ok && e.Target != undo.Target:
		return otherTargetError(id, e.Target)
	case id == "" || !e.Unresolved() && (e.State == ledger.StateDone || e.State == ledger.StateUnclear):
		return nil
	case !ok:
		return unknownEntryError(id)
	}
	return stateError(id, e.State, ledger.StateUndone)
}

// readForWriting gives what the journal says and the line that was cut off at its end, if any, unless a newer version has
// written there.
func (j *Journal) readForWriting() (h ledger.History, torn []byte, err error) {
	text, err := readFile(j.folder)
	if err != nil {
		return h, nil, unreadableError(err)
	}
	h = parse(text)
	if h.Newer > 0 {
		return h, nil, newerError(filepath.Join(j.folder, fileName), h.Newer)
	}
	_, torn = splitLines(text)
	return h, torn, nil
}

// appendEvent adds the line that next makes of what is there, with nobody in between.
func (j *Journal) appendEvent(makeEvent func(ledger.History) (event, error)) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	unlock, err := lock(j.folder)
	if err != nil {
		return err
	}
	defer unlock()
	h, torn, err := j.readForWriting()
	if err != nil {
		return err
	}
	e, err := makeEvent(h)
	if err != nil {
		return err
	}
	line, err := encode(e)
	if err != nil {
		return unwritableError(err)
	}
	if len(torn) > 0 {
		line = append([]byte(tornMark), line...)
	}
	return j.write(line)
}

// write brings a line to the disk.
func (j *Journal) write(line []byte) error {
	if err := ensureFile(j.folder, j.sync); err != nil { // somebody may have removed it since Open
		return unwritableError(err)
	}
	file, err := j.open(filepath.Join(j.folder, fileName))
	if err != nil {
		return unwritableError(err)
	}
	_, err = file.Write(line)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return unwritableError(err)
	}
	return nil
}

// openFile opens the file to append to it.
func openFile(path string) (appender, error) { return os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0) }
