package tui

import (
	"context"
	"time"

	"whopulls/model"
)

const (
	usingMember      = model.Member("serviceAccount:service-444444444444@serverless-robot-prod.iam.gserviceaccount.com")
	idleMember       = model.Member("serviceAccount:service-555555555555@serverless-robot-prod.iam.gserviceaccount.com")
	broadMember      = model.Member("serviceAccount:service-666666666666@serverless-robot-prod.iam.gserviceaccount.com")
	unreadableMember = model.Member("serviceAccount:service-777777777777@serverless-robot-prod.iam.gserviceaccount.com")
	deletedMember    = model.Member("deleted:user:former@example.com?uid=123456789012345678901")
)

const writerRole = "roles/artifactregistry.writer"

// newStaleCloud has a repository that many may read: one who uses it, one who does not, one with too much, some who are
// gone, and some that nobody can decide.
func newStaleCloud() *fakeCloud {
	f := newFakeCloud()
	f.runningImages = map[string][]string{"shop-frontend": {imageText}, "build-tools": {imageText}}
	f.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{
		{Role: writerRole, Members: []model.Member{"serviceAccount:ci@myproject-b.iam.gserviceaccount.com", broadMember}},
		{Role: model.RoleReader, Members: []model.Member{devMember, usingMember, idleMember, unreadableMember, deletedMember}},
	}}
	return f
}

// startUsing lets a project run an image of the repository from now on.
func (f *fakeCloud) startUsing(project string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.runningImages = map[string][]string{"shop-frontend": {imageText}, "build-tools": {imageText}, project: {imageText}}
}

// hasBinding reports whether the repository's policy holds a binding.
func (f *fakeCloud) hasBinding(role string, m model.Member) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.policies[repoName.Resource()].Holds(role, m)
}

// RereadBindings answers the same.
func (f *fakeCloud) RereadBindings(ctx context.Context, _ model.Resource) (model.Situation, error) {
	if f.rereadErr != nil {
		if err := f.rereadErr(); err != nil {
			return model.Situation{}, err
		}
	}
	return f.ReadScope(ctx, model.StaleInRepository(repoName), nil)
}

// Scan is what the test makes it.
func (f *fakeCloud) Scan(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error) {
	return f.scan(ctx, scope, o)
}

// InterruptedScan knows the scan that a test interrupted.
func (f *fakeCloud) InterruptedScan(model.Resource) (time.Time, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.interruptedAt, !f.interruptedAt.IsZero()
}

// ReadScope answers of the projects behind the numbers 4, 5 and 6; the one behind 7 can't be seen.
func (f *fakeCloud) ReadScope(ctx context.Context, q model.Question, _ func(model.Situation)) (model.Situation, error) {
	repository := q.Repository
	if err := f.wait(ctx); err != nil {
		if f.surveyAbandoned != nil {
			close(f.surveyAbandoned)
		}
		return model.Situation{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s := model.Situation{ReadingDone: true, Time: time.Unix(1800000000, 0).UTC(), Question: model.Question{Project: repository.Project, Repository: repository},
		Projects: map[string]model.Fact[model.Project]{
			repository.Project: model.Known(model.Project{ID: repository.Project, Number: "222222222222"}),
			"777777777777":     model.Unread[model.Project](model.Gap{Reason: "project 777777777777 may not be seen", Need: model.PermGetProject}),
		},
		Ancestry:    map[string]model.Fact[[]model.Ancestor]{repository.Project: model.Known([]model.Ancestor{{Resource: model.ProjectResource(repository.Project)}})},
		Policies:    map[model.Resource]model.Fact[model.Policy]{model.ProjectResource(repository.Project): model.Known(model.Policy{})},
		Roles:       map[string]model.Fact[model.Role]{},
		Inventories: map[string]model.Fact[model.Inventory]{},
	}
	for _, p := range []model.Permission{repository.Resource().WritePolicyPermission(), repository.Resource().ReadPolicyPermission()} {
		setFact(&s.Tested, model.TestKey{Resource: repository.Resource(), Permission: p}, model.Known(!f.mayNotSetPolicy))
	}
	s.Policies[repository.Resource()] = model.Known(f.policies[repository.Resource()])
	for role, more := range map[string][]model.Permission{model.RoleReader: nil, writerRole: {"artifactregistry.repositories.uploadArtifacts"}} {
		s.Roles[role] = model.Known(model.Role{Name: role, Permissions: append([]model.Permission{model.PermDownload}, more...)})
	}
	for number, id := range map[string]string{"444444444444": "shop-frontend", "555555555555": "old-campaign-2019", "666666666666": "build-tools"} {
		s.Projects[number] = model.Known(model.Project{ID: id + f.nameSuffix, Number: number})
		var running []model.RunningWorkload
		for _, image := range f.runningImages[id] {
			running = append(running, model.RunningWorkload{Workload: model.Workload{
				WorkloadName: model.WorkloadName{Kind: model.Service, Name: "web" + f.nameSuffix, Region: "asia-northeast1"}, Images: model.ImagesOf(image)}})
		}
		s.Inventories[id+f.nameSuffix] = model.Known(model.Inventory{Running: running})
	}
	if f.spoilScope != nil {
		f.spoilScope(&s)
	}
	return s, nil
}

// SearchWorkloads finds what a test puts there.
func (f *fakeCloud) SearchWorkloads(ctx context.Context, scope model.Resource, words []string, quotaProject string) (model.Fact[model.WorkloadSearch], error) {
	if f.searchWorkloads == nil {
		return model.Known(model.WorkloadSearch{}), nil
	}
	return f.searchWorkloads(ctx, scope, words, quotaProject)
}
