package scripts

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/googletest"
	"whopulls/text"
)

// poisonedRun is a command line with texts from elsewhere. BOX is a cloud that poisons every answer.
type poisonedRun struct {
	args  []string
	stdin string
	env   []string
	files map[string]string // in the working directory, which also holds settings, journal and cache
}

// runsWithValues makes a command line for each value of a flag.
func runsWithValues(flag string, values []string, args ...string) (runs []poisonedRun) {
	for _, v := range values {
		runs = append(runs, poisonedRun{args: append(slices.Clone(args), flag+v)})
	}
	return runs
}

var documentFormats = []string{"table", "json", "yaml"}

// dangerousLine gives the first line of an output that a terminal would obey, that holds invisible characters, or that begins
// with text from elsewhere. A line that is wrapped at a space is indented.
func dangerousLine(out string) string {
	out = strings.NewReplacer("\r\n", "\n", "\t", " ").Replace(out) // CSV ends lines so; pages and words for a shell have tabs
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		if strings.ContainsFunc(line, text.IsInvisible) || strings.HasPrefix(line, "PWNED") {
			return line
		}
	}
	return ""
}

// poisonedFixture runs the program in a folder of its own against a cloud that poisons.
type poisonedFixture struct {
	*hostileFixture
	t *testing.T
}

func (b poisonedFixture) run(r poisonedRun) (code int, stdout string) {
	b.t.Helper()
	for name, content := range r.files {
		file := filepath.Join(b.folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	args := slices.Clone(r.args)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "BOX", "--sandbox="+b.hostile.Addr)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "whopulls", args...)
	var out, errs bytes.Buffer
	c.Dir, c.Stdin, c.Stdout, c.Stderr = b.folder, strings.NewReader(r.stdin), &out, &errs
	c.Env = append(os.Environ(), "XDG_CACHE_HOME="+b.folder, "XDG_CONFIG_HOME="+b.folder, "XDG_STATE_HOME="+b.folder, "CLOUDSDK_CONFIG="+b.folder+"/gcloud",
		"GOOGLE_APPLICATION_CREDENTIALS="+b.folder+"/none.json", "CLOUDSDK_CORE_DISABLE_PROMPTS=1", "NO_GCE_CHECK=true")
	c.Env = append(c.Env, r.env...)
	_ = c.Run() // the caller checks its code
	for stream, text := range map[string]string{"standard output": out.String(), "standard error": errs.String()} {
		if line := dangerousLine(text); line != "" {
			b.t.Errorf("%q sends to %s\n%q", args, stream, line)
		}
	}
	if stderr := errs.String(); strings.Contains(stderr, ") unknown flag: --format") || strings.Contains(stderr, ") --format=") && !slices.Contains(args, "--format="+googletest.Poison) {
		b.t.Errorf("%q tests nothing: %s", args, errs.String())
	}
	return c.ProcessState.ExitCode(), out.String()
}

