package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// sick is a file whose disk takes some bytes and no more, or can't bring them to the disk.
type sick struct {
	appender
	room int
	sync error
}

var errFull = errors.New("no space left on device")

func (s *sick) Write(p []byte) (int, error) {
	if len(p) <= s.room {
		return s.appender.Write(p)
	}
	n, _ := s.appender.Write(p[:s.room])
	return n, errFull
}

func (s *sick) Sync() error { return errors.Join(s.sync, s.appender.Sync()) }

func TestFullDisk(t *testing.T) {
	for _, room := range []int{0, 1, 60} {
		folder := t.TempDir()
		j := opened(t, folder)
		first := intended(t, j, grant())
		healthy := j.open
		j.open = func(path string) (appender, error) {
			file, err := healthy(path)
			return &sick{appender: file, room: room}, err
		}
		_, err := j.Intend(grant())
		refused(t, err, ErrUnwritable)
		if !errors.Is(err, errFull) || !strings.Contains(hint(err), "free space") {
			t.Errorf("%v: %s", err, hint(err))
		}
		refused(t, j.Settle(first.ID, Result{State: StateDone}), ErrUnwritable)
		j.open = healthy
		settled(t, j, first.ID, Result{State: StateDone})
		if h := history(t, folder); len(h.Entries) != 1 || h.Entries[0].State != StateDone {
			t.Errorf("with room for %d: %+v", room, h)
		}
	}
}

// A line that is whole but never reached the disk belongs to a request that was never sent: the entry says so.
func TestUnsyncedEntryIsNotSent(t *testing.T) {
	folder := t.TempDir()
	j := opened(t, folder)
	healthy, times := j.open, 0
	j.open = func(path string) (appender, error) {
		file, err := healthy(path)
		if times++; times == 1 {
			return &sick{appender: file, room: 1 << 20, sync: errors.New("input/output error")}, err
		}
		return file, err
	}
	_, err := j.Intend(grant())
	refused(t, err, ErrUnwritable)
	h := history(t, folder)
	if len(h.Entries) != 1 || h.Entries[0].State != StateFailed || !strings.HasPrefix(h.Entries[0].Message, "never sent") {
		t.Errorf("read %+v", h)
	}
}

// The order on the disk: the file is synced before Intend comes back.
func TestIntendSyncs(t *testing.T) {
	j := opened(t, t.TempDir())
	var did []string
	healthy := j.open
	j.open = func(path string) (appender, error) {
		file, err := healthy(path)
		return &noting{file, &did}, err
	}
	intended(t, j, grant())
	if got := fmt.Sprint(did); got != "[write sync close]" {
		t.Error(got)
	}
}

type noting struct {
	appender
	did *[]string
}

func (n *noting) Write(p []byte) (int, error) {
	*n.did = append(*n.did, "write")
	return n.appender.Write(p)
}
func (n *noting) Sync() error  { *n.did = append(*n.did, "sync"); return n.appender.Sync() }
func (n *noting) Close() error { *n.did = append(*n.did, "close"); return n.appender.Close() }

var _ io.Writer = (*noting)(nil)

