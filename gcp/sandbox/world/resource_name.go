package world

import (
	"strings"
)

// FullName gives the full name of a resource from its service's short name and its
// relative name: Full("run", "projects/p/…") is "//run.googleapis.com/projects/p/…".
func FullName(service, relative string) string {
	return "//" + service + ".googleapis.com/" + relative
}

// fullNodeName is the full name of a project, a folder or an organization.
func fullNodeName(relative string) string { return FullName("cloudresourcemanager", relative) }

// splitFullName takes a full resource name apart: "run.googleapis.com", "projects/p/…".
func splitFullName(full string) (service, relative string) {
	service, relative, _ = strings.Cut(strings.TrimPrefix(full, "//"), "/")
	return service, relative
}

// Canonical gives the form of a full resource name in which it is kept. A project has its id, not its number.
// A service account is under the project that owns it.
func (w *World) Canonical(full string) string {
	service, relative := splitFullName(full)
	parts := strings.Split(relative, "/")
	if len(parts) < 2 || parts[0] != "projects" {
		return full
	}
	if len(parts) >= 4 && parts[2] == "serviceAccounts" {
		if a := w.ServiceAccount(parts[1], parts[3]); a != nil {
			return "//" + service + "/" + a.Name()
		}
	}
	if p := w.Project(parts[1]); p != nil {
		parts[1] = p.ID
	}
	return "//" + service + "/" + strings.Join(parts, "/")
}

// chain gives a resource and all it inherits from, nearest first. It is empty if the resource's project,
// folder or organization is not in the world. A missing resource in an existing project still inherits from
// the project.
func (w *World) chain(full string) []string {
	service, relative := splitFullName(w.Canonical(full))
	parts := strings.Split(relative, "/")
	if len(parts) < 2 {
		return nil
	}
	var own []string
	for n := len(parts); n > 2; n-- {
		own = append(own, "//"+service+"/"+strings.Join(parts[:n], "/"))
	}
	above := w.ancestors(parts[0] + "/" + parts[1])
	if len(above) == 0 {
		return nil
	}
	return append(own, above...)
}

// ancestors gives the full names of a project, folder or organization and of
// everything above it.
func (w *World) ancestors(relative string) []string {
	var names []string
	for relative != "" {
		kind, id, _ := strings.Cut(relative, "/")
		parent := ""
		switch kind {
		case "projects":
			p := w.Project(id)
			if p == nil {
				return nil
			}
			parent = p.Parent
		case "folders":
			f := w.Folder(id)
			if f == nil {
				return nil
			}
			parent = f.Parent
		case "organizations":
			if w.Organization == nil || w.Organization.ID != id {
				return nil
			}
		default:
			return nil
		}
		names = append(names, fullNodeName(relative))
		relative = parent
	}
	return names
}

// Ancestry gives "projects/P", "folders/F", "organizations/O" from the named
// node upwards, or nothing when it is not in the world.
func (w *World) Ancestry(relative string) []string {
	var names []string
	for _, full := range w.ancestors(relative) {
		_, rel := splitFullName(full)
		names = append(names, rel)
	}
	return names
}

// Exists reports whether there is such a resource.
func (w *World) Exists(full string) bool {
	full = w.Canonical(full)
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.policies[full] != nil
}
