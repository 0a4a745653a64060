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
	Time         time.Time              // of which the index tells
	Streams      map[string]*scanStream // by asset type, and that of the bindings
	Bindings     int
	Found        []boundResource
	Projects     map[string]model.Project    // by number
	Levels       map[string][]model.Resource // by project ID; only where a folder or the organization holds a binding
	Numbers      map[string]string           // IDs of the same projects
	Repositories map[model.Resource]model.Repository
	Running      map[string][]model.RunningWorkload // by project number
	Lacks        []string                           // what could not be read
}

// scanStream is where one stream of pages stands.
type scanStream struct {
	Token string
	Time  time.Time // of which it was asked for; zero: of the time when it began
	Done  bool
	Read  int // assets
}

// boundResource is a resource with the bindings that were searched for.
type boundResource struct {
	Resource model.Resource
	Project  string // its number
	Above    []model.Resource
	Bindings []model.Binding
}

// searchStream is the stream of bindings.
const searchStream = "bindings"

func newCheckpoint() *checkpoint {
	return &checkpoint{Streams: map[string]*scanStream{}, Projects: map[string]model.Project{}, Levels: map[string][]model.Resource{},
		Numbers: map[string]string{}, Repositories: map[model.Resource]model.Repository{}, Running: map[string][]model.RunningWorkload{}}
}

// size is how much is kept.
func (c *checkpoint) size() int {
	n := c.Bindings + len(c.Projects) + len(c.Repositories)
	for _, running := range c.Running {
		n += len(running)
	}
	return n
}

// InterruptedScan tells of which time a scan of the scope is that was interrupted and can be resumed.
func (c *Cloud) InterruptedScan(scope model.Resource) (at time.Time, ok bool) {
	e, ok := c.interruptedScan(scope)
	return e.At, ok
}

func (c *Cloud) interruptedScan(scope model.Resource) (cacheEntry, bool) {
	wanted, persistent := c.scanCacheEntry(scope)
	if !persistent {
		return cacheEntry{}, false
	}
	e, ok := c.cache.folder.read(wanted.fileName())
	return e, ok && e.isValidFor(wanted, c.cache.now())
}

// scanCacheEntry is where a scan of the scope, as the caller sees it, is kept; lasting is false where nothing is.
func (c *Cloud) scanCacheEntry(scope model.Resource) (e cacheEntry, persistent bool) {
	key, persistent := c.callerKey("scan of " + string(scope))
	return cacheEntry{Version: cacheVersion, Kind: kindScan, Key: key, At: c.cache.now().Round(0).UTC()}, persistent && c.cache.folder != ""
}

func (s *scan) save() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saveLocked()
}

func (s *scan) saveLocked() {
	s.savedAt = time.Now()
	e, persistent := s.cloud.scanCacheEntry(s.scope)
	if !persistent {
		return
	}
	var err error
	if e.Value, err = json.Marshal(s.checkpoint); err == nil {
		s.cloud.cache.folder.write(e)
	}
}

// resume takes up what was kept; what can't be understood is read from the beginning.
func (s *scan) resume() {
	e, ok := s.cloud.interruptedScan(s.scope)
	if !ok {
		return
	}
	if old := newCheckpoint(); json.Unmarshal(e.Value, old) == nil && old.isComplete() {
		s.checkpoint = old
	}
}

// isComplete tells whether nothing of a checkpoint was taken out: a null in the place of a map or a stream is none of ours.
func (c *checkpoint) isComplete() bool {
	for _, at := range c.Streams {
		if at == nil {
			return false
		}
	}
	return c.Streams != nil && c.Projects != nil && c.Levels != nil && c.Numbers != nil && c.Repositories != nil && c.Running != nil
}

// removeCheckpoint removes what was kept of a scan that came to its end.
func (s *scan) removeCheckpoint() {
	if e, persistent := s.cloud.scanCacheEntry(s.scope); persistent {
		_ = os.Remove(filepath.Join(string(s.cloud.cache.folder), e.fileName())) // it may never have been written
	}
}