// Where no journal can be, Open says so: before anything is read or changed.
func TestNoPlaceForAJournal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below")} {
		_, err := Open(folder, atNoon)
		refused(t, err, ErrUnwritable)
	}
	_, err := Read(filepath.Join(file, "below"))
	refused(t, err, ErrUnreadable)

	occupied := t.TempDir()
	if err := os.Mkdir(filepath.Join(occupied, fileName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err = Open(occupied, atNoon); err == nil || hint(err) == "" {
		t.Errorf("a folder in place of the file: %v", err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	folder := t.TempDir()
	j := opened(t, folder)
	intended(t, j, grant())
	for _, path := range []string{filepath.Join(folder, fileName), folder} {
		if err := os.Chmod(path, 0o500); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	_, err := j.Intend(grant())
	refused(t, err, ErrUnwritable)
	if h := history(t, folder); len(h.Entries) != 1 {
		t.Errorf("read %+v", h)
	}
}

// Somebody else's folder that is open to others is not tightened and not used.
func TestFolderOfSomebodyElse(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "whopulls")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(folder, 0o777), os.Chown(folder, 65534, -1)); err != nil {
		t.Skipf("a folder can't be given away: %v", err)
	}
	_, err := Open(folder, atNoon)
	refused(t, err, ErrUnwritable)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o777 {
		t.Errorf("the folder was changed: %v %v", info.Mode(), err)
	}
}

// A folder that went missing meanwhile is no reason to go on without a journal.
func TestFolderIsRemoved(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "whopulls")
	j := opened(t, folder)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	_, err := j.Intend(grant())
	refused(t, err, ErrUnwritable)
}

// The names of a new file and of its folder are on the disk before anything is written, also where whoever made the file
// died before they were.
func TestNamesAreSynced(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "whopulls")
	var synced []string
	j := &Journal{folder: folder, now: atNoon, open: openFile, id: NewID, sync: func(path string) error {
		synced = append(synced, path)
		return nil
	}}
	both := []string{folder, filepath.Dir(folder)}
	for _, about := range []string{"the file is new", "the file is empty"} {
		synced = nil
		if err := j.ready(); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(synced, both) {
			t.Errorf("%s: %q were synced", about, synced)
		}
	}
	j.sync = func(string) error { return errFull }
	_, err := j.Intend(grant())
	refused(t, err, ErrUnwritable)
}

// An id that an entry or a run has is given to no other.
func TestIDsAreNotGivenTwice(t *testing.T) {
	folder := t.TempDir()
	j := opened(t, folder)
	ids := []string{"taken", "taken", grant().Run, "another", grant().Run, "mine", "third"}
	j.id = func() string {
		id := ids[0]
		ids = ids[1:]
		return id
	}
	for _, want := range []string{"taken", "another"} {
		if e := intended(t, j, grant()); e.ID != want {
			t.Errorf("got %s, want %s", e.ID, want)
		}
	}
	e := grant()
	e.Run = "mine"
	if e = intended(t, j, e); e.ID != "third" {
		t.Errorf("got %s, which is a run's", e.ID)
	}
}

// What is in the way of the lock or the file, from the start or by now, is told by each call; nothing is written beside it.
func TestSomethingInTheWay(t *testing.T) {
	for _, name := range []string{lockName, fileName} {
		folder := t.TempDir()
		j := opened(t, folder)
		e := intended(t, j, grant())
		path := filepath.Join(folder, name)
		if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
			t.Fatal(err)
		}
		want := map[string]error{lockName: ErrUnwritable, fileName: ErrUnreadable}[name]
		_, err := j.Intend(grant())
		refused(t, err, want)
		refused(t, j.Settle(e.ID, Result{State: StateDone}), want)
		if _, err = Read(folder); name == fileName { // a folder can be locked to read
			refused(t, err, ErrUnreadable)
		}
		_, err = Open(folder, atNoon)
		refused(t, err, ErrUnwritable)
	}
}

// A link to itself is no file either.
func TestALinkInPlaceOfTheFile(t *testing.T) {
	folder := t.TempDir()
	if err := os.Symlink(fileName, filepath.Join(folder, fileName)); err != nil {
		t.Skip(err)
	}
	_, err := Open(folder, atNoon)
	refused(t, err, ErrUnwritable)
	_, err = Read(folder)
	refused(t, err, ErrUnreadable)
}

// A file that can't be opened, and a time that no line can hold: nothing is announced.
func TestNothingIsAnnouncedOnlyInPart(t *testing.T) {
	folder := t.TempDir()
	j := opened(t, folder)
	healthy := j.open
	j.open = func(string) (appender, error) { return nil, errFull }
	_, err := j.Intend(grant())
	refused(t, err, ErrUnwritable)
	j.open, j.now = healthy, func() time.Time { return time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }
	_, err = j.Intend(grant())
	refused(t, err, ErrUnwritable)
	if h := history(t, folder); len(h.Entries)+h.Torn != 0 {
		t.Errorf("read %+v", h)
	}
}
