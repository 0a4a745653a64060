package model

import "time"

// BindingSite is a resource whose allow policy may let somebody read, with the levels above it.
type BindingSite struct {
	Resource Resource   `json:"resource"`
	Levels   []Resource `json:"above"` // nearest first, the resource itself included
}

// Index is what Cloud Asset Inventory lists about a folder or an organization. It lags behind (iam-facts 7.4), so it proves
// use, and never the lack of it: where it shows none, what runs is looked at directly.
type Index struct {
	Time         time.Time               `json:"time"`         // of which it tells
	Sites        []BindingSite           `json:"places"`       // where bindings were found
	Policies     map[Resource]Policy     `json:"policies"`     // of the places, with nothing but what was searched for: agents, deleted members, everybody
	Inventories  map[string]Inventory    `json:"inventories"`  // by project number, of agents' projects: what was found to run there
	Levels       map[string][]Resource   `json:"levels"`       // by project, ID or number: the levels above it, nearest first, itself included
	Repositories map[Resource]Repository `json:"repositories"` // with what they read
	Gaps         []Gap                   `json:"gaps"`         // bindings that could not be searched for
	Notes        []string                `json:"notes"`        // what else it does not tell
}

// ScanProgress is how far a scan of a folder or an organization is.
type ScanProgress struct {
	Bindings int  // of agents, deleted members and everybody, found
	Assets   int  // that came
	Direct   bool // what the index does not show is being looked at directly
}

// ScanOptions say how a scan goes.
type ScanOptions struct {
	Project  string             // whose quota a person's calls use, where nothing else says so
	Progress func(ScanProgress) // called from one goroutine at a time; nil: nobody wants to know
	Found    func(StaleList)    // called now and then with what is known so far, as StaleRounds.SoFar gives it; may be nil
	Resume   bool               // continue where an earlier scan of the same was interrupted, if one was
}

// RepositoryList is the repositories of a project.
type RepositoryList struct {
	Names []RepositoryName `json:"names"`
	Gaps  []Gap            `json:"gaps,omitempty"` // locations that could not be listed
}

// WantRepositories is the kind of want that fills Situation.Listed.
const WantRepositories WantKind = "repositories"

func (q *evaluation) projectRepositories(project string) Fact[RepositoryList] {
	return lookup(q, q.s.ProjectRepositories[project], Want{Kind: WantRepositories, Project: project})
}

// StaleIn asks about the bindings of a project, a folder or an organization, and of what is in it.
func StaleIn(scope Resource) Question { return Question{Project: scope.Project(), Scope: scope} }

// StaleInRepository asks about the bindings of a repository, and of the levels above it.
func StaleInRepository(name RepositoryName) Question {
	return Question{Project: name.Project, Scope: name.Resource(), Repository: name}
}

// staleScope is what stale bindings are looked for in.
func (q *evaluation) staleScope() Resource {
	if scope := q.s.Question.Scope; scope != "" {
		return scope
	}
	return q.s.Question.Repository.Resource()
}

// levelsAboveScope are the levels above a folder, nearest first. Their bindings are not those of the scope, but what they give
// makes others redundant; what can't be seen of them makes nothing so.
func (q *evaluation) levelsAboveScope() []Resource {
	scope := q.staleScope()
	if scope.Kind() != KindFolder {
		return nil
	}
	var above []Resource
	for _, a := range q.ancestry(scope.Path()).Value {
		if a.Resource != scope {
			above = append(above, a.Resource)
		}
	}
	return above
}

// candidatesAbove collects the bindings there of agents that hold one in the scope.
func (q *evaluation) candidatesAbove(inScope []staleCandidate) (above []staleCandidate) {
	agents := map[string]bool{}
	for _, h := range inScope {
		agents[h.agent] = h.agent != ""
	}
	for _, level := range q.levelsAboveScope() {
		for _, b := range q.policy(level).Value.Bindings {
			for _, h := range q.appendCandidates(nil, BindingSite{Resource: level, Levels: []Resource{level}}, b) {
				if agents[h.agent] {
					above = append(above, h)
				}
			}
		}
	}
	return above
}

