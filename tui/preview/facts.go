package preview

import (
	"cmp"
	"context"
	"slices"

	"whopulls/model"
	"whopulls/tui/ui"
)

// facts are what was read about a row.
type facts struct {
	situation model.Situation
	workloads []model.Workload
	listed    bool // the workloads are being listed, or were
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
		return v.Name.Project, []model.Want{{Kind: model.WantPolicy, Resource: v.Name.Resource()}}
	}
	return "", nil
}

// readFacts reads about a row, and hands over what is known after each answer.
func readFacts(ctx context.Context, connected ui.Connection[Cloud], value any, send func(facts)) {
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
	project, wants := wantsFor(value)
	f.situation, f.err = cloud.ReadFacts(ctx, project, wants, func(s model.Situation) {
		f.situation = s
		send(f)
	})
	if _, ok := value.(model.Project); ok && f.err == nil && mayRun(f.situation, project) {
		f.listWorkloads(ctx, cloud, project, send)
	}
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
