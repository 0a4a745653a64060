package journal

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"whopulls/model/ledger"
)

// A file system that is really full, where one can be mounted.
func TestReallyFullDisk(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64k,mode=700"); err != nil {
		t.Skipf("no file system can be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	j := mustOpen(t, folder)
	first := mustAnnounce(t, j, grantEntry())
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	written, err := 1, error(nil)
	for ; err == nil && written < 100; written++ { // the file's last page still has room
		_, err = j.Announce(grantEntry())
	}
	wantError(t, err, ErrUnwritable)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	mustAddResult(t, j, first.ID, Result{State: ledger.StateDone})
	if h := mustRead(t, folder); len(h.Entries) != written-1 || h.Entries[0].State != ledger.StateDone {
		t.Errorf("%d entries, want %d", len(h.Entries), written-1)
	}
}

// What is no file is not taken for the journal, not waited for, and not changed.
func TestAPipeInPlaceOfTheFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, fileName)
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(folder, atNoon)
	wantError(t, err, ErrUnwritable)
	_, err = Read(folder)
	wantError(t, err, ErrUnreadable)
	if after, err := os.Stat(path); err != nil || after.Mode() != before.Mode() {
		t.Errorf("the pipe became %v, %v", after.Mode(), err)
	}
}
