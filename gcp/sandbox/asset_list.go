package sandbox

import (
	"slices"
	"strings"
	"time"

	"whopulls/gcp/sandbox/world"
)

// asset is a resource of a world, as Cloud Asset keeps it.
type asset struct {
	full      string // as the world has it
	name      string // as Cloud Asset has it
	assetType string
	ancestors []string   // "projects/NUMBER", "folders/F", "organizations/O"
	data      func() any // a message, or a value with JSON tags
}

// nodeAssets makes the assets of one project, folder or organization.
type nodeAssets struct {
	*assets
	ancestors []string
	wanted    func(kind string) bool
	at        time.Time // younger workloads are left out; the zero time means now
}

// The asset types that the sandbox serves.
const (
	organizationAsset = "cloudresourcemanager.googleapis.com/Organization"
	folderAsset       = "cloudresourcemanager.googleapis.com/Folder"
	projectAsset      = "cloudresourcemanager.googleapis.com/Project"
	accountAsset      = "iam.googleapis.com/ServiceAccount"
	repositoryAsset   = "artifactregistry.googleapis.com/Repository"
	revisionAsset     = "run.googleapis.com/Revision"
)

// assetVersion is the API version in whose JSON an asset's data is written.
//
// In a recorded answer of Cloud Asset, a Service has version v1: Knative's JSON with apiVersion, kind,
// metadata, spec and status, and plain whole numbers. A Project has Resource Manager's v1 with
// lifecycleState, as Google's own Terraform converter writes it. Only that API writes projectNumber as a
// text. A public mapping of such answers shows apiVersion serving.knative.dev/v1 for a Revision, with the
// labels of a worker pool's. It shows apiVersion run.googleapis.com/v1 for a Job. No recording of a
// WorkerPool or a Repository was found. Here a WorkerPool has v1, like the other kinds of Cloud Run. A
// Repository has the one version that Artifact Registry offers for general use. Other public code expects
// v2's shape of revisions, so a reader should understand both.
func assetVersion(kind string) string {
	if kind == organizationAsset || kind == folderAsset {
		return "v3"
	}
	return "v1"
}

// listScope lists the assets of a scope: the organization, then the folders, then the projects. Each project
// comes with its resources.
//
// An index that lags (assetIndex in the world's file) lacks some of them.
func (s *assets) listScope(scope string, wanted func(kind string) bool, at time.Time) list[asset] {
	indexed := func(kind string) bool { return wanted(kind) && !slices.Contains(s.world.AssetIndex.Without, kind) }
	return flatMapList(s.nodesBelow(scope), func(name string) list[asset] {
		n := nodeAssets{assets: s, ancestors: s.ancestryByNumber(name), wanted: indexed, at: at}
		p := s.world.Project(projectFromName(name))
		if p == nil {
			return n.folderOrOrganization(name)
		}
		return flatMapList(listOf([]list[asset]{n.project(p), n.accounts(p), n.repositories(p), n.workloads(p)}),
			func(part list[asset]) list[asset] { return part })
	})
}

// nodesBelow lists the nodes in a scope, as "organizations/O", "folders/F" and "projects/P".
func (s *assets) nodesBelow(scope string) list[string] {
	top := s.world.Canonical(fullNodeName(scope))
	if p := s.world.Project(projectFromName(scope)); p != nil {
		return listOf([]string{p.Name()})
	}
	folders, projects := s.world.Folders, s.world.Projects
	below := map[string]bool{} // by parent, since many projects have the same one
	in := func(name, parent string) bool {
		if _, known := below[parent]; !known {
			below[parent] = parent != "" && s.isAtOrBelow(parent, top)
		}
		return below[parent] || fullNodeName(name) == top
	}
	return func(from position, visit func(position, string, bool) bool) {
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
			if in(name, parent) && !visit(position{uint32(i)}, name, true) {
				return
			}
		}
	}
}

// isAtOrBelow reports whether a node is the top (full name) or is below it.
func (s *assets) isAtOrBelow(name, top string) bool {
	for _, above := range s.world.Ancestry(name) {
		if fullNodeName(above) == top {
			return true
		}
	}
	return false
}

