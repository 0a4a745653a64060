package world

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// validator goes through a decoded file and notes everything that is wrong, each
// at its key.
type validator struct {
	world     *World
	positions *positions
	errs      []error
	firstKeys map[string]string // what must be unique -> the key that had it first
}

func validate(w *World, where *positions) error {
	v := &validator{world: w, positions: where, firstKeys: map[string]string{}}
	v.validateRoot()
	for i, f := range w.Folders {
		v.validateFolder(fmt.Sprintf("folders[%d]", i), f)
	}
	for i, g := range w.Groups {
		v.validateGroup(fmt.Sprintf("groups[%d]", i), g)
	}
	for i, r := range w.Roles {
		v.validateCustomRole(fmt.Sprintf("roles[%d]", i), r)
	}
	for i, d := range w.DenyPolicies {
		v.validateDenyPolicy(fmt.Sprintf("denyPolicies[%d]", i), d)
	}
	for i, b := range w.AccessBoundaries {
		v.validateBoundary(fmt.Sprintf("accessBoundaries[%d]", i), b)
	}
	for i, p := range w.Projects {
		v.validateProject(fmt.Sprintf("projects[%d]", i), p)
	}
	return errors.Join(v.errs...)
}

func (v *validator) errorf(key, format string, args ...any) {
	v.errs = append(v.errs, v.positions.errorf(key, format, args...))
}

