package world

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const worldHeader = "caller: user:dev@example.com\norganization: {id: \"1\"}\n"

// TestFileErrors holds that a fault names file, line and key, and says what
// was expected.
func TestFileErrors(t *testing.T) {
	project := worldHeader + "projects:\n  - id: my-project\n    number: \"1\"\n"
	for _, c := range []struct{ about, text, want string }{
		{"no caller", "projects: []\n", `w.yaml:1: caller: "" is no identity that makes calls; expected something like user:dev@example.com`},
		{"unknown key at the top", worldHeader + "colour: red\n", `w.yaml:3: colour: unknown key; expected one of accessBoundaries, assetIndex, caller, denyPolicies, folders, generate, groups, organization, projects, roles, title`},
		{"unknown key below", project + "    workloads:\n      - {kind: job, regoin: us-central1}\n", `w.yaml:7: projects[0].workloads[0].regoin: unknown key; expected one of agentIdentity, createTime, images, kind, name, policy, region, revisions, sandboxImages, serviceAccount, unindexed`},
		{"a list where text belongs", project + "    displayName: [a]\n", `w.yaml:6: projects[0].displayName: expected a text`},
		{"text where a list belongs", project + "    services: run\n", `w.yaml:6: projects[0].services: expected a list`},
		{"text where a number belongs", worldHeader + "generate: {projects: many}\n", `w.yaml:3: generate.projects: expected a whole number`},
		{"an age that is not one", worldHeader + "assetIndex:\n  age: old\n", `w.yaml:4: assetIndex.age: "old" is no age of an index; expected something like 2h, up to 840h`},
		{"an index older than any", worldHeader + "assetIndex: {age: 841h}\n", `w.yaml:3: assetIndex.age: "841h" is no age of an index; expected something like 2h, up to 840h`},
		{"a type that no index has", worldHeader + "assetIndex:\n  without: [run.googleapis.com/Job, run.googleapis.com/Pool]\n",
			`w.yaml:4: assetIndex.without[1]: "run.googleapis.com/Pool" is not known; expected ` + strings.Join(assetTypes, ", ")},
		{"text where yes or no belongs", project + "    workloads: [{kind: job, region: us-central1, name: x, images: [a/b], unindexed: later}]\n",
			`w.yaml:6: projects[0].workloads[0].unindexed: expected true or false`},
		{"an empty entry", worldHeader + "projects:\n  -\n", `w.yaml:4: projects[0]: the entry is empty; fill it in or take it out`},
		{"a key twice", worldHeader + "caller: user:x@example.com\n", `w.yaml:3: this is not YAML: mapping key "caller" already defined at [1:1]`},
		{"no document", "# nothing\n", `w.yaml:1: a world file is one YAML document with the keys caller and projects`},
		{"unknown parent", project + "    parent: folders/9\n", `w.yaml:6: projects[0].parent: "folders/9" is not in this file; expected folders/ID or organizations/ID of one that is`},
		{"a folder in itself", worldHeader + "folders:\n  - {id: \"2\", parent: folders/3}\n  - {id: \"3\", parent: folders/2}\n",
			"w.yaml:4: folders[0].parent: the folder is above itself; expected a parent further up\nw.yaml:5: folders[1].parent: the folder is above itself; expected a parent further up"},
		{"an id twice", project + "  - id: my-project\n    number: \"2\"\n", `w.yaml:6: projects[1].id: project "my-project" is there already, at projects[0].id (line 4); expected another`},
		{"a number twice", project + "  - id: your-project\n    number: \"1\"\n", `w.yaml:7: projects[1].number: project number "1" is there already, at projects[0].number (line 5); expected another`},
		{"a bad number", worldHeader + "projects:\n  - {id: my-project, number: one}\n", `w.yaml:4: projects[0].number: "one" does not fit; expected something like "111111111111"`},
		{"a bad state", project + "    state: GONE\n", `w.yaml:6: projects[0].state: "GONE" is not known; expected ACTIVE, DELETE_REQUESTED`},
		{"a bad member", project + "    policy:\n      bindings:\n        - role: roles/viewer\n          members:\n            - dev@example.com\n",
			`w.yaml:10: projects[0].policy.bindings[0].members[0]: "dev@example.com" is no member; expected something like user:dev@example.com or serviceAccount:EMAIL`},
		{"an unknown role", project + "    policy: {bindings: [{role: roles/made.up, members: []}]}\n",
			`w.yaml:6: projects[0].policy.bindings[0].role: "roles/made.up" is no role known here; expected a predefined role of the sandbox or one of this file's roles`},
		{"half a condition", project + "    policy: {bindings: [{role: roles/browser, members: [], condition: {title: t}}]}\n",
			`w.yaml:6: projects[0].policy.bindings[0].condition: the condition is not whole; expected a title and an expression`},
		{"an unknown kind", project + "    workloads: [{kind: cron, region: us-central1, name: x, images: [a/b]}]\n", `w.yaml:6: projects[0].workloads[0].kind: "cron" is not known; expected instance, job, service, worker-pool`},
		{"revisions of an instance", project + "    workloads: [{kind: instance, region: us-central1, name: x, images: [a/b], revisions: [{name: y, images: [a/b]}]}]\n",
			`w.yaml:6: projects[0].workloads[0].revisions: a workload of kind instance has no revisions; expected them on a service or a worker pool`},
		{"revisions of a job", project + "    workloads: [{kind: job, region: us-central1, name: x, images: [a/b], revisions: [{name: y, images: [a/b]}]}]\n",
			`w.yaml:6: projects[0].workloads[0].revisions: a workload of kind job has no revisions; expected them on a service or a worker pool`},
		{"an agent identity next to an account", project + "    workloads: [{kind: job, region: us-central1, name: x, images: [a/b], serviceAccount: a@b.example, agentIdentity: true}]\n",
			`w.yaml:6: projects[0].workloads[0].agentIdentity: the workload has a service account too; expected one of them`},
		{"an agent identity of a worker pool", project + "    workloads: [{kind: worker-pool, region: us-central1, name: x, images: [a/b], agentIdentity: true}]\n",
			`w.yaml:6: projects[0].workloads[0].agentIdentity: a workload of kind worker-pool can't have one; expected it on a service or a job`},
		{"an agent identity of an instance", project + "    workloads: [{kind: instance, region: us-central1, name: x, images: [a/b], agentIdentity: true}]\n",
			`w.yaml:6: projects[0].workloads[0].agentIdentity: a workload of kind instance can't have one; expected it on a service or a job`},
		{"an agent identity that is a text", project + "    workloads:\n      - kind: job\n        agentIdentity: perhaps\n",
			`w.yaml:8: projects[0].workloads[0].agentIdentity: expected true or false`},
		{"a bad sandbox image", project + "    workloads:\n      - {kind: job, region: us-central1, name: x, images: [a/b], sandboxImages: [a/b, \"a b\"]}\n",
			`w.yaml:7: projects[0].workloads[0].sandboxImages[1]: "a b" does not fit; expected something like asia-northeast1-docker.pkg.dev/my-project/myrepo/myjob:latest`},
		{"a bad sandbox image of a revision", project + "    workloads:\n      - {kind: service, region: us-central1, name: x, images: [a/b], revisions: [{name: y, sandboxImages: [\"a b\"]}]}\n",
			`w.yaml:7: projects[0].workloads[0].revisions[0].sandboxImages[0]: "a b" does not fit; expected something like asia-northeast1-docker.pkg.dev/my-project/myrepo/myjob:latest`},
		{"sandbox images that are no list", project + "    workloads: [{kind: job, sandboxImages: a/b}]\n", `w.yaml:6: projects[0].workloads[0].sandboxImages: expected a list`},
		{"no image", project + "    workloads: [{kind: job, region: us-central1, name: x}]\n", `w.yaml:6: projects[0].workloads[0].images: a workload runs something; expected a list of image references`},
		{"a bad image", project + "    workloads: [{kind: job, region: us-central1, name: x, images: [\"a b\"]}]\n",
			`w.yaml:6: projects[0].workloads[0].images[0]: "a b" does not fit; expected something like asia-northeast1-docker.pkg.dev/my-project/myrepo/myjob:latest`},
		{"an unknown format", project + "    repositories: [{location: us, id: r, format: ZIP}]\n", `w.yaml:6: projects[0].repositories[0].format: "ZIP" is not known; expected DOCKER, MAVEN, NPM, PYTHON, APT, YUM, GO, GENERIC, KFP`},
		{"an unknown mode", project + "    repositories: [{location: us, id: r, mode: MIRROR}]\n", `w.yaml:6: projects[0].repositories[0].mode: "MIRROR" is not known; expected STANDARD, VIRTUAL, REMOTE`},
		{"an unknown upstream", project + "    repositories: [{location: us, id: r, mode: VIRTUAL, upstreams: [projects/p/locations/us/repositories/x]}]\n",
			`w.yaml:6: projects[0].repositories[0].upstreams[0]: "projects/p/locations/us/repositories/x" is not in this file; expected projects/P/locations/L/repositories/R of one that is`},
		{"a rule without a name that does nothing known", project + "    repositories: [{location: us, id: r, rules: [{action: BLOCK, operation: UPLOAD}]}]\n",
			`w.yaml:6: projects[0].repositories[0].rules[0].id: "" does not fit; expected something like no-latest` + "\n" +
				`w.yaml:6: projects[0].repositories[0].rules[0].action: "BLOCK" is not known; expected ALLOW, DENY` + "\n" +
				`w.yaml:6: projects[0].repositories[0].rules[0].operation: "UPLOAD" is not known; expected DOWNLOAD`},
		{"a rule twice", project + "    repositories:\n      - location: us\n        id: r\n        rules:\n          - {id: x, action: DENY}\n          - {id: x, action: DENY}\n",
			`w.yaml:11: projects[0].repositories[0].rules[1].id: rule "projects/my-project/locations/us/repositories/r x" is there already, at projects[0].repositories[0].rules[0].id (line 10); expected another`},
		{"a bad digest", project + "    repositories: [{location: us, id: r, images: [{name: a, digest: latest}]}]\n",
			`w.yaml:6: projects[0].repositories[0].images[0].digest: "latest" does not fit; expected something like sha256: and 64 hex digits`},
		{"a bad time", project + "    createTime: yesterday\n", `w.yaml:6: projects[0].createTime: "yesterday" is no time; expected something like 2026-01-02T03:04:05Z`},
		{"an account without a name", project + "    serviceAccounts: [{disabled: true}]\n", `w.yaml:6: projects[0].serviceAccounts[0]: the account has no name; expected accountId: web, or the whole email`},
		{"an agent that no API has", project + "    agents: [iam.googleapis.com]\n", `w.yaml:6: projects[0].agents[0]: "iam.googleapis.com" is not known; expected artifactregistry.googleapis.com, run.googleapis.com`},
		{"a deny policy on nothing", worldHeader + "denyPolicies: [{attachmentPoint: projects/none}]\n", `w.yaml:3: denyPolicies[0].attachmentPoint: "projects/none" is not in this file; expected projects/ID, folders/ID or organizations/ID of one that is`},
		{"a deny rule in allow's words", worldHeader + "denyPolicies: [{attachmentPoint: organizations/1, rules: [{deniedPrincipals: [allUsers], deniedPermissions: [run.jobs.run]}]}]\n",
			"w.yaml:3: denyPolicies[0].rules[0].deniedPrincipals[0]: \"allUsers\" is no principal of a deny policy; expected something like principalSet://goog/public:all\n" +
				"w.yaml:3: denyPolicies[0].rules[0].deniedPermissions[0]: \"run.jobs.run\" does not fit; expected something like artifactregistry.googleapis.com/repositories.downloadArtifacts"},
		{"a stage that no role has", project + "roles:\n  - name: projects/my-project/roles/x\n    stage: RETIRED\n",
			`w.yaml:8: roles[0].stage: "RETIRED" is not known; expected ALPHA, BETA, GA, DEPRECATED, DISABLED, EAP`},
		{"a stage in small letters", project + "roles: [{name: projects/my-project/roles/x, stage: disabled}]\n",
			`w.yaml:6: roles[0].stage: "disabled" is not known; expected ALPHA, BETA, GA, DEPRECATED, DISABLED, EAP`},
		{"a role that is deleted or not", project + "roles: [{name: projects/my-project/roles/x, deleted: maybe}]\n", `w.yaml:6: roles[0].deleted: expected true or false`},
		{"a boundary of the public", worldHeader + "accessBoundaries:\n  - resources: [organizations/1]\n    members:\n      - user:dev@example.com\n      - allUsers\n",
			`w.yaml:7: accessBoundaries[0].members[1]: "allUsers" can't be bound to a boundary; expected something like user:dev@example.com, serviceAccount:EMAIL or principalSet://cloudresourcemanager.googleapis.com/projects/my-project`},
		{"a boundary around nothing", worldHeader + "accessBoundaries: [{members: [\"user:dev@example.com\"]}]\n",
			`w.yaml:3: accessBoundaries[0].resources: the boundary has no resources; expected projects/ID, folders/ID or organizations/ID`},
		{"a boundary around what is not there", worldHeader + "accessBoundaries:\n  - members: []\n    resources: [organizations/1, projects/none]\n",
			`w.yaml:5: accessBoundaries[0].resources[1]: "projects/none" is not in this file; expected projects/ID, folders/ID or organizations/ID of one that is`},
		{"an unknown enforcement version", worldHeader + "accessBoundaries:\n  - members: []\n    resources: [organizations/1]\n    enforcementVersion: 4\n",
			`w.yaml:6: accessBoundaries[0].enforcementVersion: 4 is no enforcement version; expected 1 to 3`},
		{"an enforcement version in words", worldHeader + "accessBoundaries: [{members: [], resources: [organizations/1], enforcementVersion: latest}]\n",
			`w.yaml:3: accessBoundaries[0].enforcementVersion: expected a whole number`},
		{"an unknown key of a boundary", worldHeader + "accessBoundaries: [{principals: []}]\n",
			`w.yaml:3: accessBoundaries[0].principals: unknown key; expected one of enforcementVersion, id, members, resources`},
		{"two boundaries of one id", worldHeader + "accessBoundaries:\n  - {id: x, resources: [organizations/1]}\n  - {id: x, resources: [organizations/1]}\n",
			`w.yaml:5: accessBoundaries[1].id: access boundary "x" is there already, at accessBoundaries[0].id (line 4); expected another`},
		{"a role of nobody", worldHeader + "roles: [{name: projects/none/roles/x}]\n", `w.yaml:3: roles[0].name: "projects/none" is not in this file; expected a project or the organization that is`},
	} {
		t.Run(c.about, func(t *testing.T) {
			_, err := Parse("w.yaml", []byte(c.text))
			if err == nil {
				t.Errorf("%s: no error, want %s", c.about, c.want)
			} else if err.Error() != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.about, err, c.want)
			}
		})
	}
}

