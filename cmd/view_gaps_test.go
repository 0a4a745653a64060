package cmd

import (
	"path/filepath"
	"strings"
	"testing"

	"whopulls/model"
)

// What to do about gaps is said once to people, with each gap to programs, and kept in a snapshot.
func TestGapsSayWhatHelps(t *testing.T) {
	for _, test := range []struct {
		name string
		why  model.Gap
		line string // as it stands in what people read, whole
	}{
		{"a perimeter", model.Gap{Reason: "VPC Service Controls does not let you read it (identifier aB1-cD2_eF3)", Next: "send the identifier to the perimeter's administrator"},
			"  What helps: send the identifier to the perimeter's administrator\n"},
		{"an API that is off", model.Gap{Reason: "the API artifactregistry.googleapis.com is off", Next: "gcloud services enable artifactregistry.googleapis.com --project=a-project-of-a-rather-long-name", Command: "gcloud services enable artifactregistry.googleapis.com --project=a-project-of-a-rather-long-name"},
			"  What helps: gcloud services enable artifactregistry.googleapis.com --project=a-project-of-a-rather-long-name\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cloud := article()
			cloud.hidden, cloud.hiddenGap = map[model.WantKind]bool{model.WantPolicy: true}, test.why
			file := filepath.Join(t.TempDir(), "saved.json")
			people := (&cliRun{cloud: cloud}).runOnJob("check", "--save="+file).expect(t, 5)
			wantContains(t, people.out, test.line)
			wantContains(t, strings.Join(strings.Fields(people.out), " "), test.why.Reason)
			if n := strings.Count(people.out, "What helps: "); n != 1 {
				t.Errorf("%s: it is said %d times:\n%s", test.name, n, people.out)
			}
			if strings.Contains(people.out, "getIamPolicy") {
				t.Errorf("%s: a permission would not help:\n%s", test.name, people.out)
			}
			programs := (&cliRun{cloud: cloud}).runOnJob("check", "--format=json").expect(t, 5)
			wantContains(t, programs.out, `"next": "`+test.why.Next+`"`, `"need": null`)
			again := (&cliRun{}).run("check", "--from="+file, "--format=json").expect(t, 5)
			if again.out != programs.out {
				t.Errorf("%s: from the snapshot it reads\n%s", test.name, again.out)
			}
		})
	}
}

func TestAProjectThatCanNotBeReadForAReasonOfItsOwn(t *testing.T) {
	cloud := article()
	cloud.hidden = map[model.WantKind]bool{model.WantProject: true}
	cloud.hiddenGap = model.Gap{Reason: "the API is off", Next: "gcloud services enable cloudresourcemanager.googleapis.com --project=12", Command: "gcloud services enable cloudresourcemanager.googleapis.com --project=12"}
	tt := (&cliRun{cloud: cloud}).runOnJob("check")
	wantContains(t, tt.err, "could not be read: the API is off\n  gcloud services enable cloudresourcemanager.googleapis.com --project=12\n")
}
