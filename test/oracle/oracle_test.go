package oracle

import (
	"slices"
	"strings"
	"time"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// truth is what the engine knows about one check.
type truth struct {
	yes         bool   // what IAM, the API's state or the constraint say
	gone        bool   // the thing itself is not there, or is in a project that is being deleted
	byDeny      bool   // no, and without the deny policies it would be yes
	access      access // what it comes down to; zero where no single permission decides
	wrong       string // the check asks about the wrong thing
	undecidable bool   // something that nobody can decide by reading has a say
}

// access is a principal, a permission and a full resource name.
type access struct{ who, permission, resource string }

// oracle knows a scenario's truth at a time.
type oracle struct {
	*scenario
	at time.Time
}

// judge gives the truth of a check; false where the engine has none. It reads nothing of what the caller read.
func (r oracle) judge(c model.Check) (truth, bool) {
	consumer := r.world.Project(r.question.Project)
	if consumer == nil {
		consumer = &world.Project{ID: r.question.Project} // nothing is on in it, and nobody is its agent
	}
	agent, _ := world.AgentEmail(consumer, model.RunService)
	puller := "serviceAccount:" + agent
	switch c.BaseID() {
	case model.CheckRunAPI:
		return truth{yes: r.world.Enabled(consumer.ID, model.RunService), gone: consumer.State != "ACTIVE"}, true
	case model.CheckAgent:
		return r.holds(access{puller, tracerPermission, world.FullName("cloudresourcemanager", consumer.Name())}), true
	case model.CheckPull:
		return r.reads(c, puller)
	case model.CheckReadImage:
		return r.reads(c, r.deployer())
	case model.CheckDeploy:
		return r.deploys(consumer), true
	case model.CheckActAs:
		return r.actsAs(consumer), true
	case model.CheckRunAs:
		return r.onRunner(consumer, puller, string(model.PermGetAccessToken)), true
	case model.CheckUpstream:
		return r.readsUpstream(c)
	}
	return truth{}, false
}

func (r oracle) deployer() string {
	if r.question.Deployer != "" {
		return string(r.question.Deployer)
	}
	return r.caller
}

// holds asks the engine, also without deny policies.
func (r oracle) holds(a access) truth {
	t := truth{access: a, yes: r.world.Allowed(a.who, a.permission, a.resource, r.at)}
	if !t.yes && len(r.world.DenyPolicies) > 0 {
		denies := r.world.DenyPolicies
		r.world.SetDenyPolicies(nil)
		t.byDeny = r.world.Allowed(a.who, a.permission, a.resource, r.at)
		r.world.SetDenyPolicies(denies)
	}
	t.undecidable = r.isUndecidable(a)
	return t
}

// references are the images that the question comes down to.
func (r oracle) references() []string {
	var images []string
	if l := r.workload(); l != nil {
		images = slices.Concat(l.Images, l.SandboxImages)
	}
	if !r.question.Image.IsZero() {
		images = append([]string{r.question.Image.Text}, images[min(1, len(images)):]...)
	}
	return images
}

func (r oracle) workload() *world.Workload {
	if r.question.Workload == nil {
		return nil
	}
	return r.world.Workload(r.question.Workload.Resource(r.question.Project).Path())
}

// repositories are the relative names of those that the question comes down to.
func (r oracle) repositories() []string {
	if r.question.Repository.ID != "" {
		return []string{r.question.Repository.String()}
	}
	var names []string
	for _, text := range r.references() {
		if ref, ok := world.ParseReference(text); ok {
			names = append(names, ref.Repository)
		}
	}
	return names
}

// reads: the permission on a repository.
func (r oracle) reads(c model.Check, who string) (truth, bool) {
	name := c.Resource.Path()
	if c.Resource == "" {
		return truth{}, false // not in Artifact Registry, or no image is known
	}
	t := r.holds(access{who, string(model.PermDownload), string(c.Resource)})
	if !slices.Contains(r.repositories(), name) {
		t.wrong = "asks about " + name
	}
	repository := r.world.Repository(name)
	t.gone = repository == nil || repository.Project.State != "ACTIVE"
	return t, true
}

// deploys: update on the workload when it is there, else create on the project; there also get, and what lets everybody
// in where that is asked for.
func (r oracle) deploys(consumer *world.Project) truth {
	kind, verb, on := model.Service, "create", world.FullName("cloudresourcemanager", consumer.Name())
	if r.question.Kind != "" {
		kind = r.question.Kind
	}
	if r.question.Workload != nil {
		kind = r.question.Workload.Kind
	}
	if l := r.workload(); l != nil {
		verb, on = "update", world.FullName("run", l.Name())
	}
	verbs := []string{verb, "get"}
	if r.question.Public {
		verbs = append(verbs, "setIamPolicy")
	}
	all := make([]truth, len(verbs))
	for n, v := range verbs {
		all[n] = r.holds(access{r.deployer(), string(kind.Permission(v)), on})
	}
	return allOf(all)
}

// allOf is so where each is; it is a deny policy's doing where without them all would be.
func allOf(all []truth) truth {
	t := all[0]
	for _, other := range all[1:] {
		if t.yes && !other.yes {
			t.access = other.access
		}
		t.byDeny = (t.yes || t.byDeny) && (other.yes || other.byDeny) && (t.byDeny || other.byDeny)
		t.yes, t.undecidable = t.yes && other.yes, t.undecidable || other.undecidable
	}
	return t
}

// runner is the runtime account's e-mail.
func (r oracle) runner(consumer *world.Project) string {
	if r.question.ServiceAccount != "" {
		return r.question.ServiceAccount
	}
	if l := r.workload(); l != nil && l.ServiceAccount != "" {
		return l.ServiceAccount
	}
	return consumer.Number + "-compute@developer.gserviceaccount.com"
}

// hasNoAccount: what runs as an agent identity has no account, so that nobody needs anything on one.
func (r oracle) hasNoAccount() bool {
	l := r.workload()
	return r.question.ServiceAccount == "" && l != nil && l.AgentIdentity
}

func (r oracle) onRunner(consumer *world.Project, who, permission string) truth {
	if r.hasNoAccount() {
		return truth{yes: true}
	}
	email := r.runner(consumer)
	t := r.holds(access{who, permission, world.FullName("iam", "projects/"+accountProject(email)+"/serviceAccounts/"+email)})
	account := r.world.ServiceAccount("-", email)
	t.gone = account == nil || account.Project != consumer && account.Project.State != "ACTIVE" // run-api speaks of the consumer project
	return t
}

// accountProject is the project, ID or number, that an account's e-mail names.
func accountProject(email string) string {
	name, host, _ := strings.Cut(email, "@")
	if host == "developer.gserviceaccount.com" {
		return strings.TrimSuffix(name, "-compute")
	}
	project := strings.TrimSuffix(host, ".iam.gserviceaccount.com")
	if id, domain, scoped := strings.Cut(project, "."); scoped {
		return domain + ":" + id
	}
	return project
}

// actsAs: also the constraint on the account's project must let the account be used elsewhere.
func (r oracle) actsAs(consumer *world.Project) truth {
	t := r.onRunner(consumer, r.deployer(), string(model.PermActAs))
	owner := r.world.Project(accountProject(r.runner(consumer)))
	if owner == nil || owner == consumer || r.hasNoAccount() {
		return t
	}
	if policy, _, _ := world.EffectiveOrgPolicy(owner, model.CrossProjectConstraint); policy.Enforced {
		t.yes, t.byDeny = false, false
	}
	return t
}

// readsUpstream: the agent of the project whose repository stands in front.
func (r oracle) readsUpstream(c model.Check) (truth, bool) {
	upstream := c.Resource.Path()
	for _, name := range r.repositories() {
		front := r.world.Repository(name)
		if front == nil || !slices.Contains(front.Upstreams, upstream) || strings.HasPrefix(upstream, front.Project.Name()+"/") {
			continue
		}
		agent, _ := world.AgentEmail(front.Project, registryAPI)
		if c.Principal != "" && string(c.Principal) != "serviceAccount:"+agent {
			continue // another front repository before the same upstream
		}
		permission := model.PermDownload
		if front.Mode == "VIRTUAL" {
			permission = model.PermReadViaVirtual
		}
		if c.Permission != permission {
			continue
		}
		t := r.holds(access{"serviceAccount:" + agent, string(permission), string(c.Resource)})
		t.gone = r.world.Repository(upstream).Project.State != "ACTIVE"
		return t, true
	}
	if c.Verdict == model.Unknown && c.Principal == "" { // it may be a link within one project, which needs no check
		return truth{yes: true}, true
	}
	return truth{wrong: "asks about " + upstream}, true
}

// isReady reports whether every image is found, and the runtime account exists and is enabled: no check on a permission asks
// for these.
func (r oracle) isReady() bool {
	consumer := r.world.Project(r.question.Project)
	if consumer == nil {
		return false
	}
	account := r.world.ServiceAccount("-", r.runner(consumer))
	if !r.hasNoAccount() && (account == nil || account.Disabled || account.Project.State != "ACTIVE") {
		return false
	}
	if r.question.Repository.ID != "" {
		return r.world.Repository(r.question.Repository.String()) != nil
	}
	return len(r.references()) > 0 && !slices.ContainsFunc(r.references(), func(text string) bool {
		ref, ok := world.ParseReference(text)
		return !ok || r.world.FindImage(ref) == nil && !r.isFetched(ref)
	})
}

// isFetched reports whether a repository fetches an image of the outer world. What is there the world does not know, so it has
// whatever is asked for.
func (r oracle) isFetched(ref world.Reference) bool {
	digest, _ := r.world.ManifestDigest(ref)
	return digest != ""
}
