package sandbox

import (
	"strings"

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

// within lists the assets of a scope: the organization, then the folders, then
// the projects, each project with what lies in it.
func (s *assets) within(scope string, wanted func(kind string) bool) list[asset] {
	return nested(s.nodesBelow(scope), func(name string) list[asset] {
		on := shelf{assets: s, ancestors: s.ancestry(name), wanted: wanted}
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
		return asset{full: node(p.Name()), name: node("projects/" + p.Number), data: func() any { return projectProto(p) }}
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
// the revisions of each service after it.
func (on shelf) workloads(p *world.Project) list[asset] {
	kinds := map[string]v1Kind{}
	for _, k := range v1Kinds() {
		if on.wanted("run.googleapis.com/"+k.name) || (k.runKind == serviceKind && on.wanted(revisionAsset)) {
			kinds[k.kind] = k
		}
	}
	of := workloads(on.world.Workloads(p), func(l *world.Workload) bool { return kinds[l.Kind].kind != "" })
	return nested(of, func(l *world.Workload) list[asset] {
		k := kinds[l.Kind]
		parts := []list[asset]{those(on, items([]*world.Workload{l}), "run.googleapis.com/"+k.name, func(l *world.Workload) asset {
			full := world.Full("run", l.Name())
			return asset{full: full, name: full, data: func() any { return k.show(l) }}
		})}
		if k.runKind == serviceKind {
			parts = append(parts, on.revisions(l))
		}
		return nested(items(parts), func(part list[asset]) list[asset] { return part })
	})
}

func (on shelf) revisions(l *world.Workload) list[asset] {
	return those(on, revisionsOf(l), revisionAsset, func(r revision) asset {
		full := world.Full("run", revisionName(l, r.Name))
		return asset{full: full, name: full, data: func() any { return v1Revision(l, r.Revision, r.newest) }}
	})
}
