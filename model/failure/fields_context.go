package failure

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text/pattern"
)

// fillFromContext fills what the message leaves open from the text before it. That is the progress of the
// same command, the command line, and what a build says about the failed step. Another command's line tells
// nothing about this one.
func (f *Failure) fillFromContext(preceding, stepFailures []logicalLine) {
	for _, u := range slices.Backward(preceding) {
		if u.class != classCommand {
			continue
		}
		if registryCauses[f.Cause] && f.Image == "" {
			f.fillClientImage(u.search.findText(clientImageForm, asGoogleImage))
		}
		if args := f.commandArgs(u.search.text); args != nil { // the last one is the one that failed
			f.fillFromFlags(args)
			break
		}
	}
	f.fillFromProgress(preceding)
	for _, u := range stepFailures {
		if registryCauses[f.Cause] && f.Image == "" {
			f.fillClientImage(u.search.findText(imageWord, asUserImage))
		}
	}
}

// fillFromProgress takes what programs say before they fail.
func (f *Failure) fillFromProgress(preceding []logicalLine) {
	var b strings.Builder
	for _, u := range preceding {
		if u.class == classProgress {
			b.WriteString(u.text)
			b.WriteByte('\n')
		}
	}
	output := newSearchText(b.String())
	if f.ConsumerProject == "" && f.Cause != APIDisabled {
		f.ConsumerProject = output.findCompact(deployProgress, asProject)
	}
	if f.Workload == nil {
		f.Workload = output.workload(f.ConsumerProject)
	}
	if registryCauses[f.Cause] && f.Image == "" {
		f.fillClientImage(output.findText(pushRepository, asGoogleImage))
	}
}

// fillAgentProject takes the number in the e-mail of a Cloud Run service agent, where nothing else names the project that
// runs the image. Google's APIs take a number in place of an ID.
func (f *Failure) fillAgentProject() {
	if f.ConsumerProject == "" && f.Cause != APIDisabled {
		f.ConsumerProject = model.RunServiceAgentProject(model.ServiceAccountMember(f.Principal))
	}
}

// WithConsumer names the consumer project by its ID, where the text has its number.
func (f Failure) WithConsumer(p model.Project) Failure {
	if f.ConsumerProject != p.Number || p.Number == "" || p.ID == "" {
		return f
	}
	f.ConsumerProject = p.ID
	f.render()
	return f
}

// fillClientImage is about the repository of the message, where that names one.
func (f *Failure) fillClientImage(image string) {
	repository := imageOf(image).Repository.String()
	if image == "" || f.Repository != "" && f.Repository != repository {
		return
	}
	f.Image, f.Repository = image, repository
	f.ImageProject = f.projectOfImage()
}

// clientImageForm is what a registry's client was asked for.
var clientImageForm = pattern.Lazy(`\b(?:docker|podman|buildah|nerdctl|crane|skopeo)(?: image)? (?:push|pull|run|copy|manifest|digest|create)(?: --?[\w-]+(?:=\S+)?)* ((?:docker://)?[\w.-]+(?:pkg\.dev|gcr\.io)/\S+)`)

// registryCauses are the causes that a push or a pull gives.
var registryCauses = map[Cause]bool{RegistryDenied: true, RepositoryNotFound: true, ImageNotFound: true}

var deployProgress = phrase(`cloudrun(?:service|job|workerpool|function)\[[^\]]{0,80}\]inproject\[([^\]]{1,80})\]`)

// fillFromFlags takes the flags of the command that failed.
func (f *Failure) fillFromFlags(args []string) {
	if !f.details.aboutCloudRun {
		return
	}
	if f.ConsumerProject == "" && f.Cause != APIDisabled {
		f.ConsumerProject = flagValue(args, "project", asProject)
	}
	if f.Image == "" && f.Repository == "" && f.Cause != ImageReference {
		f.Image = flagValue(args, "image", asGoogleImage)
		f.Repository = imageOf(f.Image).Repository.String()
		f.ImageProject = f.projectOfImage()
	}
}

// commandArgs gives the words of a command line, where it is of the command that the message is about.
func (f *Failure) commandArgs(line string) []string {
	args := strings.Fields(line)
	at := slices.Index(args, "gcloud")
	if at < 0 {
		return nil
	}
	args = slices.DeleteFunc(args[at+1:], func(w string) bool { return w == "alpha" || w == "beta" })
	name := f.details.command
	if name == "" {
		name = "run"
		if !f.details.aboutCloudRun {
			return nil
		}
	}
	for _, part := range strings.Split(name, ".") {
		if len(args) == 0 || args[0] != part {
			return nil
		}
		args = args[1:]
	}
	return args
}

// flagValue is the value of a flag: --name=value or --name value.
func flagValue(args []string, name string, accept func(string) string) string {
	for i, w := range args {
		if value, found := strings.CutPrefix(w, "--"+name+"="); found {
			return accept(value)
		}
		if w == "--"+name && i+1 < len(args) {
			return accept(args[i+1])
		}
	}
	return ""
}

// projectOfImage is the one that the image, or else the repository, is in.
func (f *Failure) projectOfImage() string {
	if at := imageOf(f.Image); at.Registry == model.ArtifactRegistry {
		return at.Repository.Project
	}
	if name, err := model.ParseRepository(f.Repository); err == nil {
		return name.Project
	}
	return ""
}
