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

	"whopulls/model/ledger"
)

// failingFile is a file whose disk takes some bytes and no more, or can't bring them to the disk.
type failingFile struct {
	appender
	capacity  int
	syncError error
}

var errFull = errors.New("no space left on device")

func (s *failingFile) Write(p []byte) (int, error) {
	if len(p) <= s.capacity {
		return s.appender.Write(p)
	}
	n, _ := s.appender.Write(p[:s.capacity])
	return n, errFull
}

func (s *failingFile) Sync() error { return errors.Join(s.syncError, s.appender.Sync()) }

func TestFullDisk(t *testing.T) {
	for _, room := range []int{0, 1, 60} {
		t.Run(fmt.Sprintf("room for %d", room), func(t *testing.T) {
			folder := t.TempDir()
			j := mustOpen(t, folder)
			first := mustAnnounce(t, j, grantEntry())
			healthy := j.open
			j.open = func(path string) (appender, error) {
				file, err := healthy(path)
				return &failingFile{appender: file, capacity: room}, err
			}
			_, err := j.Announce(grantEntry())
			wantError(t, err, ErrUnwritable)
			if !errors.Is(err, errFull) || !strings.Contains(hint(err), "free space") {
				t.Errorf("%v: %s", err, hint(err))
			}
			wantError(t, j.AddResult(first.ID, Result{State: ledger.StateDone}), ErrUnwritable)
			j.open = healthy
			mustAddResult(t, j, first.ID, Result{State: ledger.StateDone})
			if h := mustRead(t, folder); len(h.Entries) != 1 || h.Entries[0].State != ledger.StateDone {
				t.Errorf("with room for %d: %+v", room, h)
			}
		})
	}
}

// A line that is whole but never reached the disk belongs to a request that was never sent: the entry says so.
func TestUnsyncedEntryIsNotSent(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	healthy, times := j.open, 0
	j.open = func(path string) (appender, error) {
		file, err := healthy(path)
		if times++; times == 1 {
			return &failingFile{appender: file, capacity: 1 << 20, syncError: errors.New("input/output error")}, err
		}
		return file, err
	}
	_, err := j.Announce(grantEntry())
	wantError(t, err, ErrUnwritable)
	h := mustRead(t, folder)
	if len(h.Entries) != 1 || h.Entries[0].State != ledger.StateFailed || !strings.HasPrefix(h.Entries[0].Message, "never sent") {
		t.Errorf("read %+v", h)
	}
}

// The order on the disk: the file is synced before Intend comes back.
func TestIntendSyncs(t *testing.T) {
	j := mustOpen(t, t.TempDir())
	var did []string
	healthy := j.open
	j.open = func(path string) (appender, error) {
		file, err := healthy(path)
		return &recordingFile{file, &did}, err
	}
	mustAnnounce(t, j, grantEntry())
	if got := fmt.Sprint(did); got != "[write sync close]" {
		t.Error(got)
	}
}

type recordingFile struct {
	appender
	calls *[]string
}

func (n *recordingFile) Write(p []byte) (int, error) {
	*n.calls = append(*n.calls, "write")
	return n.appender.Write(p)
}
func (n *recordingFile) Sync() error { *n.calls = append(*n.calls, "sync"); return n.appender.Sync() }
func (n *recordingFile) Close() error {
	*n.calls = append(*n.calls, "close")
	return n.appender.Close()
}

var _ io.Writer = (*recordingFile)(nil)

