package model

import (
	"slices"
	"strings"
	"testing"
)

// What everybody may read is observed on whichever level it stands, next to a verdict that stays what it is.
func TestPublicIsObserved(t *testing.T) {
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	shows := "gcloud artifacts repositories get-iam-policy images --location=us --project=source-b"
	for about, c := range map[string]struct {
		bindings map[Resource][]Binding
		want     []string // what each observation says, and its command
	}{
		"nobody":                     {map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1"), "user:a@example.com")}}, nil},
		"a role that does not read":  {map[Resource][]Binding{project: {newBinding("roles/browser", AllUsers)}}, nil},
		"a time that is over":        {map[Resource][]Binding{repo: {conditional(expiredCondition, newBinding(readerRole, AllUsers))}}, nil},
		"on the repository":          {map[Resource][]Binding{repo: {newBinding(readerRole, AllUsers)}}, []string{"everybody on the internet may read its images. " + shows}},
		"with a Google account":      {map[Resource][]Binding{repo: {newBinding(readerRole, AllAuthenticatedUsers)}}, []string{"everybody with a Google account may read its images. " + shows}},
		"under a condition, perhaps": {map[Resource][]Binding{repo: {conditional(`resource.matchTag("a/b", "c")`, newBinding(readerRole, AllUsers))}}, []string{"may read its images, where its condition holds. "}},
		"above, on two levels": {map[Resource][]Binding{project: {newBinding("roles/viewer", AllUsers)}, staleFolder: {newBinding(readerRole, AllUsers)}},
			[]string{"project source-b: everybody on the internet may read its images. gcloud projects get-iam-policy source-b", "gcloud resource-manager folders get-iam-policy 1"}},
	} {
		t.Run(about, func(t *testing.T) {
			s := staleSituation(c.bindings)
			s.Question = Question{Project: "consumer-1", Image: ImageOf("us-docker.pkg.dev/source-b/images/app:v1")}
			s.ReadingDone = true
			var got []string
			for _, o := range Diagnose(s).Observations {
				if strings.HasPrefix(o.Text, "Public: ") {
					got = append(got, o.Text+" "+o.Command)
				}
			}
			if len(got) != len(c.want) || slices.ContainsFunc(c.want, func(w string) bool { return !strings.Contains(strings.Join(got, "\n"), w) }) {
				t.Errorf("%s: %q", about, got)
			}
		})
	}
}
