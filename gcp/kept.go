package gcp

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"whopulls/model"
)

// keptKind is a kind of fact that is kept from one reading to the next, by the name that its files begin with.
type keptKind string

const (
	kindDeny keptKind = "deny"
	kindRole keptKind = "role"
	kindList keptKind = "list"
	kindScan keptKind = "scan"
)

// lives says how long facts are kept. Deny policies can be read five times a minute (iam-facts 8.3); predefined roles
// change with Google's releases only. Lists are kept for a shell that completes words, and read by nobody else. Of
// a scan that was interrupted it is where it stood. Nothing else is kept: a custom role can lose a permission at any moment, and so can every policy.
var lives = map[keptKind]time.Duration{kindDeny: 10 * time.Minute, kindRole: 24 * time.Hour, kindList: 10 * time.Minute, kindScan: 24 * time.Hour}

// keptVersion is raised when the form of what is kept changes.
const keptVersion = 1

// entry is one kept fact, in memory as in its file.
type entry struct {
	Version int             `json:"version"`
	Kind    keptKind        `json:"kind"`
	Key     string          `json:"key"`
	At      time.Time       `json:"at"`
	Value   json.RawMessage `json:"value"`
}

// cache keeps facts in memory, and in a folder where one is given. It never fails: what can't be kept is read again.
type cache struct {
	now    func() time.Time
	folder folder
	mu     sync.Mutex
	memory map[string]entry
	swept  bool // old files were looked for
}

func newCache(dir string) *cache {
	return &cache{now: time.Now, folder: folder(dir), memory: map[string]entry{}}
}

// keyOf joins the parts of a key, none of which holds a control character.
func keyOf(parts ...string) string { return strings.Join(parts, "\n") }

// keep stores a fact that was read at a time; lasting says whether other commands may use it too.
func keep[T any](c *cache, kind keptKind, key string, value T, at time.Time, lasting bool) {
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	// Without its monotonic part: that stands still while the machine sleeps, and the fact would seem fresh after it.
	e := entry{Version: keptVersion, Kind: kind, Key: key, At: at.Round(0).UTC(), Value: text}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.memory[e.file()] = e
	if !lasting || c.folder == "" {
		return
	}
	if !c.swept {
		c.swept = true
		c.folder.sweep(c.now())
	}
	c.folder.write(e)
}

// kept gives a fact that is not too old, as of when it was read.
func kept[T any](c *cache, kind keptKind, key string, lasting bool) (model.Fact[T], bool) {
	e, ok := c.entry(entry{Version: keptVersion, Kind: kind, Key: key}, lasting)
	var value T
	if !ok || string(e.Value) == "null" || json.Unmarshal(e.Value, &value) != nil {
		return model.Fact[T]{}, false
	}
	return model.KnownAt(value, e.At), true
}

// entry looks in memory first: another command may have read the fact later, but this one has answered from it before.
func (c *cache) entry(wanted entry, lasting bool) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.memory[wanted.file()]; ok && e.serves(wanted, c.now()) {
		return e, true
	}
	if !lasting || c.folder == "" {
		return entry{}, false
	}
	e, ok := c.folder.read(wanted.file())
	if !ok || !e.serves(wanted, c.now()) {
		return entry{}, false
	}
	c.memory[wanted.file()] = e
	return e, true
}

// serves tells whether the entry is what is wanted and neither too old nor, where the clock was set back, of a time to
// come.
func (e entry) serves(wanted entry, now time.Time) bool {
	age := now.Round(0).Sub(e.At)
	return e.Version == wanted.Version && e.Kind == wanted.Kind && e.Key == wanted.Key && age >= 0 && age < lives[e.Kind]
}

// denyKey names the deny policies of a level as the caller sees them.
func (c *Cloud) denyKey(r model.Resource) (key string, lasting bool) { return c.callerKey(string(r)) }

// callerKey names what the caller sees of a thing; lasting is false while nobody knows who calls.
func (c *Cloud) callerKey(thing string) (key string, lasting bool) {
	return keyOf(c.origin, string(c.caller.Value), thing), c.caller.Read() && c.caller.Value != ""
}

// roleKey names a predefined role, which is the same for every caller; keeps is false for a custom one.
func (c *Cloud) roleKey(name string) (key string, keeps bool) {
	return keyOf(c.origin, name), strings.HasPrefix(name, "roles/")
}