// bindingSites are the policies to look through. For a repository they are its own and those above. For a
// project they are also those of its repositories, unless the question is narrow. For a wider scope they are
// what the index found.
func (q *evaluation) bindingSites() ([]BindingSite, []Gap) {
	scope := q.staleScope()
	switch {
	case q.s.Index != nil:
		return q.s.Index.Sites, q.s.Index.Gaps
	case scope.Kind() == KindFolder || scope.Kind() == KindOrganization:
		return []BindingSite{{scope, append([]Resource{scope}, q.levelsAboveScope()...)}}, nil
	}
	levels, gaps := q.policyLevels(scope)
	var all []Resource
	for _, l := range levels {
		all = append(all, l.Resource)
	}
	var sites []BindingSite
	if scope.Kind() == KindProject && !q.s.Question.WithoutRepositories {
		sites, gaps = q.repositorySites(scope.ID(), all, gaps)
	}
	for n, r := range all {
		sites = append(sites, BindingSite{r, all[n:]})
	}
	return sites, gaps
}

func (q *evaluation) repositorySites(project string, above []Resource, gaps []Gap) ([]BindingSite, []Gap) {
	list := q.projectRepositories(project)
	if !list.Read() {
		gap := list.Gap
		gap.Resource = ProjectResource(project)
		return nil, append(gaps, gap)
	}
	var sites []BindingSite
	for _, name := range list.Value.Names {
		sites = append(sites, BindingSite{name.Resource(), append([]Resource{name.Resource()}, above...)})
	}
	return sites, append(gaps, list.Value.Gaps...)
}

// policyAt gives the policy of a place: what the index found of it, where there is one.
func (q *evaluation) policyAt(r Resource) Fact[Policy] {
	if q.s.Index != nil {
		return Known(q.s.Index.Policies[r])
	}
	return q.policy(r)
}

func (q *evaluation) unreadLevelGap(r Resource, policy Fact[Policy]) Gap {
	if policy.State == FactAbsent {
		return Gap{Resource: r, Reason: string(r.Kind()) + " " + r.ID() + " does not exist"}
	}
	return policyGap(r, policy.Gap)
}

// ScopeState says whether what a StaleList is about is there.
type ScopeState int

// The states. Google answers 403 alike for what is not there and for what the caller may not see.
const (
	ScopeSeen   ScopeState = iota // something of it was read, or it failed otherwise
	ScopeAbsent                   // it does not exist
	ScopeHidden                   // it does not exist, or the caller may not see it
)

// ScopeStateOf says whether the repository or the project is there that a Situation's Question looks at.
func ScopeStateOf(s Situation) ScopeState {
	scope := (&evaluation{s: s}).staleScope()
	if s.Index != nil {
		return ScopeSeen
	}
	project, policy := s.Ancestry[scope.Project()], s.Policies[scope]
	switch {
	case policy.Read():
		return ScopeSeen
	case policy.State == FactAbsent, scope.Kind() == KindProject && project.State == FactAbsent:
		return ScopeAbsent
	case policy.State == FactGap && policy.Gap.Need != "" && (scope.Kind() == KindRepository || !project.Read()):
		return ScopeHidden
	}
	return ScopeSeen
}

// ScopeHiddenText says what can't be told apart about a scope that is ScopeHidden.
func ScopeHiddenText(scope Resource) string {
	return Describe(scope, nil) + " does not exist, or you may not see it: Google answers the same"
}

// ScopeAdvice says how to find the repositories or the projects that are there.
func ScopeAdvice(scope Resource) Advice {
	if scope.Kind() == KindRepository {
		return Advice{Words: "list what is there:", Command: "gcloud artifacts repositories list --project=" + scope.Project()}
	}
	return Advice{Words: "check the ID:", Command: "gcloud projects list"}
}
