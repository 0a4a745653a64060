package gcp

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"whopulls/model"
)

// cacheKind is a kind of fact that is kept from one reading to the next, by the name that its files begin with.
type cacheKind string

const (
	kindDeny cacheKind = "deny"
	kindRole cacheKind = "role"
	kindList cacheKind = "list"
	kindScan cacheKind = "scan"
)

// maxAges says how long facts are kept. Deny policies can be read five times a minute (iam-facts 8.3); predefined roles
// change with Google's releases only. Lists are kept for a shell that completes words, and read by nobody else. Of
// a scan that was interrupted it is where it stood. Nothing else is kept: a custom role can lose a permission at any moment, and so can every policy.
var maxAges = map[cacheKind]time.Duration{kindDeny: 10 * time.Minute, kindRole: 24 * time.Hour, kindList: 10 * time.Minute, kindScan: 24 * time.Hour}

// cacheVersion is raised when the form of what is kept changes.
const cacheVersion = 1

// cacheEntry is one kept fact, in memory as in its file.
type cacheEntry struct {
	Version int             `json:"version"`
	Kind    cacheKind       `json:"kind"`
	Key     string          `json:"key"`
	At      time.Time       `json:"at"`
	Value   json.RawMessage `json:"value"`
}

// cache keeps facts in memory, and in a folder where one is given. It never fails: what can't be kept is read again.
type cache struct {
	now            func() time.Time
	folder         cacheFolder
	mu             sync.Mutex
	memory         map[string]cacheEntry
	removedExpired bool // old files were looked for
}

func newCache(dir string) *cache {
	return &cache{now: time.Now, folder: cacheFolder(dir), memory: map[string]cacheEntry{}}
}

// joinKey joins the parts of a key, none of which holds a control character.
func joinKey(parts ...string) string { return strings.Join(parts, "\n") }

// store stores a fact that was read at a time; lasting says whether other commands may use it too.
func store[T any](c *cache, kind cacheKind, key string, value T, at time.Time, persistent bool) {
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	// Without its monotonic part: that stands still while the machine sleeps, and the fact would seem fresh after it.
	e := cacheEntry{Version: cacheVersion, Kind: kind, Key: key, At: at.Round(0).UTC(), Value: text}
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

// cached gives a fact that is not too old, as of when it was read.
func cached[T any](c *cache, kind cacheKind, key string, persistent bool) (model.Fact[T], bool) {
	e, ok := c.find(cacheEntry{Version: cacheVersion, Kind: kind, Key: key}, persistent)
	var value T
	if !ok || string(e.Value) == "null" || json.Unmarshal(e.Value, &value) != nil {
		return model.Fact[T]{}, false
	}
	return model.KnownAt(value, e.At), true
}

// find looks in memory first: another command may have read the fact later, but this one has answered from it before.
func (c *cache) find(wanted cacheEntry, persistent bool) (cacheEntry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.memory[wanted.fileName()]; ok && e.isValidFor(wanted, c.now()) {
		return e, true
	}
	if !persistent || c.folder == "" {
		return cacheEntry{}, false
	}
	e, ok := c.folder.read(wanted.fileName())
	if !ok || !e.isValidFor(wanted, c.now()) {
		return cacheEntry{}, false
	}
	c.memory[wanted.fileName()] = e
	return e, true
}

// isValidFor tells whether the entry is what is wanted and neither too old nor, where the clock was set back, of a time to
// come.
func (e cacheEntry) isValidFor(wanted cacheEntry, now time.Time) bool {
	age := now.Round(0).Sub(e.At)
	return e.Version == wanted.Version && e.Kind == wanted.Kind && e.Key == wanted.Key && age >= 0 && age < maxAges[e.Kind]
}

// denyKey names the deny policies of a level as the caller sees them.
func (c *Cloud) denyKey(r model.Resource) (key string, persistent bool) {
	return c.callerKey(string(r))
}

// callerKey names what the caller sees of a thing; lasting is false while nobody knows who calls.
func (c *Cloud) callerKey(thing string) (key string, persistent bool) {
	return joinKey(c.origin, string(c.caller.Value), thing), c.caller.Read() && c.caller.Value != ""
}

// roleKey names a predefined role, which is the same for every caller; keeps is false for a custom one.
func (c *Cloud) roleKey(name string) (key string, cacheable bool) {
	return joinKey(c.origin, name), strings.HasPrefix(name, "roles/")
}
