package preview

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"whopulls/model"
	"whopulls/tui/ui"
)

// facts are what was read about a row.
type facts struct {
	situation model.Situation
	workloads []model.Workload
	listed    bool                 // the workloads are being listed, or were
	readers   []model.LevelReaders // of a repository
	gaps      []model.Gap
	err       error // what ended the reading early
	complete  bool
}

// apis are the APIs that a project needs for what this program is about, with their names.
var apis = []struct{ service, name string }{{model.RunService, "Cloud Run"}, {"artifactregistry.googleapis.com", "Artifact Registry"}}

// wantsFor are the facts that say more about a row than the list has in hand, and the project that is asked about.
func wantsFor(value any) (project string, wants []model.Want) {
	switch v := value.(type) {
	case model.Project:
		wants = append(wants, model.Want{Kind: model.WantAncestry, Project: v.ID})
		if v.Number == "" {
			wants = append(wants, model.Want{Kind: model.WantProject, Project: v.ID})
		}
		for _, api := range apis {
			wants = append(wants, model.Want{Kind: model.WantAPI, Resource: model.APIResource(v.ID, api.service)})
		}
		return v.ID, wants
	case model.Repository:
		_, wants = model.Readers(model.Situation{}, v.Name)
		return v.Name.Project, wants
	}
	return "", nil
}

// readFacts reads about a row, and hands over what is known after each answer. What it shares with other rows may be known before.
func readFacts(ctx context.Context, connected ui.Connection[Cloud], value any, known model.Situation, send func(facts)) {
	var f facts
	defer func() {
		f.complete = true
		send(f)
	}()
	cloud, err := connected(ctx)
	if err != nil {
		f.err = err
		return
	}
	if v, ok := value.(model.Repository); ok {
		f.situation = known
		f.readReaders(ctx, cloud, v.Name, send)
		return
	}
	project, wants := wantsFor(value)
	f.situation, f.err = cloud.ReadFacts(ctx, project, wants, func(s model.Situation) {
		f.situation = s
		send(f)
	})
	if _, ok := value.(model.Project); ok && f.err == nil && mayRun(f.situation, project) {
		f.listWorkloads(ctx, cloud, project, send)
	}
}

// readerRounds is how often an answer opens new questions: the levels, their policies, and the roles in them.
const readerRounds = 4

// readReaders reads who may read a repository. Each round reads what the one before has opened.
func (f *facts) readReaders(ctx context.Context, cloud Cloud, repository model.RepositoryName, send func(facts)) {
	for range readerRounds {
		var wants []model.Want
		if f.readers, wants = model.Readers(f.situation, repository); len(wants) == 0 {
			return
		}
		before := f.situation
		read, err := cloud.ReadFacts(ctx, repository.Project, wants, func(s model.Situation) {
			f.situation = withLevels(before, s)
			f.readers, _ = model.Readers(f.situation, repository)
			send(*f)
		})
		if f.situation, f.err = withLevels(before, read), err; err != nil {
			return
		}
	}
}

// withLevels is a situation with what another knows about levels: where they are, their policies, and the roles in them.
func withLevels(s, more model.Situation) model.Situation {
	s = s.Clone()
	if !more.Time.IsZero() {
		s.Time = more.Time
	}
	maps.Copy(s.Ancestry, more.Ancestry)
	maps.Copy(s.Policies, more.Policies)
	maps.Copy(s.Roles, more.Roles)
	return s
}

// mayRun reports whether a project may run anything: with the API off it doesn't, and the list would only say so.
func mayRun(s model.Situation, project string) bool {
	api := s.APIs[model.APIResource(project, model.RunService)]
	return !api.Read() || api.Value
}

// listWorkloads lists what runs in a project, sorted by name.
func (f *facts) listWorkloads(ctx context.Context, cloud Cloud, project string, send func(facts)) {
	f.listed = true
	for page, err := range cloud.Workloads(ctx, project) {
		if err != nil {
			f.err = err
			return
		}
		all := slices.Concat(f.workloads, page.Items)
		slices.SortFunc(all, func(a, b model.Workload) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Region, b.Region))
		})
		f.workloads, f.gaps = all, slices.Concat(f.gaps, page.Gaps)
		send(*f)
	}
}
