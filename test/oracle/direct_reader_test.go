package oracle

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"whopulls/gcp/sandbox/roles"
	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// directReader answers wants straight from a world, with what the cloud would say to one caller: the same refusals, and not
// found only for those who could see the thing.
type directReader struct {
	*scenario
	at time.Time
}

// read fills a Situation until nothing is wanted.
func (s *scenario) read(at time.Time) model.Situation { return s.readFor(at, model.PlanOptions{}) }

func (s *scenario) readFor(at time.Time, o model.PlanOptions) model.Situation {
	m := directReader{s, at}
	situation := model.NewSituation(s.question, at)
	for {
		wants := model.Wants(situation, o)
		if len(wants) == 0 {
			situation.ReadingDone = true
			return situation
		}
		for _, w := range wants {
			m.answer(&situation, w)
		}
	}
}

func (m directReader) answer(s *model.Situation, w model.Want) {
	r := w.Resource
	switch w.Kind {
	case model.WantCaller:
		s.Caller = m.callerFact()
	case model.WantWorkload:
		s.Workload = m.workload()
	case model.WantProject:
		s.Projects[w.Project] = m.project(w.Project)
	case model.WantAncestry:
		s.Ancestry[w.Project] = m.ancestry(w.Project)
	case model.WantAPI:
		s.APIs[r] = m.api(r)
	case model.WantRepository:
		s.Repositories[r] = m.repository(r)
	case model.WantImage:
		s.Images[w.Image.String()] = m.image(w.Image)
	case model.WantAccount:
		s.Accounts[r] = m.account(r)
	case model.WantPolicy:
		s.Policies[r] = m.policy(r)
	case model.WantRole:
		s.Roles[w.Role] = m.role(w.Role)
	case model.WantTest:
		s.Tested[model.TestKey{Resource: r, Permission: w.Permission}] = m.testPermission(r, w.Permission)
	case model.WantConstraint:
		s.Constraints[r] = m.constraint(r)
	case model.WantAnonymous:
		s.Anonymous[w.Image.String()] = m.anonymous(w.Image)
	case model.WantRedirect:
		s.Redirections[r] = m.redirection(r)
	case model.WantDeny:
		s.Denies[r] = m.denyPolicies(r)
	case model.WantOpinion: // Policy Troubleshooter is on in some of the worlds for the real clients only
		s.Opinions[w.Access] = switchedOff[model.SecondOpinion](r)
	case model.WantRules: // nor does a verdict depend on these two
		s.Rules[r] = unreadable[[]model.DownloadRule](r, "")
	case model.WantDomainRestrictions:
		s.DomainRestrictions[r] = unreadable[[]model.DomainRestriction](r, "")
	case model.WantInventory:
		s.Inventories[w.Project] = m.inventoryFact(w.Project)
	case model.WantRepositories:
		s.ProjectRepositories[w.Project] = m.repositoryList(w.Project)
	default:
		panic("nobody answers a want of kind " + string(w.Kind))
	}
}

// isAllowed is what the caller may do. A caller that sees everything may do everything on what is there.
func (m directReader) isAllowed(permission model.Permission, full string) bool {
	if m.seesEverything {
		return len(m.world.Chain(full)) > 0
	}
	return m.world.Allowed(m.caller, string(permission), full, m.at)
}

// isAPIOn reports whether an API answers in a project; in one that is not there, the permission decides.
func (m directReader) isAPIOn(api, project string) bool {
	p := m.world.Project(project)
	return m.seesEverything || p == nil || m.world.Enabled(p.ID, api)
}

// unreadable is a fact that the caller may not read; with no need, one that no permission would open.
func unreadable[T any](r model.Resource, need model.Permission) model.Fact[T] {
	return model.Unread[T](model.Gap{Resource: r, Need: need, Cause: model.GapForbidden, Reason: "not to be read"})
}

// switchedOff is a fact whose API is off: no permission helps.
func switchedOff[T any](r model.Resource) model.Fact[T] {
	return model.Unread[T](model.Gap{Resource: r, Cause: model.GapAPIOff, Reason: "the API is off", Next: "enable it"})
}

