package gcp

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// setLimit sets a limit for a test, none of which may run at the same time.
func setLimit[T any](t *testing.T, limit *T, to T) {
	t.Helper()
	old := *limit
	*limit = to
	t.Cleanup(func() { *limit = old })
}

// endlessTokens are the ways in which a list has no end, by the token that follows each.
var endlessTokens = map[string]func(n int64) string{
	"the same token again": func(int64) string { return "t" },
	"tokens in a circle":   func(n int64) string { return fmt.Sprint(n % 3) },
	"fresh tokens":         func(n int64) string { return fmt.Sprint("fresh-", n) },
}

// endlessListServer answers every list of gRPC and REST with a page and a further token, for ever.
func endlessListServer(token func(int64) string, full bool) *fakeServer {
	var n atomic.Int64
	next := func() string { return token(n.Add(1)) }
	rest := func(w http.ResponseWriter, _ *http.Request) {
		items := []any{}
		if full {
			items = append(items, map[string]any{"metadata": map[string]any{"name": "w"}})
		}
		writeReply(w, map[string]any{"items": items, "metadata": map[string]any{"continue": next()}})
	}
	entries := func(message proto.Message) proto.Message {
		if !full {
			switch m := message.(type) {
			case *resourcemanagerpb.SearchProjectsResponse:
				m.Projects = nil
			case *artifactregistrypb.ListDockerImagesResponse:
				m.DockerImages = nil
			case *location.ListLocationsResponse:
				m.Locations = nil
			case *artifactregistrypb.ListRulesResponse:
				m.Rules = nil
			case *denypb.ListPoliciesResponse:
				m.Policies = nil
			}
		}
		return message
	}
	return &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"Projects/SearchProjects": func(context.Context, proto.Message) (proto.Message, error) {
			return entries(&resourcemanagerpb.SearchProjectsResponse{NextPageToken: next(), Projects: []*resourcemanagerpb.Project{
				{ProjectId: "p", Name: "projects/1", State: resourcemanagerpb.Project_ACTIVE}}}), nil
		},
		"Locations/ListLocations": func(context.Context, proto.Message) (proto.Message, error) {
			return entries(&location.ListLocationsResponse{NextPageToken: next(), Locations: []*location.Location{{LocationId: "l"}}}), nil
		},
		"ArtifactRegistry/ListDockerImages": func(context.Context, proto.Message) (proto.Message, error) {
			return entries(&artifactregistrypb.ListDockerImagesResponse{NextPageToken: next(), DockerImages: []*artifactregistrypb.DockerImage{
				{Uri: "l-docker.pkg.dev/p/r/i@sha256:0"}}}), nil
		},
		"ArtifactRegistry/ListRules": func(context.Context, proto.Message) (proto.Message, error) {
			return entries(&artifactregistrypb.ListRulesResponse{NextPageToken: next(), Rules: []*artifactregistrypb.Rule{{Name: "r"}}}), nil
		},
		"Policies/ListPolicies": func(context.Context, proto.Message) (proto.Message, error) {
			return entries(&denypb.ListPoliciesResponse{NextPageToken: next(), Policies: []*denypb.Policy{{Name: "d"}}}), nil
		},
	}, rest: map[string]http.HandlerFunc{
		"/v1/projects/p/locations/-/services":                  rest,
		"/apis/run.googleapis.com/v1/namespaces/p/jobs":        rest,
		"/apis/run.googleapis.com/v1/namespaces/p/workerpools": rest,
		"/apis/run.googleapis.com/v1/namespaces/p/instances":   rest,
	}}
}

// A list whose pages are few and large is cut by its entries: each is kept to be picked from.
func TestListsOfTooManyEntriesAreCut(t *testing.T) {
	setLimit(t, &limits.ListEntries, 15)
	c := endlessListServer(endlessTokens["fresh tokens"], true).cloud(t)
	count := 0
	for page, err := range c.Projects(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if count += len(page.Items); len(page.Gaps) > 0 && !strings.Contains(fmt.Sprint(page.Gaps), "more than 15 entries") {
			t.Errorf("%+v", page.Gaps)
		}
	}
	if count != 16 {
		t.Errorf("%d were listed", count)
	}
}

// gapsOf drains a list and gives its gaps.
func gapsOf[T any](t *testing.T, pages func(func(model.ListPage[T], error) bool)) (gaps []model.Gap) {
	t.Helper()
	for page, err := range pages {
		if err != nil {
			t.Fatal(err)
		}
		gaps = append(gaps, page.Gaps...)
	}
	return gaps
}

// A list that never ends is cut, and says so: in the lists to pick from by a gap, in a fact by being one.
func TestListsWithoutEndAreCut(t *testing.T) {
	setLimit(t, &limits.Pages, 20)
	repository := model.RepositoryName{Project: "p", Location: "l", ID: "r"}
	for name, token := range endlessTokens {
		for _, full := range []bool{true, false} {
			t.Run(name+" "+fmt.Sprintf("full %t", full), func(t *testing.T) {
				c := endlessListServer(token, full).cloud(t)
				gaps := map[string][]model.Gap{
					"projects":     gapsOf(t, c.Projects(t.Context())),
					"workloads":    gapsOf(t, c.Workloads(t.Context(), "p")),
					"images":       gapsOf(t, c.Images(t.Context(), repository)),
					"repositories": gapsOf(t, c.Repositories(t.Context(), "p")),
				}
				read := func(w model.Want) model.Situation { return runTask(t, c, model.Question{}, w) }
				gaps["inventory"] = read(model.Want{Kind: model.WantInventory, Project: "p"}).Inventories["p"].Value.Gaps
				gaps["repositories of a project"] = read(model.Want{Kind: model.WantRepositories, Project: "p"}).ProjectRepositories["p"].Value.Gaps
				rules := read(model.Want{Kind: model.WantRules, Resource: repository.Resource()}).Rules[repository.Resource()]
				denies := read(model.Want{Kind: model.WantDeny, Resource: model.ProjectResource("p")}).Denies[model.ProjectResource("p")]
				gaps["rules"], gaps["deny policies"] = []model.Gap{rules.Gap}, []model.Gap{denies.Gap}
				for _, list := range []string{"projects", "workloads", "images", "repositories", "inventory", "repositories of a project", "rules", "deny policies"} {
					if !strings.Contains(fmt.Sprint(gaps[list]), "the list ") {
						t.Errorf("%s, full pages %t: %s are not said to be cut: %+v", name, full, list, gaps[list])
					}
				}
			})
		}
	}
}
