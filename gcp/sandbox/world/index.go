package world

import "strings"

// index finds things by their names. It is built once, at load.
type index struct {
	projects     map[string]*Project // by id and by number
	folders      map[string]*Folder
	groups       map[string]*Group // by e-mail in lower case
	customRoles  map[string]*CustomRole
	accounts     map[string]*ServiceAccount // by e-mail in lower case and by unique id
	repositories map[string]*Repository     // by relative name
	images       map[packageKey][]*Image
	packages     map[*Repository][]string // in the order of their first appearance
	sizes        map[*Repository]int64    // bytes of all images
	denyPolicies map[string][]*DenyPolicy // by the full name of what they are attached to
	containers   map[string]bool          // full names of folders and of the organization
}

// packageKey is a package of a repository.
type packageKey struct {
	repository *Repository
	name       string
}

// buildIndex fills the index and the links back from things to their projects.
func (w *World) buildIndex() {
	w.index = index{
		projects: map[string]*Project{}, folders: map[string]*Folder{}, groups: map[string]*Group{},
		customRoles: map[string]*CustomRole{}, accounts: map[string]*ServiceAccount{},
		repositories: map[string]*Repository{}, images: map[packageKey][]*Image{},
		packages: map[*Repository][]string{}, sizes: map[*Repository]int64{}, containers: map[string]bool{},
	}
	if w.Organization != nil {
		w.index.containers[fullNodeName(w.Organization.Name())] = true
	}
	for _, f := range w.Folders {
		w.index.folders[f.ID] = f
		w.index.containers[fullNodeName(f.Name())] = true
	}
	for i := range w.Groups {
		w.index.groups[emailKey(w.Groups[i].Email)] = &w.Groups[i]
	}
	for i := range w.Roles {
		w.index.customRoles[w.Roles[i].Name] = &w.Roles[i]
	}
	for _, p := range w.Projects {
		w.indexProject(p)
	}
	w.indexDenyPolicies()
}

func (w *World) indexDenyPolicies() {
	w.index.denyPolicies = map[string][]*DenyPolicy{}
	for _, d := range w.DenyPolicies {
		at := w.Canonical(fullNodeName(d.AttachmentPoint))
		w.index.denyPolicies[at] = append(w.index.denyPolicies[at], d)
	}
}

func (w *World) indexProject(p *Project) {
	w.index.projects[p.ID] = p
	w.index.projects[p.Number] = p
	for _, a := range p.ServiceAccounts {
		a.Project = p
		if a.Email == "" {
			a.Email = a.AccountID + "@" + accountDomain(p.ID)
		}
		w.index.accounts[emailKey(a.Email)] = a
		w.index.accounts[a.UniqueID()] = a
	}
	for _, r := range p.Repositories {
		r.Project = p
		w.index.repositories[r.Name()] = r
		w.indexImages(r)
	}
	for _, l := range p.Workloads {
		l.Project = p
	}
}

func (w *World) indexImages(r *Repository) {
	for _, img := range r.Images {
		key := packageKey{r, img.Package}
		if w.index.images[key] == nil {
			w.index.packages[r] = append(w.index.packages[r], img.Package)
		}
		w.index.images[key] = append(w.index.images[key], img)
		w.index.sizes[r] += img.SizeBytes
	}
}

// Packages names a repository's packages, in the order of their first
// appearance.
func (w *World) Packages(r *Repository) []string { return w.index.packages[r] }

// Versions gives the images of a package.
func (w *World) Versions(r *Repository, pkg string) []*Image {
	return w.index.images[packageKey{r, pkg}]
}

// RepositorySize is how many bytes all images of a repository have.
func (w *World) RepositorySize(r *Repository) int64 { return w.index.sizes[r] }

// accountDomain is the mail domain of a project's user-managed service
// accounts; a domain-scoped id "example.com:p" turns into "p.example.com".
func accountDomain(projectID string) string {
	if domain, id, ok := strings.Cut(projectID, ":"); ok {
		projectID = id + "." + domain
	}
	return projectID + ".iam.gserviceaccount.com"
}

// Project finds a project by id or by number; nil if there is none.
func (w *World) Project(idOrNumber string) *Project { return w.index.projects[idOrNumber] }

// Folder finds a folder by its number; nil if there is none.
func (w *World) Folder(id string) *Folder { return w.index.folders[id] }

// ServiceAccount finds an account by e-mail or unique id in a project (id or number; "-" is any); nil if
// there is none. Service agents are not found: they live in Google's own projects.
func (w *World) ServiceAccount(project, emailOrID string) *ServiceAccount {
	a := w.index.accounts[emailKey(emailOrID)]
	if a == nil || (project != "-" && w.Project(project) != a.Project) {
		return nil
	}
	return a
}

// UniqueID is the account's number of 21 digits, made from its e-mail.
func (a *ServiceAccount) UniqueID() string { return uniqueID(a.Email) }

// Repository finds a repository by its relative name (project id or number).
func (w *World) Repository(relative string) *Repository {
	_, name := splitFullName(w.Canonical(FullName("artifactregistry", relative)))
	return w.index.repositories[name]
}
