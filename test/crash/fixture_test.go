// Package crash holds tests only: the built program is killed, delayed and raced against a sandbox, and then the journal and the
// policies must agree.
package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
)

// binary is the program, built once.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "whopulls-crash-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "whopulls")
	if out, err := exec.Command("go", "build", "-o", binary, "whopulls").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// sizeFromEnv reads the size of a test from the environment.
func sizeFromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// world lacks five bindings for the deployer new@example.com: the agent's own role, pull, deploy, act-as and read. Its policies
// hold what a careless writer would lose.
const world = `
caller: user:dev@example.com
projects:
  - id: myproject-a
    number: "111111111111"
    services: [run.googleapis.com, iam.googleapis.com, artifactregistry.googleapis.com, cloudresourcemanager.googleapis.com, serviceusage.googleapis.com, orgpolicy.googleapis.com]
    agents: [run.googleapis.com]
    policy:
      bindings:
        - {role: roles/owner, members: ["user:dev@example.com"]}
        - {role: roles/run.serviceAgent, members: ["user:old@example.com"], condition: {title: until, expression: "request.time < timestamp(\"2027-01-01T00:00:00Z\")"}}
    serviceAccounts:
      - {accountId: web, policy: {bindings: [{role: roles/iam.serviceAccountUser, members: ["user:old@example.com"], condition: {title: until, expression: "request.time < timestamp(\"2027-01-01T00:00:00Z\")"}}]}}
    workloads:
      - {kind: job, region: asia-northeast1, name: myjob, serviceAccount: web@myproject-a.iam.gserviceaccount.com, images: ["asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest"]}
  - id: myproject-b
    number: "222222222222"
    services: [iam.googleapis.com, artifactregistry.googleapis.com, cloudresourcemanager.googleapis.com, serviceusage.googleapis.com]
    policy: {bindings: [{role: roles/owner, members: ["user:dev@example.com"]}]}
    repositories:
      - location: asia-northeast1
        id: myrepo
        policy:
          bindings:
            - {role: roles/artifactregistry.reader, members: ["user:old@example.com", "deleted:serviceAccount:ci@myproject-b.iam.gserviceaccount.com?uid=1"]}
        images: [{name: myjob, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]
`

var questionFlags = []string{"--project=myproject-a", "--region=asia-northeast1", "--job=myjob"}

const deployerFlag = "--deployer=user:new@example.com"

// policyEndpoint says where and how a policy is read.
type policyEndpoint struct{ host, path, method string }

const myrepo = "projects/myproject-b/locations/asia-northeast1/repositories/myrepo"

// policyEndpoints are the policies that the steps change.
var policyEndpoints = map[string]policyEndpoint{
	"//artifactregistry.googleapis.com/" + myrepo:                {"artifactregistry.googleapis.com", "/v1/" + myrepo, http.MethodGet},
	"//cloudresourcemanager.googleapis.com/projects/myproject-a": {"cloudresourcemanager.googleapis.com", "/v1/projects/myproject-a", http.MethodPost},
	"//iam.googleapis.com/projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com": {"iam.googleapis.com",
		"/v1/projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com", http.MethodPost},
	"//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/jobs/myjob": {"run.googleapis.com",
		"/v2/projects/myproject-a/locations/asia-northeast1/jobs/myjob", http.MethodGet},
}

// policy is a policy of the JSON API, with all its fields.
type policy map[string]any

// fixture is a sandbox with its own state folder.
type fixture struct {
	t     *testing.T
	addr  string
	state string
}

