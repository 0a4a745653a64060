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
	"whopulls/gcp/transport"
	"whopulls/model"
)

const (
	permListLocations    model.Permission = "artifactregistry.locations.list"
	permListRepositories model.Permission = "artifactregistry.repositories.list"
	permListImages       model.Permission = "artifactregistry.dockerimages.list"
)

// Projects lists the active projects that the caller can see. Like the other lists it gives pages as they
// arrive. What can't be read is a gap in a page. An error (ctx ended, ErrUnreachable, ErrNotSignedIn) ends
// the list.
func (c *Cloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return cacheWhole(c, projectsListKey, mergeLists(ctx, []listSource[model.Project]{{
		operation: operation{action: "list projects", permission: model.PermGetProject},
		pages: func(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
			req := &resourcemanagerpb.SearchProjectsRequest{Query: "state:ACTIVE"}
			list := func(ctx context.Context) transport.FetchPage[*resourcemanagerpb.Project] {
				return c.clients.Projects.SearchProjects(ctx, req).InternalFetch
			}
			return transport.ListPages(ctx, list, func(p *resourcemanagerpb.Project) (model.Project, bool) {
				return projectOf(p), p.GetState() == resourcemanagerpb.Project_ACTIVE
			})
		},
	}}))
}

// Repositories lists the Docker repositories of a project in all locations, which are asked side by side.
func (c *Cloud) Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error] {
	return cacheWhole(c, repositoriesListKey(project), func(yield func(model.ListPage[model.Repository], error) bool) {
		a := operation{action: "list the locations of Artifact Registry in project " + project, resource: model.ProjectResource(project),
			permission: permListLocations, subject: "project " + project}
		locations, err := c.locations(ctx, project)
		if err != nil {
			gap, err := a.gapOrError(ctx, err)
			yield(model.ListPage[model.Repository]{Gaps: gap}, err)
			return
		}
		sources := make([]listSource[model.Repository], 0, len(locations))
		for _, l := range locations {
			sources = append(sources, c.repositoriesIn(project, l))
		}
		mergeLists(ctx, sources)(yield)
	})
}

func (c *Cloud) locations(ctx context.Context, project string) ([]string, error) {
	found, err := transport.ReadAll(ctx, limits.Locations, func(ctx context.Context) transport.FetchPage[*location.Location] {
		return c.clients.Registry.ListLocations(ctx, &location.ListLocationsRequest{Name: "projects/" + project}).InternalFetch
	})
	ids := make([]string, len(found))
	for i, l := range found {
		ids[i] = clean(l.GetLocationId())
	}
	return ids, err
}

func (c *Cloud) repositoriesIn(project, loc string) listSource[model.Repository] {
	return listSource[model.Repository]{
		operation: operation{action: fmt.Sprintf("list the repositories of project %s in %s", project, loc),
			resource: model.ProjectResource(project), permission: permListRepositories, subject: "project " + project},
		pages: func(ctx context.Context) iter.Seq2[model.ListPage[model.Repository], error] {
			parent := "projects/" + project + "/locations/" + loc
			req := &artifactregistrypb.ListRepositoriesRequest{Parent: parent}
			list := func(ctx context.Context) transport.FetchPage[*artifactregistrypb.Repository] {
				return c.clients.Registry.ListRepositories(ctx, req).InternalFetch
			}
			return transport.ListPages(ctx, list, func(r *artifactregistrypb.Repository) (model.Repository, bool) {
				name, err := model.ParseRepository(clean(parent + "/repositories/" + model.Resource(r.GetName()).ID()))
				return repositoryOf(name, r), err == nil && r.GetFormat() == artifactregistrypb.Repository_DOCKER
			})
		},
	}
}

// Images lists the images of a repository.
func (c *Cloud) Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return cacheWhole(c, imagesListKey(repository), mergeLists(ctx, []listSource[model.ListedImage]{{
		operation: operation{action: "list the images of repository " + repository.ID, resource: repository.Resource(),
			permission: permListImages, subject: "repository " + repository.ID},
		pages: func(ctx context.Context) iter.Seq2[model.ListPage[model.ListedImage], error] {
			req := &artifactregistrypb.ListDockerImagesRequest{Parent: repository.String()}
			list := func(ctx context.Context) transport.FetchPage[*artifactregistrypb.DockerImage] {
				return c.clients.Registry.ListDockerImages(ctx, req).InternalFetch
			}
			return transport.ListPages(ctx, list, imageEntry)
		},
	}}))
}

// imageEntry takes the URI apart: LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/PATH@DIGEST.
func imageEntry(d *artifactregistrypb.DockerImage) (model.ListedImage, bool) {
	text, digest, _ := strings.Cut(clean(d.GetUri()), "@")
	base, err := model.ParseImage(text)
	if err != nil {
		return model.ListedImage{}, false
	}
	entry := model.ListedImage{Base: base, Path: base.Path, Digest: digest, Tags: cleanAll(d.GetTags()), Size: d.GetImageSizeBytes()}
	if t := d.GetUploadTime(); t != nil {
		entry.Pushed = t.AsTime()
	}
	return entry, true
}
