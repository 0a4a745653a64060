package files

import (
	"context"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func writeFile(t *testing.T, file, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", file, got, err, want)
	}
}

// returnsSoon fails when f does not come back in time: reading never waits.
func returnsSoon(t *testing.T, what string, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(30 * time.Second):
		t.Fatalf("%s: it waits", what)
		return nil
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	writeFile(t, file, "12345", 0o600)
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{file, link} {
		t.Run(name, func(t *testing.T) {
			if content, err := Read(name, 5); err != nil || string(content) != "12345" {
				t.Errorf("%s: %q, %v", name, content, err)
			}
			if _, err := Read(name, 4); err == nil || !strings.Contains(err.Error(), "longer") {
				t.Errorf("%s is longer than is read: %v", name, err)
			}
		})
	}
	if _, err := Read(filepath.Join(dir, "none"), 5); !os.IsNotExist(err) {
		t.Error(err)
	}
	if _, err := Read(dir, 5); err == nil || !strings.Contains(err.Error(), "a folder") {
		t.Errorf("a folder: %v", err)
	}
}

// A file of a gigabyte is found too long without being read.
func TestReadOfAHugeFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "huge")
	writeFile(t, file, "", 0o600)
	if err := os.Truncate(file, 1<<30); err != nil {
		t.Skip(err)
	}
	if _, err := Read(file, 1<<20); err == nil || !strings.Contains(err.Error(), "longer than 1 MiB") {
		t.Error(err)
	}
}

func TestWriteReplacesRegularFiles(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := Write(t.Context(), file, "new", PrivateMode); err != nil {
		t.Fatal(err)
	}
	wantContent(t, file, "new")
	writeFile(t, file, "old and longer", 0o644)
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	before, err := os.Open(file) // a reader that has it open
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	if err := Write(t.Context(), file, "new", PrivateMode); err != nil {
		t.Fatal(err)
	}
	held := make([]byte, 20)
	if n, _ := before.Read(held); string(held[:n]) != "old and longer" {
		t.Errorf("who had it open reads %q", held[:n])
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != PrivateMode {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	if err := Write(t.Context(), link, "through", PrivateMode); err != nil {
		t.Fatal(err)
	}
	wantContent(t, file, "through")
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("drafts are left behind: %v", left)
	}
}

// What is refused stays as it was.
func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	nowhere, folder := filepath.Join(dir, "nowhere"), filepath.Join(dir, "folder")
	toFolder, socket := filepath.Join(dir, "to-folder"), filepath.Join(dir, "s")
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Skip(err)
	}
	defer listener.Close()
	for _, err := range []error{os.Mkdir(folder, 0o700), os.Symlink(filepath.Join(dir, "gone"), nowhere), os.Symlink(folder, toFolder)} {
		if err != nil {
			t.Skip(err)
		}
	}
	for _, file := range []string{nowhere, folder, toFolder, socket} {
		t.Run(file, func(t *testing.T) {
			before, err := os.Lstat(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := Write(t.Context(), file, "new", PrivateMode); err == nil {
				t.Errorf("%s was written", file)
			}
			if after, err := os.Lstat(file); err != nil || after.Mode() != before.Mode() {
				t.Errorf("%s is %v now, %v", file, after.Mode(), err)
			}
		})
	}
	if _, err := os.Lstat(filepath.Join(dir, "gone")); err == nil {
		t.Error("a link that led nowhere was followed")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := Write(stopped, folder, "new", PrivateMode); err == nil {
		t.Error("a folder was written")
	}
}

// A new file never takes the place of another, is private, and gets a number where its name is taken.
func TestCreate(t *testing.T) {
	folder := t.TempDir()
	first := filepath.Join(folder, "myjob.request.txt")
	for n, want := range []string{"myjob.request.txt", "myjob.request-2.txt", "myjob.request-3.txt"} {
		t.Run(want, func(t *testing.T) {
			path, err := Create(first, strconv.Itoa(n))
			if err != nil || path != filepath.Join(folder, want) {
				t.Fatalf("%s, %v", path, err)
			}
			content, err := os.ReadFile(path)
			info, statErr := os.Stat(path)
			if err != nil || statErr != nil || string(content) != strconv.Itoa(n) || runtime.GOOS != "windows" && info.Mode().Perm() != PrivateMode {
				t.Errorf("%q with mode %v, %v, %v", content, info.Mode(), err, statErr)
			}
		})
	}
	if _, err := Create(filepath.Join(folder, "none", "file"), ""); err == nil {
		t.Error("a folder that is not there is written into")
	}
}
