//go:build unix

package files

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe and a device are errors at once: nobody writes into the pipe, and the device never ends.
func TestReadOfWhatIsNoFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for file, want := range map[string]string{pipe: "a pipe", "/dev/zero": "a device", "/dev/null": "a device"} {
		t.Run(file, func(t *testing.T) {
			err := returnsSoon(t, file, func() error { _, err := Read(file, 10); return err })
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", file, err)
			}
		})
	}
}

// Pipes and devices are written to and stay what they are, also as root.
func TestWriteIntoPipesAndDevices(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	said := make(chan string)
	go func() {
		f, err := os.Open(pipe)
		if err != nil {
			said <- err.Error()
			return
		}
		defer f.Close()
		content, _ := io.ReadAll(f)
		said <- string(content)
	}()
	if err := Write(t.Context(), pipe, "hello", PrivateMode); err != nil {
		t.Fatal(err)
	}
	if got := <-said; got != "hello" {
		t.Errorf("the pipe's reader got %q", got)
	}
	before, err := os.Stat("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(t.Context(), "/dev/null", "hello", PrivateMode); err != nil {
		t.Error(err)
	}
	for _, file := range []string{"/dev/null", pipe} {
		t.Run(file, func(t *testing.T) {
			info, err := os.Lstat(file)
			if err != nil || info.Mode().IsRegular() {
				t.Errorf("%s is %v now, %v", file, info.Mode(), err)
			}
		})
	}
	if after, err := os.Stat("/dev/null"); err != nil || after.Mode() != before.Mode() {
		t.Errorf("/dev/null was %v and is %v, %v", before.Mode(), after.Mode(), err)
	}
}

// A pipe that nobody reads is given up when the program must end.
func TestWriteIntoAPipeEnds(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := returnsSoon(t, "a pipe that nobody reads", func() error { return Write(ctx, pipe, "hello", PrivateMode) })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	f, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0) // lets the one left behind end
	if err == nil {
		_ = f.Close()
	}
}

// A link to somebody else's file, or to a device, could be a trap.
func TestWriteFollowsNoLinkToOthers(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	writeFile(t, target, "theirs", 0o666)
	if err := errors.Join(os.Symlink(target, link), os.Chown(target, 65534, -1)); err != nil {
		t.Skipf("a file can't be given away: %v", err)
	}
	toDevice := filepath.Join(dir, "to-device")
	if err := os.Symlink("/dev/null", toDevice); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{link, toDevice} {
		t.Run(file, func(t *testing.T) {
			if err := Write(t.Context(), file, "ours", PrivateMode); err == nil || !strings.Contains(err.Error(), "a link to") {
				t.Errorf("%s: %v", file, err)
			}
		})
	}
	wantContent(t, target, "theirs")
}
