package gcp

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/model"
)

// rebuildIndex rebuilds from the checkpoint what can be looked up in it: at the beginning, and when a scan continues.
func (s *scan) rebuildIndex() {
	s.agents, s.projectsWithBindings, s.awaitedRevisions = map[string]bool{}, map[string]bool{}, map[string]*model.Revision{}
	for _, f := range s.checkpoint.Found {
		s.indexResource(f)
	}
	for number, running := range s.checkpoint.Running {
		for _, w := range running {
			s.awaitRevisions(number, w)
		}
	}
}

func (s *scan) indexResource(f boundResource) {
	kind := f.Resource.Kind()
	s.hasUpperBindings = s.hasUpperBindings || kind == model.KindFolder || kind == model.KindOrganization
	s.projectsWithBindings[f.Resource.Project()], s.projectsWithBindings[f.Project] = true, true
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
func (s *scan) addBindings(r *assetpb.IamPolicySearchResult) {
	f := boundResource{Resource: model.Resource(clean(r.GetResource())), Project: strings.TrimPrefix(r.GetProject(), "projects/")}
	for _, b := range policyOf(r.GetPolicy()).Bindings {
		if f.Resource.Kind() == model.KindProject && strings.HasSuffix(strings.ToLower(b.Role), "serviceagent") {
			b.Members = slices.DeleteFunc(b.Members, func(m model.Member) bool { return model.RunServiceAgentProject(m) == f.Project })
		}
		if b.Members = slices.DeleteFunc(b.Members, notSearchedFor); len(b.Members) > 0 {
			f.Bindings = append(f.Bindings, b)
			s.checkpoint.Bindings += len(b.Members)
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
	s.checkpoint.Found = append(s.checkpoint.Found, f)
	s.indexResource(f)
}

// notSearchedFor tells the members that only share a binding with one that was searched for.
func notSearchedFor(m model.Member) bool {
	return !m.Deleted() && !m.IsEverybody() && model.RunServiceAgentProject(m) == ""
}

// pageResult is what matters of a page of assets. It is kept all at once, so that an interruption never leaves half of it.
type pageResult struct {
	projects     []scannedProject
	repositories []model.Repository
	running      []scannedWorkload
	revisions    []scannedRevision
}

type scannedProject struct {
	model.Project
	ancestors []model.Resource // only where a folder or the organization holds a binding
}

type scannedWorkload struct {
	number string // of its project
	model.RunningWorkload
}

type scannedRevision struct {
	key     string
	images  []model.Image
	account string // that it runs as
}

// parsePage reads nothing that other streams change in the meantime.
func (s *scan) parsePage(page []*assetpb.Asset) (g pageResult) {
	for _, a := range page {
		number, data := projectNumber(a.GetAncestors()), a.GetResource().GetData()
		switch a.GetAssetType() {
		case projectAsset:
			s.parseProject(&g, number, a.GetAncestors(), data)
		case repositoryAsset:
			parseRepository(&g, model.Resource(clean(a.GetName())), data)
		case revisionAsset:
			s.parseRevision(&g, number, model.Resource(a.GetName()), data)
		default:
			if s.agents[number] {
				parseWorkload(&g, number, a.GetAssetType(), model.Resource(clean(a.GetName())), data)
			}
		}
	}
	return g
}

// addPage adds what was gleaned to what is kept.
func (s *scan) addPage(g pageResult) {
	for _, p := range g.projects {
		if s.agents[p.Number] || s.projectsWithBindings[p.Number] || s.projectsWithBindings[p.ID] {
			s.checkpoint.Projects[p.Number] = p.Project
		}
		if s.hasUpperBindings {
			s.checkpoint.Levels[p.ID] = p.ancestors
			s.checkpoint.Numbers[p.Number] = p.ID
		}
	}
	for _, r := range g.repositories {
		s.checkpoint.Repositories[r.Name.Resource()] = r
	}
	for _, w := range g.running {
		s.checkpoint.Running[w.number] = append(s.checkpoint.Running[w.number], w.RunningWorkload)
		s.awaitRevisions(w.number, w.RunningWorkload)
	}
	for _, r := range g.revisions {
		if target := s.awaitedRevisions[r.key]; target != nil {
			target.Images, target.ServiceAccount = r.images, r.account
			delete(s.awaitedRevisions, r.key)
		}
	}
}

func (s *scan) parseProject(g *pageResult, number string, ancestors []string, data *structpb.Struct) {
	p := scannedProject{Project: model.Project{ID: textAt(data, "projectId"), Number: number, Name: textAt(data, "name"), State: textAt(data, "lifecycleState")}}
	if p.ID == "" || number == "" {
		return
	}
	if s.hasUpperBindings {
		for _, path := range ancestors[1:] {
			p.ancestors = append(p.ancestors, model.AncestorResource(path))
		}
	}
	g.projects = append(g.projects, p)
}

func parseRepository(g *pageResult, r model.Resource, data *structpb.Struct) {
	name, ok := r.Repository()
	if !ok {
		return
	}
	repository := model.Repository{Name: name, Format: textAt(data, "format"), Mode: textAt(data, "mode")}
	for _, u := range valueAt(data, "virtualRepositoryConfig", "upstreamPolicies").GetListValue().GetValues() {
		if upstream, err := model.ParseRepository(textAt(u.GetStructValue(), "repository")); err == nil {
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

// parseWorkload understands the JSON of both versions of Cloud Run's API: which of them the index has for a type is not
// documented everywhere.
func parseWorkload(g *pageResult, number, kind string, r model.Resource, data *structpb.Struct) {
	w := scannedWorkload{number: number}
	w.WorkloadName = model.WorkloadName{Kind: assetKinds[kind], Name: r.ID(), Region: r.Segment("locations")}
	template := templateAt(data, []string{"spec", "template", "spec", "template", "spec"}, []string{"spec", "template", "spec"},
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
	return cmp.Or(textAt(template, "serviceAccountName"), textAt(template, "serviceAccount"))
}

// awaitRevisions notes the revisions whose images are to come.
func (s *scan) awaitRevisions(number string, w model.RunningWorkload) {
	for i := range w.Serving {
		if len(w.Serving[i].Images) == 0 {
			s.awaitedRevisions[number+" "+w.Region+" "+w.Serving[i].Name] = &w.Serving[i]
		}
	}
}

func (s *scan) parseRevision(g *pageResult, number string, r model.Resource, data *structpb.Struct) {
	key := number + " " + r.Segment("locations") + " " + clean(r.ID())
	if s.awaitedRevisions[key] != nil {
		spec := templateAt(data, []string{"spec"}, nil)
		g.revisions = append(g.revisions, scannedRevision{key, imagesOf(spec), accountOf(spec)})
	}
}

// servingOf names the revisions with traffic or a tag.
func servingOf(data *structpb.Struct) []model.Revision {
	latest := cmp.Or(textAt(data, "status", "latestReadyRevisionName"), model.Resource(textAt(data, "latestReadyRevision")).ID())
	var names []string
	for _, path := range [][]string{{"status", "traffic"}, {"status", "instanceSplits"}, {"trafficStatuses"}, {"instanceSplitStatuses"}} {
		for _, t := range valueAt(data, path...).GetListValue().GetValues() {
			split := t.GetStructValue()
			if valueAt(split, "percent").GetNumberValue() > 0 || textAt(split, "tag") != "" {
				names = append(names, cmp.Or(textAt(split, "revisionName"), model.Resource(textAt(split, "revision")).ID(), latest))
			}
		}
	}
	return uniqueRevisions(names, latest)
}

// imagesOf are those that may be of Artifact Registry, by their hosts; no binding of its repositories has to do with others.
func imagesOf(template *structpb.Struct) (images []model.Image) {
	for _, list := range []*structpb.Value{valueAt(template, "containers"), valueAt(template, "sandboxes", "templates")} {
		for _, container := range list.GetListValue().GetValues() {
			image := textAt(container.GetStructValue(), "image")
			if host := strings.ToLower(image); strings.Contains(host, "docker.pkg.dev/") || strings.Contains(host, "gcr.io/") {
				images = append(images, model.ImageOf(image))
			}
		}
	}
	return images
}

// valueAt follows a path into an asset's data; nil if it ends.
func valueAt(data *structpb.Struct, path ...string) *structpb.Value {
	var v *structpb.Value
	for _, key := range path {
		v = data.GetFields()[key]
		data = v.GetStructValue()
	}
	return v
}

func textAt(data *structpb.Struct, path ...string) string {
	return clean(valueAt(data, path...).GetStringValue())
}

// templateAt gives the first of the paths that holds containers.
func templateAt(data *structpb.Struct, paths ...[]string) *structpb.Struct {
	for _, path := range paths {
		found := data
		if len(path) > 0 {
			found = valueAt(data, path...).GetStructValue()
		}
		if found.GetFields()["containers"] != nil {
			return found
		}
	}
	return nil
}

// toSituation puts what was kept where the reasoning looks for it.
func (s *scan) toSituation() model.Situation {
	situation := model.NewSituation(model.Question{Project: s.options.Project, Scope: s.scope}, time.Now())
	index := &model.Index{Time: s.checkpoint.Time, Policies: map[model.Resource]model.Policy{}, Inventories: map[string]model.Inventory{}, Levels: map[string][]model.Resource{},
		Repositories: map[model.Resource]model.Repository{}}
	if index.Time.IsZero() {
		index.Time = s.cloud.now()
	}
	for number, p := range s.checkpoint.Projects {
		if !p.BeingDeleted() { // it may have been called back since
			situation.Projects[number], situation.Projects[p.ID] = model.Known(p), model.Known(p)
		}
	}
	for id, above := range s.checkpoint.Levels {
		index.Levels[id] = append([]model.Resource{model.ProjectResource(id)}, above...)
	}
	for number, id := range s.checkpoint.Numbers {
		index.Levels[number] = index.Levels[id]
	}
	for r, repository := range s.checkpoint.Repositories {
		index.Repositories[r] = repository
		if repository.Mode == standardMode {
			situation.Repositories[r] = model.Known(repository)
		}
	}
	for number, running := range s.checkpoint.Running {
		slices.SortFunc(running, compareRunning) // two streams at a time bring them in no order
		index.Inventories[number] = model.Inventory{Running: running}
	}
	s.addPlaces(index)
	situation.Index = index
	return situation
}

// compareRunning orders workloads as the direct lists do.
func compareRunning(a, b model.RunningWorkload) int {
	return cmp.Or(slices.Index(allKinds, a.Kind)-slices.Index(allKinds, b.Kind), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Name, b.Name))
}

// addPlaces names projects by ID wherever that is known, so that a level is spelled the same in all places.
func (s *scan) addPlaces(index *model.Index) {
	for _, f := range s.checkpoint.Found {
		r := f.Resource
		project := model.ProjectResource(cmp.Or(s.checkpoint.Projects[f.Project].ID, f.Project))
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
func (c *checkpoint) stream(name string) *scanStream {
	if c.Streams[name] == nil {
		c.Streams[name] = &scanStream{}
	}
	return c.Streams[name]
}

// bindingsFound are the bindings of the index before any of them was judged: they have no status.
func (s *scan) bindingsFound() model.StaleList {
	list := model.StaleList{Bindings: make([]model.StaleBinding, 0, s.checkpoint.Bindings)}
	for _, f := range s.checkpoint.Found {
		for _, b := range f.Bindings {
			for _, m := range b.Members {
				list.Bindings = append(list.Bindings, model.StaleBinding{Resource: f.Resource, Role: b.Role, Member: m, Condition: b.Condition})
			}
		}
	}
	return list
}
