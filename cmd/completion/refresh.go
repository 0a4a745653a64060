package completion

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/adrg/xdg"
	"github.com/gofrs/flock"
)

// variable is set for the process that completes a command line once more, for the lists that it keeps.
const variable = "WHOPULLS_REFILLING"

// Starter gives what starts such a process; it is nil in one.
func Starter() func(args []string) error {
	if os.Getenv(variable) != "" {
		return nil
	}
	return startRefresh
}

// Lock lets one such process read at a time, however often a person presses tab. The lock goes with the process, as
// long as somebody holds on to it.
func Lock() (lock *flock.Flock, locked bool) {
	folder := filepath.Join(xdg.CacheHome, "whopulls")
	if os.MkdirAll(folder, 0o700) != nil {
		return nil, false
	}
	lock = flock.New(filepath.Join(folder, "refill.lock"))
	free, err := lock.TryLock()
	return lock, err == nil && free
}

// startRefresh completes a command line in a process of its own that nobody waits for. It has no terminal and
// no output, and ends after refreshTimeout.
func startRefresh(args []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c := exec.CommandContext(context.Background(), self, args...)
	c.Env = append(os.Environ(), variable+"=true")
	c.SysProcAttr = detached()
	if err := c.Start(); err != nil {
		return err
	}
	return c.Process.Release()
}