// What the cloud answers reaches a terminal as plain text only: in every format, on both streams, in the call log and in
// completion.
func TestCloudTextReachesNoTerminal(t *testing.T) {
	for _, way := range googletest.PoisonAttacks {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := poisonedFixture{newHostileFixture(t, way, "article"), t}
			ask := append([]string{"BOX"}, articleJob...)
			with := func(command ...string) []string { return append(command, ask...) }
			repository := []string{"BOX", "--repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo"}
			var runs []poisonedRun
			runs = append(runs, runsWithValues("--format=", documentFormats, with("check")...)...)
			runs = append(runs, runsWithValues("--format=", []string{"text", "json", "yaml", "gcloud", "terraform", "markdown", "request"}, with("plan")...)...)
			runs = append(runs, runsWithValues("--format=", documentFormats, with("grant")...)...)
			runs = append(runs, runsWithValues("--format=", documentFormats, with("grant", "--quiet", "--include-unknown")...)...)
			runs = append(runs, runsWithValues("--format=", documentFormats, "history", "BOX")...)
			runs = append(runs, runsWithValues("--format=", documentFormats, "history", "--all", "BOX")...)
			runs = append(runs, runsWithValues("--format=", documentFormats, "undo", "--quiet", "BOX")...)
			runs = append(runs, runsWithValues("--format=", documentFormats, "info", "BOX")...)
			runs = append(runs, runsWithValues("--format=", []string{"table", "json", "yaml", "csv", "markdown", "html", "terraform-removed"}, append([]string{"stale", "list"}, repository...)...)...)
			runs = append(runs, runsWithValues("--format=", documentFormats, append([]string{"stale", "remove", "--quiet"}, repository...)...)...)
			runs = append(runs, runsWithValues("--format=", documentFormats, "stale", "list", "BOX", "--source-project=myproject-b")...)
			runs = append(runs, runsWithValues("--format=", documentFormats, "stale", "list", "BOX", "--organization=100000000001")...)
			for _, format := range documentFormats {
				runs = append(runs, poisonedRun{args: with("explain", "--format="+format), stdin: poisonedFailureText})
			}
			for _, more := range []string{"--log-http", "--verbosity=debug", "--strict", "--impersonate-service-account=web@myproject-a.iam.gserviceaccount.com"} {
				runs = append(runs, poisonedRun{args: with("check", more)})
			}
			for _, words := range [][]string{{"check", "BOX", "--project="}, {"check", "BOX", "--project=myproject-a", "--job="}, {"check", "BOX", "--project=myproject-a", "--region="},
				{"check", "BOX", "--project=myproject-a", "--image="}, {"stale", "list", "BOX", "--repository="}, {"undo", "BOX", ""}} {
				runs = append(runs, poisonedRun{args: append([]string{"__complete"}, words...)})
			}
			runs = append(runs, poisonedRun{args: with("check", "--save=kept.json")}, poisonedRun{args: []string{"check", "--from=kept.json"}}, poisonedRun{args: with("plan", "--out=my.plan")},
				poisonedRun{args: []string{"grant", "BOX", "--plan=my.plan", "--quiet"}})
			for _, r := range runs {
				b.run(r)
			}
		})
	}
}

// poisonedFailureText is an error message with a poison in each place.
var poisonedFailureText = strings.ReplaceAll(`ERROR: (gcloud.run.jobs.deploy) PERMISSION_DENIED: Permission 'artifactregistry.repositories.downloadArtifacts' denied on resource (or it may not exist)@
Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image,
asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest@. Note that the image is from project [myproject-b@], which is not the same as this project [myproject-a@].`, "@\n", googletest.Poison+"\n")

