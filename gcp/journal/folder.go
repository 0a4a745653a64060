package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

const (
	// lockTimeout is how long to wait for other processes; each holds the lock for one line.
	lockTimeout = 30 * time.Second
	// lockPollInterval is how often the lock is asked for in the meantime.
	lockPollInterval = 2 * time.Millisecond
)

// appender is the part of a file that writing needs.
type appender interface {
	io.WriteCloser
	Sync() error
}

// prepareFolder gives the folder, for its owner only: anyone who could write there would decide what undo does.
func prepareFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return unwritableError(err)
	}
	info, err := os.Stat(folder)
	if err != nil {
		return unwritableError(err)
	}
	if isPrivate(info) {
		return nil
	}
	if !ownedByUser(info) {
		return sharedFolderError(folder)
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		return unwritableError(err)
	}
	return nil
}

// isPrivate reports whether nobody else reads or writes there; Windows keeps that elsewhere than in the mode.
func isPrivate(info fs.FileInfo) bool {
	return runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0
}

// ensureFile makes sure of the file and that it survives a power cut: its name is in the folder, the folder's in its parent.
func ensureFile(folder string, sync func(string) error) error {
	path := filepath.Join(folder, fileName)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.Join(createFile(path), sync(folder), sync(filepath.Dir(folder)))
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%q is not a regular file", path)
	case !isPrivate(info):
		return os.Chmod(path, 0o600)
	case info.Size() == 0: // the process that made it may have died before its name was on the disk
		return errors.Join(sync(folder), sync(filepath.Dir(folder)))
	}
	return nil
}

// createFile creates the file.
func createFile(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// syncFolder brings a folder's names to the disk. Windows has no such call, and a folder that can't be opened for
// reading, as the parent may be, can't be synced either.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// readFile gives the file's text; without a file there is none.
func readFile(folder string) ([]byte, error) {
	path := filepath.Join(folder, fileName)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // a pipe would be waited for without end
		return nil, fmt.Errorf("%q is not a regular file", path)
	}
	return os.ReadFile(path)
}

// lock keeps every other reader and writer out until the function that it gives is called. Each call has a lock of its
// own, so that goroutines keep each other out too.
func lock(folder string) (unlock func(), err error) {
	l := flock.New(filepath.Join(folder, lockName)) // made with mode 0600
	return acquire(l, l.TryLockContext, unwritableError)
}

// lockToRead keeps writers out, whose line may be half there. Without a lock file nobody has written yet, or the folder
// is a copy, and reading must not change it.
func lockToRead(folder string) (unlock func(), err error) {
	path := filepath.Join(folder, lockName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	l := flock.New(path, flock.SetFlag(os.O_RDONLY))
	return acquire(l, l.TryRLockContext, unreadableError)
}

// acquire gets a lock, or an error once that takes too long.
func acquire(l *flock.Flock, try func(context.Context, time.Duration) (bool, error), failed func(error) error) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lockTimeout)
	defer cancel()
	switch _, err := try(ctx, lockPollInterval); {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, busyError(l.Path())
	case err != nil:
		return nil, failed(err)
	}
	return func() { _ = l.Unlock() }, nil // the end of the process frees it at the latest
}
