package gcp

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/asset/apiv1/assetpb"
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
	permSearchResources  model.Permission = "cloudasset.assets.searchAllResources"
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

// foundWorkloads is how many workloads a search gives at most.
const foundWorkloads = 300

// SearchWorkloads finds what runs in a project, a folder or an organization, by the index of Cloud Asset Inventory. Each word
// begins a word of the workload's name, project or region. quotaProject bears the quota. A used-up quota ends the search at
// once: the person types on. The index has no instances (iam-facts 7.4).
func (c *Cloud) SearchWorkloads(ctx context.Context, scope model.Resource, words []string, quotaProject string) (model.Fact[model.WorkloadSearch], error) {
	query := nameQuery(words)
	if query == "" { // it would find everything
		return model.Known(model.WorkloadSearch{}), nil
	}
	a := operation{action: "search the workloads of " + describe(scope), resource: scope, permission: permSearchResources}
	ctx = transport.WithCallOptions(ctx, transport.CallOptions{Project: quotaProject, NoQuotaRetry: true})
	page, next, err := c.clients.Assets.SearchAllResources(ctx, &assetpb.SearchAllResourcesRequest{Scope: scope.Path(),
		Query: query, AssetTypes: []string{serviceAsset, jobAsset, poolAsset}}).InternalFetch(foundWorkloads, "")
	if err != nil && (ctx.Err() != nil || transport.AsConnectionError(err) != nil) {
		_, err = a.gapOrError(ctx, err)
		return model.Fact[model.WorkloadSearch]{}, err
	}
	search := model.WorkloadSearch{More: next != "" || len(page) > foundWorkloads}
	for _, r := range page[:min(len(page), foundWorkloads)] {
		if w, ok := foundWorkload(r); ok {
			search.Found = append(search.Found, w)
		}
	}
	return factFrom(a, search, err), nil
}

// maxQueryWords is how many comparisons a query of Cloud Asset Inventory may have ("Search query syntax").
const maxQueryWords = 10

// nameQuery asks for resources whose full name has words that begin with all of these. Signs of the query's syntax only
// separate words.
func nameQuery(words []string) string {
	var parts []string
	for _, w := range words {
		for part := range strings.FieldsFuncSeq(w, func(r rune) bool { return !isNameRune(r) }) {
			if part = strings.Trim(part, "-"); part != "" && len(parts) < maxQueryWords {
				parts = append(parts, "name:"+part+"*")
			}
		}
	}
	return strings.Join(parts, " ")
}

// isNameRune reports whether the name of a workload, project or region may have a letter.
func isNameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-'
}

// foundWorkload reads the full name of a resource, //run.googleapis.com/projects/P/locations/L/services/NAME.
func foundWorkload(r *assetpb.ResourceSearchResult) (model.FoundWorkload, bool) {
	name := model.Resource(clean(r.GetName()))
	w := model.FoundWorkload{Project: name.Project(), WorkloadName: model.WorkloadName{Kind: assetKinds[r.GetAssetType()], Name: name.ID(), Region: name.Segment("locations")}}
	return w, !slices.Contains([]string{w.Project, string(w.Kind), w.Name, w.Region}, "")
}
