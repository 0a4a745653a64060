package failure

import (
	"regexp"
	"slices"
	"strings"

	"whopulls/model"
)

// complete fills what the message leaves open from what stands before it: the progress of the same command, and the
// command line itself, and what a build says of the step that failed. Another command's line tells nothing about this one.
func (f *Failure) complete(context, after []unit) {
	for _, u := range slices.Backward(context) {
		if u.class != ordered {
			continue
		}
		if ofRegistry[f.Cause] && f.Image == "" {
			f.takePushed(u.tight.word(clientImage, asHosted))
		}
		if words := f.ownCommand(u.tight.plain); words != nil { // the last one is the one that failed
			f.completeBy(words)
			break
		}
	}
	f.completeByProgress(context)
	for _, u := range after {
		if ofRegistry[f.Cause] && f.Image == "" {
			f.takePushed(u.tight.word(imageWord, asOwn))
		}
	}
}

// completeByProgress takes what programs say before they fail.
func (f *Failure) completeByProgress(context []unit) {
	var b strings.Builder
	for _, u := range context {
		if u.class == progress {
			b.WriteString(u.text)
			b.WriteByte('\n')
		}
	}
	said := newMessage(b.String())
	if f.ConsumerProject == "" && f.Cause != APIDisabled {
		f.ConsumerProject = said.between(deployingIn, asProject)
	}
	if f.Workload == nil {
		f.Workload = said.workload(f.ConsumerProject)
	}
	if ofRegistry[f.Cause] && f.Image == "" {
		f.takePushed(said.word(pushedTo, asHosted))
	}
}

// takePushed is about the repository of the message, where that names one.
func (f *Failure) takePushed(image string) {
	repository := imageOf(image).Repository.String()
	if image == "" || f.Repository != "" && f.Repository != repository {
		return
	}
	f.Image, f.Repository = image, repository
	f.ImageProject = f.projectOfImage()
}

// clientImage is what a registry's client was asked for.
var clientImage = regexp.MustCompile(`\b(?:docker|podman|buildah|nerdctl|crane|skopeo)(?: image)? (?:push|pull|run|copy|manifest|digest|create)(?: --?[\w-]+(?:=\S+)?)* ((?:docker://)?[\w.-]+(?:pkg\.dev|gcr\.io)/\S+)`)

// ofRegistry are the causes that a push or a pull gives.
var ofRegistry = map[Cause]bool{RegistryDenied: true, RepositoryNotFound: true, ImageNotFound: true}

var deployingIn = phrase(`cloudrun(?:service|job|workerpool|function)\[[^\]]{0,80}\]inproject\[([^\]]{1,80})\]`)

// completeBy takes the flags of the command that failed.
func (f *Failure) completeBy(words []string) {
	if !f.matter.cloudRun {
		return
	}
	if f.ConsumerProject == "" && f.Cause != APIDisabled {
		f.ConsumerProject = flagOf(words, "project", asProject)
	}
	if f.Image == "" && f.Repository == "" && f.Cause != ImageReference {
		f.Image = flagOf(words, "image", asHosted)
		f.Repository = imageOf(f.Image).Repository.String()
		f.ImageProject = f.projectOfImage()
	}
}

// ownCommand gives the words of a command line, where it is of the command that the message is about.
func (f *Failure) ownCommand(line string) []string {
	words := strings.Fields(line)
	at := slices.Index(words, "gcloud")
	if at < 0 {
		return nil
	}
	words = slices.DeleteFunc(words[at+1:], func(w string) bool { return w == "alpha" || w == "beta" })
	name := f.matter.command
	if name == "" {
		name = "run"
		if !f.matter.cloudRun {
			return nil
		}
	}
	for _, part := range strings.Split(name, ".") {
		if len(words) == 0 || words[0] != part {
			return nil
		}
		words = words[1:]
	}
	return words
}

// flagOf is the value of a flag: --name=value or --name value.
func flagOf(words []string, name string, accept func(string) string) string {
	for i, w := range words {
		if value, found := strings.CutPrefix(w, "--"+name+"="); found {
			return accept(value)
		}
		if w == "--"+name && i+1 < len(words) {
			return accept(words[i+1])
		}
	}
	return ""
}

// projectOfImage is the one that the image, or else the repository, lies in.
func (f *Failure) projectOfImage() string {
	if at := imageOf(f.Image); at.Registry == model.ArtifactRegistry {
		return at.Repository.Project
	}
	if name, err := model.ParseRepository(f.Repository); err == nil {
		return name.Project
	}
	return ""
}
