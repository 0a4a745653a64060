package sandbox

import (
	"context"
	"fmt"
	"strings"

	ar "cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// registry serves google.devtools.artifactregistry.v1.ArtifactRegistry.
type registry struct {
	ar.UnimplementedArtifactRegistryServer
	*core
}

const maxRegistryPage = 1000 // the largest page of Artifact Registry

// authorize checks that the API is enabled, and that the caller holds the permission on the named resource.
// That is a repository, or a location or project that has repositories.
func (s *registry) authorize(ctx context.Context, permission, name string) error {
	if err := s.requireAPI(projectFromName(name), "artifactregistry.googleapis.com"); err != nil {
		return err
	}
	return s.requirePermission(ctx, permission, world.FullName("artifactregistry", name))
}

// findRepository finds the repository of a name, or the one that the name is in, for a caller with that
// permission.
func (s *registry) findRepository(ctx context.Context, permission, name string) (*world.Repository, error) {
	parts := strings.SplitN(name, "/", 7)
	if len(parts) < 6 || parts[2] != "locations" || parts[4] != "repositories" {
		return nil, invalid("Name %q is not valid; expected projects/P/locations/L/repositories/R.", name)
	}
	name = strings.Join(parts[:6], "/")
	if err := s.authorize(ctx, permission, name); err != nil {
		return nil, err
	}
	r := s.world.Repository(name)
	if r == nil {
		return nil, notFound(world.FullName("artifactregistry", name))
	}
	return r, nil
}

func (s *registry) GetRepository(ctx context.Context, r *ar.GetRepositoryRequest) (*ar.Repository, error) {
	repo, err := s.findRepository(ctx, "artifactregistry.repositories.get", r.Name)
	if err != nil {
		return nil, err
	}
	return s.repositoryProto(repo), nil
}

// ListRepositories lists one location. Artifact Registry accepts no wildcard there.
func (s *registry) ListRepositories(ctx context.Context, r *ar.ListRepositoriesRequest) (*ar.ListRepositoriesResponse, error) {
	project, location, err := s.findLocation(ctx, "artifactregistry.repositories.list", r.Parent)
	if err != nil {
		return nil, err
	}
	match, err := parseNameFilter(r.Filter, r.OrderBy)
	if err != nil {
		return nil, err
	}
	found := listFiltered(project.Repositories, func(repo *world.Repository) bool {
		return repo.Location == location && match(repo.Name())
	})
	part, next, err := readPage(found, r.PageSize, r.PageToken, "repositories "+r.Parent+r.Filter, maxRegistryPage)
	if err != nil {
		return nil, err
	}
	answer := &ar.ListRepositoriesResponse{NextPageToken: next}
	for _, repo := range part {
		answer.Repositories = append(answer.Repositories, s.repositoryProto(repo))
	}
	return answer, nil
}

// findLocation reads "projects/P/locations/L" for a caller with that permission.
func (s *registry) findLocation(ctx context.Context, permission, parent string) (*world.Project, string, error) {
	parts := strings.Split(parent, "/")
	if len(parts) != 4 || parts[0] != "projects" || parts[2] != "locations" || parts[3] == "-" {
		return nil, "", invalid("Parent %q is not valid; expected projects/P/locations/L with one location.", parent)
	}
	if err := s.authorize(ctx, permission, parent); err != nil {
		return nil, "", err
	}
	return s.world.Project(parts[1]), parts[3], nil
}

// parseNameFilter reads the filter name="…", where * matches anything. The sandbox supports no other filter
// and no order, and its error says so.
func parseNameFilter(filter, orderBy string) (func(name string) bool, error) {
	if orderBy != "" {
		return nil, invalid("The sandbox does not order lists; leave order_by empty.")
	}
	if filter == "" {
		return func(string) bool { return true }, nil
	}
	pattern, ok := strings.CutPrefix(strings.ReplaceAll(filter, " ", ""), `name="`)
	if !ok || !strings.HasSuffix(pattern, `"`) {
		return nil, invalid(`Filter %q is not understood; the sandbox takes name="NAME", with * for anything.`, filter)
	}
	return func(name string) bool { return matchesPattern(strings.TrimSuffix(pattern, `"`), name) }, nil
}

func (c *core) repositoryProto(r *world.Repository) *ar.Repository {
	created := timestamppb.New(world.DefaultTime)
	m := &ar.Repository{
		Name: r.Name(), Description: r.Description, CreateTime: created, UpdateTime: created, RegistryUri: r.RegistryPath(), SizeBytes: c.world.RepositorySize(r),
		Format: ar.Repository_Format(ar.Repository_Format_value[r.Format]), Mode: ar.Repository_STANDARD_REPOSITORY,
	}
	switch r.Mode {
	case "VIRTUAL":
		m.Mode = ar.Repository_VIRTUAL_REPOSITORY
		m.ModeConfig = &ar.Repository_VirtualRepositoryConfig{VirtualRepositoryConfig: virtualConfig(r)}
	case "REMOTE":
		m.Mode = ar.Repository_REMOTE_REPOSITORY
		m.ModeConfig = &ar.Repository_RemoteRepositoryConfig{RemoteRepositoryConfig: remoteConfig(r)}
	}
	return m
}

func virtualConfig(r *world.Repository) *ar.VirtualRepositoryConfig {
	config := &ar.VirtualRepositoryConfig{}
	for i, up := range r.Upstreams {
		config.UpstreamPolicies = append(config.UpstreamPolicies, &ar.UpstreamPolicy{
			Id: fmt.Sprintf("upstream-%d", i+1), Repository: up, Priority: int32(100 - i),
		})
	}
	return config
}

// remoteConfig has a form of its own for Docker Hub. It names any other registry or repository by the address
// of the common repository.
func remoteConfig(r *world.Repository) *ar.RemoteRepositoryConfig {
	if r.Format == "DOCKER" && r.Upstreams[0] == "https://registry-1.docker.io" {
		hub := &ar.RemoteRepositoryConfig_DockerRepository_PublicRepository_{
			PublicRepository: ar.RemoteRepositoryConfig_DockerRepository_DOCKER_HUB,
		}
		return &ar.RemoteRepositoryConfig{RemoteSource: &ar.RemoteRepositoryConfig_DockerRepository_{
			DockerRepository: &ar.RemoteRepositoryConfig_DockerRepository{Upstream: hub},
		}}
	}
	return &ar.RemoteRepositoryConfig{RemoteSource: &ar.RemoteRepositoryConfig_CommonRepository{
		CommonRepository: &ar.RemoteRepositoryConfig_CommonRemoteRepository{Uri: r.Upstreams[0]},
	}}
}

func (s *registry) GetProjectSettings(ctx context.Context, r *ar.GetProjectSettingsRequest) (*ar.ProjectSettings, error) {
	name, ok := strings.CutSuffix(r.Name, "/projectSettings")
	if !ok {
		return nil, invalid("Name %q is not valid; expected projects/P/projectSettings.", r.Name)
	}
	id, err := parseID(name, "projects")
	if err != nil {
		return nil, err
	}
	if err := s.authorize(ctx, "artifactregistry.projectsettings.get", name); err != nil {
		return nil, err
	}
	p := s.world.Project(id)
	state := ar.ProjectSettings_REDIRECTION_FROM_GCR_IO_ENABLED
	if p.GCRRedirection == "DISABLED" {
		state = ar.ProjectSettings_REDIRECTION_FROM_GCR_IO_DISABLED
	}
	return &ar.ProjectSettings{Name: p.Name() + "/projectSettings", LegacyRedirectionState: state}, nil
}

// ListRules lists a repository's download rules.
func (s *registry) ListRules(ctx context.Context, r *ar.ListRulesRequest) (*ar.ListRulesResponse, error) {
	repo, err := s.findRepository(ctx, "artifactregistry.rules.list", r.Parent)
	if err != nil {
		return nil, err
	}
	part, next, err := readPage(listOf(repo.Rules), r.PageSize, r.PageToken, "rules "+r.Parent, maxRegistryPage)
	if err != nil {
		return nil, err
	}
	answer := &ar.ListRulesResponse{NextPageToken: next}
	for _, rule := range part {
		answer.Rules = append(answer.Rules, ruleProto(repo, rule))
	}
	return answer, nil
}

func ruleProto(repo *world.Repository, rule world.DownloadRule) *ar.Rule {
	m := &ar.Rule{
		Name: repo.Name() + "/rules/" + rule.ID, PackageId: rule.PackageID,
		Action:    ar.Rule_Action(ar.Rule_Action_value[rule.Action]),
		Operation: ar.Rule_Operation(ar.Rule_Operation_value[rule.Operation]),
	}
	if rule.Condition != "" {
		m.Condition = &expr.Expr{Expression: rule.Condition}
	}
	return m
}

func (s *registry) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	const permission = "artifactregistry.repositories.getIamPolicy"
	if _, err := s.findRepository(ctx, permission, r.Resource); err != nil {
		return nil, err
	}
	return s.getPolicy(ctx, world.FullName("artifactregistry", r.Resource), permission, r)
}

func (s *registry) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	const permission = "artifactregistry.repositories.setIamPolicy"
	if _, err := s.findRepository(ctx, permission, r.Resource); err != nil {
		return nil, err
	}
	return s.setPolicy(ctx, world.FullName("artifactregistry", r.Resource), permission, r)
}

func (s *registry) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	if err := s.requireAPI(projectFromName(r.Resource), "artifactregistry.googleapis.com"); err != nil {
		return nil, err
	}
	return s.testPermissions(ctx, world.FullName("artifactregistry", r.Resource), r)
}
