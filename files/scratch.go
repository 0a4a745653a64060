package files

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/gofrs/flock"
)

const (
	// scratchPrefix begins the name of each folder of this program for temporary files.
	scratchPrefix = "whopulls-"
	// scratchLock is a file in it that its process keeps locked. The system frees a lock when a process ends, however it ends.
	scratchLock = ".lock"
)

// Scratch is a folder for temporary files of this process.
type Scratch struct {
	Path string // nobody can guess it and make the folder first
	mu   sync.Mutex
	made bool
	lock *flock.Flock // nil: it is not made, or its file system has no locks
}

// NewScratch names a folder. Nothing is made yet, so that a person who only looks leaves nothing behind.
func NewScratch(kind string) *Scratch {
	return &Scratch{Path: filepath.Join(os.TempDir(), scratchPrefix+kind+"-"+strings.ToLower(rand.Text()))}
}

// Make makes the folder, unless that has happened.
func (s *Scratch) Make() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.made {
		if err := os.Mkdir(s.Path, 0o700); err != nil {
			return err
		}
		l := flock.New(filepath.Join(s.Path, scratchLock))
		err := l.Lock() // who sweeps has it for a moment, before it is locked here
		switch {
		case err != nil: // without a lock nobody sweeps it
			s.made = true
			return os.RemoveAll(l.Path())
		case isInPlace(l):
			s.made, s.lock = true, l
		default: // it was swept: once more
			_ = l.Close()
		}
	}
	return nil
}

// Remove removes the folder, also one that another made at its path.
func (s *Scratch) Remove() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return os.RemoveAll(s.Path)
	}
	return removeLocked(s.Path, s.lock)
}

// removeLocked removes a folder under its lock, so that nobody takes it over. Windows removes no file that is open.
func removeLocked(folder string, l *flock.Flock) error {
	if runtime.GOOS == "windows" {
		return errors.Join(l.Close(), os.RemoveAll(folder))
	}
	return errors.Join(os.RemoveAll(folder), l.Close())
}

// SweepScratch removes the folders of processes that ended without removing them, as a process does that is killed.
func SweepScratch() {
	entries, _ := os.ReadDir(os.TempDir()) // a folder that can't be read has nothing of ours
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), scratchPrefix) {
			sweep(filepath.Join(os.TempDir(), e.Name()))
		}
	}
}

// sweep removes a folder that has a lock which nobody holds.
func sweep(folder string) {
	if !isOwnPrivateFolder(folder) || !exists(filepath.Join(folder, scratchLock)) {
		return
	}
	l := flock.New(filepath.Join(folder, scratchLock), flock.SetFlag(os.O_RDONLY)) // it is not made again
	defer func() { _ = l.Close() }()
	if locked, err := l.TryLock(); err == nil && locked && isInPlace(l) {
		_ = removeLocked(folder, l) // what can't be removed now is there for the next one
	}
}

// isInPlace reports whether a locked file is there still: it may have been removed before it was locked.
func isInPlace(l *flock.Flock) bool {
	locked, err := l.Stat()
	there, missing := os.Lstat(l.Path())
	return err == nil && missing == nil && os.SameFile(locked, there)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// isOwnPrivateFolder reports whether nobody else can have put anything into a folder. Anybody may make one in the system's own.
func isOwnPrivateFolder(folder string) bool {
	info, err := os.Lstat(folder)
	return err == nil && info.IsDir() && isOwn(info) && (runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0)
}
