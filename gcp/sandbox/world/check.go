package world

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// checker goes through a decoded file and notes everything that is wrong, each
// at its key.
type checker struct {
	w     *World
	where *positions
	found []error
	seen  map[string]string // what must be unique -> the key that had it first
}

func check(w *World, where *positions) error {
	c := &checker{w: w, where: where, seen: map[string]string{}}
	c.top()
	for i, f := range w.Folders {
		c.folder(fmt.Sprintf("folders[%d]", i), f)
	}
	for i, g := range w.Groups {
		c.group(fmt.Sprintf("groups[%d]", i), g)
	}
	for i, r := range w.Roles {
		c.role(fmt.Sprintf("roles[%d]", i), r)
	}
	for i, d := range w.DenyPolicies {
		c.denyPolicy(fmt.Sprintf("denyPolicies[%d]", i), d)
	}
	for i, b := range w.AccessBoundaries {
		c.boundary(fmt.Sprintf("accessBoundaries[%d]", i), b)
	}
	for i, p := range w.Projects {
		c.project(fmt.Sprintf("projects[%d]", i), p)
	}
	return errors.Join(c.found...)
}

func (c *checker) fail(key, format string, args ...any) {
	c.found = append(c.found, c.where.errorf(key, format, args...))
}

var (
	digits         = regexp.MustCompile(`^[0-9]+$`)
	projectIDForm  = regexp.MustCompile(`^([a-z0-9.-]+:)?[a-z][a-z0-9-]{1,28}[a-z0-9]$`)
	locationForm   = regexp.MustCompile(`^[a-z]+(-[a-z]+[0-9]+)?$`)
	regionForm     = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)
	runNameForm    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	repoIDForm     = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,62}$`)
	accountIDForm  = regexp.MustCompile(`^[a-z][a-z0-9-]{1,29}$`)
	customerForm   = regexp.MustCompile(`^C[0-9A-Za-z]+$`)
	mailForm       = regexp.MustCompile(`^[^\s@:]+@[^\s@:]+\.[^\s@:]+$`)
	apiForm        = regexp.MustCompile(`^[a-z0-9-]+\.googleapis\.com$`)
	roleForm       = regexp.MustCompile(`^(projects/[^/]+|organizations/[0-9]+)/roles/[A-Za-z0-9_.]+$`)
	permissionForm = regexp.MustCompile(`^[a-z0-9]+\.[A-Za-z]+\.[A-Za-z]+$`)
	constraintForm = regexp.MustCompile(`^[a-z]+(\.[A-Za-z]+)+$`)
	denyForm       = regexp.MustCompile(`^[a-z]+\.googleapis\.com/(\*|(\*|[A-Za-z]+)\.(\*|[A-Za-z]+))$`)
	digestForm     = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	tagForm        = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
)

// form wants a text of that form; example shows one.
func (c *checker) form(key, text string, want *regexp.Regexp, example string) {
	if !want.MatchString(text) {
		c.fail(key, "%q does not fit; expected something like %s", text, example)
	}
}

// oneOf wants one of the words.
func (c *checker) oneOf(key, text string, words ...string) {
	if !slices.Contains(words, text) {
		c.fail(key, "%q is not known; expected %s", text, strings.Join(words, ", "))
	}
}

// unique wants that no other thing of the same sort has that name.
func (c *checker) unique(key, sort, name string) {
	id := sort + " " + name
	if first, taken := c.seen[id]; taken {
		c.fail(key, "%s %q is there already, at %s (line %d); expected another", sort, name, first, c.where.lines[first])
		return
	}
	c.seen[id] = key
}

func (c *checker) moment(key, text string) {
	if text == "" {
		return
	}
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		c.fail(key, "%q is no time; expected something like 2026-01-02T03:04:05Z", text)
	}
}

func (c *checker) top() {
	if !ValidCaller(c.w.Caller) {
		c.fail("caller", "%q is no identity that makes calls; expected something like user:dev@example.com", c.w.Caller)
	}
	if o := c.w.Organization; o != nil {
		c.form("organization.id", o.ID, digits, `"100000000001"`)
		c.policy("organization.policy", o.Policy)
		c.form("organization.directoryCustomerId", o.Customer(), customerForm, "C01abc23d")
	}
	c.assetIndex("assetIndex", c.w.AssetIndex)
	g := c.w.Generate
	c.amount("generate.projects", g.Projects)
	c.amount("generate.repositories", g.Repositories)
	c.amount("generate.images", g.Images)
	c.amount("generate.workloads", g.Workloads)
	c.amount("generate.instances", g.Instances)
}

// assetTypes are those that an index can have here.
var assetTypes = []string{
	"artifactregistry.googleapis.com/Repository",
	"cloudresourcemanager.googleapis.com/Folder", "cloudresourcemanager.googleapis.com/Organization", "cloudresourcemanager.googleapis.com/Project",
	"iam.googleapis.com/ServiceAccount",
	"run.googleapis.com/Job", "run.googleapis.com/Revision", "run.googleapis.com/Service", "run.googleapis.com/WorkerPool",
}

func (c *checker) assetIndex(key string, x AssetIndex) {
	const most = 35 * 24 * time.Hour // as long as Cloud Asset keeps snapshots
	if age, err := time.ParseDuration(x.Age); x.Age != "" && (err != nil || age < 0 || age > most) {
		c.fail(key+".age", "%q is no age of an index; expected something like 2h, up to 840h", x.Age)
	}
	for i, kind := range x.Without {
		c.oneOf(fmt.Sprintf("%s.without[%d]", key, i), kind, assetTypes...)
	}
}

func (c *checker) amount(key string, n int) {
	if n < 0 || n > 1_000_000 {
		c.fail(key, "%d is out of range; expected 0 to 1000000", n)
	}
}

func (c *checker) folder(key string, f *Folder) {
	c.form(key+".id", f.ID, digits, `"200000000001"`)
	c.unique(key+".id", "folder", f.ID)
	c.parentOf(key+".parent", f.Parent)
	if f.Parent != "" && c.w.above(f) {
		c.fail(key+".parent", "the folder lies in itself; expected a parent further up")
	}
	c.policy(key+".policy", f.Policy)
}

// above says whether going up from the folder comes back to it.
func (w *World) above(f *Folder) bool {
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

// parentOf wants a folder or the organization of this file.
func (c *checker) parentOf(key, parent string) {
	o := c.w.Organization
	if parent == "" || (o != nil && parent == o.Name()) {
		return
	}
	if id, ok := strings.CutPrefix(parent, "folders/"); ok && c.w.Folder(id) != nil {
		return
	}
	c.fail(key, "%q is not in this file; expected folders/ID or organizations/ID of one that is", parent)
}

func (c *checker) group(key string, g Group) {
	c.form(key+".email", g.Email, mailForm, "team@example.com")
	c.unique(key+".email", "group", mailKey(g.Email))
	c.members(key+".members", g.Members)
	c.members(key+".visibleTo", g.VisibleTo)
}

func (c *checker) role(key string, r CustomRole) {
	c.form(key+".name", r.Name, roleForm, "projects/my-project/roles/puller")
	c.unique(key+".name", "role", r.Name)
	owner, _, _ := strings.Cut(r.Name, "/roles/")
	if roleForm.MatchString(r.Name) && !c.isNode(owner) {
		c.fail(key+".name", "%q is not in this file; expected a project or the organization that is", owner)
	}
	c.oneOf(key+".stage", r.Stage, launchStages...)
	for i, p := range r.IncludedPermissions {
		c.form(fmt.Sprintf("%s.includedPermissions[%d]", key, i), p, permissionForm, "artifactregistry.repositories.get")
	}
}

// isNode says whether there is such a project (by id), folder or organization.
func (c *checker) isNode(name string) bool {
	kind, id, _ := strings.Cut(name, "/")
	switch kind {
	case "projects":
		return c.w.Project(id) != nil
	case "folders":
		return c.w.Folder(id) != nil
	case "organizations":
		return c.w.Organization != nil && c.w.Organization.ID == id
	}
	return false
}

func (c *checker) denyPolicy(key string, d *DenyPolicy) {
	if !c.isNode(d.AttachmentPoint) {
		c.fail(key+".attachmentPoint", "%q is not in this file; expected projects/ID, folders/ID or organizations/ID of one that is", d.AttachmentPoint)
	}
	c.unique(key+".id", "deny policy", d.AttachmentPoint+" "+d.ID)
	for i, r := range d.Rules {
		rule := fmt.Sprintf("%s.rules[%d]", key, i)
		c.denyPrincipals(rule+".deniedPrincipals", r.DeniedPrincipals)
		c.denyPrincipals(rule+".exceptionPrincipals", r.ExceptionPrincipals)
		c.denyPermissions(rule+".deniedPermissions", r.DeniedPermissions)
		c.denyPermissions(rule+".exceptionPermissions", r.ExceptionPermissions)
	}
}

func (c *checker) denyPrincipals(key string, list []string) {
	for i, p := range list {
		there := strings.TrimPrefix(p, "deleted:")
		if !strings.HasPrefix(there, "principal://") && !strings.HasPrefix(there, "principalSet://") {
			c.fail(fmt.Sprintf("%s[%d]", key, i), "%q is no principal of a deny policy; expected something like principalSet://goog/public:all", p)
		}
	}
}

func (c *checker) denyPermissions(key string, list []string) {
	for i, p := range list {
		c.form(fmt.Sprintf("%s[%d]", key, i), p, denyForm, "artifactregistry.googleapis.com/repositories.downloadArtifacts")
	}
}
