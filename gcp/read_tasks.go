package gcp

import (
	"context"
	"fmt"

	"whopulls/model"
)

// taskFor finds the reader of a want; several wants are the tests of one resource.
func (c *Cloud) taskFor(q model.Question, wants []model.Want) (task, error) {
	w := wants[0]
	if w.Kind == model.WantTest {
		return c.testTask(wants), nil
	}
	reader, ok := readers[w.Kind]
	if !ok {
		return nil, fmt.Errorf("nothing reads a fact of kind %q; this is a bug in whopulls, please report it", w.Kind)
	}
	return reader(c, q, w), nil
}

// readers says for every kind of want but the tests how it is read.
var readers = map[model.WantKind]func(c *Cloud, q model.Question, w model.Want) task{
	model.WantCaller:             func(c *Cloud, _ model.Question, _ model.Want) task { return c.callerTask() },
	model.WantWorkload:           func(c *Cloud, q model.Question, _ model.Want) task { return c.workloadTask(q) },
	model.WantProject:            func(c *Cloud, _ model.Question, w model.Want) task { return c.projectTask(w.Project) },
	model.WantAncestry:           func(c *Cloud, _ model.Question, w model.Want) task { return c.ancestryTask(w.Project) },
	model.WantAPI:                func(c *Cloud, _ model.Question, w model.Want) task { return c.apiTask(w.Resource) },
	model.WantRepository:         func(c *Cloud, _ model.Question, w model.Want) task { return c.repositoryTask(w.Resource) },
	model.WantImage:              func(c *Cloud, _ model.Question, w model.Want) task { return c.imageTask(w.Image) },
	model.WantAnonymous:          func(c *Cloud, _ model.Question, w model.Want) task { return c.anonymousTask(w.Image) },
	model.WantAccount:            func(c *Cloud, _ model.Question, w model.Want) task { return c.accountTask(w.Resource) },
	model.WantPolicy:             func(c *Cloud, _ model.Question, w model.Want) task { return c.policyTask(w.Resource) },
	model.WantRole:               func(c *Cloud, _ model.Question, w model.Want) task { return c.roleTask(w.Role) },
	model.WantConstraint:         func(c *Cloud, _ model.Question, w model.Want) task { return c.constraintTask(w.Resource) },
	model.WantOpinion:            func(c *Cloud, _ model.Question, w model.Want) task { return c.opinionTask(w.Access) },
	model.WantDeny:               func(c *Cloud, q model.Question, w model.Want) task { return c.denyTask(w.Resource, q.Strict) },
	model.WantRedirect:           func(c *Cloud, _ model.Question, w model.Want) task { return c.redirectionTask(w.Resource) },
	model.WantRules:              func(c *Cloud, _ model.Question, w model.Want) task { return c.rulesTask(w.Resource) },
	model.WantInventory:          func(c *Cloud, _ model.Question, w model.Want) task { return c.inventoryTask(w.Project) },
	model.WantRepositories:       func(c *Cloud, _ model.Question, w model.Want) task { return c.repositoriesTask(w.Project) },
	model.WantDomainRestrictions: func(c *Cloud, _ model.Question, w model.Want) task { return c.sharingTask(w.Resource) },
}

// storeIn makes a task of one call whose fact is kept under a key.
func storeIn[K comparable, T any](field func(*model.Situation) map[K]model.Fact[T], key K, a operation,
	call func(context.Context) (T, error)) task {
	return func(ctx context.Context) taskResult {
		value, err := call(ctx)
		found := factFrom(a, value, err)
		return taskResult{err: err, apply: func(r *readRun) { field(&r.situation)[key] = found }}
	}
}

func (c *Cloud) callerTask() task {
	return func(context.Context) taskResult {
		return taskResult{noCall: true, apply: func(r *readRun) { r.situation.Caller = c.caller }}
	}
}

// describe is how words call a resource: repository myrepo, project myproject-b.
func describe(r model.Resource) string { return model.Describe(r, nil) }
