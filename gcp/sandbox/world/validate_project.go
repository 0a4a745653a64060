package world

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/roles"
)

func (v *validator) validateProject(key string, p *Project) {
	v.requireForm(key+".id", p.ID, projectIDForm, "my-project")
	v.requireUnique(key+".id", "project", p.ID)
	v.requireForm(key+".number", p.Number, digitsForm, `"111111111111"`)
	v.requireUnique(key+".number", "project number", p.Number)
	v.validateParent(key+".parent", p.Parent)
	v.requireOneOf(key+".state", p.State, "ACTIVE", "DELETE_REQUESTED")
	v.requireOneOf(key+".gcrRedirection", p.GCRRedirection, "ENABLED", "DISABLED")
	v.requireTime(key+".createTime", p.CreateTime)
	v.validatePolicy(key+".policy", p.Policy)
	v.validateServices(key, p)
	for i, a := range p.ServiceAccounts {
		v.validateServiceAccount(fmt.Sprintf("%s.serviceAccounts[%d]", key, i), a)
	}
	for i, o := range p.OrgPolicies {
		v.requireForm(fmt.Sprintf("%s.orgPolicies[%d].constraint", key, i), o.Constraint, constraintForm, "iam.disableCrossProjectServiceAccountUsage")
	}
	for i, r := range p.Repositories {
		v.validateRepository(fmt.Sprintf("%s.repositories[%d]", key, i), r)
	}
	for i, l := range p.Workloads {
		v.validateWorkload(fmt.Sprintf("%s.workloads[%d]", key, i), l)
	}
}

func (v *validator) validateServices(key string, p *Project) {
	for i, s := range p.Services {
		v.requireForm(fmt.Sprintf("%s.services[%d]", key, i), s, apiForm, "run.googleapis.com")
	}
	if p.Agents != nil {
		for i, s := range *p.Agents {
			v.requireOneOf(fmt.Sprintf("%s.agents[%d]", key, i), s, slices.Sorted(maps.Keys(agentKinds))...)
		}
	}
	for i, r := range p.UnreachableRegions {
		v.requireForm(fmt.Sprintf("%s.unreachableRegions[%d]", key, i), r, regionForm, "asia-northeast1")
	}
}

func (v *validator) validateServiceAccount(key string, a *ServiceAccount) {
	if a.AccountID != "" {
		v.requireForm(key+".accountId", a.AccountID, accountIDForm, "web")
		if a.Email != a.AccountID+"@"+accountDomain(a.Project.ID) {
			v.errorf(key+".email", "accountId and email name two accounts; expected one of them")
		}
	} else if !emailForm.MatchString(a.Email) || strings.HasPrefix(a.Email, "@") {
		v.errorf(key, "the account has no name; expected accountId: web, or the whole email")
	}
	v.requireUnique(key, "service account", emailKey(a.Email))
	v.validatePolicy(key+".policy", a.Policy)
}

