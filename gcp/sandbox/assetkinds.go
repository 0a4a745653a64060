package sandbox

import (
	"slices"
	"strings"
	"time"

	"whopulls/gcp/sandbox/world"
)

// asset is one thing of a world as Cloud Asset keeps it.
type asset struct {
	full      string // as the world has it
	name      string // as Cloud Asset has it
	kind      string
	ancestors []string   // "projects/NUMBER", "folders/F", "organizations/O"
	data      func() any // a message, or a value with JSON tags
}

// shelf makes the assets of one project, folder or organization.
type shelf struct {
	*assets
	ancestors []string
	wanted    func(kind string) bool
	at        time.Time // younger workloads are left out; the zero time is now
}

// The asset types that the sandbox has.
const (
	organizationAsset = "cloudresourcemanager.googleapis.com/Organization"
	folderAsset       = "cloudresourcemanager.googleapis.com/Folder"
	projectAsset      = "cloudresourcemanager.googleapis.com/Project"
	accountAsset      = "iam.googleapis.com/ServiceAccount"
	repositoryAsset   = "artifactregistry.googleapis.com/Repository"
	revisionAsset     = "run.googleapis.com/Revision"
)

// assetVersion is the version of the API whose JSON an asset's data is.
//
// Seen in a recorded answer of Cloud Asset: a Service is v1's (Knative's JSON
// with apiVersion, kind, metadata, spec and status; whole numbers as they are).
// A Project is v1 of Resource Manager's with lifecycleState, as Google's own
// Terraform converter writes it; that projectNumber is a text is only that
// API's way. Of a Revision a public mapping of such answers shows apiVersion
// serving.knative.dev/v1 and the labels of a worker pool's, and of a Job
// apiVersion run.googleapis.com/v1. Recordings of a WorkerPool and of a
// Repository were not found: the first is v1's here like its neighbours, the
// second the one version that Artifact Registry has for general use. Other
// public code expects v2's shape of revisions, so a reader does well to
// understand both.
func assetVersion(kind string) string {
	if kind == organizationAsset || kind == folderAsset {
		return "v3"
	}
	return "v1"
}

// within lists the assets of a scope: the organization, then the folders, then
// the projects, each project with what lies in it.
//
// An index that lags (assetIndex in the world's file) lacks some of that.
func (s *assets) within(scope string, wanted func(kind string) bool, at time.Time) list[asset] {
	indexed := func(kind string) bool { return wanted(kind) && !slices.Contains(s.world.AssetIndex.Without, kind) }
	return nested(s.nodesBelow(scope), func(name string) list[asset] {
		on := shelf{assets: s, ancestors: s.ancestry(name), wanted: indexed, at: at}
		p := s.world.Project(projectIn(name))
		if p == nil {
			return on.above(name)
		}
		return nested(items([]list[asset]{on.project(p), on.accounts(p), on.repositories(p), on.workloads(p)}),
			func(part list[asset]) list[asset] { return part })
	})
}

// nodesBelow lists "organizations/O", "folders/F" and "projects/P" in a scope.
func (s *assets) nodesBelow(scope string) list[string] {
	top := s.world.Canonical(node(scope))
	if p := s.world.Project(projectIn(scope)); p != nil {
		return items([]string{p.Name()})
	}
	folders, projects := s.world.Folders, s.world.Projects
	below := map[string]bool{} // by parent: many projects have the same
	in := func(name, parent string) bool {
		if _, known := below[parent]; !known {
			below[parent] = parent != "" && s.below(parent, top)
		}
		return below[parent] || node(name) == top
	}
	return func(from place, visit func(place, string, bool) bool) {
		for i := int(from[0]); i < 1+len(folders)+len(projects); i++ {
			name, parent := scope, ""
			switch {
			case i > len(folders):
				name, parent = projects[i-1-len(folders)].Name(), projects[i-1-len(folders)].Parent
			case i > 0:
				name, parent = folders[i-1].Name(), folders[i-1].Parent
			case s.world.Organization == nil || s.world.Organization.Name() != scope:
				continue
			}
			if in(name, parent) && !visit(place{uint32(i)}, name, true) {
				return
			}
		}
	}
}

