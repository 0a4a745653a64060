package journal

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
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
	id     func() string                       // a new id
	turn   sync.Mutex                          // goroutines of this process wait here rather than ask for the lock again and again
}

// Open gets the folder ready, for its owner only, and checks that the journal in it can be written: a folder that can't
// hold one is told of before anything is read from Google Cloud. The journal has nothing to be closed.
//
// now gives the entries' times; their order is that of the file, whatever the clock does.
func Open(folder string, now func() time.Time) (*Journal, error) {
	j := &Journal{folder: folder, now: now, open: openFile, sync: syncFolder, id: NewID}
	return j, j.ready()
}

// ready makes the folder and the file, and looks whether the journal in it can be written.
func (j *Journal) ready() error {
	if err := prepare(j.folder); err != nil {
		return err
	}
	unlock, err := lock(j.folder)
	if err != nil {
		return err
	}
	defer unlock()
	if err := create(j.folder, j.sync); err != nil {
		return unwritable(err)
	}
	_, _, err = j.writable()
	return err
}

// NewID gives a random id of ten letters and digits for a run. No clock has a part in it.
func NewID() string { return strings.ToLower(rand.Text()[:10]) }

// Intend announces a change. When it returns without an error the entry, with the id, time and state that it got, is on
// the disk, and the request may be sent. After an error the request must not be sent.
//
// With Undoes, the entry named there has to be done or unclear: one that is still open is settled first.
func (j *Journal) Intend(e Entry) (Entry, error) {
	if e.State = StateIntended; !e.complete() {
		return e, incomplete()
	}
	err := j.append(func(h History) (event, error) {
		if err := h.mayUndo(e.Undoes); err != nil {
			return event{}, err
		}
		for e.ID = j.id(); h.taken(e.ID) || e.ID == e.Run; {
			e.ID = j.id()
		}
		e.Time, e.Settled, e.Until = j.time(), time.Time{}, time.Time{}
		e.Sent = e.Time
		return event{V: version, Event: eventIntended, Entry: e}, nil
	})
	if errors.Is(err, ErrUnwritable) {
		// The line may be there whole although it could not be brought to the disk. Where not even this can be written,
		// the entry stays intended, and whoever looks finds that nothing was changed.
		_ = j.Settle(e.ID, Result{State: StateFailed, Message: "never sent: " + err.Error()})
	}
	return e, err
}

// Settle writes how an announced change ended, or what was found when it was looked for later. The last result counts.
// An entry is past some of them: see ErrState. When an entry that undoes another is done, the other is undone by that.
//
// After an error the change itself may well have been made: the entry then stays as it was, to be settled another time.
func (j *Journal) Settle(id string, r Result) error {
	return j.append(func(h History) (event, error) {
		before, ok := h.Find(id)
		if !ok {
			return event{}, unknown(id)
		}
		if !follows(before.State, r.State) {
			return event{}, past(id, before.State, r.State)
		}
		return event{V: version, Event: eventResult, Entry: Entry{ID: id, Time: j.time(), State: r.State,
			Message: r.Message, Edit: r.Edit, EtagBefore: r.EtagBefore, EtagAfter: r.EtagAfter, Digest: r.Digest, Until: r.Until}}, nil
	})
}

// Read gives what the journal in a folder says; without the folder or the file that is nothing. It writes nothing.
func Read(folder string) (History, error) {
	unlock, err := lockToRead(folder)
	if err != nil {
		return History{}, err
	}
	defer unlock()
	return read(folder)
}

// read reads without a lock.
func read(folder string) (History, error) {
	text, err := content(folder)
	if err != nil {
		return History{}, unreadable(err)
	}
	return parse(text), nil
}

// time is now as it is written: UTC, without the reading of the monotonic clock.
func (j *Journal) time() time.Time { return j.now().UTC().Round(0) }

// mayUndo refuses to take back what isn't there or was taken back: two processes can be asked for the same undo.
func (h History) mayUndo(id string) error {
	e, ok := h.Find(id)
	switch {
	case id == "" || !e.Open() && (e.State == StateDone || e.State == StateUnclear):
		return nil
	case !ok:
		return unknown(id)
	}
	return past(id, e.State, StateUndone)
}

// writable gives what the journal says and the line that was cut off at its end, if any, unless a newer version has
// written there.
func (j *Journal) writable() (h History, torn []byte, err error) {
	text, err := content(j.folder)
	if err != nil {
		return h, nil, unreadable(err)
	}
	h = parse(text)
	if h.Newer > 0 {
		return h, nil, newer(filepath.Join(j.folder, fileName), h.Newer)
	}
	_, torn = lines(text)
	return h, torn, nil
}

// append adds the line that next makes of what is there, with nobody in between.
func (j *Journal) append(next func(History) (event, error)) error {
	j.turn.Lock()
	defer j.turn.Unlock()
	unlock, err := lock(j.folder)
	if err != nil {
		return err
	}
	defer unlock()
	h, torn, err := j.writable()
	if err != nil {
		return err
	}
	e, err := next(h)
	if err != nil {
		return err
	}
	line, err := encode(e)
	if err != nil {
		return unwritable(err)
	}
	if len(torn) > 0 {
		line = append([]byte(tornMark), line...)
	}
	return j.write(line)
}

// write brings a line to the disk.
func (j *Journal) write(line []byte) error {
	if err := create(j.folder, j.sync); err != nil { // somebody may have removed it since Open
		return unwritable(err)
	}
	file, err := j.open(filepath.Join(j.folder, fileName))
	if err != nil {
		return unwritable(err)
	}
	_, err = file.Write(line)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return unwritable(err)
	}
	return nil
}

// openFile opens the file to append to it.
func openFile(path string) (appender, error) { return os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0) }
