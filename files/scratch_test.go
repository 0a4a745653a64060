package files

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// temporary makes a folder the system's for temporary files.
func temporary(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder) // Windows
	return folder
}

// makeScratch makes a folder with a file in it.
func makeScratch(t *testing.T) *Scratch {
	t.Helper()
	s := NewScratch("test")
	if err := errors.Join(s.Make(), s.Make()); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(s.Path, "file"), "content", PrivateMode)
	return s
}

// A folder is made when it is asked for, for its owner only, and removed with all that is in it.
func TestScratch(t *testing.T) {
	temp := temporary(t)
	s := NewScratch("test")
	if err := s.Remove(); err != nil || exists(s.Path) {
		t.Errorf("one that was not made: %v", err)
	}
	s = makeScratch(t)
	if info, err := os.Stat(s.Path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("it is %v, %v", info.Mode(), err)
	}
	if err := s.Remove(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// What a killed process left is removed. What a living one has, and what is not certainly ours, stays.
func TestSweepScratch(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, folder string)
		stays   bool
	}{
		"of a process that ended": {func(t *testing.T, folder string) { writeFile(t, filepath.Join(folder, scratchLock), "", PrivateMode) }, false},
		"without a lock":          {func(*testing.T, string) {}, true},
		"open to others": {func(t *testing.T, folder string) {
			writeFile(t, filepath.Join(folder, scratchLock), "", PrivateMode)
			if err := os.Chmod(folder, 0o755); err != nil || runtime.GOOS == "windows" {
				t.Skipf("a mode can't be set: %v", err)
			}
		}, true},
		"of somebody else": {func(t *testing.T, folder string) {
			writeFile(t, filepath.Join(folder, scratchLock), "", PrivateMode)
			if err := os.Chown(folder, 65534, -1); err != nil {
				t.Skipf("a folder can't be given away: %v", err)
			}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(temporary(t), scratchPrefix+"state-abc")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			c.prepare(t, folder)
			living := makeScratch(t)
			SweepScratch()
			if exists(folder) != c.stays {
				t.Errorf("it stays: %v, want %v", exists(folder), c.stays)
			}
			wantContent(t, filepath.Join(living.Path, "file"), "content")
		})
	}
}

// A link with such a name leads nowhere.
func TestSweepFollowsNoLink(t *testing.T) {
	temp, other := temporary(t), t.TempDir()
	writeFile(t, filepath.Join(other, scratchLock), "", PrivateMode)
	if err := errors.Join(os.Chmod(other, 0o700), os.Symlink(other, filepath.Join(temp, scratchPrefix+"link"))); err != nil {
		t.Skip(err)
	}
	if SweepScratch(); !exists(filepath.Join(other, scratchLock)) {
		t.Error("what it leads to is removed")
	}
}

// A sweep removes none of the folders that others are making.
func TestSweepWhileOthersMakeTheirs(t *testing.T) {
	temporary(t)
	done := make(chan struct{})
	var sweeping, making sync.WaitGroup
	for range 2 {
		sweeping.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					SweepScratch()
				}
			}
		})
	}
	for range 4 {
		making.Go(func() {
			for range 50 {
				s := NewScratch("test")
				if err := s.Make(); err != nil || !exists(filepath.Join(s.Path, scratchLock)) {
					t.Errorf("it is not there: %v", err)
				}
				if err := s.Remove(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	making.Wait()
	close(done)
	sweeping.Wait()
}
