package settings

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/gofrs/flock"

	"whopulls/files"
	"whopulls/model"
	"whopulls/tui"
)

// errUnchanged says that the settings were left as they are.
var errUnchanged = errors.New("the settings stay as they are")

// SaveRecent writes a pick into the settings. It is a convenience: a file that can't be read, or not be
// written, is left alone, silently. The lock is in another folder, which is not somebody's collection of
// dotfiles.
func SaveRecent(file, lockFolder string, pick tui.Recent) error {
	if file == "" || lockFolder == "" {
		return errUnchanged
	}
	if err := os.MkdirAll(lockFolder, 0o700); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(lockFolder, "settings.lock"))
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 2*time.Millisecond); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }() // the end of the process frees it at the latest
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return rewriteFile(file, func(content string) (string, error) {
		current, err := Parse(file, content)
		if err != nil {
			return "", err
		}
		return replaceRecent(content, tui.AddRecent(current.Recent, pick))
	})
}

// rewriteFile replaces a file's content in one go, behind a symbolic link if it is one. Somebody who has taken away the
// right to write meant it, although replacing a file does not need it.
func rewriteFile(file string, change func(string) (string, error)) error {
	content, mode := []byte(nil), fs.FileMode(0o600)
	target, err := filepath.EvalSymlinks(file)
	switch _, absent := os.Lstat(file); {
	case errors.Is(absent, fs.ErrNotExist):
		target = file
	case err != nil:
		return err
	default:
		info, err := os.Stat(target)
		if err != nil || !info.Mode().IsRegular() || info.Mode()&0o200 == 0 {
			return errors.Join(errUnchanged, err)
		}
		mode = info.Mode().Perm()
		if content, err = files.Read(target, maxSize); err != nil {
			return err
		}
	}
	text, err := change(string(content))
	if err != nil || text == string(content) {
		return err
	}
	return files.Replace(target, text, mode)
}

// replaceRecent puts the picks into a settings text. Every other byte stays: the block of the key recent is replaced, or
// put behind everything else. A text in which that goes wrong, as one in braces, is refused.
func replaceRecent(content string, recent []tui.Recent) (string, error) {
	newline := "\n"
	if strings.Contains(content, "\r\n") {
		newline = "\r\n"
	}
	lines := strings.SplitAfter(content, "\n")
	indent := topIndent(lines)
	block, err := formatRecent(recent, indent, newline)
	if err != nil {
		return "", err
	}
	first, last := recentLines(lines, indent)
	before := strings.Join(lines[:first], "")
	if before != "" && !strings.HasSuffix(before, "\n") {
		before += newline
	}
	text := before + block + strings.Join(lines[last:], "")
	return text, checkOnlyRecentChanged(content, text, recent)
}

// topIndent is what stands before the top-level keys.
func topIndent(lines []string) string {
	for _, line := range lines {
		if !isBlankOrComment(line) && !strings.HasPrefix(line, "---") {
			return line[:len(line)-len(strings.TrimLeft(line, " "))]
		}
	}
	return ""
}

// recentLines are the lines of the key recent, up to the last one that belongs to it. Comments and empty
// lines after that are the user's. Without the key there are no such lines: the end of the file.
func recentLines(lines []string, indent string) (first, last int) {
	first = slices.IndexFunc(lines, func(line string) bool {
		key, _, ok := strings.Cut(line, ":")
		return ok && strings.HasPrefix(key, indent) && strings.Trim(key[len(indent):], `"' `) == "recent"
	})
	if first < 0 {
		return len(lines), len(lines)
	}
	last = first + 1
	for n := last; n < len(lines); n++ {
		rest := strings.TrimPrefix(lines[n], indent)
		switch {
		case isBlankOrComment(lines[n]):
		case strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "- ") || strings.TrimSpace(rest) == "-":
			last = n + 1
		default:
			return first, last
		}
	}
	return first, last
}

// isBlankOrComment tells a line that carries nothing.
func isBlankOrComment(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || strings.HasPrefix(line, "#")
}

// formatRecent writes the picks, each in a line.
func formatRecent(recent []tui.Recent, indent, newline string) (string, error) {
	var b strings.Builder
	b.WriteString(indent + "recent:" + newline)
	for _, r := range recent {
		line, err := yaml.MarshalWithOptions(recentYAMLOf(r), yaml.Flow(true))
		if err != nil {
			return "", err
		}
		b.WriteString(indent + "  - " + strings.TrimSpace(string(line)) + newline)
	}
	return b.String(), nil
}

// recentYAMLOf is a pick as it is written.
func recentYAMLOf(r tui.Recent) recentYAML {
	text := recentYAML{Project: r.Project, Verdict: string(r.Last.Verdict), Checks: r.Last.Count}
	if !r.Last.Time.IsZero() {
		text.Checked = r.Last.Time.UTC().Format(time.RFC3339)
	}
	if w := r.Workload; w != nil {
		text.Region = w.Region
		switch w.Kind {
		case model.Service:
			text.Service = w.Name
		case model.Job:
			text.Job = w.Name
		case model.WorkerPool:
			text.WorkerPool = w.Name
		}
	}
	return text
}

// checkOnlyRecentChanged reads both texts and finds nothing changed but what was to be.
func checkOnlyRecentChanged(before, after string, recent []tui.Recent) error {
	old, err := Parse("", before)
	if err != nil {
		return err
	}
	fresh, err := Parse("", after)
	if err != nil {
		return err
	}
	old.Recent = recent
	if !reflect.DeepEqual(old, fresh) {
		return errUnchanged
	}
	return nil
}