var (
	digitsForm         = regexp.MustCompile(`^[0-9]+$`)
	projectIDForm      = regexp.MustCompile(`^([a-z0-9.-]+:)?[a-z][a-z0-9-]{1,28}[a-z0-9]$`)
	locationForm       = regexp.MustCompile(`^[a-z]+(-[a-z]+[0-9]+)?$`)
	regionForm         = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)
	workloadNameForm   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	repositoryIDForm   = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,62}$`)
	accountIDForm      = regexp.MustCompile(`^[a-z][a-z0-9-]{1,29}$`)
	customerIDForm     = regexp.MustCompile(`^C[0-9A-Za-z]+$`)
	emailForm          = regexp.MustCompile(`^[^\s@:]+@[^\s@:]+\.[^\s@:]+$`)
	apiForm            = regexp.MustCompile(`^[a-z0-9-]+\.googleapis\.com$`)
	roleForm           = regexp.MustCompile(`^(projects/[^/]+|organizations/[0-9]+)/roles/[A-Za-z0-9_.]+$`)
	permissionForm     = regexp.MustCompile(`^[a-z0-9]+\.[A-Za-z]+\.[A-Za-z]+$`)
	constraintForm     = regexp.MustCompile(`^[a-z]+(\.[A-Za-z]+)+$`)
	denyPermissionForm = regexp.MustCompile(`^[a-z]+\.googleapis\.com/(\*|(\*|[A-Za-z]+)\.(\*|[A-Za-z]+))$`)
	digestForm         = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	tagForm            = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
)

// requireForm wants a text of that form; example shows one.
func (v *validator) requireForm(key, text string, want *regexp.Regexp, example string) {
	if !want.MatchString(text) {
		v.errorf(key, "%q does not fit; expected something like %s", text, example)
	}
}

// requireOneOf wants one of the words.
func (v *validator) requireOneOf(key, text string, words ...string) {
	if !slices.Contains(words, text) {
		v.errorf(key, "%q is not known; expected %s", text, strings.Join(words, ", "))
	}
}

// requireUnique checks that no other thing of the same kind has that name.
func (v *validator) requireUnique(key, kind, name string) {
	id := kind + " " + name
	if first, taken := v.firstKeys[id]; taken {
		v.errorf(key, "%s %q is there already, at %s (line %d); expected another", kind, name, first, v.positions.lines[first])
		return
	}
	v.firstKeys[id] = key
}

func (v *validator) requireTime(key, text string) {
	if text == "" {
		return
	}
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		v.errorf(key, "%q is no time; expected something like 2026-01-02T03:04:05Z", text)
	}
}

func (v *validator) validateRoot() {
	if !ValidCaller(v.world.Caller) {
		v.errorf("caller", "%q is no identity that makes calls; expected something like user:dev@example.com", v.world.Caller)
	}
	if o := v.world.Organization; o != nil {
		v.requireForm("organization.id", o.ID, digitsForm, `"100000000001"`)
		v.validatePolicy("organization.policy", o.Policy)
		v.requireForm("organization.directoryCustomerId", o.CustomerID(), customerIDForm, "C01abc23d")
	}
	v.validateAssetIndex("assetIndex", v.world.AssetIndex)
	g := v.world.Generate
	v.requireCount("generate.projects", g.Projects)
	v.requireCount("generate.repositories", g.Repositories)
	v.requireCount("generate.images", g.Images)
	v.requireCount("generate.workloads", g.Workloads)
	v.requireCount("generate.instances", g.Instances)
}

// assetTypes are those that an index can have here.
var assetTypes = []string{
	"artifactregistry.googleapis.com/Repository",
	"cloudresourcemanager.googleapis.com/Folder", "cloudresourcemanager.googleapis.com/Organization", "cloudresourcemanager.googleapis.com/Project",
	"iam.googleapis.com/ServiceAccount",
	"run.googleapis.com/Job", "run.googleapis.com/Revision", "run.googleapis.com/Service", "run.googleapis.com/WorkerPool",
}

func (v *validator) validateAssetIndex(key string, x AssetIndex) {
	const most = 35 * 24 * time.Hour // as long as Cloud Asset keeps snapshots
	if age, err := time.ParseDuration(x.Age); x.Age != "" && (err != nil || age < 0 || age > most) {
		v.errorf(key+".age", "%q is no age of an index; expected something like 2h, up to 840h", x.Age)
	}
	for i, kind := range x.Without {
		v.requireOneOf(fmt.Sprintf("%s.without[%d]", key, i), kind, assetTypes...)
	}
}

func (v *validator) requireCount(key string, n int) {
	if n < 0 || n > 1_000_000 {
		v.errorf(key, "%d is out of range; expected 0 to 1000000", n)
	}
}

func (v *validator) validateFolder(key string, f *Folder) {
	v.requireForm(key+".id", f.ID, digitsForm, `"200000000001"`)
	v.requireUnique(key+".id", "folder", f.ID)
	v.validateParent(key+".parent", f.Parent)
	if f.Parent != "" && v.world.hasParentCycle(f) {
		v.errorf(key+".parent", "the folder is above itself; expected a parent further up")
	}
	v.validatePolicy(key+".policy", f.Policy)
}

// hasParentCycle reports whether going up from the folder comes back to it.
func (w *World) hasParentCycle(f *Folder) bool {
	at := f
	for range w.Folders {
		at = w.Folder(strings.TrimPrefix(at.Parent, "folders/"))
		if at == nil {
			return false
		}
		if at == f {
			return true
		}
	}
	return true
}

// validateParent wants a folder or the organization of this file.
func (v *validator) validateParent(key, parent string) {
	o := v.world.Organization
	if parent == "" || (o != nil && parent == o.Name()) {
		return
	}
	if id, ok := strings.CutPrefix(parent, "folders/"); ok && v.world.Folder(id) != nil {
		return
	}
	v.errorf(key, "%q is not in this file; expected folders/ID or organizations/ID of one that is", parent)
}

func (v *validator) validateGroup(key string, g Group) {
	v.requireForm(key+".email", g.Email, emailForm, "team@example.com")
	v.requireUnique(key+".email", "group", emailKey(g.Email))
	v.validateMembers(key+".members", g.Members)
	v.validateMembers(key+".visibleTo", g.VisibleTo)
}

func (v *validator) validateCustomRole(key string, r CustomRole) {
	v.requireForm(key+".name", r.Name, roleForm, "projects/my-project/roles/puller")
	v.requireUnique(key+".name", "role", r.Name)
	owner, _, _ := strings.Cut(r.Name, "/roles/")
	if roleForm.MatchString(r.Name) && !v.nodeExists(owner) {
		v.errorf(key+".name", "%q is not in this file; expected a project or the organization that is", owner)
	}
	v.requireOneOf(key+".stage", r.Stage, launchStages...)
	for i, p := range r.IncludedPermissions {
		v.requireForm(fmt.Sprintf("%s.includedPermissions[%d]", key, i), p, permissionForm, "artifactregistry.repositories.get")
	}
}

// nodeExists reports whether there is such a project (by id), folder or organization.
func (v *validator) nodeExists(name string) bool {
	kind, id, _ := strings.Cut(name, "/")
	switch kind {
	case "projects":
		return v.world.Project(id) != nil
	case "folders":
		return v.world.Folder(id) != nil
	case "organizations":
		return v.world.Organization != nil && v.world.Organization.ID == id
	}
	return false
}

func (v *validator) validateDenyPolicy(key string, d *DenyPolicy) {
	if !v.nodeExists(d.AttachmentPoint) {
		v.errorf(key+".attachmentPoint", "%q is not in this file; expected projects/ID, folders/ID or organizations/ID of one that is", d.AttachmentPoint)
	}
	v.requireUnique(key+".id", "deny policy", d.AttachmentPoint+" "+d.ID)
	for i, r := range d.Rules {
		rule := fmt.Sprintf("%s.rules[%d]", key, i)
		v.validateDenyPrincipals(rule+".deniedPrincipals", r.DeniedPrincipals)
		v.validateDenyPrincipals(rule+".exceptionPrincipals", r.ExceptionPrincipals)
		v.validateDenyPermissions(rule+".deniedPermissions", r.DeniedPermissions)
		v.validateDenyPermissions(rule+".exceptionPermissions", r.ExceptionPermissions)
	}
}

func (v *validator) validateDenyPrincipals(key string, list []string) {
	for i, p := range list {
		principal := strings.TrimPrefix(p, "deleted:")
		if !strings.HasPrefix(principal, "principal://") && !strings.HasPrefix(principal, "principalSet://") {
			v.errorf(fmt.Sprintf("%s[%d]", key, i), "%q is no principal of a deny policy; expected something like principalSet://goog/public:all", p)
		}
	}
}

func (v *validator) validateDenyPermissions(key string, list []string) {
	for i, p := range list {
		v.requireForm(fmt.Sprintf("%s[%d]", key, i), p, denyPermissionForm, "artifactregistry.googleapis.com/repositories.downloadArtifacts")
	}
}
