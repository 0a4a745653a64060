package gcp

import (
	"context"
	"iter"
	"strings"

	"whopulls/gcp/cache"
	"whopulls/model"
)

// The names of the lists that are kept.
const projectsListKey = "projects"

func workloadsListKey(project string) string    { return "workloads of " + project }
func repositoriesListKey(project string) string { return "repositories of " + project }

func imagesListKey(repository model.RepositoryName) string { return "images of " + repository.String() }

// listKey names a list as the caller sees it, by what is known before anybody signed in: a shell does not
// wait for that. Credentials that were exchanged in the meantime complete another's words for some minutes,
// which decide nothing.
func (c *Cloud) listKey(list string) string { return cache.Key(c.origin, c.requestedCaller, list) }

// denyKey names the deny policies of a level as the caller sees them.
func (c *Cloud) denyKey(r model.Resource) (key string, persistent bool) {
	return c.callerKey(string(r))
}

// callerKey names what the caller sees of a thing; persistent is false while nobody knows who calls.
func (c *Cloud) callerKey(thing string) (key string, persistent bool) {
	return cache.Key(c.origin, string(c.caller.Value), thing), c.caller.Read() && c.caller.Value != ""
}

// roleKey names a predefined role, which is the same for every caller; cacheable is false for a custom one.
func (c *Cloud) roleKey(name string) (key string, cacheable bool) {
	return cache.Key(c.origin, name), strings.HasPrefix(name, "roles/")
}

// cacheWhole forwards a list, and keeps it once all of it was read. A part of it, or one with gaps, would
// look like the whole.
func cacheWhole[T any](c *Cloud, list string, pages iter.Seq2[model.ListPage[T], error]) iter.Seq2[model.ListPage[T], error] {
	if !c.cache.OnDisk() {
		return pages
	}
	return func(yield func(model.ListPage[T], error) bool) {
		all, whole, since := []T{}, true, c.now()
		for page, err := range pages {
			if whole = whole && err == nil && len(page.Gaps) == 0; whole {
				all = append(all, page.Items...)
			}
			if !yield(page, err) {
				return
			}
		}
		if whole {
			cache.Put(c.cache, cache.List, c.listKey(list), all, since, true)
		}
	}
}

// CachedLists gives lists as they were last read whole, for as long as they are kept, and reads them where they are not. It is
// for a shell that completes words, which must come at once; everybody else lists what is there now.
type CachedLists struct{ cloud *Cloud }

// CachedLists gives the lists with what is kept of them.
func (c *Cloud) CachedLists() CachedLists { return CachedLists{c} }

// Projects is Cloud.Projects.
func (k CachedLists) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return cachedOr(k.cloud, projectsListKey, k.cloud.Projects(ctx))
}

// Workloads is Cloud.Workloads.
func (k CachedLists) Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error] {
	return cachedOr(k.cloud, workloadsListKey(project), k.cloud.Workloads(ctx, project))
}

// Repositories is Cloud.Repositories.
func (k CachedLists) Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error] {
	return cachedOr(k.cloud, repositoriesListKey(project), k.cloud.Repositories(ctx, project))
}

// Images is Cloud.Images.
func (k CachedLists) Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return cachedOr(k.cloud, imagesListKey(repository), k.cloud.Images(ctx, repository))
}

// cachedOr gives a kept list as one page.
func cachedOr[T any](c *Cloud, list string, pages iter.Seq2[model.ListPage[T], error]) iter.Seq2[model.ListPage[T], error] {
	fact, ok := cache.Get[[]T](c.cache, cache.List, c.listKey(list), true)
	if !ok {
		return pages
	}
	return func(yield func(model.ListPage[T], error) bool) { yield(model.ListPage[T]{Items: fact.Value}, nil) }
}
