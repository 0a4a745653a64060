package pasted

import (
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// usable says what can be pasted.
const usable = "Paste an image, a link to the console, a resource name, an agent's e-mail, a project, a gcloud command or an error"

// summarize says in one line what a text is, and what is still to be chosen. It has no dot at its end.
func (t Thing) summarize() string {
	what := t.where()
	switch t.Kind {
	case Unknown:
		return t.subject
	case Failure:
		what = "error message: " + t.subject
	case Image:
		what = "image " + t.imageText()
	case Agent:
		what = t.agentText()
	case Command:
		what = "command line: " + what
	}
	if open := t.leftOpen(); open != "" {
		what += "; " + open
	}
	return strings.ToUpper(what[:1]) + what[1:]
}

// SummaryIn says the same where the project is known that runs the image: nobody has to choose it then.
func (t Thing) SummaryIn(project string) string {
	if project == "" || t.Workload != nil || t.Kind != Image {
		return t.Summary
	}
	return text.CleanTrim("Image " + t.imageText())
}

// leftOpen is what a person must choose or add.
func (t Thing) leftOpen() string {
	switch {
	case t.Opens == ScreenNone && t.Kind == Agent:
		return "its e-mail shows no project"
	case t.Opens == ScreenNone:
		return "add what is missing, or paste the full name"
	case t.Opens != ScreenPick:
		return ""
	case t.IsNew() && t.Consumer == "" && t.Image.Host == "":
		return "choose its project and its image"
	case t.IsNew() && t.Consumer != "":
		return "choose its image"
	case t.Consumer == "" && t.Workload != nil && t.Workload.Region == "":
		return "choose its project and its region"
	case t.Consumer == "":
		return "choose the project that runs it"
	case t.Workload != nil:
		return "choose its region"
	}
	return "choose what runs there"
}

// where is the workload or repository with its project, and the image.
func (t Thing) where() string {
	var parts []string
	if w := t.Workload; w != nil {
		parts = append(parts, w.Kind.DisplayName()+" "+w.Name)
		if w.Region != "" {
			parts = append(parts, "in "+w.Region)
		}
	}
	if t.Consumer != "" {
		parts = append(parts, strings.TrimSpace(strings.Repeat("of ", min(len(parts), 1))+projectText(t.Consumer)))
	}
	switch {
	case t.Image.Host != "" && len(parts) > 0:
		parts = append(parts, "with image "+t.Image.Short())
	case t.Image.Host != "":
		parts = append(parts, "image "+t.imageText())
	case t.Repository.ID != "" && len(parts) > 0:
		parts = append(parts, "with an image of repository "+t.Repository.ID)
	case t.Repository.ID != "":
		parts = append(parts, "repository "+t.Repository.ID+" in "+t.Repository.Location+" of project "+t.Repository.Project)
	case len(parts) == 0 && t.subject != "":
		return t.subject
	case len(parts) == 0 && t.Project != "":
		return projectText(t.Project)
	case len(parts) == 0:
		return "Cloud Run"
	}
	return strings.Join(parts, " ")
}

// projectText says by what a project is asked for.
func projectText(project string) string {
	if allDigits.MatchString(project) {
		return "project number " + project
	}
	return "project " + project
}

// imageText names an image with where it lies.
func (t Thing) imageText() string {
	i := t.Image
	switch i.Registry {
	case model.ArtifactRegistry:
		return i.Short() + " of repository " + i.Repository.ID + " in " + i.Repository.Location + ", project " + i.Repository.Project
	case model.DockerHub:
		return i.Short() + " of Docker Hub"
	case model.PublicRegistry:
		return i.Short() + " of " + i.Host
	}
	return i.Short() + " of " + i.Host + ", which Cloud Run does not pull from"
}

// agentText says whose account it is.
func (t Thing) agentText() string {
	email, number := t.Principal.Email(), model.ServiceAgentProject(t.Principal.Email())
	whose := ""
	if t.Consumer != "" {
		whose = " of " + projectText(t.Consumer)
	}
	switch {
	case email == "":
		return "agent identity of " + t.where()
	case t.Principal.Deleted():
		return "deleted service account " + email + whose
	case model.RunServiceAgentProject(t.Principal) != "":
		return "Cloud Run service agent" + whose + ", which pulls the images there"
	case model.DefaultComputeProject(email) != "":
		return "default compute account" + whose
	case number == "" && misnamedProject(email) != "":
		return "not an agent: its e-mail needs the number" + whose + ", not its ID"
	case number != "":
		return "service agent " + email + whose
	}
	return "service account " + email + whose
}