func (v *validator) validateRepository(key string, r *Repository) {
	v.requireForm(key+".location", r.Location, locationForm, "asia-northeast1 or us")
	v.requireForm(key+".id", r.ID, repositoryIDForm, "myrepo")
	v.requireUnique(key+".id", "repository", r.Name())
	v.requireOneOf(key+".format", r.Format, "DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "GO", "GENERIC", "KFP")
	v.requireOneOf(key+".mode", r.Mode, "STANDARD", "VIRTUAL", "REMOTE")
	v.validatePolicy(key+".policy", r.Policy)
	v.validateUpstreams(key+".upstreams", r)
	for i, rule := range r.Rules {
		v.validateDownloadRule(fmt.Sprintf("%s.rules[%d]", key, i), r, rule)
	}
	for i, img := range r.Images {
		v.validateImage(fmt.Sprintf("%s.images[%d]", key, i), r, img)
	}
}

func (v *validator) validateDownloadRule(key string, r *Repository, rule DownloadRule) {
	v.requireForm(key+".id", rule.ID, repositoryIDForm, "no-latest")
	v.requireUnique(key+".id", "rule", r.Name()+" "+rule.ID)
	v.requireOneOf(key+".action", rule.Action, "ALLOW", "DENY")
	v.requireOneOf(key+".operation", rule.Operation, "DOWNLOAD")
}

func (v *validator) validateUpstreams(key string, r *Repository) {
	if r.Mode == "REMOTE" && len(r.Upstreams) != 1 {
		v.errorf(key, "a remote repository has one upstream; expected a repository name or an https:// address")
	}
	if r.Mode == "STANDARD" && len(r.Upstreams) > 0 {
		v.errorf(key, "a standard repository has no upstreams; expected mode VIRTUAL or REMOTE")
	}
	for i, up := range r.Upstreams {
		outside := r.Mode == "REMOTE" && strings.HasPrefix(up, "https://")
		if !outside && v.world.Repository(up) == nil {
			v.errorf(fmt.Sprintf("%s[%d]", key, i), "%q is not in this file; expected projects/P/locations/L/repositories/R of one that is", up)
		}
	}
}

func (v *validator) validateImage(key string, r *Repository, img *Image) {
	if img.Package == "" {
		v.errorf(key+".name", "the image has no name; expected something like myjob")
	}
	v.requireForm(key+".digest", img.Digest, digestForm, "sha256: and 64 hex digits")
	v.requireUnique(key+".digest", "image", r.Name()+" "+img.Package+"@"+img.Digest)
	v.requireTime(key+".uploadTime", img.UploadTime)
	for i, tag := range img.Tags {
		at := fmt.Sprintf("%s.tags[%d]", key, i)
		v.requireForm(at, tag, tagForm, "latest")
		v.requireUnique(at, "tag", r.Name()+" "+img.Package+":"+tag)
	}
}

func (v *validator) validateWorkload(key string, l *Workload) {
	v.requireOneOf(key+".kind", l.Kind, slices.Sorted(maps.Keys(workloadCollections))...)
	v.requireForm(key+".region", l.Region, regionForm, "asia-northeast1")
	v.requireForm(key+".name", l.ID, workloadNameForm, "web")
	v.requireUnique(key+".name", l.Kind, l.Name())
	v.requireTime(key+".createTime", l.CreateTime)
	v.validatePolicy(key+".policy", l.Policy)
	if l.ServiceAccount != "" {
		v.requireForm(key+".serviceAccount", l.ServiceAccount, emailForm, "web@my-project.iam.gserviceaccount.com")
	}
	if len(l.Images) == 0 {
		v.errorf(key+".images", "a workload runs something; expected a list of image references")
	}
	v.validateImageReferences(key+".images", l.Images)
	v.validateImageReferences(key+".sandboxImages", l.SandboxImages)
	v.validateIdentity(key, l)
	if workloadCollections[l.Kind] != "" && !l.HasRevisions() && len(l.Revisions) > 0 {
		v.errorf(key+".revisions", "a workload of kind %s has no revisions; expected them on a service or a worker pool", l.Kind)
	}
	for i, r := range l.Revisions {
		at := fmt.Sprintf("%s.revisions[%d]", key, i)
		v.requireForm(at+".name", r.Name, workloadNameForm, "web-00001-abc")
		v.requireUnique(at+".name", "revision", l.Name()+" "+r.Name)
		v.validateImageReferences(at+".images", r.Images)
		v.validateImageReferences(at+".sandboxImages", r.SandboxImages)
		if r.Traffic < 0 || r.Traffic > 100 {
			v.errorf(at+".traffic", "%d is no percentage; expected 0 to 100", r.Traffic)
		}
	}
}

// validateIdentity checks that there is one identity, of a kind that the API supports for the workload.
// Templates of revisions and tasks have a field for an agent identity. Worker pools and instances have none
// (iam-facts 12.6).
func (v *validator) validateIdentity(key string, l *Workload) {
	switch {
	case !l.AgentIdentity:
	case l.Kind == "worker-pool" || l.Kind == "instance":
		v.errorf(key+".agentIdentity", "a workload of kind %s can't have one; expected it on a service or a job", l.Kind)
	case l.ServiceAccount != "":
		v.errorf(key+".agentIdentity", "the workload has a service account too; expected one of them")
	}
}

func (v *validator) validateImageReferences(key string, images []string) {
	for i, ref := range images {
		v.requireForm(fmt.Sprintf("%s[%d]", key, i), ref, imageForm, "asia-northeast1-docker.pkg.dev/my-project/myrepo/myjob:latest")
	}
}

func (v *validator) validatePolicy(key string, p FilePolicy) {
	for i, b := range p.Bindings {
		at := fmt.Sprintf("%s.bindings[%d]", key, i)
		if _, predefined := roles.Get(b.Role); !predefined && v.world.CustomRole(b.Role) == nil {
			v.errorf(at+".role", "%q is no role known here; expected a predefined role of the sandbox or one of this file's roles", b.Role)
		}
		v.validateMembers(at+".members", b.Members)
		if b.Condition != nil && (b.Condition.Title == "" || b.Condition.Expression == "") {
			v.errorf(at+".condition", "the condition is not whole; expected a title and an expression")
		}
	}
	for i, a := range p.AuditConfigs {
		for j, l := range a.AuditLogConfigs {
			if _, ok := iampb.AuditLogConfig_LogType_value[l.LogType]; !ok {
				v.errorf(fmt.Sprintf("%s.auditConfigs[%d].auditLogConfigs[%d].logType", key, i, j), "%q is not known; expected ADMIN_READ, DATA_READ or DATA_WRITE", l.LogType)
			}
		}
	}
}

func (v *validator) validateMembers(key string, members []string) {
	for i, m := range members {
		if !ValidMember(m) {
			v.errorf(fmt.Sprintf("%s[%d]", key, i), "%q is no member; expected something like user:dev@example.com or serviceAccount:EMAIL", m)
		}
	}
}