func TestLoadNamesTheBuiltInWorlds(t *testing.T) {
	_, err := Load("nowhere")
	if err == nil || err.Error() != `there is no built-in world and no file called "nowhere"; the built-in worlds are `+builtInNames() {
		t.Errorf("got %v", err)
	}
}

// TestLoadAFileNamedLikeAWorld tells the file apart by its ./ alone.
func TestLoadAFileNamedLikeAWorld(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "title: mine\ncaller: user:dev@example.com\nprojects: []\n"
	if err := os.WriteFile(Default, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, title := range map[string]string{"./" + Default: "mine", Default: BuiltIn()[0].Title} {
		t.Run(name, func(t *testing.T) {
			if w, err := Load(name); err != nil || w.Title != title || w.Name != name {
				t.Errorf("%s: got %v, %v; want the title %q", name, w, err, title)
			}
		})
	}
}

func TestBuiltInWorldsLoad(t *testing.T) {
	for i, info := range BuiltIn() {
		w, err := Load(info.Name)
		if err != nil {
			t.Errorf("%s: %v", info.Name, err)
			continue
		}
		if info.Title == "" || info.Title != w.Title || strings.Contains(info.Title, "\n") {
			t.Errorf("%s: its title is %q", info.Name, info.Title)
		}
		if i == 0 && info.Name != Default {
			t.Errorf("the default world must come first, not %s", info.Name)
		}
	}
}

// TestGenerateInstances holds that made-up instances come next to what is made
// without them, and change none of it.
func TestGenerateInstances(t *testing.T) {
	text := worldHeader + "generate: {projects: 3, repositories: 4, images: 5, workloads: 20, agents: true, seed: 7}\n"
	without, with := parseWorld(t, text), parseWorld(t, strings.Replace(text, "workloads:", "instances: 10, workloads:", 1))
	made := 0
	for i, p := range with.Projects {
		var others []string
		for _, l := range p.Workloads {
			if l.Kind == "instance" {
				made++
				continue
			}
			others = append(others, l.Name())
		}
		var want []string
		for _, l := range without.Projects[i].Workloads {
			want = append(want, l.Name())
		}
		if !slices.Equal(others, want) {
			t.Errorf("with instances %s has %v, without %v", p.ID, others, want)
		}
	}
	if made != 10 {
		t.Errorf("made %d instances, want 10", made)
	}
}

// TestGenerate holds that made-up content is as much as asked for and the same
// for the same seed.
func TestGenerate(t *testing.T) {
	text := worldHeader + "generate: {projects: 20, repositories: 40, images: 100, workloads: 60, seed: 7}\n"
	count := func(w *World) (repositories, images, workloads int) {
		for _, p := range w.Projects {
			repositories, workloads = repositories+len(p.Repositories), workloads+len(p.Workloads)
			for _, r := range p.Repositories {
				images += len(r.Images)
			}
		}
		return
	}
	one, two := parseWorld(t, text), parseWorld(t, text)
	r, i, l := count(one)
	if len(one.Projects) != 20 || r != 40 || i != 100 || l != 60 {
		t.Errorf("made %d projects, %d repositories, %d images, %d workloads", len(one.Projects), r, i, l)
	}
	if !reflect.DeepEqual(one.Projects, two.Projects) {
		t.Error("the same seed made two different worlds")
	}
	other := parseWorld(t, strings.Replace(text, "seed: 7", "seed: 8", 1))
	if reflect.DeepEqual(one.Projects, other.Projects) {
		t.Error("another seed made the same world")
	}
}

// TestRefusalReadsAsCloudRuns compares the text of a failed deploy with a
// collected one, where a checkout has the collection.
func TestRefusalReadsAsCloudRuns(t *testing.T) {
	data, err := os.ReadFile("../../../../shared/errors/corpus.json")
	if err != nil {
		t.Skip("the collected error messages are not in this checkout")
	}
	var corpus struct{ Samples []struct{ ID, Text string } }
	if err := json.Unmarshal(data, &corpus); err != nil {
		t.Fatal(err)
	}
	want := corpus.Samples[0].Text
	ref, _ := ParseReference("asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob")
	w := parseWorld(t, "caller: user:dev@example.com\nprojects: [{id: myproject-a, number: \"1\"}, {id: myproject-b, number: \"2\"}]\n")
	got := strings.ReplaceAll(w.pullReadiness(w.Project("myproject-a"), []string{ref.Text}, w.readRefusal).Message, "service-1@", "service-xxxxxxxxxxxx@")
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestParseReference(t *testing.T) {
	digest := "sha256:" + strings.Repeat("a", 64)
	for _, c := range []struct{ text, repository, pkg, tag, digest string }{
		{"us-docker.pkg.dev/p/r/a", "projects/p/locations/us/repositories/r", "a", "latest", ""},
		{"us-docker.pkg.dev/p/r/a/b:v1", "projects/p/locations/us/repositories/r", "a/b", "v1", ""},
		{"us-docker.pkg.dev/p/r/a:v1@" + digest, "projects/p/locations/us/repositories/r", "a", "v1", digest},
		{"us-docker.pkg.dev/example.com/p/r/a@" + digest, "projects/example.com:p/locations/us/repositories/r", "a", "", digest},
		{"eu.gcr.io/p/app", "projects/p/locations/europe/repositories/eu.gcr.io", "app", "latest", ""},
		{"US-Docker.PKG.dev/p/r/a:V1", "projects/p/locations/us/repositories/r", "a", "V1", ""},
		{"EU.gcr.io/p/app", "projects/p/locations/europe/repositories/eu.gcr.io", "app", "latest", ""},
		{"us-docker.pkg.dev/p/a", "", "", "", ""},
		{"docker.io/library/nginx", "", "", "", ""},
		{"nginx", "", "", "", ""},
	} {
		t.Run(c.text+" "+c.repository, func(t *testing.T) {
			ref, ok := ParseReference(c.text)
			if ok != (c.repository != "") || ref.Repository != c.repository || ref.Package != c.pkg || (ok && ref.Tag != c.tag) || ref.Digest != c.digest {
				t.Errorf("%s: %+v %v", c.text, ref, ok)
			}
		})
	}
}

const sharedWorld = worldHeader + "generate: {projects: 2000, repositories: 500, images: 1500, workloads: 10000, seed: 7, agents: true}\n"

// TestGenerateAgents holds that made-up sharing has each kind of binding, few
// that are idle, works, and that nothing of it comes unasked.
func TestGenerateAgents(t *testing.T) {
	w, again := parseWorld(t, sharedWorld), parseWorld(t, sharedWorld)
	if !reflect.DeepEqual(w.Projects, again.Projects) {
		t.Error("the same seed made two different worlds")
	}
	if err := validate(w, newPositions("made.yaml", nil)); err != nil {
		t.Errorf("the made-up world would not load as a file: %.1000s", err)
	}
	plain := parseWorld(t, strings.Replace(sharedWorld, ", agents: true", "", 1))
	for i, p := range plain.Projects {
		if p.State != "ACTIVE" || len(p.Policy.Bindings) > 0 || p.ID != w.Projects[i].ID || len(p.Workloads) != len(w.Projects[i].Workloads) {
			t.Fatalf("%s is not as without sharing", p.ID)
		}
	}
	found := map[string]int{}
	for _, p := range w.Projects {
		found["deleted project"] += boolToInt(p.State != "ACTIVE")
		for _, l := range p.Workloads {
			found["deploys"]++
			found["failed deploys"] += boolToInt(!l.Readiness.Ready)
			found["serving revisions of other images"] += boolToInt(len(l.Revisions) == 2 && l.Revisions[1].Images[0] != l.Images[0])
		}
		for _, r := range p.Repositories {
			found["virtual"] += boolToInt(r.Mode == "VIRTUAL")
			countGrants(w, r, found)
		}
	}
	if part := 1000 * found["idle"] / found["agents"]; part < 8 || part > 20 {
		t.Errorf("%d of a thousand agents' bindings are idle", part)
	}
	for _, kind := range []string{"redundant", "wider", "excessive", "dying", "deleted", "user", "group", "deleted project", "virtual", "serving revisions of other images"} {
		t.Run(kind, func(t *testing.T) {
			if found[kind] == 0 {
				t.Errorf("there is nothing %s: %v", kind, found)
			}
		})
	}
	if found["failed deploys"]*20 > found["deploys"] {
		t.Errorf("%d of %d deploys failed", found["failed deploys"], found["deploys"])
	}
}

func boolToInt(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// countGrants sorts the members of a repository's and its project's policies.
func countGrants(w *World, r *Repository, found map[string]int) {
	for _, b := range r.Policy.Bindings {
		for _, m := range b.Members {
			kind, email, _ := strings.Cut(m, ":")
			found[kind]++
			number, ok := strings.CutSuffix(strings.TrimPrefix(email, "service-"), "@serverless-robot-prod.iam.gserviceaccount.com")
			if kind != "serviceAccount" || !ok {
				continue
			}
			p := w.Project(number)
			found["agents"]++
			found["dying"] += boolToInt(p.State != "ACTIVE")
			found["excessive"] += boolToInt(b.Role == writerRole)
			found["idle"] += boolToInt(!runsFrom(p, r))
			found["redundant"] += boolToInt(policyHasMember(r.Project.Policy, m))
		}
	}
	for _, b := range r.Project.Policy.Bindings {
		for _, m := range b.Members {
			found["wider"] += boolToInt(!policyHasMember(r.Policy, m))
		}
	}
}

// runsFrom says whether a project runs an image of a repository, by its name.
func runsFrom(p *Project, r *Repository) bool {
	for _, l := range p.Workloads {
		for _, rev := range l.RevisionHistory() {
			if strings.HasPrefix(rev.Images[0], r.RegistryPath()+"/") {
				return true
			}
		}
		if strings.HasPrefix(l.Images[0], r.RegistryPath()+"/") {
			return true
		}
	}
	return false
}