// lookUp reads a thing that is looked up by name: refused without the permission, absent when it is not there.
func lookUp[T any](m directReader, r model.Resource, need model.Permission, exists bool, value func() T) model.Fact[T] {
	switch {
	case !m.isAllowed(need, string(r)):
		return unreadable[T](r, need)
	case !exists:
		return model.Absent[T]()
	}
	return model.Known(value())
}

func (m directReader) callerFact() model.Fact[model.Member] {
	if m.unknownCaller {
		return model.Unread[model.Member](model.Gap{Cause: model.GapFailed, Reason: "nobody knows who calls"})
	}
	return model.Known(model.Member(m.caller))
}

func (m directReader) workload() model.Fact[model.Workload] {
	name := *m.question.Workload
	r := name.Resource(m.question.Project)
	if !m.isAPIOn(model.RunService, m.question.Project) {
		return switchedOff[model.Workload](r)
	}
	l := m.world.Workload(r.Path())
	value := func() model.Workload {
		return model.Workload{WorkloadName: name, ServiceAccount: l.ServiceAccount, AgentIdentity: l.AgentIdentity, Images: model.ImagesOf(slices.Concat(l.Images, l.SandboxImages)...)}
	}
	got := lookUp(m, r, name.Kind.Permission("get"), l != nil, value)
	region := "projects/" + m.question.Project + "/locations/" + name.Region
	if got.State == model.FactGap && l != nil && m.isAllowed(name.Kind.Permission("list"), world.FullName("run", region)) {
		return model.Known(value()) // a list has the same fields
	}
	return got
}

func (m directReader) project(id string) model.Fact[model.Project] {
	return lookUp(m, model.ProjectResource(id), model.PermGetProject, true, func() model.Project {
		p := m.world.Project(id)
		return model.Project{ID: p.ID, Number: p.Number, Name: p.DisplayName, State: p.State, Labels: map[string]string{}}
	})
}

func (m directReader) ancestry(id string) model.Fact[[]model.Ancestor] {
	return lookUp(m, model.ProjectResource(id), model.PermGetProject, true, func() []model.Ancestor {
		levels := []model.Ancestor{{Resource: model.ProjectResource(id)}}
		for _, name := range m.world.Ancestry("projects/" + id)[1:] {
			levels = append(levels, model.Ancestor{Resource: model.AncestorResource(name), Name: m.displayName(name)})
		}
		return levels
	})
}

func (m directReader) displayName(name string) string {
	full := string(model.AncestorResource(name))
	if id, ok := strings.CutPrefix(name, "folders/"); ok && m.isAllowed("resourcemanager.folders.get", full) {
		return m.world.Folder(id).DisplayName
	}
	if strings.HasPrefix(name, "organizations/") && m.isAllowed("resourcemanager.organizations.get", full) {
		return m.world.Organization.DisplayName
	}
	return ""
}

func (m directReader) api(r model.Resource) model.Fact[bool] {
	if !m.isAllowed(model.PermGetAPI, world.FullName("serviceusage", "projects/"+r.Project())) {
		return unreadable[bool](r, model.PermGetAPI)
	}
	return model.Known(m.world.Enabled(m.world.Project(r.Project()).ID, r.ID()))
}

const registryAPI = "artifactregistry.googleapis.com"

func (m directReader) repository(r model.Resource) model.Fact[model.Repository] {
	if !m.isAPIOn(registryAPI, r.Project()) {
		return switchedOff[model.Repository](r)
	}
	stored := m.world.Repository(r.Path())
	return lookUp(m, r, model.PermGetRepository, stored != nil, func() model.Repository {
		name, err := model.ParseRepository(r.Path())
		if err != nil {
			panic(err)
		}
		read := model.Repository{Name: name, Format: stored.Format, Mode: stored.Mode + "_REPOSITORY"}
		for _, text := range stored.Upstreams {
			if upstream, err := model.ParseRepository(text); err == nil {
				read.Upstreams = append(read.Upstreams, upstream)
			}
		}
		return read
	})
}