// Where no journal can be, Open says so: before anything is read or changed.
func TestNoPlaceForAJournal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below")} {
		_, err := Open(folder, atNoon)
		wantError(t, err, ErrUnwritable)
	}
	_, err := Read(filepath.Join(file, "below"))
	wantError(t, err, ErrUnreadable)

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
	j := mustOpen(t, folder)
	mustAnnounce(t, j, grantEntry())
	for _, path := range []string{filepath.Join(folder, fileName), folder} {
		if err := os.Chmod(path, 0o500); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	_, err := j.Announce(grantEntry())
	wantError(t, err, ErrUnwritable)
	if h := mustRead(t, folder); len(h.Entries) != 1 {
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
	wantError(t, err, ErrUnwritable)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o777 {
		t.Errorf("the folder was changed: %v %v", info.Mode(), err)
	}
}

// A folder that went missing meanwhile is no reason to continue without a journal.
func TestFolderIsRemoved(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "whopulls")
	j := mustOpen(t, folder)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	_, err := j.Announce(grantEntry())
	wantError(t, err, ErrUnwritable)
}

// The names of a new file and of its folder are on the disk before anything is written, also where the process that made the file
// died before they were.
func TestNamesAreSynced(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "whopulls")
	var synced []string
	j := &Journal{folder: folder, now: atNoon, open: openFile, newID: NewID, sync: func(path string) error {
		synced = append(synced, path)
		return nil
	}}
	both := []string{folder, filepath.Dir(folder)}
	for _, about := range []string{"the file is new", "the file is empty"} {
		synced = nil
		if err := j.setUp(); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(synced, both) {
			t.Errorf("%s: %q were synced", about, synced)
		}
	}
	j.sync = func(string) error { return errFull }
	_, err := j.Announce(grantEntry())
	wantError(t, err, ErrUnwritable)
}

// An id that an entry or a run has is given to no other.
func TestIDsAreNotGivenTwice(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	ids := []string{"taken", "taken", grantEntry().Run, "another", grantEntry().Run, "mine", "third"}
	j.newID = func() string {
		id := ids[0]
		ids = ids[1:]
		return id
	}
	for _, want := range []string{"taken", "another"} {
		if e := mustAnnounce(t, j, grantEntry()); e.ID != want {
			t.Errorf("got %s, want %s", e.ID, want)
		}
	}
	e := grantEntry()
	e.Run = "mine"
	if e = mustAnnounce(t, j, e); e.ID != "third" {
		t.Errorf("got %s, which is a run's", e.ID)
	}
}

// Each call reports what blocks the lock or the file, from the start or by now, and writes nothing.
func TestSomethingInTheWay(t *testing.T) {
	for _, name := range []string{lockName, fileName} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			j := mustOpen(t, folder)
			e := mustAnnounce(t, j, grantEntry())
			path := filepath.Join(folder, name)
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Fatal(err)
			}
			want := map[string]error{lockName: ErrUnwritable, fileName: ErrUnreadable}[name]
			_, err := j.Announce(grantEntry())
			wantError(t, err, want)
			wantError(t, j.AddResult(e.ID, Result{State: ledger.StateDone}), want)
			if _, err = Read(folder); name == fileName { // a folder can be locked to read
				wantError(t, err, ErrUnreadable)
			}
			_, err = Open(folder, atNoon)
			wantError(t, err, ErrUnwritable)
		})
	}
}

// A link to itself is no file either.
func TestALinkInPlaceOfTheFile(t *testing.T) {
	folder := t.TempDir()
	if err := os.Symlink(fileName, filepath.Join(folder, fileName)); err != nil {
		t.Skip(err)
	}
	_, err := Open(folder, atNoon)
	wantError(t, err, ErrUnwritable)
	_, err = Read(folder)
	wantError(t, err, ErrUnreadable)
}

// A file that can't be opened, and a time that no line can hold: nothing is announced.
func TestNothingIsAnnouncedOnlyInPart(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	healthy := j.open
	j.open = func(string) (appender, error) { return nil, errFull }
	_, err := j.Announce(grantEntry())
	wantError(t, err, ErrUnwritable)
	j.open, j.now = healthy, func() time.Time { return time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }
	_, err = j.Announce(grantEntry())
	wantError(t, err, ErrUnwritable)
	if h := mustRead(t, folder); len(h.Entries)+h.Torn != 0 {
		t.Errorf("read %+v", h)
	}
}
