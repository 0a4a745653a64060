// Package cache keeps facts from one command to the next, in memory and in a folder of the user's own. It knows no
// Google Cloud: anyone who reads a fact names it by a key and decides whether it may be kept.
package cache

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"whopulls/model"
)

// Kind is a kind of fact. The names of its files begin with it.
type Kind string

// The kinds of facts that are kept.
const (
	Deny Kind = "deny" // the deny policies of a level
	Role Kind = "role" // a predefined role
	List Kind = "list" // a list that was read whole
	Scan Kind = "scan" // the checkpoint of an interrupted scan
)

// maxAges says how long each kind is valid. Deny policies can be read five times a minute (iam-facts 8.3).
// Predefined roles change only with Google's releases. Only shell completion reads the lists. Nothing else is
// kept: a custom role can lose a permission at any moment, and so can every policy.
var maxAges = map[Kind]time.Duration{Deny: 10 * time.Minute, Role: 24 * time.Hour, List: 10 * time.Minute, Scan: 24 * time.Hour}

// version is raised when the format of the files changes.
const version = 1

// entry is one fact, in memory as in its file.
type entry struct {
	Version int             `json:"version"`
	Kind    Kind            `json:"kind"`
	Key     string          `json:"key"`
	At      time.Time       `json:"at"`
	Value   json.RawMessage `json:"value"`
}

// Store keeps facts in memory and, if it has a folder, in files. It never fails: what can't be kept is read again.
type Store struct {
	now            func() time.Time
	folder         privateFolder
	mu             sync.Mutex
	memory         map[string]entry
	removedExpired bool // expired files were removed once
}

// New makes a store that takes the time from now. Without a folder it keeps facts in memory only.
func New(folder string, now func() time.Time) *Store {
	return &Store{now: now, folder: privateFolder(folder), memory: map[string]entry{}}
}

// OnDisk reports whether the store has a folder, where other commands find its facts.
func (c *Store) OnDisk() bool { return c.folder != "" }

// Key joins the parts of a key. No part holds a control character.
func Key(parts ...string) string { return strings.Join(parts, "\n") }

// Put stores a fact as read at a time. If persistent is set, other commands may use it too.
func Put[T any](c *Store, kind Kind, key string, value T, at time.Time, persistent bool) {
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	// Round(0) drops the monotonic clock, which stops while the machine sleeps: the fact would look fresh afterwards.
	e := entry{Version: version, Kind: kind, Key: key, At: at.Round(0).UTC(), Value: text}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.memory[e.fileName()] = e
	if !persistent || c.folder == "" {
		return
	}
	if !c.removedExpired {
		c.removedExpired = true
		c.folder.removeExpired(c.now())
	}
	c.folder.write(e)
}

// Get returns a fact that is still valid, with the time when it was read.
func Get[T any](c *Store, kind Kind, key string, persistent bool) (model.Fact[T], bool) {
	e, ok := c.find(entry{Version: version, Kind: kind, Key: key}, persistent)
	var value T
	if !ok || string(e.Value) == "null" || json.Unmarshal(e.Value, &value) != nil {
		return model.Fact[T]{}, false
	}
	return model.KnownAt(value, e.At), true
}

// find looks in memory first: an answer must not change because another command wrote a newer file.
func (c *Store) find(wanted entry, persistent bool) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.memory[wanted.fileName()]; ok && e.isValidFor(wanted, c.now()) {
		return e, true
	}
	if !persistent || c.folder == "" {
		return entry{}, false
	}
	e, ok := c.folder.read(wanted.fileName())
	if !ok || !e.isValidFor(wanted, c.now()) {
		return entry{}, false
	}
	c.memory[wanted.fileName()] = e
	return e, true
}

// ReadFile returns a value that WriteFile wrote, and when.
func (c *Store) ReadFile(kind Kind, key string) (value json.RawMessage, at time.Time, ok bool) {
	if !c.OnDisk() {
		return nil, time.Time{}, false
	}
	wanted := entry{Version: version, Kind: kind, Key: key}
	e, ok := c.folder.read(wanted.fileName())
	return e.Value, e.At, ok && e.isValidFor(wanted, c.now())
}

// WriteFile writes a value to its file only: it is too large to hold in memory as well.
func (c *Store) WriteFile(kind Kind, key string, value any) {
	if !c.OnDisk() {
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	c.folder.write(entry{Version: version, Kind: kind, Key: key, At: c.now().Round(0).UTC(), Value: text})
}

// RemoveFile removes the file that WriteFile wrote.
func (c *Store) RemoveFile(kind Kind, key string) {
	if c.OnDisk() {
		_ = os.Remove(filepath.Join(string(c.folder), entry{Kind: kind, Key: key}.fileName())) // it may never have been written
	}
}

// isValidFor reports whether the entry is the wanted one, not expired and, in case the clock was set back, not from
// the future.
func (e entry) isValidFor(wanted entry, now time.Time) bool {
	age := now.Round(0).Sub(e.At)
	return e.Version == wanted.Version && e.Kind == wanted.Kind && e.Key == wanted.Key && age >= 0 && age < maxAges[e.Kind]
}
