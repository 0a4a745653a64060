package model_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

// contract is the design's example of check's JSON, without what depends on the wording and without the steps.
const contract = `{"verdict":"missing",
 "consumer":{"projectId":"myproject-a","projectNumber":"111111111111"},
 "workload":{"kind":"job","name":"myjob","region":"asia-northeast1"},
 "images":[{"reference":"asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest","repository":"projects/myproject-b/locations/asia-northeast1/repositories/myrepo","digest":"` + digest + `"}],
 "identities":{"deployer":"user:dev@example.com","puller":"serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com","runner":"serviceAccount:web@myproject-a.iam.gserviceaccount.com"}}`

// jsonObject writes a value out as JSON and reads it back as a plain one.
func jsonObject(t *testing.T, v any) map[string]any {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return parseObject(t, string(text))
}

func parseObject(t *testing.T, text string) map[string]any {
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestJSONOfADiagnosis(t *testing.T) {
	got := jsonObject(t, model.Diagnose(article().Situation))
	for key, want := range parseObject(t, contract) {
		if !reflect.DeepEqual(got[key], want) {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
}

// checksByID gives the checks of a diagnosis as JSON, by id.
func checksByID(t *testing.T, w *fixture) map[string]map[string]any {
	checks := map[string]map[string]any{}
	for _, c := range jsonObject(t, model.Diagnose(w.Situation))["checks"].([]any) {
		checks[c.(map[string]any)["id"].(string)] = c.(map[string]any)
	}
	return checks
}

func TestJSONOfACheck(t *testing.T) {
	for id, c := range checksByID(t, article()) {
		for _, key := range []string{"id", "identity", "principal", "permission", "resource", "verdict", "reason", "evidence", "gaps"} {
			if _, ok := c[key]; !ok {
				t.Errorf("%s has no key %s", id, key)
			}
		}
	}
	pull := checksByID(t, article())["pull"]
	want := map[string]any{"id": "pull", "identity": "puller", "principal": string(agent), "permission": string(download),
		"resource": string(repository), "verdict": "missing", "evidence": []any{}, "gaps": []any{}}
	for key, value := range want {
		t.Run(key, func(t *testing.T) {
			if !reflect.DeepEqual(pull[key], value) {
				t.Errorf("%s of pull is %v, want %v", key, pull[key], value)
			}
		})
	}
}

func TestJSONOfEvidence(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	checks := checksByID(t, w)
	binding := map[string]any{"resource": string(repository), "role": reader, "member": string(agent), "condition": ""}
	if got := checks["pull"]["evidence"]; !reflect.DeepEqual(got, []any{binding}) {
		t.Errorf("the evidence of pull is %v, want %v", got, []any{binding})
	}
	for _, e := range checks["read-image"]["evidence"].([]any) {
		if o := e.(map[string]any); o["source"] == "testIamPermissions" && o["resource"] == string(repository) {
			return
		}
	}
	t.Errorf("the evidence of read-image is %v, without the caller's test", checks["read-image"]["evidence"])
}

func TestJSONOfAGap(t *testing.T) {
	w := article()
	w.hide(folder)
	w.bind(projectB, reader, "group:team@example.com")
	var needs []any
	for _, g := range checksByID(t, w)["pull"]["gaps"].([]any) {
		o := g.(map[string]any)
		needs = append(needs, o["need"])
		if keys := len(o); keys < 3 || o["reason"] == "" || o["resource"] == nil {
			t.Errorf("the gap is %v", o)
		}
	}
	if !slices.Contains(needs, any("resourcemanager.folders.getIamPolicy")) || !slices.Contains(needs, any(nil)) {
		t.Errorf("the gaps need %v", needs)
	}
}

func TestJSONNulls(t *testing.T) {
	w := article()
	w.Caller = model.Unread[model.Member](gap("forbidden"))
	w.Projects["myproject-a"] = model.Unread[model.Project](gap("forbidden"))
	w.Workload = model.Unread[model.Workload](gap("forbidden"))
	d := jsonObject(t, model.Diagnose(w.Situation))
	if want := map[string]any{"deployer": nil, "puller": nil, "runner": nil}; !reflect.DeepEqual(d["identities"], want) {
		t.Errorf("the identities are %v", d["identities"])
	}
	if want := map[string]any{"projectId": "myproject-a", "projectNumber": nil}; !reflect.DeepEqual(d["consumer"], want) {
		t.Errorf("the consumer is %v", d["consumer"])
	}
	for _, id := range []string{"pull", "deploy", "runtime-account"} {
		t.Run(id, func(t *testing.T) {
			if principal, ok := checksByID(t, w)[id]["principal"]; !ok || principal != nil {
				t.Errorf("the principal of %s is %v", id, principal)
			}
		})
	}
	if c := checksByID(t, w)["run-api"]; c["identity"] != nil || c["permission"] != nil || c["principal"] != nil {
		t.Errorf("run-api is %v", c)
	}
}

func TestJSONWithoutWorkloadAndDigest(t *testing.T) {
	w := article()
	w.Question.Workload, w.Question.Image = nil, model.ImageOf("nginx")
	d := jsonObject(t, model.Diagnose(w.Situation))
	if workload, ok := d["workload"]; !ok || workload != nil {
		t.Errorf("the workload is %v", workload)
	}
	want := []any{map[string]any{"reference": "nginx", "repository": nil, "digest": nil}}
	if !reflect.DeepEqual(d["images"], want) {
		t.Errorf("the images are %v, want %v", d["images"], want)
	}
}

// arrayKeys are the keys whose value is an array, never null.
var arrayKeys = []string{"images", "checks", "evidence", "gaps", "steps", "requires", "after", "gcloud"}

func nullArrays(v any, path string) (found []string) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if slices.Contains(arrayKeys, key) && value == nil {
				found = append(found, path+"."+key)
			}
			found = append(found, nullArrays(value, path+"."+key)...)
		}
	case []any:
		for _, value := range v {
			found = append(found, nullArrays(value, path)...)
		}
	}
	return found
}