func (m directReader) redirection(r model.Resource) model.Fact[bool] {
	if !m.isAPIOn(registryAPI, r.Project()) {
		return switchedOff[bool](r)
	}
	return lookUp(m, r, model.PermGetSettings, true, func() bool { return m.world.Project(r.Project()).GCRRedirection != "DISABLED" })
}

// image looks for the tag or the digest in the repository itself, as the API does.
func (m directReader) image(image model.Image) model.Fact[model.ImageFact] {
	r, need := image.Repository.Resource(), model.Permission("artifactregistry.tags.get")
	if image.Digest != "" {
		need = "artifactregistry.versions.get"
	}
	if !m.isAPIOn(registryAPI, r.Project()) {
		return switchedOff[model.ImageFact](r)
	}
	digest := ""
	if stored := m.world.Repository(r.Path()); stored != nil {
		digest = findDigest(stored, image)
	}
	return lookUp(m, r, need, digest != "", func() model.ImageFact {
		if image.Digest != "" { // only a version says when it was pushed
			return model.ImageFact{Digest: digest, Pushed: world.DefaultTime}
		}
		return model.ImageFact{Digest: digest}
	})
}

// anonymous is what the registry serves to nobody: also what a virtual or a remote repository fetches.
func (m directReader) anonymous(image model.Image) model.Fact[model.ImageFact] {
	r := image.Repository.Resource()
	ref, ok := world.ParseReference(image.String())
	if !ok || !m.world.ServesImages(ref) || !m.world.Allowed("", string(model.PermDownload), string(r), m.at) || !m.world.Enabled(m.world.Project(ref.ProjectID).ID, registryAPI) {
		return unreadable[model.ImageFact](r, "")
	}
	digest, _ := m.world.ManifestDigest(ref)
	if digest == "" {
		return unreadable[model.ImageFact](r, "")
	}
	return model.Known(model.ImageFact{Digest: digest})
}

func findDigest(r *world.Repository, image model.Image) string {
	for _, i := range r.Images {
		if i.Package == image.Path && (i.Digest == image.Digest || image.Digest == "" && slices.Contains(i.Tags, image.Tag)) {
			return i.Digest
		}
	}
	return ""
}

func (m directReader) account(r model.Resource) model.Fact[model.Account] {
	a := m.world.ServiceAccount(r.Project(), r.ID())
	return lookUp(m, r, model.PermGetAccount, a != nil, func() model.Account {
		return model.Account{Email: a.Email, Disabled: a.Disabled}
	})
}

// isServed reports whether the API that keeps a resource is on.
func (m directReader) isServed(r model.Resource) bool {
	switch r.Kind() {
	case model.KindRepository:
		return m.isAPIOn(registryAPI, r.Project())
	case model.KindService, model.KindJob, model.KindWorkerPool:
		return m.isAPIOn(model.RunService, r.Project())
	}
	return true
}

func (m directReader) policy(r model.Resource) model.Fact[model.Policy] {
	if !m.isServed(r) { // no permission helps
		return switchedOff[model.Policy](r)
	}
	return lookUp(m, r, r.ReadPolicyPermission(), m.world.Exists(string(r)), func() model.Policy { return m.visiblePolicy(r) })
}

// visiblePolicy is the policy as the caller reads it: masked conditions with their real text.
func (m directReader) visiblePolicy(r model.Resource) model.Policy {
	version := int32(3)
	if m.policyV1 {
		version = 1
	}
	read, err := m.world.Policy(string(r), version)
	if err != nil {
		panic(err)
	}
	policy := model.Policy{Version: int(read.Version), Etag: base64.StdEncoding.EncodeToString(read.Etag)}
	for _, b := range read.Bindings {
		binding := model.Binding{Role: b.Role}
		for _, member := range b.Members {
			binding.Members = append(binding.Members, model.Member(member))
		}
		if c := b.Condition; c != nil {
			binding.Condition = &model.Condition{Title: c.Title, Expression: clauseOf(c.Title).text}
		}
		policy.Bindings = append(policy.Bindings, binding)
	}
	return policy
}

