package gcp

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// policyVersion is asked for and written always: with less, conditions come back as strange role names, and writing
// can delete them (iam-facts 6.2).
const policyVersion = 3

func (c *Cloud) policyTask(r model.Resource) task {
	a := askPolicy(r)
	a.decides = true
	shelf := func(s *model.Situation) map[model.Resource]model.Fact[model.Policy] { return s.Policies }
	return filed(shelf, r, a, func(ctx context.Context) (model.Policy, error) {
		policy, err := c.readPolicy(ctx, r)
		if err != nil {
			return model.Policy{}, err
		}
		return policyOf(policy), nil
	})
}

func askPolicy(r model.Resource) ask {
	return ask{does: "read the policy of " + named(r), resource: r, need: r.ReadPolicyPermission(), absent: named(r)}
}

func (c *Cloud) readPolicy(ctx context.Context, r model.Resource) (*iampb.Policy, error) {
	api, err := c.clients.holder(r)
	if err != nil {
		return nil, err
	}
	policy, err := api.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: r.Path(),
		Options: &iampb.GetPolicyOptions{RequestedPolicyVersion: policyVersion}})
	if err == nil && policySize(policy) > limits.Policy {
		return nil, cutf("the policy has more than %d bindings and members", limits.Policy)
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

// policyOf keeps the order of bindings and members, so that an Edit of the one fits the other, and each text byte for byte:
// what is taken back must be what was there. Whoever shows it makes it safe to show.
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

// roleTask: every caller can see that a predefined role is not there; a custom role that is gone looks like one that
// is hidden (iam-facts 8.1).
func (c *Cloud) roleTask(name string) task {
	a := ask{does: "read what role " + name + " allows", need: model.PermGetRole, absent: "role " + name,
		decides: strings.HasPrefix(name, "roles/")}
	if !a.decides {
		a.resource = model.AncestorResource(name[:max(0, strings.Index(name, "/roles/"))])
	}
	shelf := func(s *model.Situation) map[string]model.Fact[model.Role] { return s.Roles }
	return c.keptRole(name, filed(shelf, name, a, func(ctx context.Context) (model.Role, error) {
		at := c.kept.now()
		role, err := c.clients.iam.GetRole(ctx, &adminpb.GetRoleRequest{Name: name})
		if key, keeps := c.roleKey(name); keeps && err == nil {
			keep(c.kept, kindRole, key, roleOf(name, role), at, true)
		}
		return roleOf(name, role), err
	}))
}

// keptRole answers from what is kept of a predefined role, else by the task. Custom roles are never kept: somebody may
// have taken a permission out since.
func (c *Cloud) keptRole(name string, read task) task {
	key, keeps := c.roleKey(name)
	if !keeps {
		return read
	}
	return func(ctx context.Context) answer {
		if fact, ok := kept[model.Role](c.kept, kindRole, key, true); ok {
			return answer{free: true, put: func(r *reading) { r.situation.Roles[name] = fact }}
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
	a := ask{does: "see service account " + r.ID(), resource: r, need: model.PermGetAccount, absent: named(r), decides: true}
	shelf := func(s *model.Situation) map[model.Resource]model.Fact[model.Account] { return s.Accounts }
	return filed(shelf, r, a, func(ctx context.Context) (model.Account, error) {
		account, err := c.clients.iam.GetServiceAccount(ctx, &adminpb.GetServiceAccountRequest{Name: r.Path()})
		return model.Account{Email: clean(account.GetEmail()), Disabled: account.GetDisabled()}, err
	})
}

// testTask asks for all permissions on one resource at once. That a test is refused says nothing about the permissions.
func (c *Cloud) testTask(wants []model.Want) task {
	r := model.Resource(wants[0].Key)
	a := ask{does: "test your permissions on " + named(r), resource: r, absent: named(r)}
	return func(ctx context.Context) answer {
		held, err := c.test(ctx, r, wants)
		facts := map[model.TestKey]model.Fact[bool]{}
		for _, w := range wants {
			facts[model.TestKey{Resource: r, Permission: w.Permission}] = fact(a, slices.Contains(held, string(w.Permission)), err)
		}
		return answer{err: err, put: func(rd *reading) {
			for k, f := range facts {
				rd.situation.Tested[k] = f
			}
		}}
	}
}

func (c *Cloud) test(ctx context.Context, r model.Resource, wants []model.Want) ([]string, error) {
	api, err := c.clients.holder(r)
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
