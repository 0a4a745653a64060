package gcp

import (
	"context"
	"errors"
	"slices"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"

	"whopulls/model"
)

const (
	permGetTag     model.Permission = "artifactregistry.tags.get"
	permGetVersion model.Permission = "artifactregistry.versions.get"
)

func (c *Cloud) repositoryTask(r model.Resource) task {
	a := operation{action: "see " + describe(r), resource: r, permission: model.PermGetRepository, subject: describe(r), notFoundIsAnswer: true}
	field := func(s *model.Situation) map[model.Resource]model.Fact[model.Repository] { return s.Repositories }
	return storeIn(field, r, a, func(ctx context.Context) (model.Repository, error) {
		repository, err := c.clients.Registry.GetRepository(ctx, &artifactregistrypb.GetRepositoryRequest{Name: r.Path()})
		if err != nil {
			return model.Repository{}, err
		}
		name, ok := r.Repository()
		if !ok {
			return model.Repository{}, errors.New(r.Path() + " does not name a repository")
		}
		return repositoryOf(name, repository), nil
	})
}

// repositoriesTask lists the repositories of a project. Locations that could not be listed are gaps of the list.
func (c *Cloud) repositoriesTask(project string) task {
	a := operation{action: "list the repositories of project " + project, resource: model.ProjectResource(project),
		permission: permListRepositories, subject: "project " + project}
	field := func(s *model.Situation) map[string]model.Fact[model.RepositoryList] { return s.ProjectRepositories }
	return storeIn(field, project, a, func(ctx context.Context) (list model.RepositoryList, err error) {
		for page, err := range c.Repositories(ctx, project) {
			if err != nil {
				return list, err
			}
			for _, r := range page.Items {
				list.Names = append(list.Names, r.Name)
			}
			list.Gaps = append(list.Gaps, page.Gaps...)
		}
		slices.SortFunc(list.Names, func(a, b model.RepositoryName) int { return strings.Compare(a.String(), b.String()) })
		return list, nil
	})
}

// repositoryOf keeps the name that was asked for: the answer may spell the project by its number.
func repositoryOf(name model.RepositoryName, r *artifactregistrypb.Repository) model.Repository {
	return model.Repository{Name: name, Format: r.GetFormat().String(), Mode: r.GetMode().String(), Upstreams: upstreams(r)}
}

// upstreams lists the Artifact Registry repositories behind a virtual or remote one. What is elsewhere, such as
// Docker Hub, is left out: no IAM decides there.
func upstreams(r *artifactregistrypb.Repository) []model.RepositoryName {
	var texts []string
	for _, p := range r.GetVirtualRepositoryConfig().GetUpstreamPolicies() {
		texts = append(texts, p.GetRepository())
	}
	remote := r.GetRemoteRepositoryConfig()
	texts = append(texts, remote.GetCommonRepository().GetUri(), remote.GetDockerRepository().GetCustomRepository().GetUri())
	var names []model.RepositoryName
	for _, text := range texts {
		if name, err := model.ParseRepository(clean(text)); err == nil {
			names = append(names, name)
		}
	}
	return names
}

func (c *Cloud) imageTask(image model.Image) task {
	field := func(s *model.Situation) map[string]model.Fact[model.ImageFact] { return s.Images }
	a := operation{action: "look for image " + image.Short(), resource: image.Repository.Resource(), permission: permGetTag,
		subject: "image " + image.Short(), notFoundIsAnswer: true}
	if image.Digest != "" {
		a.permission = permGetVersion
	}
	return storeIn(field, image.String(), a, func(ctx context.Context) (model.ImageFact, error) {
		if image.Digest != "" {
			return c.imageByDigest(ctx, image)
		}
		return c.imageByTag(ctx, image)
	})
}

func (c *Cloud) imageByTag(ctx context.Context, image model.Image) (model.ImageFact, error) {
	tag, err := c.clients.Registry.GetTag(ctx, &artifactregistrypb.GetTagRequest{Name: image.Package() + "/tags/" + image.Tag})
	if err != nil {
		return model.ImageFact{}, err
	}
	return model.ImageFact{Digest: model.Resource(clean(tag.GetVersion())).ID()}, nil
}

func (c *Cloud) imageByDigest(ctx context.Context, image model.Image) (model.ImageFact, error) {
	name := image.Package() + "/versions/" + image.Digest
	version, err := c.clients.Registry.GetVersion(ctx, &artifactregistrypb.GetVersionRequest{Name: name})
	if err != nil {
		return model.ImageFact{}, err
	}
	return model.ImageFact{Digest: image.Digest, Pushed: version.GetCreateTime().AsTime()}, nil
}
