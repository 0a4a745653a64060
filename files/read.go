// Package files reads and writes the files that a person names. It never waits for a file that is not a regular one, reads
// no more than a limit, and replaces only regular files.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Read gives the whole content of a regular file of at most that many bytes. A folder, a pipe, a device or a longer file is
// an error of type *fs.PathError at once. Opening a pipe would wait for a writer.
func Read(file string, maxBytes int64) ([]byte, error) {
	f, err := openRegular(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return ReadFrom(f, file, maxBytes)
}

// ReadFrom reads to the end, at most that many bytes. An error calls the source by the name.
func ReadFrom(r io.Reader, name string, maxBytes int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err == nil && int64(len(content)) > maxBytes {
		err = readError(name, fmt.Sprintf("it is longer than %s", sizeText(maxBytes)))
	}
	return content, err
}

// openRegular opens a regular file. It checks the kind before, so that it opens nothing else, and after, so that nobody can
// exchange the file in between.
func openRegular(file string) (*os.File, error) {
	info, err := os.Stat(file)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return nil, &fs.PathError{Op: "open", Path: file, Err: pathErr.Err} // the person asked for no more than that
	}
	if err == nil {
		err = checkRegular(file, info.Mode())
	}
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(file, os.O_RDONLY|nonblocking, 0)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = checkRegular(file, info.Mode())
	}
	if err != nil {
		_ = f.Close() // it is not read
		return nil, err
	}
	return f, nil
}

// checkRegular returns an error if the file is not a regular one.
func checkRegular(file string, mode fs.FileMode) error {
	if mode.IsRegular() {
		return nil
	}
	return readError(file, "it is "+modeText(mode)+", not a regular file")
}

// modeText names the kind of a file.
func modeText(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode&fs.ModeSymlink != 0:
		return "a link"
	}
	return "something else"
}

func readError(file, why string) error {
	return &fs.PathError{Op: "read", Path: file, Err: reasonError(why)}
}

// reasonError says why a file is refused.
type reasonError string

func (r reasonError) Error() string { return string(r) }

func sizeText(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}