// role: everybody can look up a predefined one; a custom one that is gone looks like one that is hidden.
func (m directReader) role(name string) model.Fact[model.Role] {
	if strings.HasPrefix(name, "roles/") {
		role, ok := roles.Get(name)
		if !ok {
			return model.Absent[model.Role]()
		}
		return model.Known(roleOf(name, role.Title, role.Permissions))
	}
	owner, _, _ := strings.Cut(name, "/roles/")
	r, role := model.AncestorResource(owner), m.world.CustomRole(name)
	switch {
	case !m.isAllowed(model.PermGetRole, string(r)):
		return unreadable[model.Role](r, model.PermGetRole)
	case role == nil: // it may be hidden, or gone: no permission is known to help
		return model.Unread[model.Role](model.Gap{Resource: r, Cause: model.GapFailed, Reason: "not found"})
	}
	custom := roleOf(name, role.Title, role.IncludedPermissions)
	custom.Stage, custom.Deleted = role.Stage, role.Deleted
	return model.Known(custom)
}

func roleOf(name, title string, permissions []string) model.Role {
	role := model.Role{Name: name, Title: title}
	for _, p := range permissions {
		role.Permissions = append(role.Permissions, model.Permission(p))
	}
	return role
}

// testPermission is the caller's own, even if it sees everything. On what is not there the answer is no.
func (m directReader) testPermission(r model.Resource, p model.Permission) model.Fact[bool] {
	if !m.isServed(r) {
		return switchedOff[bool](r)
	}
	return model.Known(m.world.Exists(string(r)) && m.world.Allowed(m.caller, string(p), string(r), m.at))
}

func (m directReader) constraint(r model.Resource) model.Fact[bool] {
	const need = "orgpolicy.policy.get"
	if !m.isAPIOn("orgpolicy.googleapis.com", m.question.Project) { // whose quota pays for the call
		return switchedOff[bool](r)
	}
	return lookUp(m, r, need, true, func() bool {
		policy, _, _ := world.EffectiveOrgPolicy(m.world.Project(r.Project()), model.CrossProjectConstraint)
		return policy.Enforced
	})
}

// denyPolicies: the list needs one permission, and the rules of what is in it another.
func (m directReader) denyPolicies(r model.Resource) model.Fact[[]model.DenyPolicy] {
	const get = "iam.denypolicies.get"
	if !m.isAllowed(model.PermListDeny, string(r)) {
		return unreadable[[]model.DenyPolicy](r, model.PermListDeny)
	}
	policies := []model.DenyPolicy{}
	for _, d := range m.world.DenyPolicies {
		if string(model.AncestorResource(d.AttachmentPoint)) != m.world.Canonical(string(r)) {
			continue
		}
		if !m.isAllowed(get, string(r)) {
			return unreadable[[]model.DenyPolicy](r, get)
		}
		policies = append(policies, denyPolicyOf(d))
	}
	return model.Known(policies)
}

func denyPolicyOf(d *world.DenyPolicy) model.DenyPolicy {
	point := url.PathEscape("cloudresourcemanager.googleapis.com/" + d.AttachmentPoint)
	policy := model.DenyPolicy{Name: "policies/" + point + "/denypolicies/" + d.ID}
	for _, r := range d.Rules {
		rule := model.DenyRule{DeniedPrincipals: r.DeniedPrincipals, ExceptionPrincipals: r.ExceptionPrincipals,
			DeniedPermissions: r.DeniedPermissions, ExceptionPermissions: r.ExceptionPermissions}
		if r.Condition != "" {
			rule.Condition = &model.Condition{Expression: shownDenyExpression(r.Condition)}
		}
		policy.Rules = append(policy.Rules, rule)
	}
	return policy
}
