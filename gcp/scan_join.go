package gcp

import (
	"cmp"
	"slices"
	"strings"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/model"
)

// index makes anew what is found by what was kept: at the beginning, and when a scan goes on.
func (s *scan) index() {
	s.agents, s.homes, s.revision = map[string]bool{}, map[string]bool{}, map[string]*model.Revision{}
	for _, f := range s.kept.Found {
		s.remember(f)
	}
	for number, running := range s.kept.Running {
		for _, w := range running {
			s.await(number, w)
		}
	}
}

func (s *scan) remember(f found) {
	kind := f.Resource.Kind()
	s.upper = s.upper || kind == model.KindFolder || kind == model.KindOrganization
	s.homes[f.Resource.Project()], s.homes[f.Project] = true, true
	for _, b := range f.Bindings {
		for _, m := range b.Members {
			if number := model.RunServiceAgentProject(m); number != "" {
				s.agents[number] = true
			}
		}
	}
}

// found keeps the bindings of a resource, but for the roles that Google grants an agent on its own project: every project
// has those.
func (s *scan) bound(r *assetpb.IamPolicySearchResult) {
	f := found{Resource: model.Resource(clean(r.GetResource())), Project: strings.TrimPrefix(r.GetProject(), "projects/")}
	for _, b := range policyOf(r.GetPolicy()).Bindings {
		if f.Resource.Kind() == model.KindProject && strings.HasSuffix(strings.ToLower(b.Role), "serviceagent") {
			b.Members = slices.DeleteFunc(b.Members, func(m model.Member) bool { return model.RunServiceAgentProject(m) == f.Project })
		}
		if b.Members = slices.DeleteFunc(b.Members, unsought); len(b.Members) > 0 {
			f.Bindings = append(f.Bindings, b)
			s.kept.Bindings += len(b.Members)
		}
	}
	if len(f.Bindings) == 0 {
		return
	}
	for _, folder := range r.GetFolders() {
		f.Above = append(f.Above, model.AncestorResource(folder))
	}
	if r.GetOrganization() != "" {
		f.Above = append(f.Above, model.AncestorResource(r.GetOrganization()))
	}
	s.kept.Found = append(s.kept.Found, f)
	s.remember(f)
}

// unsought tells the members that only share a binding with one that was searched for.
func unsought(m model.Member) bool {
	return !m.Deleted() && !m.IsEverybody() && model.RunServiceAgentProject(m) == ""
}

// gleaned is what matters of a page of assets. It is kept all at once, so that an interruption never leaves half of it.
type gleaned struct {
	projects     []project
	repositories []model.Repository
	running      []running
	revisions    []revision
}

type project struct {
	model.Project
	above []model.Resource // only where a folder or the organization holds a binding
}

type running struct {
	number string // of its project
	model.RunningWorkload
}

type revision struct {
	key     string
	images  []string
	account string // that it runs as
}

// glean reads nothing that other streams change meanwhile.
func (s *scan) glean(page []*assetpb.Asset) (g gleaned) {
	for _, a := range page {
		number, data := projectNumber(a.GetAncestors()), a.GetResource().GetData()
		switch a.GetAssetType() {
		case projectAsset:
			s.gleanProject(&g, number, a.GetAncestors(), data)
		case repositoryAsset:
			gleanRepository(&g, model.Resource(clean(a.GetName())), data)
		case revisionAsset:
			s.gleanRevision(&g, number, model.Resource(a.GetName()), data)
		default:
			if s.agents[number] {
				gleanWorkload(&g, number, a.GetAssetType(), model.Resource(clean(a.GetName())), data)
			}
		}
	}
	return g
}

// keep adds what was gleaned to what is kept.
func (s *scan) keep(g gleaned) {
	for _, p := range g.projects {
		if s.agents[p.Number] || s.homes[p.Number] || s.homes[p.ID] {
			s.kept.Projects[p.Number] = p.Project
		}
		if s.upper {
			s.kept.Levels[p.ID] = p.above
			s.kept.Numbers[p.Number] = p.ID
		}
	}
	for _, r := range g.repositories {
		s.kept.Repositories[r.Name.Resource()] = r
	}
	for _, w := range g.running {
		s.kept.Running[w.number] = append(s.kept.Running[w.number], w.RunningWorkload)
		s.await(w.number, w.RunningWorkload)
	}
	for _, r := range g.revisions {
		if awaited := s.revision[r.key]; awaited != nil {
			awaited.Images, awaited.ServiceAccount = r.images, r.account
			delete(s.revision, r.key)
		}
	}
}

