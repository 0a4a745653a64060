package picture_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/picture"
)

func TestBefore(t *testing.T) {
	const folder = model.Resource("//cloudresourcemanager.googleapis.com/folders/200000000001")
	repository := model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}.Resource()
	agent := model.RunServiceAgent("111111111111")
	give := func(s *model.Situation, on model.Resource, role string, members ...model.Member) {
		p := s.Policies[on].Value
		p.Bindings = append(slices.Clone(p.Bindings), model.Binding{Role: role, Members: members})
		s.Policies[on] = model.Known(p)
	}
	account := model.AccountResource("shared-identities", "web@shared-identities.iam.gserviceaccount.com")
	for _, test := range []struct {
		name   string
		change func(*model.Situation)
		want   []string
	}{
		{"nothing", func(*model.Situation) {}, nil},
		{"a grant", func(s *model.Situation) { give(s, account, "roles/iam.serviceAccountTokenCreator", agent) }, []string{"run-as missing"}},
		{"a role is taken away", func(s *model.Situation) { s.Policies[folder] = model.Known(model.Policy{}) }, []string{"pull granted"}},
		{"the role moves to the repository", func(s *model.Situation) {
			s.Policies[folder] = model.Known(model.Policy{})
			give(s, repository, "roles/artifactregistry.reader", agent)
		}, []string{"pull granted"}},
		{"another binding that says the same", func(s *model.Situation) {
			give(s, "//cloudresourcemanager.googleapis.com/organizations/100000000001", "roles/artifactregistry.reader", agent)
		}, nil},
		{"a policy can't be read any more", func(s *model.Situation) {
			s.Policies[folder] = model.Unread[model.Policy](model.Gap{Reason: "forbidden"})
		}, []string{"pull granted", "run-as missing"}},
		{"another digest under the tag", func(s *model.Situation) {
			s.Images["asia-northeast1-docker.pkg.dev/myproject-b/myrepo/web:latest"] = model.Known(model.ImageFact{Digest: "sha256:" + strings.Repeat("ab", 32)})
		}, []string{"image granted"}},
		{"another image", func(s *model.Situation) {
			s.Workload.Value.Images = model.ImagesOf("asia-northeast1-docker.pkg.dev/open-images/pub/envoy:v1")
		}, nil},
		{"it is still being read", func(s *model.Situation) { *s = model.Situation{Question: s.Question} }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := crossing(t)
			test.change(&s)
			before := picture.Before(of(crossing(t)), of(s))
			var got []string
			for _, id := range slices.Sorted(maps.Keys(before)) {
				got = append(got, fmt.Sprint(id, " ", before[id].Check.Verdict))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
