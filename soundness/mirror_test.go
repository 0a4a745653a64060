package soundness

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

// mirror answers wants straight from a world, with what the cloud would say to one caller: the same refusals, and not
// found only for those who could see the thing.
type mirror struct {
	*story
	at time.Time
}

// read fills a Situation until nothing is wanted.
func (s *story) read(at time.Time) model.Situation { return s.readFor(at, model.PlanOptions{}) }

func (s *story) readFor(at time.Time, o model.PlanOptions) model.Situation {
	m := mirror{s, at}
	situation := emptySituation(s.question, at)
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

func emptySituation(q model.Question, at time.Time) model.Situation {
	return model.Situation{Question: q, Time: at,
		Projects: map[string]model.Fact[model.Project]{}, Ancestry: map[string]model.Fact[[]model.Ancestor]{},
		APIs: map[model.Resource]model.Fact[bool]{}, Repositories: map[model.Resource]model.Fact[model.Repository]{},
		Images: map[string]model.Fact[model.ImageFact]{}, Accounts: map[model.Resource]model.Fact[model.Account]{},
		Policies: map[model.Resource]model.Fact[model.Policy]{}, Roles: map[string]model.Fact[model.Role]{},
		Tested: map[model.TestKey]model.Fact[bool]{}, Constraints: map[model.Resource]model.Fact[bool]{},
		Denies: map[model.Resource]model.Fact[[]model.DenyPolicy]{}, Redirections: map[model.Resource]model.Fact[bool]{},
		Anonymous: map[string]model.Fact[model.ImageFact]{}, Rules: map[model.Resource]model.Fact[[]model.DownloadRule]{}, DomainRestrictions: map[model.Resource]model.Fact[[]model.DomainRestriction]{},
		Opinions: map[model.Access]model.Fact[model.SecondOpinion]{}, Inventories: map[string]model.Fact[model.Inventory]{}, ProjectRepositories: map[string]model.Fact[model.RepositoryList]{}}
}

func (m mirror) answer(s *model.Situation, w model.Want) {
	r := model.Resource(w.Key)
	switch w.Kind {
	case model.WantCaller:
		s.Caller = m.whoCalls()
	case model.WantWorkload:
		s.Workload = m.workload()
	case model.WantProject:
		s.Projects[w.Key] = m.project(w.Key)
	case model.WantAncestry:
		s.Ancestry[w.Key] = m.ancestry(w.Key)
	case model.WantAPI:
		s.APIs[r] = m.api(r)
	case model.WantRepository:
		s.Repositories[r] = m.repository(r)
	case model.WantImage:
		s.Images[w.Key] = m.image(w.Key)
	case model.WantAccount:
		s.Accounts[r] = m.account(r)
	case model.WantPolicy:
		s.Policies[r] = m.policy(r)
	case model.WantRole:
		s.Roles[w.Key] = m.role(w.Key)
	case model.WantTest:
		s.Tested[model.TestKey{Resource: r, Permission: w.Permission}] = m.test(r, w.Permission)
	case model.WantConstraint:
		s.Constraints[r] = m.constraint(r)
	case model.WantAnonymous:
		s.Anonymous[w.Key] = m.anonymous(w.Key)
	case model.WantRedirect:
		s.Redirections[r] = m.redirection(r)
	case model.WantDeny:
		s.Denies[r] = m.deny(r)
	case model.WantOpinion: // Policy Troubleshooter is on in some of the worlds for the real clients only
		s.Opinions[w.Access()] = hidden[model.SecondOpinion](r, "")
	case model.WantRules: // nor does a verdict hang on these two
		s.Rules[r] = hidden[[]model.DownloadRule](r, "")
	case model.WantDomainRestrictions:
		s.DomainRestrictions[r] = hidden[[]model.DomainRestriction](r, "")
	case model.WantInventory:
		s.Inventories[w.Key] = m.inventory(w.Key)
	case model.WantRepositories:
		s.ProjectRepositories[w.Key] = m.listed(w.Key)
	default:
		panic("nobody answers a want of kind " + string(w.Kind))
	}
}

// may is what the caller may do; by decree everything, where there is something to do it with.
func (m mirror) may(permission model.Permission, full string) bool {
	if m.fiat {
		return len(m.world.Chain(full)) > 0
	}
	return m.world.Allowed(m.caller, string(permission), full, m.at)
}

// on tells whether an API answers in a project; in one that is not there, the permission decides.
func (m mirror) on(api, project string) bool {
	p := m.world.Project(project)
	return m.fiat || p == nil || m.world.Enabled(p.ID, api)
}

// hidden is a fact that the caller may not read; with no need, one that no permission would open.
func hidden[T any](r model.Resource, need model.Permission) model.Fact[T] {
	return model.Unread[T](model.Gap{Resource: r, Need: need, Reason: "not to be read"})
}

// found reads a thing that is looked up by name: refused without the permission, absent when it is not there.
func found[T any](m mirror, r model.Resource, need model.Permission, there bool, value func() T) model.Fact[T] {
	switch {
	case !m.may(need, string(r)):
		return hidden[T](r, need)
	case !there:
		return model.Absent[T]()
	}
	return model.Known(value())
}

func (m mirror) whoCalls() model.Fact[model.Member] {
	if m.nameless {
		return hidden[model.Member]("", "")
	}
	return model.Known(model.Member(m.caller))
}

func (m mirror) workload() model.Fact[model.Workload] {
	name := *m.question.Workload
	r := name.Resource(m.question.Project)
	if !m.on(model.RunService, m.question.Project) {
		return hidden[model.Workload](r, "")
	}
	l := m.world.Workload(r.Path())
	return found(m, r, name.Kind.Permission("get"), l != nil, func() model.Workload {
		return model.Workload{WorkloadName: name, ServiceAccount: l.ServiceAccount, AgentIdentity: l.AgentIdentity, Images: slices.Concat(l.Images, l.SandboxImages)}
	})
}

func (m mirror) project(id string) model.Fact[model.Project] {
	return found(m, model.ProjectResource(id), model.PermGetProject, true, func() model.Project {
		p := m.world.Project(id)
		return model.Project{ID: p.ID, Number: p.Number, Name: p.DisplayName, State: p.State, Labels: map[string]string{}}
	})
}

func (m mirror) ancestry(id string) model.Fact[[]model.Ancestor] {
	return found(m, model.ProjectResource(id), model.PermGetProject, true, func() []model.Ancestor {
		levels := []model.Ancestor{{Resource: model.ProjectResource(id)}}
		for _, name := range m.world.Ancestry("projects/" + id)[1:] {
			levels = append(levels, model.Ancestor{Resource: model.AncestorResource(name), Name: m.displayName(name)})
		}
		return levels
	})
}

func (m mirror) displayName(name string) string {
	full := string(model.AncestorResource(name))
	if id, ok := strings.CutPrefix(name, "folders/"); ok && m.may("resourcemanager.folders.get", full) {
		return m.world.Folder(id).DisplayName
	}
	if strings.HasPrefix(name, "organizations/") && m.may("resourcemanager.organizations.get", full) {
		return m.world.Organization.DisplayName
	}
	return ""
}

func (m mirror) api(r model.Resource) model.Fact[bool] {
	if !m.may(model.PermGetAPI, world.Full("serviceusage", "projects/"+r.Project())) {
		return hidden[bool](r, model.PermGetAPI)
	}
	return model.Known(m.world.Enabled(m.world.Project(r.Project()).ID, r.ID()))
}

const registryAPI = "artifactregistry.googleapis.com"

func (m mirror) repository(r model.Resource) model.Fact[model.Repository] {
	if !m.on(registryAPI, r.Project()) {
		return hidden[model.Repository](r, "")
	}
	there := m.world.Repository(r.Path())
	return found(m, r, model.PermGetRepository, there != nil, func() model.Repository {
		name, err := model.ParseRepository(r.Path())
		if err != nil {
			panic(err)
		}
		read := model.Repository{Name: name, Format: there.Format, Mode: there.Mode + "_REPOSITORY"}
		for _, text := range there.Upstreams {
			if upstream, err := model.ParseRepository(text); err == nil {
				read.Upstreams = append(read.Upstreams, upstream)
			}
		}
		return read
	})
}

func (m mirror) redirection(r model.Resource) model.Fact[bool] {
	if !m.on(registryAPI, r.Project()) {
		return hidden[bool](r, "")
	}
	return found(m, r, model.PermGetSettings, true, func() bool { return m.world.Project(r.Project()).GCRRedirection != "DISABLED" })
}

// image looks for the tag or the digest in the repository itself, as the API does.
func (m mirror) image(reference string) model.Fact[model.ImageFact] {
	image, err := model.ParseImage(reference)
	if err != nil {
		panic(err)
	}
	r, need := image.Repository.Resource(), model.Permission("artifactregistry.tags.get")
	if image.Digest != "" {
		need = "artifactregistry.versions.get"
	}
	if !m.on(registryAPI, r.Project()) {
		return hidden[model.ImageFact](r, "")
	}
	digest := ""
	if there := m.world.Repository(r.Path()); there != nil {
		digest = digestIn(there, image)
	}
	return found(m, r, need, digest != "", func() model.ImageFact {
		if image.Digest != "" { // only a version tells when it was pushed
			return model.ImageFact{Digest: digest, Pushed: world.DefaultTime}
		}
		return model.ImageFact{Digest: digest}
	})
}

// anonymous is what the registry serves to nobody.
func (m mirror) anonymous(reference string) model.Fact[model.ImageFact] {
	image, err := model.ParseImage(reference)
	if err != nil {
		panic(err)
	}
	r := image.Repository.Resource()
	there := m.world.Repository(r.Path())
	if there == nil || !m.world.Allowed("", string(model.PermDownload), string(r), m.at) || digestIn(there, image) == "" {
		return hidden[model.ImageFact](r, "")
	}
	return model.Known(model.ImageFact{Digest: digestIn(there, image)})
}

func digestIn(r *world.Repository, image model.Image) string {
	for _, i := range r.Images {
		if i.Package == image.Path && (i.Digest == image.Digest || image.Digest == "" && slices.Contains(i.Tags, image.Tag)) {
			return i.Digest
		}
	}
	return ""
}

func (m mirror) account(r model.Resource) model.Fact[model.Account] {
	a := m.world.ServiceAccount(r.Project(), r.ID())
	return found(m, r, model.PermGetAccount, a != nil, func() model.Account {
		return model.Account{Email: a.Email, Disabled: a.Disabled}
	})
}

// answers tells whether the API that keeps a resource is on.
func (m mirror) answers(r model.Resource) bool {
	switch r.Kind() {
	case model.KindRepository:
		return m.on(registryAPI, r.Project())
	case model.KindService, model.KindJob, model.KindWorkerPool:
		return m.on(model.RunService, r.Project())
	}
	return true
}

func (m mirror) policy(r model.Resource) model.Fact[model.Policy] {
	if !m.answers(r) { // no permission helps
		return model.Unread[model.Policy](model.Gap{Resource: r, Reason: "the API is off", Next: "enable it"})
	}
	return found(m, r, r.ReadPolicyPermission(), m.world.Exists(string(r)), func() model.Policy { return m.shown(r) })
}

// shown is the policy as the caller reads it: masked conditions with their real text.
func (m mirror) shown(r model.Resource) model.Policy {
	version := int32(3)
	if m.olden {
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
func (m mirror) role(name string) model.Fact[model.Role] {
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
	case !m.may(model.PermGetRole, string(r)):
		return hidden[model.Role](r, model.PermGetRole)
	case role == nil:
		return hidden[model.Role](r, "")
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

// test is the caller's own, whatever a decree lets it see. On what is not there it says no.
func (m mirror) test(r model.Resource, p model.Permission) model.Fact[bool] {
	if !m.answers(r) {
		return hidden[bool](r, "")
	}
	return model.Known(m.world.Exists(string(r)) && m.world.Allowed(m.caller, string(p), string(r), m.at))
}

func (m mirror) constraint(r model.Resource) model.Fact[bool] {
	const need = "orgpolicy.policy.get"
	if !m.on("orgpolicy.googleapis.com", m.question.Project) { // whose quota pays for the call
		return hidden[bool](r, "")
	}
	return found(m, r, need, true, func() bool {
		policy, _, _ := world.EffectivePolicy(m.world.Project(r.Project()), model.CrossProjectConstraint)
		return policy.Enforced
	})
}

// deny: the list needs one permission, and the rules of what is in it another.
func (m mirror) deny(r model.Resource) model.Fact[[]model.DenyPolicy] {
	const get = "iam.denypolicies.get"
	if !m.may(model.PermListDeny, string(r)) {
		return hidden[[]model.DenyPolicy](r, model.PermListDeny)
	}
	policies := []model.DenyPolicy{}
	for _, d := range m.world.DenyPolicies {
		if string(model.AncestorResource(d.AttachmentPoint)) != m.world.Canonical(string(r)) {
			continue
		}
		if !m.may(get, string(r)) {
			return hidden[[]model.DenyPolicy](r, get)
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
			rule.Condition = &model.Condition{Expression: denyShown(r.Condition)}
		}
		policy.Rules = append(policy.Rules, rule)
	}
	return policy
}
