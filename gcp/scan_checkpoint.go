package gcp

import (
	"encoding/json"
	"time"

	"whopulls/gcp/cache"
	"whopulls/model"
)

// checkpoint is what a scan has kept of the pages that it read, and where it continues.
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

// InterruptedScan returns when the interrupted scan of the scope was saved, if there is one to resume.
func (c *Cloud) InterruptedScan(scope model.Resource) (at time.Time, ok bool) {
	_, at, ok = c.interruptedScan(scope)
	return at, ok
}

func (c *Cloud) interruptedScan(scope model.Resource) (value json.RawMessage, at time.Time, ok bool) {
	key, persistent := c.scanKey(scope)
	if !persistent {
		return nil, time.Time{}, false
	}
	return c.cache.ReadFile(cache.Scan, key)
}

// scanKey names the scan of a scope as the caller sees it; persistent is false while nobody knows who calls.
func (c *Cloud) scanKey(scope model.Resource) (key string, persistent bool) {
	return c.callerKey("scan of " + string(scope))
}

func (s *scan) save() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saveLocked()
}

func (s *scan) saveLocked() {
	s.savedAt = time.Now()
	if key, persistent := s.cloud.scanKey(s.scope); persistent {
		s.cloud.cache.WriteFile(cache.Scan, key, s.checkpoint)
	}
}

// resume continues from the checkpoint; what can't be understood is read from the beginning.
func (s *scan) resume() {
	value, _, ok := s.cloud.interruptedScan(s.scope)
	if !ok {
		return
	}
	if old := newCheckpoint(); json.Unmarshal(value, old) == nil && old.isComplete() {
		s.checkpoint = old
	}
}

// isComplete reports whether nothing of a checkpoint was taken out: a null instead of a map or a stream is
// not from this program.
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
	if key, persistent := s.cloud.scanKey(s.scope); persistent {
		s.cloud.cache.RemoveFile(cache.Scan, key)
	}
}