func TestJSONArraysAreNeverNull(t *testing.T) {
	empty := model.Situation{Question: model.Question{Project: "myproject-a"}}
	off := article()
	off.APIs[runAPI] = model.Known(false)
	off.unbind(projectA, agent)
	for name, s := range map[string]model.Situation{"nothing read": empty, "the article": article().Situation,
		"Docker Hub": withImages("nginx").Situation, "all off": off.Situation} {
		t.Run(name, func(t *testing.T) {
			d := model.Diagnose(s)
			if found := nullArrays(jsonObject(t, d), ""); len(found) > 0 {
				t.Errorf("%s: null at %s", name, strings.Join(found, ", "))
			}
			if found := nullArrays(jsonObject(t, model.PlanFor(s, d, model.PlanOptions{})), ""); len(found) > 0 {
				t.Errorf("%s: the plan is null at %s", name, strings.Join(found, ", "))
			}
		})
	}
}

func TestJSONOfAStep(t *testing.T) {
	w := article()
	plan := jsonObject(t, model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}))
	steps := plan["steps"].([]any)
	if plan["verdict"] != "missing" || len(steps) != 1 {
		t.Fatalf("the plan is %v", plan)
	}
	step := steps[0].(map[string]any)
	want := map[string]any{"id": "1", "check": "pull", "kind": "grant", "resource": string(repository), "role": reader,
		"member": string(agent), "allowed": true, "certain": true, "after": []any{}}
	for key, value := range want {
		t.Run(key, func(t *testing.T) {
			if !reflect.DeepEqual(step[key], value) {
				t.Errorf("%s is %v, want %v", key, step[key], value)
			}
		})
	}
	for _, key := range []string{"title", "why", "requires", "gcloud"} {
		if step[key] == nil || reflect.ValueOf(step[key]).Len() == 0 {
			t.Errorf("%s is %v", key, step[key])
		}
	}
}

// A Situation is kept in a file so that every answer can be computed again (design, Arrangement).
func TestJSONOfASituationComesBack(t *testing.T) {
	w := article()
	w.hide(folder)
	w.deny(organization, denyPull("principalSet://goog/group/team@example.com"))
	text, err := json.Marshal(w.Situation)
	if err != nil {
		t.Fatal(err)
	}
	var again model.Situation
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if before, after := jsonObject(t, model.Diagnose(w.Situation)), jsonObject(t, model.Diagnose(again)); !reflect.DeepEqual(before, after) {
		t.Errorf("the diagnosis was\n%v\nand is\n%v", before, after)
	}
}
