package gcp

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/genproto/googleapis/cloud/location"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// pageSize is how many entries a list gives at a time, where Google's APIs let the caller say.
const pageSize = 500

const (
	permListLocations    model.Permission = "artifactregistry.locations.list"
	permListRepositories model.Permission = "artifactregistry.repositories.list"
	permListImages       model.Permission = "artifactregistry.dockerimages.list"
)

// Projects lists the active projects that the caller can see. Like the other lists it hands pages over as they arrive;
// what can't be read is a gap in a page, and an error (ctx ended, ErrUnreachable, ErrNotSignedIn) ends the list.
func (c *Cloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return keeping(c, projectsList, sideBySide(ctx, []source[model.Project]{{
		ask: ask{does: "list projects", need: model.PermGetProject},
		pages: func(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
			req := &resourcemanagerpb.SearchProjectsRequest{Query: "state:ACTIVE"}
			list := func(ctx context.Context) fetch[*resourcemanagerpb.Project] {
				return c.clients.projects.SearchProjects(ctx, req).InternalFetch
			}
			return pages(ctx, list, func(p *resourcemanagerpb.Project) (model.Project, bool) {
				return projectOf(p), p.GetState() == resourcemanagerpb.Project_ACTIVE
			})
		},
	}}))
}

// Repositories lists the Docker repositories of a project in all locations, which are asked side by side.
func (c *Cloud) Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error] {
	return keeping(c, repositoriesList(project), func(yield func(model.ListPage[model.Repository], error) bool) {
		a := ask{does: "list the locations of Artifact Registry in project " + project, resource: model.ProjectResource(project),
			need: permListLocations, absent: "project " + project}
		locations, err := c.locations(ctx, project)
		if err != nil {
			gap, err := a.ended(ctx, err)
			yield(model.ListPage[model.Repository]{Gaps: gap}, err)
			return
		}
		sources := make([]source[model.Repository], 0, len(locations))
		for _, l := range locations {
			sources = append(sources, c.repositoriesIn(project, l))
		}
		sideBySide(ctx, sources)(yield)
	})
}

func (c *Cloud) locations(ctx context.Context, project string) ([]string, error) {
	found, err := whole(ctx, limits.Places, func(ctx context.Context) fetch[*location.Location] {
		return c.clients.registry.ListLocations(ctx, &location.ListLocationsRequest{Name: "projects/" + project}).InternalFetch
	})
	ids := make([]string, len(found))
	for i, l := range found {
		ids[i] = clean(l.GetLocationId())
	}
	return ids, err
}

func (c *Cloud) repositoriesIn(project, place string) source[model.Repository] {
	return source[model.Repository]{
		ask: ask{does: fmt.Sprintf("list the repositories of project %s in %s", project, place),
			resource: model.ProjectResource(project), need: permListRepositories, absent: "project " + project},
		pages: func(ctx context.Context) iter.Seq2[model.ListPage[model.Repository], error] {
			parent := "projects/" + project + "/locations/" + place
			req := &artifactregistrypb.ListRepositoriesRequest{Parent: parent}
			list := func(ctx context.Context) fetch[*artifactregistrypb.Repository] {
				return c.clients.registry.ListRepositories(ctx, req).InternalFetch
			}
			return pages(ctx, list, func(r *artifactregistrypb.Repository) (model.Repository, bool) {
				repository, err := repositoryOf(parent+"/repositories/"+model.Resource(r.GetName()).ID(), r)
				return repository, err == nil && r.GetFormat() == artifactregistrypb.Repository_DOCKER
			})
		},
	}
}

// Images lists the images of a repository.
func (c *Cloud) Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return keeping(c, imagesList(repository), sideBySide(ctx, []source[model.ListedImage]{{
		ask: ask{does: "list the images of repository " + repository.ID, resource: repository.Resource(),
			need: permListImages, absent: "repository " + repository.ID},
		pages: func(ctx context.Context) iter.Seq2[model.ListPage[model.ListedImage], error] {
			req := &artifactregistrypb.ListDockerImagesRequest{Parent: repository.String()}
			list := func(ctx context.Context) fetch[*artifactregistrypb.DockerImage] {
				return c.clients.registry.ListDockerImages(ctx, req).InternalFetch
			}
			return pages(ctx, list, imageEntry)
		},
	}}))
}

// imageEntry takes the URI apart: LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/PATH@DIGEST.
func imageEntry(d *artifactregistrypb.DockerImage) (model.ListedImage, bool) {
	base, digest, _ := strings.Cut(clean(d.GetUri()), "@")
	image, err := model.ParseImage(base)
	if err != nil {
		return model.ListedImage{}, false
	}
	entry := model.ListedImage{Base: base, Path: image.Path, Digest: digest, Tags: cleanAll(d.GetTags()), Size: d.GetImageSizeBytes()}
	if t := d.GetUploadTime(); t != nil {
		entry.Pushed = t.AsTime()
	}
	return entry, true
}
