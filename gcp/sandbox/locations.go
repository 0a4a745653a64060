package sandbox

import (
	"context"
	"slices"

	"google.golang.org/genproto/googleapis/cloud/location"

	"whopulls/gcp/sandbox/world"
)

// locations serves google.cloud.location.Locations, which several products
// have under the same name.
type locations struct {
	location.UnimplementedLocationsServer
	*core
	product product
}

// These locations exist even if nothing is in them.
var (
	runRegions        = []string{"asia-northeast1", "asia-northeast2", "europe-west1", "us-central1", "us-east1"}
	registryLocations = append([]string{"asia", "europe", "us"}, runRegions...)
)

// locationsOf lists a product's locations in a project: the fixed ones and the ones that the project uses.
func (c *core) locationsOf(p *world.Project, of product) []string {
	var ids []string
	if of == cloudRun {
		ids = slices.Concat(runRegions, p.UnreachableRegions)
		for _, l := range c.world.Workloads(p) {
			ids = appendNew(ids, l.Region)
		}
	} else {
		ids = slices.Clone(registryLocations)
		for _, r := range p.Repositories {
			ids = appendNew(ids, r.Location)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// appendNew adds a location that is not in the list yet. There are few locations, and each may have many
// resources.
func appendNew(ids []string, id string) []string {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

func (s *locations) ListLocations(ctx context.Context, r *location.ListLocationsRequest) (*location.ListLocationsResponse, error) {
	id, err := parseID(r.Name, "projects")
	if err != nil {
		return nil, err
	}
	if err := s.requireAPI(id, string(s.product)+".googleapis.com"); err != nil {
		return nil, err
	}
	if err := s.requirePermission(ctx, string(s.product)+".locations.list", world.FullName(string(s.product), r.Name)); err != nil {
		return nil, err
	}
	p := s.world.Project(id)
	part, next, err := readPage(listOf(s.locationsOf(p, s.product)), r.PageSize, r.PageToken, "locations "+r.Name+r.Filter, 100)
	if err != nil {
		return nil, err
	}
	answer := &location.ListLocationsResponse{NextPageToken: next}
	for _, id := range part {
		answer.Locations = append(answer.Locations, &location.Location{Name: p.Name() + "/locations/" + id, LocationId: id, DisplayName: id})
	}
	return answer, nil
}
