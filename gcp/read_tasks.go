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
		return nil, fmt.Errorf("nothing reads a fact of kind %q; this is a fault of whopulls, please report it", w.Kind)
	}
	return reader(c, q, w.Key), nil
}

// readers says for every kind of want but the tests how it is read.
var readers = map[model.WantKind]func(c *Cloud, q model.Question, key string) task{
	model.WantCaller:     func(c *Cloud, _ model.Question, _ string) task { return c.callerTask() },
	model.WantWorkload:   func(c *Cloud, q model.Question, _ string) task { return c.workloadTask(q) },
	model.WantProject:    func(c *Cloud, _ model.Question, key string) task { return c.projectTask(key) },
	model.WantAncestry:   func(c *Cloud, _ model.Question, key string) task { return c.ancestryTask(key) },
	model.WantAPI:        func(c *Cloud, _ model.Question, key string) task { return c.apiTask(model.Resource(key)) },
	model.WantRepository: func(c *Cloud, _ model.Question, key string) task { return c.repositoryTask(model.Resource(key)) },
	model.WantImage:      func(c *Cloud, _ model.Question, key string) task { return c.imageTask(key) },
	model.WantAnonymous:  func(c *Cloud, _ model.Question, key string) task { return c.anonymousTask(key) },
	model.WantAccount:    func(c *Cloud, _ model.Question, key string) task { return c.accountTask(model.Resource(key)) },
	model.WantPolicy:     func(c *Cloud, _ model.Question, key string) task { return c.policyTask(model.Resource(key)) },
	model.WantRole:       func(c *Cloud, _ model.Question, key string) task { return c.roleTask(key) },
	model.WantConstraint: func(c *Cloud, _ model.Question, key string) task { return c.constraintTask(model.Resource(key)) },
	model.WantOpinion: func(c *Cloud, _ model.Question, key string) task {
		return c.opinionTask(model.Want{Kind: model.WantOpinion, Key: key}.Access())
	},
	model.WantDeny:               func(c *Cloud, q model.Question, key string) task { return c.denyTask(model.Resource(key), q.Strict) },
	model.WantRedirect:           func(c *Cloud, _ model.Question, key string) task { return c.redirectionTask(model.Resource(key)) },
	model.WantRules:              func(c *Cloud, _ model.Question, key string) task { return c.rulesTask(model.Resource(key)) },
	model.WantInventory:          func(c *Cloud, _ model.Question, key string) task { return c.inventoryTask(key) },
	model.WantRepositories:       func(c *Cloud, _ model.Question, key string) task { return c.repositoriesTask(key) },
	model.WantDomainRestrictions: func(c *Cloud, _ model.Question, key string) task { return c.sharingTask(model.Resource(key)) },
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
