package gcp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"whopulls/model"
)

// checkpoint is what a scan has kept of the pages that it read, and where it goes on.
type checkpoint struct {
	Time         time.Time          // of which the index tells
	Streams      map[string]*stream // by asset type, and that of the bindings
	Bindings     int
	Found        []found
	Projects     map[string]model.Project    // by number
	Levels       map[string][]model.Resource // by project ID; only where a folder or the organization holds a binding
	Numbers      map[string]string           // IDs of the same projects
	Repositories map[model.Resource]model.Repository
	Running      map[string][]model.RunningWorkload // by project number
	Lacks        []string                           // what could not be read
}

// stream is where one stream of pages stands.
type stream struct {
	Token string
	Time  time.Time // of which it was asked for; zero: of the time when it began
	Done  bool
	Read  int // assets
}

// found is a resource with the bindings that were searched for.
type found struct {
	Resource model.Resource
	Project  string // its number
	Above    []model.Resource
	Bindings []model.Binding
}

// searchStream is the stream of bindings.
const searchStream = "bindings"

func newCheckpoint() *checkpoint {
	return &checkpoint{Streams: map[string]*stream{}, Projects: map[string]model.Project{}, Levels: map[string][]model.Resource{},
		Numbers: map[string]string{}, Repositories: map[model.Resource]model.Repository{}, Running: map[string][]model.RunningWorkload{}}
}

// entries is how much is kept.
func (c *checkpoint) entries() int {
	n := c.Bindings + len(c.Projects) + len(c.Repositories)
	for _, running := range c.Running {
		n += len(running)
	}
	return n
}

// Interrupted tells of which time a scan of the scope is that was interrupted and can be resumed.
func (c *Cloud) Interrupted(scope model.Resource) (at time.Time, ok bool) {
	e, ok := c.interrupted(scope)
	return e.At, ok
}

func (c *Cloud) interrupted(scope model.Resource) (entry, bool) {
	wanted, lasting := c.scanEntry(scope)
	if !lasting {
		return entry{}, false
	}
	e, ok := c.kept.folder.read(wanted.file())
	return e, ok && e.serves(wanted, c.kept.now())
}

// scanEntry is where a scan of the scope, as the caller sees it, is kept; lasting is false where nothing is.
func (c *Cloud) scanEntry(scope model.Resource) (e entry, lasting bool) {
	key, lasting := c.callerKey("scan of " + string(scope))
	return entry{Version: keptVersion, Kind: kindScan, Key: key, At: c.kept.now().Round(0).UTC()}, lasting && c.kept.folder != ""
}

func (s *scan) save() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saveLocked()
}

func (s *scan) saveLocked() {
	s.saved = time.Now()
	e, lasting := s.cloud.scanEntry(s.scope)
	if !lasting {
		return
	}
	var err error
	if e.Value, err = json.Marshal(s.kept); err == nil {
		s.cloud.kept.folder.write(e)
	}
}

// resume takes up what was kept; what can't be understood is read from the beginning.
func (s *scan) resume() {
	e, ok := s.cloud.interrupted(s.scope)
	if !ok {
		return
	}
	if old := newCheckpoint(); json.Unmarshal(e.Value, old) == nil && old.whole() {
		s.kept = old
	}
}

// whole tells whether nothing of a checkpoint was taken out: a null in the place of a map or a stream is none of ours.
func (c *checkpoint) whole() bool {
	for _, at := range c.Streams {
		if at == nil {
			return false
		}
	}
	return c.Streams != nil && c.Projects != nil && c.Levels != nil && c.Numbers != nil && c.Repositories != nil && c.Running != nil
}

// forget removes what was kept of a scan that came to its end.
func (s *scan) forget() {
	if e, lasting := s.cloud.scanEntry(s.scope); lasting {
		_ = os.Remove(filepath.Join(string(s.cloud.kept.folder), e.file())) // it may never have been written
	}
}