func (s *scan) gleanProject(g *gleaned, number string, ancestors []string, data *structpb.Struct) {
	p := project{Project: model.Project{ID: text(data, "projectId"), Number: number, Name: text(data, "name"), State: text(data, "lifecycleState")}}
	if p.ID == "" || number == "" {
		return
	}
	if s.upper {
		for _, path := range ancestors[1:] {
			p.above = append(p.above, model.AncestorResource(path))
		}
	}
	g.projects = append(g.projects, p)
}

func gleanRepository(g *gleaned, r model.Resource, data *structpb.Struct) {
	name, err := model.ParseRepository(r.Path())
	if err != nil {
		return
	}
	repository := model.Repository{Name: name, Format: text(data, "format"), Mode: text(data, "mode")}
	for _, u := range at(data, "virtualRepositoryConfig", "upstreamPolicies").GetListValue().GetValues() {
		if upstream, err := model.ParseRepository(text(u.GetStructValue(), "repository")); err == nil {
			repository.Upstreams = append(repository.Upstreams, upstream)
		}
	}
	if repository.Mode == standardMode || len(repository.Upstreams) > 0 {
		g.repositories = append(g.repositories, repository)
	}
}

// standardMode is that of a repository with nothing behind it, which stays so.
const standardMode = "STANDARD_REPOSITORY"

var assetKinds = map[string]model.WorkloadKind{serviceAsset: model.Service, jobAsset: model.Job, poolAsset: model.WorkerPool}

// gleanWorkload understands the JSON of both versions of Cloud Run's API: which of them the index has for a type is not
// told everywhere.
func gleanWorkload(g *gleaned, number, kind string, r model.Resource, data *structpb.Struct) {
	w := running{number: number}
	w.WorkloadName = model.WorkloadName{Kind: assetKinds[kind], Name: r.ID(), Region: r.Segment("locations")}
	template := firstAt(data, []string{"spec", "template", "spec", "template", "spec"}, []string{"spec", "template", "spec"},
		[]string{"template", "template"}, []string{"template"})
	w.Images = imagesOf(template)
	w.ServiceAccount = accountOf(template)
	if kind != jobAsset {
		w.Serving = servingOf(data)
	}
	if len(w.Images) == 0 && len(w.Serving) == 0 {
		return
	}
	g.running = append(g.running, w)
}

// accountOf is the account that a template runs as, by the names that both versions of the API have for it.
func accountOf(template *structpb.Struct) string {
	return cmp.Or(text(template, "serviceAccountName"), text(template, "serviceAccount"))
}

// await notes the revisions whose images are to come.
func (s *scan) await(number string, w model.RunningWorkload) {
	for i := range w.Serving {
		if len(w.Serving[i].Images) == 0 {
			s.revision[number+" "+w.Region+" "+w.Serving[i].Name] = &w.Serving[i]
		}
	}
}

func (s *scan) gleanRevision(g *gleaned, number string, r model.Resource, data *structpb.Struct) {
	key := number + " " + r.Segment("locations") + " " + clean(r.ID())
	if s.revision[key] != nil {
		spec := firstAt(data, []string{"spec"}, nil)
		g.revisions = append(g.revisions, revision{key, imagesOf(spec), accountOf(spec)})
	}
}

// servingOf names the revisions with traffic or a tag.
func servingOf(data *structpb.Struct) []model.Revision {
	latest := cmp.Or(text(data, "status", "latestReadyRevisionName"), model.Resource(text(data, "latestReadyRevision")).ID())
	var names []string
	for _, path := range [][]string{{"status", "traffic"}, {"status", "instanceSplits"}, {"trafficStatuses"}, {"instanceSplitStatuses"}} {
		for _, t := range at(data, path...).GetListValue().GetValues() {
			split := t.GetStructValue()
			if at(split, "percent").GetNumberValue() > 0 || text(split, "tag") != "" {
				names = append(names, cmp.Or(text(split, "revisionName"), model.Resource(text(split, "revision")).ID(), latest))
			}
		}
	}
	return serving(names, latest)
}