// Whatever stands in a command line, a variable or a file, the same holds for what is said about it.
func TestTypedTextReachesNoTerminal(t *testing.T) {
	t.Parallel()
	b := poisonedFixture{newHostileFixture(t, "etag", "article"), t}
	p := googletest.Poison
	ask := append([]string{"BOX"}, articleJob...)
	var runs []poisonedRun
	for _, args := range [][]string{{"help", p}, {"completion", p}, {"stale", p}, {"sandbox", p}, {"sandbox", "start", "--world=" + p}, {"sandbox", "start", "--as=" + p},
		{"sandbox", "start", "--env-file=no/" + p}, {"sandbox", "start", "--log-file=no/" + p}} {
		runs = append(runs, poisonedRun{args: args})
	}
	for _, format := range []string{"table", "json"} {
		for _, args := range [][]string{
			{p}, {"check", p}, {"check", "--" + p}, {"check", "-" + p}, {"check", "BOX", "--project=" + p, "--job=j", "--region=us-central1"}, {"check", "BOX", "--project=myproject-a", "--job=" + p, "--region=us-central1"},
			{"check", "BOX", "--project=myproject-a", "--job=j", "--region=" + p}, {"check", "BOX", "--project=myproject-a", "--image=" + p}, {"check", "BOX", "--project=myproject-a", "--repository=" + p},
			{"check", "BOX", "--project=myproject-a", "--image=us-docker.pkg.dev/a/b/c", "--deployer=" + p}, {"check", "BOX", "--project=myproject-a", "--image=us-docker.pkg.dev/a/b/c", "--service-account=" + p},
			{"check", "--sandbox=" + p}, {"check", "--sandbox=localhost:1" + p}, append([]string{"check", "--account=" + p}, ask...), append([]string{"check", "--configuration=" + p}, articleJob...),
			append([]string{"check", "--impersonate-service-account=" + p}, ask...), append([]string{"check", "--billing-project=" + p}, ask...), append([]string{"check", "--verbosity=" + p}, ask...),
			append([]string{"check", "--save=no/" + p}, ask...), append([]string{"check", "--save=" + p}, ask...), {"check", "--from=" + p + "x"}, {"check", "--from=" + p}, append([]string{"plan", "--out=no/" + p}, ask...), append([]string{"plan", "--only=" + p}, ask...),
			append([]string{"plan", "--scope=" + p}, ask...), {"grant", "BOX", "--plan=" + p}, append([]string{"grant", "--confirm=" + p}, ask...), {"explain", p}, {"explain", "--text=" + p}, {"undo", "BOX", p},
			{"stale", "list", "BOX", "--repository=" + p}, {"stale", "list", "BOX", "--folder=" + p}, {"stale", "list", "BOX", "--source-project=" + p}, {"stale", "remove", "BOX", "--status=" + p},
			{"open", p}, {"open", "us-docker.pkg.dev/myproject-b/myrepo/web" + p}, {"open", "user:dev" + p + "@example.com"}, {"open", "gcloud artifacts repositories describe " + p},
			{"sandbox", "worlds", p}, {"history", "BOX", p}, {"info", "BOX", p}, {"version", p},
		} {
			runs = append(runs, poisonedRun{args: append(args, "--format="+format)})
		}
	}
	runs = append(runs, poisonedRun{args: append([]string{"check", "--format=" + p}, ask...)})
	for _, env := range []string{"WHOPULLS_READ_ONLY=", "WHOPULLS_PRODUCTION=", "WHOPULLS_SANDBOX=", "CLOUDSDK_CORE_ACCOUNT=", "CLOUDSDK_CORE_PROJECT=", "CLOUDSDK_RUN_REGION=", "CLOUDSDK_CORE_VERBOSITY=", "CLOUDSDK_CORE_LOG_HTTP=",
		"CLOUDSDK_ACTIVE_CONFIG_NAME=", "CLOUDSDK_PROXY_TYPE=", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE=", "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE=", "GOOGLE_APPLICATION_CREDENTIALS=", "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN=",
		"CLOUDSDK_CORE_UNIVERSE_DOMAIN=", "CLOUDSDK_CONFIG=", "XDG_CONFIG_HOME=/", "XDG_STATE_HOME=/proc/", "LANG=", "TERM=", "COLUMNS="} {
		runs = append(runs, poisonedRun{args: append([]string{"check"}, articleJob...), env: []string{env + p}}, poisonedRun{args: []string{"info"}, env: []string{env + p}})
	}
	for _, r := range runs {
		b.run(r)
	}
}

// poisonedJSON adds the poison to each text of a document, except in the fields that say what it is.
func poisonedJSON(t *testing.T, text []byte, spared ...string) string {
	t.Helper()
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	var walk func(any, string) any
	walk = func(value any, field string) any {
		switch v := value.(type) {
		case string:
			if !slices.Contains(spared, field) {
				return v + googletest.Poison
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i], field)
			}
		case map[string]any:
			for key := range v {
				v[key] = walk(v[key], key)
			}
		}
		return value
	}
	out, err := json.Marshal(walk(document, ""))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// The same holds for files that somebody else wrote: settings, configurations, credentials, worlds, snapshots, plans, states
