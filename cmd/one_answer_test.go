package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/model"
)

// shortAnswer is what check says about a workload, alone or with others.
type shortAnswer struct {
	Verdict  model.Verdict      `json:"verdict"`
	Workload model.WorkloadName `json:"workload"`
	Images   []struct {
		Reference string `json:"reference"`
	} `json:"images"`
	Checks []struct {
		ID      string        `json:"id"`
		Verdict model.Verdict `json:"verdict"`
	} `json:"checks"`
}

// openChecks are the checks that are not granted, which are all that check --all names.
func (a shortAnswer) openChecks() (all []string) {
	for _, c := range a.Checks {
		if c.Verdict != model.Granted {
			all = append(all, c.ID+" "+string(c.Verdict))
		}
	}
	slices.Sort(all)
	return all
}

// askOneAnswer runs check in a world whose workloads one caller may list and not get.
func askOneAnswer(t *testing.T, into any, account string, flags ...string) {
	t.Helper()
	args := append([]string{"check", "--sandbox=../gcp/testdata/one_answer.yaml", "--account=" + account, "--format=json"}, flags...)
	var out, errs bytes.Buffer
	p := &program{now: time.Now, dial: dialCloud, io: console.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Width: console.DefaultWidth, Lookup: func(string) (string, bool) { return "", false }}}
	if code := p.run(t.Context(), args); json.Unmarshal(out.Bytes(), into) != nil {
		t.Fatalf("%v: %d\n%s%s", args, code, &out, &errs)
	}
}

// Flags and check --all give the same answer about a workload, whether its project is named by its id or its number. That holds
// for a caller who may list workloads and not get them, too.
func TestFlagsAndCheckAllGiveOneAnswer(t *testing.T) {
	for _, account := range []string{"user:dev@example.com", "user:lister@example.com"} {
		var all struct {
			Workloads []shortAnswer `json:"workloads"`
		}
		askOneAnswer(t, &all, account, "--project=team-app", "--all")
		if len(all.Workloads) != 4 {
			t.Fatalf("%s: %d workloads", account, len(all.Workloads))
		}
		for _, want := range all.Workloads {
			for _, project := range []string{"team-app", "111111111111"} {
				t.Run(fmt.Sprintf("%s of %s by %s", want.Workload.Name, project, account), func(t *testing.T) {
					var got shortAnswer
					askOneAnswer(t, &got, account, "--project="+project, fmt.Sprintf("--%s=%s", want.Workload.Kind, want.Workload.Name), "--region="+want.Workload.Region)
					if got.Verdict != want.Verdict || !slices.Equal(got.openChecks(), want.openChecks()) || fmt.Sprint(got.Images) != fmt.Sprint(want.Images) || len(got.Images) == 0 {
						t.Errorf("by flags:\n%+v\nof all:\n%+v", got, want)
					}
				})
			}
		}
	}
}
