// Package assetsearch finds workloads of projects whose lists nobody has read, by the index of Cloud Asset Inventory.
package assetsearch

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/ui"
)

// Cloud is what a search needs of Google Cloud.
type Cloud interface {
	ReadFacts(ctx context.Context, project string, wants []model.Want, progress func(model.Situation)) (model.Situation, error)
	SearchWorkloads(ctx context.Context, scope model.Resource, words []string, quotaProject string) (model.Fact[model.WorkloadSearch], error)
}

// Finder searches over one connection. It begins at the widest level that it knows, and remembers what was refused. It is safe
// for use by several goroutines.
type Finder struct {
	cloud ui.Connection[Cloud]
	found func([]model.FoundWorkload) // takes what a search found

	mu      sync.Mutex
	levels  map[string][]model.Ancestor // of a project, nearest first, the project itself included
	refused map[way]string              // why
}

// way is what is searched, and the project that bears the quota. Without a scope it stands for everything by that project's quota.
type way struct {
	project string
	scope   model.Resource
}

// New is a finder that was refused nothing yet.
func New(cloud ui.Connection[Cloud], found func([]model.FoundWorkload)) *Finder {
	return &Finder{cloud: cloud, found: found, levels: map[string][]model.Ancestor{}, refused: map[way]string{}}
}

// Known gives a project and the levels above it, as far as they were read.
func (f *Finder) Known(project string) []model.Ancestor {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.levels[project]
}

// ReadLevels reads a project's levels, once. Where they can't be read the project stands alone.
func (f *Finder) ReadLevels(ctx context.Context, project string) ([]model.Ancestor, error) {
	if levels := f.Known(project); len(levels) > 0 {
		return levels, nil
	}
	cloud, err := f.cloud(ctx)
	if err != nil {
		return nil, err
	}
	s, err := cloud.ReadFacts(ctx, project, []model.Want{{Kind: model.WantAncestry, Project: project}}, func(model.Situation) {})
	if err != nil {
		return nil, err
	}
	levels := s.Ancestry[project].Value
	if len(levels) == 0 {
		levels = []model.Ancestor{{Resource: model.ProjectResource(project)}}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.levels[project] = levels
	return levels, nil
}

// Find searches for words, in the widest of the projects' levels that may be searched, and says what came of it. The first project
// bears the quota, or the next one where the first can't. It reports whether anything was searched.
func (f *Finder) Find(ctx context.Context, projects, words []string) (said string, searched bool) {
	for _, project := range projects {
		levels, err := f.ReadLevels(ctx, project)
		if err != nil {
			return failed(ctx, err), false
		}
		for _, l := range slices.Backward(levels) {
			w := way{project, l.Resource}
			if f.whyRefused(w) != "" {
				continue
			}
			found, err := f.search(ctx, w, levels, words)
			switch {
			case err != nil:
				return failed(ctx, err), false
			case found.Read():
				f.found(found.Value.Found)
				return count(found.Value) + " in " + model.Describe(l.Resource, levels), true
			case f.whyRefused(w) == "": // it may pass
				return found.Gap.Reason, false
			}
		}
	}
	return f.WhyNot(projects), false
}

// search asks once. It notes what closes the way for good: another may be open.
func (f *Finder) search(ctx context.Context, w way, levels []model.Ancestor, words []string) (model.Fact[model.WorkloadSearch], error) {
	cloud, err := f.cloud(ctx)
	if err != nil {
		return model.Fact[model.WorkloadSearch]{}, err
	}
	found, err := cloud.SearchWorkloads(ctx, w.scope, words, w.project)
	switch gap := found.Gap; {
	case err != nil || found.Read():
	case gap.DisabledAPI != "":
		f.refuse(way{project: w.project}, "its API is off in project "+gap.DisabledAPI.Project())
	case gap.Need != "" && gap.Resource != w.scope: // it is about the project that pays
		f.refuse(way{project: w.project}, "it needs "+ui.NeedText(gap))
	case gap.Need != "":
		f.refuse(w, "it needs "+string(gap.Need)+" on "+model.Describe(w.scope, levels))
	}
	return found, err
}

func (f *Finder) refuse(w way, why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused[w] = why
}

// whyRefused says why a way is closed; empty: it is open, as far as is known.
func (f *Finder) whyRefused(w way) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return cmp.Or(f.refused[way{project: w.project}], f.refused[w])
}

// WhyNot says why none of the projects leads to a search, as it was found out for the widest level; empty: one may.
func (f *Finder) WhyNot(projects []string) (why string) {
	for _, project := range projects {
		reason := f.whyRefused(way{project: project})
		for _, l := range slices.Backward(f.Known(project)) {
			r := f.whyRefused(way{project, l.Resource})
			if r == "" {
				return ""
			}
			reason = cmp.Or(reason, r)
		}
		if reason == "" {
			return ""
		}
		why = cmp.Or(why, reason)
	}
	return why
}

// failed says why nothing was searched. Nobody reads it where they typed on.
func failed(ctx context.Context, err error) string {
	if ctx.Err() != nil {
		return ""
	}
	return err.Error()
}

// count says how much was found.
func count(s model.WorkloadSearch) string {
	switch {
	case len(s.Found) == 0:
		return "no workload"
	case s.More:
		return "the first " + text.CountNoun(len(s.Found), "workload")
	}
	return text.CountNoun(len(s.Found), "workload")
}
