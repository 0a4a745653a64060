package gcp

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

// cacheFolder holds one small file for each kept fact; empty means none. It belongs to its owner only, because what is kept
// there decides verdicts.
type cacheFolder string

const (
	cacheSuffix = ".json"
	draftPrefix = ".draft-"
	// maxFactBytes is more than the longest predefined role comes to.
	maxFactBytes = 8 << 20
	// maxScanBytes is more than the scan of a large organization keeps.
	maxScanBytes = 1 << 30
	// maxFactValues and maxScanValues are how many values the files hold at most; a scan keeps limits.Entries of a few values each.
	maxFactValues = 1_000_000
	maxScanValues = 30_000_000
	// maxRemoved bounds what looking for old files costs.
	maxRemoved = 1000
)

// fileName names the entry's file: the key itself may be too long and hold anything.
func (e cacheEntry) fileName() string {
	sum := sha256.Sum256([]byte(e.Key))
	return string(e.Kind) + "-" + hex.EncodeToString(sum[:16]) + cacheSuffix
}

// read gives a file's entry; one that can't be read or understood is not there.
func (f cacheFolder) read(name string) (e cacheEntry, ok bool) {
	if !f.isPrivate() {
		return e, false
	}
	most, values := maxFactBytes, maxFactValues
	if strings.HasPrefix(name, string(kindScan)+"-") {
		most, values = maxScanBytes, maxScanValues
	}
	text, err := files.Read(filepath.Join(string(f), name), int64(most))
	return e, err == nil && model.CheckJSONLimits(text, values) == nil && json.Unmarshal(text, &e) == nil
}

// write puts the entry into its file at once, so that whoever reads at the same time finds the old or the new one whole.
func (f cacheFolder) write(e cacheEntry) {
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
		_ = os.Remove(draft.Name()) // swept later, where even this fails
	}
}

// ensure gives the folder, for its owner only. Of a folder that is somebody else's the mode can't be changed.
func (f cacheFolder) ensure() bool {
	if os.MkdirAll(string(f), 0o700) != nil {
		return false
	}
	return f.isPrivate() || os.Chmod(string(f), 0o700) == nil
}

// isPrivate tells whether nobody else reads or writes in the folder; Windows keeps that elsewhere than in the mode.
func (f cacheFolder) isPrivate() bool {
	info, err := os.Stat(string(f))
	return err == nil && info.IsDir() && (runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0)
}

// removeExpired removes files older than their life: the keys of a sandbox are of no use once it has stopped. It looks at so
// many files at most; the rest is for the next command.
func (f cacheFolder) removeExpired(now time.Time) {
	dir, err := os.Open(string(f))
	if err != nil {
		return
	}
	defer func() { _ = dir.Close() }()    // only read
	entries, _ := dir.ReadDir(maxRemoved) // what was listed before an error will do
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && now.Sub(info.ModTime()) >= maxAgeOf(e.Name()) {
			_ = os.Remove(filepath.Join(string(f), e.Name())) // another command may have been faster
		}
	}
}

// maxAgeOf gives the life of a file of ours by its name, and no end to any other.
func maxAgeOf(name string) time.Duration {
	if strings.HasPrefix(name, draftPrefix) {
		return time.Hour // of a command that was killed
	}
	s, _, ok := strings.Cut(name, "-")
	if life := maxAges[cacheKind(s)]; ok && life > 0 && strings.HasSuffix(name, cacheSuffix) {
		return life
	}
	return 1<<63 - 1
}
