package world

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/roles"
)

func (c *checker) project(key string, p *Project) {
	c.form(key+".id", p.ID, projectIDForm, "my-project")
	c.unique(key+".id", "project", p.ID)
	c.form(key+".number", p.Number, digits, `"111111111111"`)
	c.unique(key+".number", "project number", p.Number)
	c.parentOf(key+".parent", p.Parent)
	c.oneOf(key+".state", p.State, "ACTIVE", "DELETE_REQUESTED")
	c.oneOf(key+".gcrRedirection", p.GCRRedirection, "ENABLED", "DISABLED")
	c.moment(key+".createTime", p.CreateTime)
	c.policy(key+".policy", p.Policy)
	c.services(key, p)
	for i, a := range p.ServiceAccounts {
		c.account(fmt.Sprintf("%s.serviceAccounts[%d]", key, i), a)
	}
	for i, o := range p.OrgPolicies {
		c.form(fmt.Sprintf("%s.orgPolicies[%d].constraint", key, i), o.Constraint, constraintForm, "iam.disableCrossProjectServiceAccountUsage")
	}
	for i, r := range p.Repositories {
		c.repository(fmt.Sprintf("%s.repositories[%d]", key, i), r)
	}
	for i, l := range p.Workloads {
		c.workload(fmt.Sprintf("%s.workloads[%d]", key, i), l)
	}
}

func (c *checker) services(key string, p *Project) {
	for i, s := range p.Services {
		c.form(fmt.Sprintf("%s.services[%d]", key, i), s, apiForm, "run.googleapis.com")
	}
	if p.Agents != nil {
		for i, s := range *p.Agents {
			c.oneOf(fmt.Sprintf("%s.agents[%d]", key, i), s, slices.Sorted(maps.Keys(agentKinds))...)
		}
	}
	for i, r := range p.UnreachableRegions {
		c.form(fmt.Sprintf("%s.unreachableRegions[%d]", key, i), r, regionForm, "asia-northeast1")
	}
}

func (c *checker) account(key string, a *ServiceAccount) {
	if a.AccountID != "" {
		c.form(key+".accountId", a.AccountID, accountIDForm, "web")
		if a.Email != a.AccountID+"@"+accountDomain(a.Project.ID) {
			c.fail(key+".email", "accountId and email name two accounts; expected one of them")
		}
	} else if !mailForm.MatchString(a.Email) || strings.HasPrefix(a.Email, "@") {
		c.fail(key, "the account has no name; expected accountId: web, or the whole email")
	}
	c.unique(key, "service account", mailKey(a.Email))
	c.policy(key+".policy", a.Policy)
}

