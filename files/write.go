package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"whopulls/guard"
)

// PrivateMode is the mode of files that others must not read.
const PrivateMode fs.FileMode = 0o600

// Write writes the content into the file that a person named.
//
//   - A regular file, or a new one, is replaced at once, with the mode: a reader finds the old content or all of the new.
//   - A terminal, /dev/null and similar devices are written to. A disk is not.
//   - A pipe is written to. The context limits how long Write waits for a reader.
//   - A link is followed only to a regular file of the link's owner: any other link could be a trap. The links that a system
//     has for the standard streams are followed too.
func Write(ctx context.Context, file, content string, mode fs.FileMode) error {
	target, info, err := resolve(file)
	switch {
	case err != nil:
		return err
	case info == nil || info.Mode().IsRegular():
		return Replace(target, content, mode)
	case info.Mode()&(fs.ModeCharDevice|fs.ModeNamedPipe) != 0:
		return writeStream(ctx, target, content)
	}
	return writeError(file, "it is "+modeText(info.Mode()))
}

// resolve gives the path that a write goes to, and what is there: nil for nothing.
func resolve(file string) (target string, info fs.FileInfo, err error) {
	info, err = os.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return file, nil, nil
	}
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return file, info, err
	}
	if slices.Contains(standardStreams, filepath.Clean(file)) {
		info, err = os.Stat(file)
		return file, info, err
	}
	if target, err = filepath.EvalSymlinks(file); err != nil {
		return "", nil, writeError(file, "it is a link that leads nowhere")
	}
	linked, err := os.Lstat(target)
	switch {
	case err != nil:
		return "", nil, err
	case !linked.Mode().IsRegular():
		return "", nil, writeError(file, "it is a link to "+modeText(linked.Mode()))
	case !sameOwner(info, linked):
		return "", nil, writeError(file, "it is a link to a file of somebody else")
	}
	return target, linked, nil
}

// standardStreams are the links that a system has for the standard streams.
var standardStreams = []string{"/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2", "/proc/self/fd/1", "/proc/self/fd/2"}

// writeStream writes to a device or a pipe. Only the end of the process ends the wait for a pipe's reader, so writeStream
// leaves the write behind when the context ends.
func writeStream(ctx context.Context, file, content string) error {
	done := make(chan error, 1)
	guard.Go(func() {
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString(content)
			err = errors.Join(err, f.Close())
		}
		done <- err
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Replace writes a whole new file, instead of a regular one if there is one.
func Replace(file, content string, mode fs.FileMode) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-") // made with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	_, err = temp.WriteString(content)
	if mode != PrivateMode {
		err = errors.Join(err, temp.Chmod(mode))
	}
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}

func writeError(file, why string) error {
	return &fs.PathError{Op: "write", Path: file, Err: reasonError(why)}
}

// Create writes a new private file and gives its path. A file that is there stays: the new one gets a number, as name-2.txt.
func Create(file, content string) (path string, err error) {
	const mostNumbers = 1000
	ending := filepath.Ext(file)
	for n := 1; n <= mostNumbers; n++ {
		path = file
		if n > 1 {
			path = strings.TrimSuffix(file, ending) + "-" + strconv.Itoa(n) + ending
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, PrivateMode)
		switch {
		case errors.Is(err, fs.ErrExist):
			continue
		case err != nil:
			return "", err
		}
		_, err = f.WriteString(content)
		return path, errors.Join(err, f.Close())
	}
	return "", writeError(file, "there are too many of this name")
}
