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
	*cloud
	product product
}

// Places that are there whether something lies in them or not.
var (
	runRegions        = []string{"asia-northeast1", "asia-northeast2", "europe-west1", "us-central1", "us-east1"}
	registryLocations = append([]string{"asia", "europe", "us"}, runRegions...)
)

// placesOf lists a product's locations in a project: the fixed ones and those
// that the project uses.
func (c *cloud) placesOf(p *world.Project, of product) []string {
	var places []string
	if of == run {
		places = slices.Concat(runRegions, p.UnreachableRegions)
		for _, l := range c.world.Workloads(p) {
			places = with(places, l.Region)
		}
	} else {
		places = slices.Clone(registryLocations)
		for _, r := range p.Repositories {
			places = with(places, r.Location)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// with adds a place that is not there yet. There are few places and may be many
// things in them.
func with(places []string, place string) []string {
	if slices.Contains(places, place) {
		return places
	}
	return append(places, place)
}

func (s *locations) ListLocations(ctx context.Context, r *location.ListLocationsRequest) (*location.ListLocationsResponse, error) {
	id, err := single(r.Name, "projects")
	if err != nil {
		return nil, err
	}
	if err := s.enabled(id, string(s.product)+".googleapis.com"); err != nil {
		return nil, err
	}
	if err := s.need(ctx, string(s.product)+".locations.list", world.Full(string(s.product), r.Name)); err != nil {
		return nil, err
	}
	p := s.world.Project(id)
	part, next, err := page(items(s.placesOf(p, s.product)), r.PageSize, r.PageToken, "locations "+r.Name+r.Filter, 100)
	if err != nil {
		return nil, err
	}
	answer := &location.ListLocationsResponse{NextPageToken: next}
	for _, id := range part {
		answer.Locations = append(answer.Locations, &location.Location{Name: p.Name() + "/locations/" + id, LocationId: id, DisplayName: id})
	}
	return answer, nil
}