// imagesOf are those that may be of Artifact Registry, by their hosts; no binding of its repositories has to do with others.
func imagesOf(template *structpb.Struct) (images []string) {
	for _, list := range []*structpb.Value{at(template, "containers"), at(template, "sandboxes", "templates")} {
		for _, container := range list.GetListValue().GetValues() {
			image := text(container.GetStructValue(), "image")
			if host := strings.ToLower(image); strings.Contains(host, "docker.pkg.dev/") || strings.Contains(host, "gcr.io/") {
				images = append(images, image)
			}
		}
	}
	return images
}

// at follows a path into an asset's data; nil where it ends.
func at(data *structpb.Struct, path ...string) *structpb.Value {
	var v *structpb.Value
	for _, key := range path {
		v = data.GetFields()[key]
		data = v.GetStructValue()
	}
	return v
}

func text(data *structpb.Struct, path ...string) string {
	return clean(at(data, path...).GetStringValue())
}

// firstAt gives the first of the paths that holds containers.
func firstAt(data *structpb.Struct, paths ...[]string) *structpb.Struct {
	for _, path := range paths {
		found := data
		if len(path) > 0 {
			found = at(data, path...).GetStructValue()
		}
		if found.GetFields()["containers"] != nil {
			return found
		}
	}
	return nil
}

// situation puts what was kept where the reasoning looks for it.
func (s *scan) situation() model.Situation {
	situation := emptySituation(model.Question{Project: s.options.Project, Scope: s.scope})
	index := &model.Index{Time: s.kept.Time, Policies: map[model.Resource]model.Policy{}, Inventories: map[string]model.Inventory{}, Levels: map[string][]model.Resource{},
		Repositories: map[model.Resource]model.Repository{}}
	if index.Time.IsZero() {
		index.Time = s.cloud.kept.now()
	}
	for number, p := range s.kept.Projects {
		if !p.BeingDeleted() { // it may have been called back since
			situation.Projects[number], situation.Projects[p.ID] = model.Known(p), model.Known(p)
		}
	}
	for id, above := range s.kept.Levels {
		index.Levels[id] = append([]model.Resource{model.ProjectResource(id)}, above...)
	}
	for number, id := range s.kept.Numbers {
		index.Levels[number] = index.Levels[id]
	}
	for r, repository := range s.kept.Repositories {
		index.Repositories[r] = repository
		if repository.Mode == standardMode {
			situation.Repositories[r] = model.Known(repository)
		}
	}
	for number, running := range s.kept.Running {
		slices.SortFunc(running, byKind) // two streams at a time bring them in no order
		index.Inventories[number] = model.Inventory{Running: running}
	}
	s.places(index)
	situation.Index = index
	return situation
}

// byKind orders workloads as the direct lists do.
func byKind(a, b model.RunningWorkload) int {
	return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Name, b.Name))
}

// places names projects by ID wherever that is known, so that a level is spelled the same in all places.
func (s *scan) places(index *model.Index) {
	for _, f := range s.kept.Found {
		r := f.Resource
		project := model.ProjectResource(cmp.Or(s.kept.Projects[f.Project].ID, f.Project))
		above := []model.Resource{r}
		switch {
		case r.Kind() == model.KindProject:
			r, above = project, []model.Resource{project}
		case f.Project != "":
			above = append(above, project)
		}
		for _, up := range f.Above {
			if up != r {
				above = append(above, up)
			}
		}
		index.Sites = append(index.Sites, model.BindingSite{Resource: r, Levels: above})
		policy := index.Policies[r]
		policy.Bindings = append(policy.Bindings, f.Bindings...)
		index.Policies[r] = policy
	}
	slices.SortFunc(index.Sites, func(a, b model.BindingSite) int { return cmp.Compare(a.Resource, b.Resource) })
	index.Sites = slices.CompactFunc(index.Sites, func(a, b model.BindingSite) bool { return a.Resource == b.Resource })
}

// stream gives where a stream stands.
func (c *checkpoint) stream(name string) *stream {
	if c.Streams[name] == nil {
		c.Streams[name] = &stream{}
	}
	return c.Streams[name]
}
