package accessmap

import (
	"slices"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/model/garble"
)

const imageText = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob"

var repoName = model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}

// articleSituation is a job whose image is in another project's repository. What is not of interest here is not granted.
func articleSituation() model.Situation {
	job := model.WorkloadName{Kind: model.Job, Name: "myjob", Region: "asia-northeast1"}
	q := model.Question{Project: "myproject-a", Workload: &job}
	s := model.Situation{Question: q, Time: time.Unix(1800000000, 0).UTC(), Caller: model.Known(model.Member("user:dev@example.com")),
		Workload:     model.Known(model.Workload{WorkloadName: job, ServiceAccount: "web@myproject-a.iam.gserviceaccount.com", Images: model.ImagesOf(imageText)}),
		Repositories: map[model.Resource]model.Fact[model.Repository]{repoName.Resource(): model.Known(model.Repository{Name: repoName, Format: "DOCKER", Mode: "STANDARD_REPOSITORY"})},
		Images:       map[string]model.Fact[model.ImageFact]{imageText + ":latest": model.Known(model.ImageFact{Digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})},
		Projects:     map[string]model.Fact[model.Project]{},
	}
	for id, number := range map[string]string{"myproject-a": "111111111111", "myproject-b": "222222222222"} {
		s.Projects[id] = model.Known(model.Project{ID: id, Number: number})
	}
	return s
}

// The picture of an image is the same when every sentence is nonsense.
func TestThePictureIsDrawnByNoSentence(t *testing.T) {
	for name, change := range map[string]func(*model.Situation){
		"there": func(*model.Situation) {},
		"not pushed": func(s *model.Situation) {
			s.Images = map[string]model.Fact[model.ImageFact]{imageText + ":latest": model.Absent[model.ImageFact]()}
		},
		"no repository": func(s *model.Situation) {
			s.Repositories = map[model.Resource]model.Fact[model.Repository]{repoName.Resource(): model.Absent[model.Repository]()}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := articleSituation()
			change(&s)
			d := model.Diagnose(s)
			proofs := func(d model.Diagnosis) (proofs []string) {
				for _, target := range newPicture(d, s).repositories {
					for _, l := range target.images {
						proofs = append(proofs, l.proof)
					}
				}
				return proofs
			}
			plain, garbled := proofs(d), proofs(garble.Sentences(d))
			t.Logf("%s: %q", name, plain)
			if !slices.Equal(plain, garbled) || len(plain) == 0 {
				t.Errorf("%s: %q, with nonsense for sentences %q", name, plain, garbled)
			}
		})
	}
}