func newFixture(t *testing.T, o sandbox.Options) fixture {
	t.Helper()
	file := filepath.Join(t.TempDir(), "world.yaml")
	if err := os.WriteFile(file, []byte(world), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := sandbox.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	o.World = w
	server, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return fixture{t, server.Addr(), t.TempDir()}
}

// command is a run of the program, not yet started.
func (s fixture) command(args ...string) *exec.Cmd {
	c := exec.Command(binary, args...)
	c.Env = append(os.Environ(), "WHOPULLS_SANDBOX="+s.addr, "XDG_STATE_HOME="+s.state, "XDG_CACHE_HOME="+filepath.Join(s.state, "cache"),
		"XDG_CONFIG_HOME="+filepath.Join(s.state, "config")) // not the user's own
	return c
}

// run runs the program to its end.
func (s fixture) run(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	c := s.command(args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	var ended *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &ended) {
		s.t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// historyEntry is a line of history --format=json.
type historyEntry struct {
	ID, Run, Kind, Resource, Role, Member, State, Message, Undoes string
	Until                                                         *time.Time // until when an unclear change may still arrive
}

func (s fixture) history() []historyEntry {
	s.t.Helper()
	out, errs, code := s.run("history", "--format=json")
	var h struct{ Entries []historyEntry }
	if err := json.Unmarshal([]byte(out), &h); err != nil || code != 0 {
		s.t.Fatalf("history ended with %d: %s %s", code, out, errs)
	}
	return h.Entries
}

// policy reads a policy by REST, and again when the sandbox injects a fault.
func (s fixture) policy(resource string) policy {
	s.t.Helper()
	for range 50 {
		if p, err := s.request(policyEndpoints[resource], ":getIamPolicy", nil); err == nil {
			return p
		}
	}
	s.t.Fatalf("the policy of %s can't be read", resource)
	return nil
}

// request sends one request as gcloud would.
func (s fixture) request(at policyEndpoint, verb string, body any) (policy, error) {
	text, method, query := []byte(nil), at.method, ""
	switch {
	case body != nil:
		method = http.MethodPost
		text, _ = json.Marshal(body)
	case at.host == "cloudresourcemanager.googleapis.com":
		text = []byte(`{"options":{"requestedPolicyVersion":3}}`)
	default:
		query = "?options.requestedPolicyVersion=3"
	}
	r, err := http.NewRequestWithContext(context.Background(), method, "http://"+s.addr+at.path+verb+query, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	r.Host = at.host
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%d: %s", answer.StatusCode, said)
	}
	p := policy{}
	return p, json.Unmarshal(said, &p)
}

func (s fixture) policies() map[string]policy {
	all := map[string]policy{}
	for resource := range policyEndpoints {
		all[resource] = s.policy(resource)
	}
	return all
}

// bindings lists who holds which role under which condition, sorted: all of a policy except its etag.
func (p policy) bindings() []string {
	var all []string
	bindings, _ := p["bindings"].([]any)
	for _, b := range bindings {
		fields, _ := b.(map[string]any)
		condition, _ := json.Marshal(fields["condition"])
		members, _ := fields["members"].([]any)
		for _, m := range members {
			all = append(all, fmt.Sprint(fields["role"], " ", m, " ", string(condition)))
		}
	}
	slices.Sort(all)
	return all
}

func (p policy) holds(role, member string) bool {
	return slices.Contains(p.bindings(), role+" "+member+" null")
}

// wantPolicies reports the differences between the policies then and now.
func (s fixture) wantPolicies(then map[string]policy) {
	s.t.Helper()
	for resource, p := range then {
		now := s.policy(resource)
		if !slices.Equal(p.bindings(), now.bindings()) {
			s.t.Errorf("%s was\n  %s\nand is\n  %s", resource, strings.Join(p.bindings(), "\n  "), strings.Join(now.bindings(), "\n  "))
		}
		rest := func(p policy) policy {
			p = maps.Clone(p)
			delete(p, "etag")
			delete(p, "bindings")
			delete(p, "version")
			return p
		}
		if a, b := fmt.Sprint(rest(p)), fmt.Sprint(rest(now)); a != b {
			s.t.Errorf("%s: apart from its bindings it was %s and is %s", resource, a, b)
		}
	}
}

// wantTruthful compares the last journal entries with the policies, before anything else changes.
func (s fixture) wantTruthful(entries []historyEntry) {
	s.t.Helper()
	for _, e := range entries {
		if e.Kind != "grant" {
			continue
		}
		holds := s.policy(e.Resource).holds(e.Role, e.Member)
		right := map[string]bool{"done": holds, "failed": !holds, "undone": !holds}[e.State]
		if e.State == "unclear" && e.Until != nil { // not yet, and open
			right = !holds
		}
		if !right {
			s.t.Errorf("entry %s is %s (%s), there: %v", e.ID, e.State, e.Message, holds)
		}
	}
}

// timeGrant is how long a whole grant takes.
func (s fixture) timeGrant() time.Duration {
	s.t.Helper()
	begun := time.Now()
	out, errs, code := s.run(append([]string{"grant", "--quiet", deployerFlag}, questionFlags...)...)
	whole := time.Since(begun)
	if code != 0 {
		s.t.Fatalf("the whole grant ended with %d: %s %s", code, out, errs)
	}
	if _, errs, code := s.run("undo", "--quiet"); code != 0 {
		s.t.Fatalf("the whole undo ended with %d: %s", code, errs)
	}
	return whole
}