// assetsOfType lists the resources of a kind, as assets.
func assetsOfType[T any](n nodeAssets, of list[T], kind string, toAsset func(T) asset) list[asset] {
	if !n.wanted(kind) {
		return listOf[asset](nil)
	}
	return mapList(of, func(thing T) asset {
		a := toAsset(thing)
		a.assetType, a.ancestors = kind, n.ancestors
		return a
	})
}

// folderOrOrganization is a folder or the organization.
func (n nodeAssets) folderOrOrganization(name string) list[asset] {
	kind, data := organizationAsset, func() any { return organizationProto(n.world.Organization) }
	if id, ok := strings.CutPrefix(name, "folders/"); ok {
		kind, data = folderAsset, func() any { return folderProto(n.world.Folder(id)) }
	}
	return assetsOfType(n, listOf([]string{name}), kind, func(name string) asset {
		return asset{full: fullNodeName(name), name: fullNodeName(name), data: data}
	})
}

func (n nodeAssets) project(p *world.Project) list[asset] {
	return assetsOfType(n, listOf([]*world.Project{p}), projectAsset, func(p *world.Project) asset {
		return asset{full: fullNodeName(p.Name()), name: fullNodeName("projects/" + p.Number), data: func() any { return v1Project(p) }}
	})
}

func (n nodeAssets) accounts(p *world.Project) list[asset] {
	return assetsOfType(n, listOf(p.ServiceAccounts), accountAsset, func(a *world.ServiceAccount) asset {
		return asset{full: world.FullName("iam", a.Name()), name: world.FullName("iam", p.Name()+"/serviceAccounts/"+a.UniqueID()), data: func() any { return accountProto(a) }}
	})
}

func (n nodeAssets) repositories(p *world.Project) list[asset] {
	return assetsOfType(n, listOf(p.Repositories), repositoryAsset, func(r *world.Repository) asset {
		full := world.FullName("artifactregistry", r.Name())
		return asset{full: full, name: full, data: func() any { return n.repositoryProto(r) }}
	})
}

// workloads lists services, jobs and worker pools in the shape of Cloud Run v1, each followed by its
// revisions. Whether Cloud Asset keeps them in a project that is being deleted is not known; here it does. It
// leaves out instances: no page of Google's lists an asset type for them (iam-facts 7.4).
func (n nodeAssets) workloads(p *world.Project) list[asset] {
	revisions := n.wanted(revisionAsset)
	kinds := map[string]v1Kind{}
	for _, k := range v1Kinds() {
		if k.runKind != instanceKind && (n.wanted(k.assetType()) || (k.hasRevisions() && revisions)) {
			kinds[k.kind] = k
		}
	}
	if len(kinds) == 0 {
		return listOf[asset](nil)
	}
	of := filterWorkloads(n.world.Workloads(p), func(l *world.Workload) bool { return kinds[l.Kind].kind != "" && n.isIndexed(l) })
	return flatMapList(of, func(l *world.Workload) list[asset] {
		k := kinds[l.Kind]
		parts := []list[asset]{assetsOfType(n, listOf([]*world.Workload{l}), k.assetType(), func(l *world.Workload) asset {
			full := world.FullName("run", l.Name())
			return asset{full: full, name: full, data: func() any { return k.toObject(l) }}
		})}
		if k.hasRevisions() {
			parts = append(parts, n.revisions(l))
		}
		return flatMapList(listOf(parts), func(part list[asset]) list[asset] { return part })
	})
}

// assetType is the kind's asset type.
func (k v1Kind) assetType() string { return "run.googleapis.com/" + k.name }

// isIndexed reports whether a workload existed when the index was made.
func (n nodeAssets) isIndexed(l *world.Workload) bool {
	return !l.Unindexed && (n.at.IsZero() || !world.ParseTime(l.CreateTime).After(n.at))
}

// revisions lists the revisions of a service or a worker pool. No recorded answer shows the form of a worker
// pool's revision names.
func (n nodeAssets) revisions(l *world.Workload) list[asset] {
	return assetsOfType(n, revisionsOf(l), revisionAsset, func(r workloadRevision) asset {
		full := world.FullName("run", revisionName(l, r.Name))
		return asset{full: full, name: full, data: func() any { return v1Revision(l, r.Revision, r.newest) }}
	})
}