// below says whether a node is the top (full name) or lies below it.
func (s *assets) below(name, top string) bool {
	for _, above := range s.world.Ancestry(name) {
		if node(above) == top {
			return true
		}
	}
	return false
}

// those lists the assets that the things of a kind are.
func those[T any](on shelf, of list[T], kind string, into func(T) asset) list[asset] {
	if !on.wanted(kind) {
		return items[asset](nil)
	}
	return mapped(of, func(thing T) asset {
		a := into(thing)
		a.kind, a.ancestors = kind, on.ancestors
		return a
	})
}

// above is a folder or the organization itself.
func (on shelf) above(name string) list[asset] {
	kind, data := organizationAsset, func() any { return organizationProto(on.world.Organization) }
	if id, ok := strings.CutPrefix(name, "folders/"); ok {
		kind, data = folderAsset, func() any { return folderProto(on.world.Folder(id)) }
	}
	return those(on, items([]string{name}), kind, func(name string) asset {
		return asset{full: node(name), name: node(name), data: data}
	})
}

func (on shelf) project(p *world.Project) list[asset] {
	return those(on, items([]*world.Project{p}), projectAsset, func(p *world.Project) asset {
		return asset{full: node(p.Name()), name: node("projects/" + p.Number), data: func() any { return v1Project(p) }}
	})
}

func (on shelf) accounts(p *world.Project) list[asset] {
	return those(on, items(p.ServiceAccounts), accountAsset, func(a *world.ServiceAccount) asset {
		return asset{full: world.Full("iam", a.Name()), name: world.Full("iam", p.Name()+"/serviceAccounts/"+a.UniqueID()), data: func() any { return accountProto(a) }}
	})
}

func (on shelf) repositories(p *world.Project) list[asset] {
	return those(on, items(p.Repositories), repositoryAsset, func(r *world.Repository) asset {
		full := world.Full("artifactregistry", r.Name())
		return asset{full: full, name: full, data: func() any { return on.repositoryProto(r) }}
	})
}

// workloads shows services, jobs and worker pools as v1 of Cloud Run does, and
// the revisions of each after it. In a project that is being deleted Cloud
// Asset is taken to keep them; what it does is not known. Instances it leaves
// out: no page of Google's lists a type of theirs (iam-facts 7.4).
func (on shelf) workloads(p *world.Project) list[asset] {
	revisions := on.wanted(revisionAsset)
	kinds := map[string]v1Kind{}
	for _, k := range v1Kinds() {
		if k.runKind != instanceKind && (on.wanted(k.asset()) || (k.hasRevisions() && revisions)) {
			kinds[k.kind] = k
		}
	}
	if len(kinds) == 0 {
		return items[asset](nil)
	}
	of := workloads(on.world.Workloads(p), func(l *world.Workload) bool { return kinds[l.Kind].kind != "" && on.indexed(l) })
	return nested(of, func(l *world.Workload) list[asset] {
		k := kinds[l.Kind]
		parts := []list[asset]{those(on, items([]*world.Workload{l}), k.asset(), func(l *world.Workload) asset {
			full := world.Full("run", l.Name())
			return asset{full: full, name: full, data: func() any { return k.show(l) }}
		})}
		if k.hasRevisions() {
			parts = append(parts, on.revisions(l))
		}
		return nested(items(parts), func(part list[asset]) list[asset] { return part })
	})
}

// asset is the kind's asset type.
func (k v1Kind) asset() string { return "run.googleapis.com/" + k.name }

// indexed says whether a workload was there when the index was made.
func (on shelf) indexed(l *world.Workload) bool {
	return !l.Unindexed && (on.at.IsZero() || !world.Time(l.CreateTime).After(on.at))
}

// revisions lists a service's, or a worker pool's: in which form the names of
// those are written was not seen.
func (on shelf) revisions(l *world.Workload) list[asset] {
	return those(on, revisionsOf(l), revisionAsset, func(r revision) asset {
		full := world.Full("run", revisionName(l, r.Name))
		return asset{full: full, name: full, data: func() any { return v1Revision(l, r.Revision, r.newest) }}
	})
}
