// Package seen keeps what the lists of one connection brought: projects, workloads, repositories and images. Screens list as ever
// and take no part in it; the palette finds in it what somebody types.
package seen

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/match"
)

// Item is one thing that a list brought. Its texts are clean.
type Item struct {
	Kind   string // what one calls it: project, service, job, worker pool, repository, image
	Title  string
	Detail string // where it is
	Value  any    // model.Project, Workload, model.RepositoryName or Image
	Text   match.Text
	// Searched reports that no list brought it: a search did, which knows less.
	Searched bool
}

// Workload is a workload and the project that runs it.
type Workload struct {
	Project string
	model.Workload
}

// Image is an image and the repository that holds it.
type Image struct {
	Repository model.RepositoryName
	model.ListedImage
}

// noun is the index of what the item is counted as.
func (i *Item) noun() int {
	switch i.Value.(type) {
	case model.Project:
		return 0
	case Workload:
		return 1
	case model.RepositoryName:
		return 2
	}
	return 3
}

// maxItems is more than the largest organizations have, and far less than fills the memory.
const maxItems = 250_000

// key tells the things apart.
type key struct{ kind, scope, place, name string }

// Index is what was read. It is safe for use by several goroutines: lists are read outside the program's loop.
type Index struct {
	mu       sync.Mutex
	at       map[key]int
	items    []*Item
	snapshot []*Item // of all items; nil: they changed since
	limit    int
	full     bool
	counts   [4]int // of nouns
}

// New is an empty index.
func New() *Index { return &Index{at: map[key]int{}, limit: maxItems} }

// Items are all that was read so far, in the order in which it came. Nobody changes them.
func (x *Index) Items() []*Item {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.snapshot == nil {
		x.snapshot = slices.Clone(x.items)
	}
	return x.snapshot
}

// Full reports whether more came than is kept.
func (x *Index) Full() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.full
}

// Summary says how much was read: 2 projects, 11 workloads.
func (x *Index) Summary() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	var parts []string
	for n, noun := range nouns {
		if x.counts[n] > 0 {
			parts = append(parts, text.CountNoun(x.counts[n], noun))
		}
	}
	switch {
	case len(parts) == 0:
		return "nothing to be found yet: no list was read"
	case x.full:
		return "to be found: " + strings.Join(parts, ", ") + "; more came than is kept"
	}
	return "to be found: " + strings.Join(parts, ", ")
}

// nouns name what is counted.
var nouns = []string{"project", "workload", "repository", "image"}

// add notes an item. One that came before takes the place of its older self.
func (x *Index) add(k key, i *Item) {
	x.snapshot = nil
	if at, ok := x.at[k]; ok {
		x.items[at] = i
		return
	}
	if len(x.items) >= x.limit {
		x.full = true
		return
	}
	x.at[k] = len(x.items)
	x.items = append(x.items, i)
	x.counts[i.noun()]++
}

// note hands a list on as it is, and notes what each page brings.
func note[T any](x *Index, pages iter.Seq2[model.ListPage[T], error], item func(T) (key, *Item)) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for page, err := range pages {
			x.mu.Lock()
			for _, v := range page.Items {
				x.add(item(v))
			}
			x.mu.Unlock()
			if !yield(page, err) {
				return
			}
		}
	}
}

// projectKey is that of a project.
func projectKey(id string) key { return key{"project", "", "", id} }

// HasProject reports whether a list brought a project of that id.
func (x *Index) HasProject(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	_, ok := x.at[projectKey(id)]
	return ok
}

// Projects notes a list of projects.
func (x *Index) Projects(pages iter.Seq2[model.ListPage[model.Project], error]) iter.Seq2[model.ListPage[model.Project], error] {
	return note(x, pages, func(p model.Project) (key, *Item) {
		detail := p.Number
		if p.Name != p.ID {
			detail = join(p.Number, p.Name)
		}
		return projectKey(p.ID), newItem("project", p.ID, detail, p)
	})
}

// Workloads notes a list of what runs in a project.
func (x *Index) Workloads(project string, pages iter.Seq2[model.ListPage[model.Workload], error]) iter.Seq2[model.ListPage[model.Workload], error] {
	return note(x, pages, func(w model.Workload) (key, *Item) {
		return newWorkload(project, w)
	})
}

func newWorkload(project string, w model.Workload) (key, *Item) {
	return key{string(w.Kind), project, w.Region, w.Name}, newItem(w.Kind.DisplayName(), w.Name, join(project, w.Region), Workload{project, w})
}

// Found notes what a search found. What a list brought says more, and stays.
func (x *Index) Found(found []model.FoundWorkload) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, w := range found {
		k, i := newWorkload(w.Project, model.Workload{WorkloadName: w.WorkloadName})
		if _, known := x.at[k]; !known {
			i.Searched = true
			x.add(k, i)
		}
	}
}

// Repositories notes a list of repositories.
func (x *Index) Repositories(pages iter.Seq2[model.ListPage[model.Repository], error]) iter.Seq2[model.ListPage[model.Repository], error] {
	return note(x, pages, func(r model.Repository) (key, *Item) {
		n := r.Name
		return key{"repository", n.Project, n.Location, n.ID}, newItem("repository", n.ID, join(n.Project, n.Location), n)
	})
}

// Images notes a list of a repository's images.
func (x *Index) Images(repository model.RepositoryName, pages iter.Seq2[model.ListPage[model.ListedImage], error]) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return note(x, pages, func(i model.ListedImage) (key, *Item) {
		title := i.Path
		if len(i.Tags) > 0 {
			title += ":" + strings.Join(i.Tags, ",")
		}
		where := join(repository.Project+"/"+repository.ID, model.ShortDigest(i.Digest))
		return key{"image", i.Base.Text, i.Digest, ""}, newItem("image", title, where, Image{repository, i})
	})
}

func newItem(kind, title, detail string, value any) *Item {
	title, detail = text.Clean(title), text.Clean(detail)
	return &Item{Kind: kind, Title: title, Detail: detail, Value: value, Text: match.NewText(title, detail, kind)}
}

// join puts two texts next to each other, where both are there.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + signs.Between + b
}
