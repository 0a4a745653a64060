package world

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
)

// Submitted has the fields of a deploy that don't influence its outcome. Cloud Run keeps them and shows them
// again as they were sent.
type Submitted struct {
	Labels      map[string]string
	Annotations map[string]string
	Spec        json.RawMessage // of API v1; nil if another version wrote it
}

// TrafficTarget is one target of a service's traffic, or of a worker pool's
// instances.
type TrafficTarget struct {
	Revision string // "" is the newest one
	Percent  int
	Tag      string
}

// Workloads gives what runs in a project now, deploys since the start included,
// by their Order. The list is the caller's to read, not to change.
func (w *World) Workloads(p *Project) []*Workload {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.workloads[p.ID]
}

// Workload finds a Cloud Run resource by its relative name (project id or number).
func (w *World) Workload(relative string) *Workload {
	_, name := splitFullName(w.Canonical(FullName("run", relative)))
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.workloadsByName[name]
}

// Deploy makes or replaces a workload as Cloud Run does once it has accepted the request. It adds a revision,
// unless it is a job or an instance. The workload becomes ready if the service agent can read the images.
// Nobody's permission is asked here. The given workload says Kind, Region, ID, Project, ServiceAccount or
// AgentIdentity, Images, SandboxImages and Written; the rest is made. No traffic stands for all of it to the
// newest revision.
func (w *World) Deploy(requested Workload, revision string, traffic []TrafficTarget) *Workload {
	w.mu.Lock()
	defer w.mu.Unlock()
	next, now := requested, time.Now().UTC()
	next.DeployTime, next.CreateTime, next.Generation = now, now.Format(time.RFC3339Nano), 1
	next.Readiness = w.pullReadiness(next.Project, next.pulledImages(), w.readRefusal)
	old := w.workloadsByName[next.Name()]
	if old != nil {
		next.CreateTime, next.Policy, next.Generation, next.Order = old.CreateTime, old.Policy, old.Generation+1, old.Order
		next.Revisions = slices.Clone(old.RevisionHistory())
	}
	if next.HasRevisions() {
		next.addRevision(revision, traffic)
	}
	w.storeWorkload(&next, old)
	return &next
}

// storeWorkload puts a workload instead of the old one (nil: added to the others). Lists that were handed out
// stay as they are.
func (w *World) storeWorkload(next, old *Workload) {
	list := slices.Clone(w.workloads[next.Project.ID])
	if i := slices.Index(list, old); old != nil && i >= 0 {
		list[i] = next
	} else {
		w.lastOrder++
		next.Order = w.lastOrder
		list = append(list, next)
	}
	w.workloads[next.Project.ID] = list
	w.workloadsByName[next.Name()] = next
	full := FullName("run", next.Name())
	if w.policies[full] == nil {
		w.policies[full] = &storedPolicy{policy: &iampb.Policy{}}
	}
}

// DeleteWorkload takes a workload and its policy away.
func (w *World) DeleteWorkload(l *Workload) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.workloads[l.Project.ID] = slices.DeleteFunc(slices.Clone(w.workloads[l.Project.ID]), func(other *Workload) bool {
		return other.Name() == l.Name()
	})
	delete(w.workloadsByName, l.Name())
	delete(w.policies, FullName("run", l.Name()))
}

// RevisionHistory gives a service's or a worker pool's revisions, the newest first; a
// workload that lists none has the one that its template made.
func (w *Workload) RevisionHistory() []Revision {
	if len(w.Revisions) > 0 {
		return w.Revisions
	}
	return []Revision{{Name: w.revisionName(1), Traffic: 100, Images: w.Images, SandboxImages: w.SandboxImages}}
}

// pulledImages are all images that a deploy pulls: those of the containers, then those
// of the sandboxes. That the second are pulled with the first is taken from
// their being named in the template (iam-facts 12.5).
func (w *Workload) pulledImages() []string { return slices.Concat(w.Images, w.SandboxImages) }

var revisionNumber = regexp.MustCompile(`-(\d{5})-[a-z0-9]+$`)

// revisionName makes the name of the workload's n-th revision. It is the same
// in every sandbox.
func (w *Workload) revisionName(n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", w.Name(), n))
	letters := make([]byte, 3)
	for i := range letters {
		const consonants = "bcdfghjklmnpqrstvwxz" // Cloud Run's names spell no words
		letters[i] = consonants[int(binary.BigEndian.Uint16(sum[2*i:]))%len(consonants)]
	}
	return fmt.Sprintf("%s-%05d-%s", w.ID, n, letters)
}

// addRevision puts the revision of this deploy first and moves the traffic to
// where it was asked for, if the new revision can take any.
func (w *Workload) addRevision(name string, traffic []TrafficTarget) {
	if name == "" {
		n := len(w.Revisions)
		if n > 0 {
			if m := revisionNumber.FindStringSubmatch(w.Revisions[0].Name); m != nil {
				n, _ = strconv.Atoi(m[1]) // five digits
			}
		}
		name = w.revisionName(n + 1)
	}
	w.Revisions = append([]Revision{{Name: name, Images: w.Images, SandboxImages: w.SandboxImages}}, w.Revisions...)
	if !w.Readiness.Ready {
		return
	}
	if len(traffic) == 0 {
		traffic = []TrafficTarget{{Percent: 100}}
	}
	targets := map[string]TrafficTarget{}
	for _, t := range traffic {
		if t.Revision == "" {
			t.Revision = name
		}
		sum := targets[t.Revision]
		targets[t.Revision] = TrafficTarget{Percent: sum.Percent + t.Percent, Tag: max(sum.Tag, t.Tag)}
	}
	for i := range w.Revisions {
		w.Revisions[i].Traffic, w.Revisions[i].Tag = targets[w.Revisions[i].Name].Percent, targets[w.Revisions[i].Name].Tag
	}
}
