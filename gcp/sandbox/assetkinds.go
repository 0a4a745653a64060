package sandbox

import (
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/gcp/sandbox/world"
)

// assetsOf gives the assets that a resource is: none for kinds that Cloud
// Asset does not search, one for most, and a service's revisions beside it.
func (s *assets) assetsOf(full string) []asset {
	service, relative, _ := strings.Cut(strings.TrimPrefix(full, "//"), "/")
	parts := strings.Split(relative, "/")
	one := func(kind, name string, value any) asset {
		data := func() (*structpb.Struct, error) { return asStruct(value) }
		return asset{full: full, name: name, kind: service + "/" + kind, ancestors: s.ancestry(full), data: data}
	}
	switch collection(full) {
	case "projects":
		p := s.world.Project(parts[1])
		return []asset{one("Project", node("projects/"+p.Number), projectProto(p))}
	case "folders":
		return []asset{one("Folder", full, folderProto(s.world.Folder(parts[1])))}
	case "organizations":
		return []asset{one("Organization", full, organizationProto(s.world.Organization))}
	case "repositories":
		return []asset{one("Repository", full, repositoryProto(s.world.Repository(relative)))}
	case "serviceAccounts":
		a := s.world.ServiceAccount(parts[1], parts[3])
		return []asset{one("ServiceAccount", world.Full("iam", a.Project.Name()+"/serviceAccounts/"+a.UniqueID()), accountProto(a))}
	case "services", "jobs":
		return s.workloadAssets(relative, one)
	}
	return nil
}

// workloadAssets shows a service or a job as v1 of Cloud Run does. The list of
// resources may be older than a deletion, so the workload may be gone.
func (s *assets) workloadAssets(relative string, one func(kind, name string, value any) asset) []asset {
	l := s.world.Workload(relative)
	if l == nil {
		return nil
	}
	var found []asset
	for _, k := range v1Kinds() {
		if k.kind == l.Kind {
			found = append(found, one(k.name, world.Full("run", relative), k.show(l)))
		}
	}
	if l.Kind != serviceKind.kind {
		return found
	}
	for i, rev := range l.History() {
		name := world.Full("run", revisionName(l, rev.Name))
		a := one("Revision", name, v1Revision(l, rev, i == 0))
		a.full = name
		found = append(found, a)
	}
	return found
}
