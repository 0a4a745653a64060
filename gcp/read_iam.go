package gcp

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/cache"
	"whopulls/gcp/limits"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// policyVersion is asked for and written always: with less, conditions come back as strange role names, and writing
// can delete them (iam-facts 6.2).
const policyVersion = 3

func (c *Cloud) policyTask(r model.Resource) task {
	a := policyOperation(r)
	a.notFoundIsAnswer = true
	field := func(s *model.Situation) map[model.Resource]model.Fact[model.Policy] { return s.Policies }
	return storeIn(field, r, a, func(ctx context.Context) (model.Policy, error) {
		policy, err := c.readPolicy(ctx, r)
		if err != nil {
			return model.Policy{}, err
		}
		return policyOf(policy), nil
	})
}

func policyOperation(r model.Resource) operation {
	return operation{action: "read the policy of " + describe(r), resource: r, permission: r.ReadPolicyPermission(), subject: describe(r)}
}

func (c *Cloud) readPolicy(ctx context.Context, r model.Resource) (*iampb.Policy, error) {
	api, err := c.clients.PolicyAPI(r)
	if err != nil {
		return nil, err
	}
	policy, err := api.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: r.Path(),
		Options: &iampb.GetPolicyOptions{RequestedPolicyVersion: policyVersion}})
	if err == nil && policySize(policy) > limits.PolicyEntries {
		return nil, transport.LimitErrorf("the policy has more than %d bindings and members", limits.PolicyEntries)
	}
	return policy, err
}

// policySize is how much there is to reason about in a policy.
func policySize(p *iampb.Policy) int {
	n := len(p.GetBindings())
	for _, b := range p.GetBindings() {
		n += len(b.GetMembers())
	}
	return n
}

// policyOf keeps the order of bindings and members, so that an Edit of one form fits the other. It keeps each
// text byte for byte, because undo must restore exactly what was there. The code that shows it makes it safe
// to show.
func policyOf(p *iampb.Policy) model.Policy {
	policy := model.Policy{Version: int(p.GetVersion()), Etag: base64.StdEncoding.EncodeToString(p.GetEtag())}
	for _, b := range p.GetBindings() {
		binding := model.Binding{Role: b.GetRole()}
		for _, m := range b.GetMembers() {
			binding.Members = append(binding.Members, model.Member(m))
		}
		if cond := b.GetCondition(); cond != nil {
			binding.Condition = &model.Condition{Title: cond.GetTitle(), Description: cond.GetDescription(), Expression: cond.GetExpression(), Location: cond.GetLocation()}
		}
		policy.Bindings = append(policy.Bindings, binding)
	}
	return policy
}

// roleTask reads a role. Every caller can see that a predefined role doesn't exist. A deleted custom role
// looks like one that is hidden (iam-facts 8.1).
func (c *Cloud) roleTask(name string) task {
	a := operation{action: "read what role " + name + " allows", permission: model.PermGetRole, subject: "role " + name,
		notFoundIsAnswer: strings.HasPrefix(name, "roles/")}
	if !a.notFoundIsAnswer {
		a.resource = model.AncestorResource(name[:max(0, strings.Index(name, "/roles/"))])
	}
	field := func(s *model.Situation) map[string]model.Fact[model.Role] { return s.Roles }
	return c.cachedRole(name, storeIn(field, name, a, func(ctx context.Context) (model.Role, error) {
		readAt := c.now()
		role, err := c.clients.IAM.GetRole(ctx, &adminpb.GetRoleRequest{Name: name})
		if key, cacheable := c.roleKey(name); cacheable && err == nil {
			cache.Put(c.cache, cache.Role, key, roleOf(name, role), readAt, true)
		}
		return roleOf(name, role), err
	}))
}

// cachedRole answers from what is kept of a predefined role, else by the task. Custom roles are never kept: somebody may
// have taken a permission out since.
func (c *Cloud) cachedRole(name string, read task) task {
	key, cacheable := c.roleKey(name)
	if !cacheable {
		return read
	}
	return func(ctx context.Context) taskResult {
		if fact, ok := cache.Get[model.Role](c.cache, cache.Role, key, true); ok {
			return taskResult{noCall: true, apply: func(r *readRun) { r.situation.Roles[name] = fact }}
		}
		return read(ctx)
	}
}

// roleOf keeps what the role lists, also where it gives nobody anything: that is for the model to say.
func roleOf(name string, r *adminpb.Role) model.Role {
	role := model.Role{Name: name, Title: clean(r.GetTitle()), Stage: r.GetStage().String(), Deleted: r.GetDeleted()}
	for _, p := range r.GetIncludedPermissions() {
		role.Permissions = append(role.Permissions, model.Permission(clean(p)))
	}
	return role
}

func (c *Cloud) accountTask(r model.Resource) task {
	a := operation{action: "see service account " + r.ID(), resource: r, permission: model.PermGetAccount, subject: describe(r), notFoundIsAnswer: true}
	field := func(s *model.Situation) map[model.Resource]model.Fact[model.Account] { return s.Accounts }
	return storeIn(field, r, a, func(ctx context.Context) (model.Account, error) {
		account, err := c.clients.IAM.GetServiceAccount(ctx, &adminpb.GetServiceAccountRequest{Name: r.Path()})
		return model.Account{Email: clean(account.GetEmail()), Disabled: account.GetDisabled()}, err
	})
}

// testTask asks for all permissions on one resource at once. That a test is refused says nothing about the permissions.
func (c *Cloud) testTask(wants []model.Want) task {
	r := wants[0].Resource
	a := operation{action: "test your permissions on " + describe(r), resource: r, subject: describe(r)}
	return func(ctx context.Context) taskResult {
		held, err := c.testPermissions(ctx, r, wants)
		facts := map[model.TestKey]model.Fact[bool]{}
		for _, w := range wants {
			facts[model.TestKey{Resource: r, Permission: w.Permission}] = factFrom(a, slices.Contains(held, string(w.Permission)), err)
		}
		return taskResult{err: err, apply: func(rd *readRun) {
			for k, f := range facts {
				rd.situation.Tested[k] = f
			}
		}}
	}
}

func (c *Cloud) testPermissions(ctx context.Context, r model.Resource, wants []model.Want) ([]string, error) {
	api, err := c.clients.PolicyAPI(r)
	if err != nil {
		return nil, err
	}
	req := &iampb.TestIamPermissionsRequest{Resource: r.Path()}
	for _, w := range wants {
		req.Permissions = append(req.Permissions, string(w.Permission))
	}
	resp, err := api.TestIamPermissions(ctx, req)
	return resp.GetPermissions(), err
}