func (c *checker) repository(key string, r *Repository) {
	c.form(key+".location", r.Location, locationForm, "asia-northeast1 or us")
	c.form(key+".id", r.ID, repoIDForm, "myrepo")
	c.unique(key+".id", "repository", r.Name())
	c.oneOf(key+".format", r.Format, "DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "GO", "GENERIC", "KFP")
	c.oneOf(key+".mode", r.Mode, "STANDARD", "VIRTUAL", "REMOTE")
	c.policy(key+".policy", r.Policy)
	c.upstreams(key+".upstreams", r)
	for i, rule := range r.Rules {
		c.rule(fmt.Sprintf("%s.rules[%d]", key, i), r, rule)
	}
	for i, img := range r.Images {
		c.image(fmt.Sprintf("%s.images[%d]", key, i), r, img)
	}
}

func (c *checker) rule(key string, r *Repository, rule Rule) {
	c.form(key+".id", rule.ID, repoIDForm, "no-latest")
	c.unique(key+".id", "rule", r.Name()+" "+rule.ID)
	c.oneOf(key+".action", rule.Action, "ALLOW", "DENY")
	c.oneOf(key+".operation", rule.Operation, "DOWNLOAD")
}

func (c *checker) upstreams(key string, r *Repository) {
	if r.Mode == "REMOTE" && len(r.Upstreams) != 1 {
		c.fail(key, "a remote repository has one upstream; expected a repository name or an https:// address")
	}
	if r.Mode == "STANDARD" && len(r.Upstreams) > 0 {
		c.fail(key, "a standard repository has no upstreams; expected mode VIRTUAL or REMOTE")
	}
	for i, up := range r.Upstreams {
		outside := r.Mode == "REMOTE" && strings.HasPrefix(up, "https://")
		if !outside && c.w.Repository(up) == nil {
			c.fail(fmt.Sprintf("%s[%d]", key, i), "%q is not in this file; expected projects/P/locations/L/repositories/R of one that is", up)
		}
	}
}

func (c *checker) image(key string, r *Repository, img *Image) {
	if img.Package == "" {
		c.fail(key+".name", "the image has no name; expected something like myjob")
	}
	c.form(key+".digest", img.Digest, digestForm, "sha256: and 64 hex digits")
	c.unique(key+".digest", "image", r.Name()+" "+img.Package+"@"+img.Digest)
	c.moment(key+".uploadTime", img.UploadTime)
	for i, tag := range img.Tags {
		at := fmt.Sprintf("%s.tags[%d]", key, i)
		c.form(at, tag, tagForm, "latest")
		c.unique(at, "tag", r.Name()+" "+img.Package+":"+tag)
	}
}

func (c *checker) workload(key string, l *Workload) {
	c.oneOf(key+".kind", l.Kind, slices.Sorted(maps.Keys(collections))...)
	c.form(key+".region", l.Region, regionForm, "asia-northeast1")
	c.form(key+".name", l.ID, runNameForm, "web")
	c.unique(key+".name", l.Kind, l.Name())
	c.moment(key+".createTime", l.CreateTime)
	c.policy(key+".policy", l.Policy)
	if l.ServiceAccount != "" {
		c.form(key+".serviceAccount", l.ServiceAccount, mailForm, "web@my-project.iam.gserviceaccount.com")
	}
	if len(l.Images) == 0 {
		c.fail(key+".images", "a workload runs something; expected a list of image references")
	}
	c.references(key+".images", l.Images)
	c.references(key+".sandboxImages", l.SandboxImages)
	c.identity(key, l)
	if collections[l.Kind] != "" && !l.HasRevisions() && len(l.Revisions) > 0 {
		c.fail(key+".revisions", "a workload of kind %s has no revisions; expected them on a service or a worker pool", l.Kind)
	}
	for i, r := range l.Revisions {
		at := fmt.Sprintf("%s.revisions[%d]", key, i)
		c.form(at+".name", r.Name, runNameForm, "web-00001-abc")
		c.unique(at+".name", "revision", l.Name()+" "+r.Name)
		c.references(at+".images", r.Images)
		c.references(at+".sandboxImages", r.SandboxImages)
		if r.Traffic < 0 || r.Traffic > 100 {
			c.fail(at+".traffic", "%d is no percentage; expected 0 to 100", r.Traffic)
		}
	}
}

// identity wants one identity, of a kind that the API has for the workload:
// templates of revisions and of tasks have a field for an agent identity, those
// of worker pools and instances have none (iam-facts 12.6).
func (c *checker) identity(key string, l *Workload) {
	switch {
	case !l.AgentIdentity:
	case l.Kind == "worker-pool" || l.Kind == "instance":
		c.fail(key+".agentIdentity", "a workload of kind %s can't have one; expected it on a service or a job", l.Kind)
	case l.ServiceAccount != "":
		c.fail(key+".agentIdentity", "the workload has a service account too; expected one of them")
	}
}

func (c *checker) references(key string, images []string) {
	for i, ref := range images {
		c.form(fmt.Sprintf("%s[%d]", key, i), ref, imageForm, "asia-northeast1-docker.pkg.dev/my-project/myrepo/myjob:latest")
	}
}

func (c *checker) policy(key string, p FilePolicy) {
	for i, b := range p.Bindings {
		at := fmt.Sprintf("%s.bindings[%d]", key, i)
		if _, predefined := roles.Get(b.Role); !predefined && c.w.CustomRole(b.Role) == nil {
			c.fail(at+".role", "%q is no role known here; expected a predefined role of the sandbox or one of this file's roles", b.Role)
		}
		c.members(at+".members", b.Members)
		if b.Condition != nil && (b.Condition.Title == "" || b.Condition.Expression == "") {
			c.fail(at+".condition", "the condition is not whole; expected a title and an expression")
		}
	}
	for i, a := range p.AuditConfigs {
		for j, l := range a.AuditLogConfigs {
			if _, ok := iampb.AuditLogConfig_LogType_value[l.LogType]; !ok {
				c.fail(fmt.Sprintf("%s.auditConfigs[%d].auditLogConfigs[%d].logType", key, i, j), "%q is not known; expected ADMIN_READ, DATA_READ or DATA_WRITE", l.LogType)
			}
		}
	}
}

func (c *checker) members(key string, members []string) {
	for i, m := range members {
		if !ValidMember(m) {
			c.fail(fmt.Sprintf("%s[%d]", key, i), "%q is no member; expected something like user:dev@example.com or serviceAccount:EMAIL", m)
		}
	}
}
