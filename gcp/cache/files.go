package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"whopulls/files"
	"whopulls/model"
)

// privateFolder holds one file for each fact; empty: no folder. Only its owner may read or write it, because its facts
// decide verdicts.
type privateFolder string

const (
	suffix      = ".json"
	draftPrefix = ".draft-"
	// maxFactBytes is more than the longest predefined role needs.
	maxFactBytes = 8 << 20
	// maxScanBytes is more than the checkpoint of a large organization needs.
	maxScanBytes = 1 << 30
	// maxFactValues and maxScanValues limit the JSON values in a file. A scan keeps limits.Entries of a few values each.
	maxFactValues = 1_000_000
	maxScanValues = 30_000_000
	// maxRemoved limits how many files one command checks for their age.
	maxRemoved = 1000
)

// fileName is a digest of the key, because a key may be too long for a file name and hold any character.
func (e entry) fileName() string {
	sum := sha256.Sum256([]byte(e.Key))
	return string(e.Kind) + "-" + hex.EncodeToString(sum[:16]) + suffix
}

// read returns a file's entry. A file that can't be read or parsed counts as missing.
func (f privateFolder) read(name string) (e entry, ok bool) {
	if !f.isPrivate() {
		return e, false
	}
	most, values := maxFactBytes, maxFactValues
	if strings.HasPrefix(name, string(Scan)+"-") {
		most, values = maxScanBytes, maxScanValues
	}
	text, err := files.Read(filepath.Join(string(f), name), int64(most))
	return e, err == nil && model.CheckJSONLimits(text, values) == nil && json.Unmarshal(text, &e) == nil
}

// write replaces the entry's file in one step: a reader at the same time finds the old or the new one, whole.
func (f privateFolder) write(e entry) {
	text, err := json.Marshal(e)
	if err != nil || !f.ensure() {
		return
	}
	draft, err := os.CreateTemp(string(f), draftPrefix) // made with mode 0600
	if err != nil {
		return
	}
	_, err = draft.Write(text)
	if err = errors.Join(err, draft.Close()); err == nil {
		err = os.Rename(draft.Name(), filepath.Join(string(f), e.fileName()))
	}
	if err != nil {
		_ = os.Remove(draft.Name()) // if this fails too, removeExpired does it later
	}
}

// ensure makes the folder, for its owner only. It reports false for somebody else's folder: that mode can't be changed.
func (f privateFolder) ensure() bool {
	if os.MkdirAll(string(f), 0o700) != nil {
		return false
	}
	return f.isPrivate() || os.Chmod(string(f), 0o700) == nil
}

// isPrivate reports whether only the owner can use the folder. On Windows the mode does not say.
func (f privateFolder) isPrivate() bool {
	info, err := os.Stat(string(f))
	return err == nil && info.IsDir() && (runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0)
}

// removeExpired removes expired files: the keys of a sandbox are useless once it has stopped. It checks maxRemoved files
// at most and leaves the rest to the next command.
func (f privateFolder) removeExpired(now time.Time) {
	dir, err := os.Open(string(f))
	if err != nil {
		return
	}
	defer func() { _ = dir.Close() }()    // only read from
	entries, _ := dir.ReadDir(maxRemoved) // an error leaves the rest to the next command
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && now.Sub(info.ModTime()) >= maxAgeOf(e.Name()) {
			_ = os.Remove(filepath.Join(string(f), e.Name())) // another command may have removed it
		}
	}
}

// maxAgeOf returns how long a file of ours is valid, by its name. Other files never expire.
func maxAgeOf(name string) time.Duration {
	if strings.HasPrefix(name, draftPrefix) {
		return time.Hour // left behind by a killed command
	}
	s, _, ok := strings.Cut(name, "-")
	if life := maxAges[Kind(s)]; ok && life > 0 && strings.HasSuffix(name, suffix) {
		return life
	}
	return 1<<63 - 1
}