// and journals.
func TestFileTextReachesNoTerminal(t *testing.T) {
	t.Parallel()
	b := poisonedFixture{newHostileFixture(t, "etag", "article"), t}
	p := googletest.Poison
	quoted, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	ask := append([]string{"BOX"}, articleJob...)
	read := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(b.folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	for _, args := range [][]string{{"check", "--save=kept.json"}, {"plan", "--out=my.plan"}} {
		if code, out := b.run(poisonedRun{args: append(args, ask...)}); code != 3 {
			t.Fatalf("%q ends with %d: %s", args, code, out)
		}
	}
	if r := b.runDirect(append([]string{"grant", "--quiet"}, articleJob...)...); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	var journal strings.Builder
	for line := range strings.Lines(string(read("whopulls/journal.jsonl"))) {
		journal.WriteString(poisonedJSON(t, []byte(line), "id", "target", "kind", "time", "phase", "state", "resource") + "\n")
	}
	files := map[string]string{
		"kept.json": poisonedJSON(t, read("kept.json"), "kind", "state", "project", "job", "name", "region", "time", "again"), "all.json": poisonedJSON(t, read("kept.json"), "kind", "time"),
		"my.plan": poisonedJSON(t, read("my.plan"), "kind", "state", "project", "job", "name", "region", "time", "again", "target"),
		"state.json": `{"version": 4, "resources": [{"mode": "managed", "type": "google_artifact_registry_repository_iam_member", "name": ` + string(quoted) + `, "instances": [{"index_key": ` + string(quoted) +
			`, "attributes": {"project": "myproject-b", "location": "asia-northeast1", "repository": "myrepo", "role": "roles/artifactregistry.reader", "member": "user:dev@example.com"}}]}]}`,
		"world.yaml": "caller: " + string(quoted) + "\nprojects: [{id: " + string(quoted) + "}]\n" + string(quoted) + ": x\n", "broken.yaml": p, "key.json": `{"type": ` + string(quoted) + `}`, "broken.json": p,
		"gcloud/configurations/config_default": "[core]\nproject = " + strings.ReplaceAll(p, "\r\n", "") + "\naccount = " + strings.ReplaceAll(p, "\r\n", "") + "\n[" + strings.ReplaceAll(p, "\r\n", "") + "]\nx = y\n",
		"gcloud/configurations/config_broken":  p + "\n[" + p, "whopulls/journal.jsonl": journal.String(),
	}
	runs := []poisonedRun{{args: []string{"version"}, files: files}, {args: append([]string{"check", "--format=json", "--configuration=broken"}, articleJob...)}}
	for _, format := range documentFormats {
		for _, args := range [][]string{{"check", "--from=kept.json"}, {"check", "--from=all.json"}, {"check", "--from=broken.json"}, {"grant", "BOX", "--plan=my.plan"}, {"grant", "BOX", "--plan=kept.json"}, {"history", "BOX"}, {"history", "--all", "BOX"},
			{"undo", "BOX"}, {"undo", "BOX", "--quiet"}, {"info"}, append([]string{"check", "--sandbox=world.yaml"}, articleJob...), append([]string{"check", "--sandbox=broken.yaml"}, articleJob...)} {
			runs = append(runs, poisonedRun{args: append(args, "--format="+format)})
		}
	}
	state := []string{"stale", "list", "BOX", "--repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo", "--format=terraform-removed"}
	runs = append(runs, poisonedRun{args: append(state, "--terraform-state=state.json")}, poisonedRun{args: append(state, "--terraform-state=broken.json")}, poisonedRun{args: []string{"sandbox", "start", "--world=world.yaml"}},
		poisonedRun{args: append([]string{"check"}, articleJob...), env: []string{"GOOGLE_APPLICATION_CREDENTIALS=" + b.folder + "/key.json"}}, poisonedRun{args: []string{"info"}, env: []string{"CLOUDSDK_AUTH_ACCESS_TOKEN_FILE=" + b.folder + "/broken.json"}})
	for _, settings := range []string{"theme: " + string(quoted), string(quoted) + ": x", "keys: {" + string(quoted) + ": x}", "keys: {copy: " + string(quoted) + "}", "production: " + string(quoted), "read-only: " + string(quoted), p,
		"recent: [{project: " + string(quoted) + "}]", "recent: [{project: myproject-a, job: " + string(quoted) + ", region: us-central1}]"} {
		runs = append(runs, poisonedRun{args: append([]string{"grant"}, ask...), files: map[string]string{"whopulls/settings.yaml": settings}}, poisonedRun{args: []string{"info", "--format=json"}})
	}
	for _, r := range runs {
		b.run(r)
	}
}
