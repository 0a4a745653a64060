package pasted

import (
	"slices"
	"strings"

	"whopulls/model"
)

// arguments are the words of a command line: its flags by name, and the others in their order.
type arguments struct {
	flags map[string]string
	words []string
}

// parseFlags reads --name=value, --name value and switches. The first value of a flag counts. What follows -- is the
// container's own.
func parseFlags(words []string) arguments {
	a := arguments{flags: map[string]string{}}
	for i := 0; i < len(words) && words[i] != "--"; i++ {
		word := words[i]
		if !strings.HasPrefix(word, "-") || word == "-" {
			a.words = append(a.words, word)
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if !hasValue && !isSwitch(name) && i+1 < len(words) && !strings.HasPrefix(words[i+1], "-") {
			i++
			value = words[i]
		}
		if _, given := a.flags[name]; !given {
			a.flags[name] = value
		}
	}
	return a
}

// switches are the flags of gcloud that take no value, in addition to those that begin with one of switchPrefixes.
var (
	switches = []string{"q", "quiet", "h", "help", "allow-unauthenticated", "async", "wait", "cpu-boost", "cpu-throttling", "session-affinity", "use-http2",
		"execute-now", "default-url", "deploy-health-check", "invoker-iam-check", "iap", "gpu-zonal-redundancy", "log-http", "user-output-enabled", "include-tags",
		"immediate-update", "to-latest", "all", "all-tags", "dry-run", "validate-only", "strict", "read-only", "sandbox"}
	switchPrefixes = []string{"no-", "clear-", "show-", "delete-"}
)

func isSwitch(name string) bool {
	return slices.Contains(switches, name) || slices.ContainsFunc(switchPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

func (a arguments) project() string { return validProject(a.flags["project"]) }

// word is the one at a place; empty for none.
func (a arguments) word(at int) string {
	if at >= len(a.words) {
		return ""
	}
	return a.words[at]
}

// after are the arguments without the first words.
func (a arguments) after(n int) arguments {
	return arguments{a.flags, a.words[min(n, len(a.words)):]}
}

// gcloud reads a command of gcloud. Of those that are not about Cloud Run or Artifact Registry only the project counts.
func gcloud(a arguments) (t Thing, leftOver bool) {
	if slices.Contains([]string{"alpha", "beta", "preview"}, a.word(0)) {
		a = a.after(1)
	}
	rest := a.after(1)
	switch {
	case a.word(0) == "run":
		return gcloudRun(rest)
	case a.word(0) == "artifacts":
		return gcloudArtifacts(rest), len(rest.words) > 4
	case a.word(0) == "container" && a.word(1) == "images":
		return a.images(2), len(rest.words) > 4
	case a.word(0) == "projects":
		t = Thing{Kind: Command, Consumer: validProject(a.word(2))}
		leftOver = len(a.words) > 3
	case a.word(0) == "config" && (a.word(2) == "project" || a.word(2) == "core/project"):
		t = Thing{Kind: Command, Consumer: validProject(a.word(3)), configures: true}
		leftOver = len(a.words) > 4
	case a.word(0) == "iam":
		t = Thing{Kind: Command, Principal: member(a.word(3), alone).Principal}
		t.Consumer = accountProject(t.Principal.Email())
		leftOver = len(a.words) > 4
	}
	if t.Consumer == "" {
		t.Consumer = a.project()
	}
	if t.Consumer == "" {
		return unusable("This gcloud command is not about Cloud Run or Artifact Registry, and names no project"), leftOver || a.word(0) == ""
	}
	t.Kind = Command
	return a.withMember(t), leftOver
}

// withMember adds the principal that a binding is for.
func (a arguments) withMember(t Thing) Thing {
	m, ok := parseMember(a.flags["member"])
	if public := model.Member(a.flags["member"]); public == model.AllUsers || public == model.AllAuthenticatedUsers {
		m, ok = public, true
	}
	if ok {
		t.Principal = m
	}
	return t
}

// runGroups are gcloud's words for the kinds.
var runGroups = map[string]model.WorkloadKind{"services": model.Service, "jobs": model.Job, "worker-pools": model.WorkerPool}

// gcloudRun reads run deploy NAME, run services describe NAME, run jobs execute NAME and their like.
func gcloudRun(a arguments) (t Thing, leftOver bool) {
	t = Thing{Kind: Command, Consumer: a.project(), isRun: true}
	kind, nameAt := model.Service, 1
	switch group, isGroup := runGroups[a.word(0)]; {
	case isGroup:
		kind, nameAt = group, 2
	case a.word(0) == "compose", a.word(0) == "":
	case a.word(0) != "deploy":
		nameAt = len(a.words)
	}
	switch a.word(nameAt - 1) {
	case "logs":
		nameAt++
	case "executions", "tasks":
		nameAt = len(a.words)
	}
	t.creates = isCreate(a.word(nameAt - 1))
	for flag, of := range map[string]model.WorkloadKind{"service": model.Service, "job": model.Job, "worker-pool": model.WorkerPool} {
		if a.flags[flag] != "" {
			t.Workload = workload(of, a.flags[flag], a.flags["region"])
		}
	}
	if named := a.word(nameAt); named != "" {
		t = a.named(t, kind, named)
	}
	return a.withDeploy(a.withMember(t)), len(a.words) > nameAt+1
}

func isCreate(verb string) bool { return verb == "create" }

// named adds the workload that a command is about, by its short or its full name.
func (a arguments) named(t Thing, kind model.WorkloadKind, text string) Thing {
	if full := name(text, amid); full.Workload != nil {
		t.Workload, t.Consumer = full.Workload, full.Consumer
		return t
	}
	t.Workload = workload(kind, text, a.flags["region"])
	return t
}

// withDeploy adds what a deploy sets.
func (a arguments) withDeploy(t Thing) Thing {
	if parsed, err := model.ParseImage(a.flags["image"]); err == nil {
		t.Image = parsed
	} else if t.Repository.ID == "" {
		t.Repository = image(a.flags["image"], amid).Repository
	}
	if email, err := model.ParseAccountEmail(a.flags["service-account"]); err == nil {
		t.Runner = email
	}
	_, t.Public = a.flags["allow-unauthenticated"]
	return t
}

// gcloudArtifacts reads the commands of Artifact Registry. A repository is named in full, or by its ID, its location and
// its project.
func gcloudArtifacts(a arguments) Thing {
	if t := a.images(1); t.Kind == Command && t.Image.Host != "" || t.Repository.ID != "" {
		return a.withMember(t)
	}
	id := a.flags["repository"]
	if a.word(0) == "repositories" {
		id = a.word(2)
	}
	t := Thing{Kind: Command}
	repository, err := model.ParseRepository(id)
	if err != nil {
		repository, err = model.ParseRepository("projects/" + a.flags["project"] + "/locations/" + a.flags["location"] + "/repositories/" + id)
	}
	switch {
	case err == nil:
		t.Repository = repository
	case id != "":
		t.subject = "repository " + id + ", without its project or its location"
	default:
		t.Consumer = a.project()
	}
	return a.withMember(t)
}

// images reads the first image or repository at a registry's host that the words name.
func (a arguments) images(from int) Thing {
	for _, word := range a.after(from).words {
		if t := name(word, amid); t.Kind == Image || t.Kind == Repository {
			t.Kind = Command
			return t
		}
	}
	return Thing{Kind: Command, Consumer: a.project()}
}

// own reads a command of whopulls.
func own(a arguments) Thing {
	t := Thing{Kind: Command, Consumer: a.project(), isRun: a.flags["image"] != ""}
	for _, kind := range []model.WorkloadKind{model.Service, model.Job, model.WorkerPool} {
		if a.flags[string(kind)] != "" {
			t.Workload = workload(kind, a.flags[string(kind)], a.flags["region"])
		}
	}
	if repository, err := model.ParseRepository(a.flags["repository"]); err == nil {
		t.Repository = repository
	}
	if t = a.withDeploy(t); t.weight() < (Thing{Kind: Command, Consumer: "any"}).weight() {
		return unusable("This command of whopulls names nothing to open")
	}
	return t
}

// registryClient reads a command of docker and its like: the image that it pulls, pushes or runs.
func registryClient(words []string) (t Thing, leftOver bool) {
	for i, word := range words {
		if _, value, found := strings.Cut(word, "="); found {
			word = value
		}
		if t := name(word, amid); t.Kind == Image || t.Kind == Repository {
			return t, takesImageOnly(words[0]) && i+1 < len(words)
		}
	}
	a := parseFlags(words)
	if a.word(0) == "image" || a.word(0) == "container" {
		a = a.after(1)
	}
	if !slices.Contains([]string{"pull", "push", "run", "create", "inspect"}, a.word(0)) {
		return unusable("This command names no image"), false
	}
	parsed, err := model.ParseImage(a.word(1))
	if err != nil {
		return unusable("This command names no image"), false
	}
	return Thing{Kind: Image, Image: parsed}, takesImageOnly(a.word(0)) && len(a.words) > 2
}

// takesImageOnly reports whether nothing follows the image of a command.
func takesImageOnly(verb string) bool { return verb == "pull" || verb == "push" }
