// Package pasted finds out what a pasted text is. It may be an image, a workload, a repository, a project, an
// agent, a command line or an error message, in any form. It asks nobody: what the text doesn't tell stays
// empty.
//
// One text may be several things. The order is fixed. A text that is one name is that name. A text that is
// only a command line is a command. A text that names a cause is a failure. Otherwise the first command line
// or name in it counts.
package pasted

import (
	"strings"

	"whopulls/model"
	"whopulls/model/failure"
	"whopulls/text"
)

// Kind is what a text is.
type Kind string

// The kinds.
const (
	Image      Kind = "image"
	Workload   Kind = "workload"
	Repository Kind = "repository"
	Project    Kind = "project"
	Agent      Kind = "agent" // a service agent or another service account
	Command    Kind = "command"
	Failure    Kind = "failure"
	Unknown    Kind = "unknown"
)

// Screen is the screen that answers a text.
type Screen string

// The screens. Pick asks for what the text leaves open, above all for the project that runs the image.
const (
	ScreenMap      Screen = "map"
	ScreenPick     Screen = "pick"
	ScreenRegistry Screen = "registry"
	ScreenFailure  Screen = "failure"
	ScreenNone     Screen = "none"
)

// Thing is what a text is, and what it tells. A field that the text doesn't tell is empty.
type Thing struct {
	Kind       Kind
	Opens      Screen
	Project    string              // ID or number: where the workload runs; of an image or a repository, where it lies
	Consumer   string              // the same, where it is the project that runs the image
	Workload   *model.WorkloadName // its region is empty where the text doesn't tell it
	Image      model.Image         // zero for none
	Repository model.RepositoryName
	Principal  model.Member
	Runner     string // e-mail of the runtime service account that a command line names
	Public     bool   // a command line lets everybody call the service
	Summary    string // one line for people
	creates    bool   // a command line creates the workload: it is not there yet
	configures bool   // a command line sets the project for those after it
	isRun      bool   // a command line of gcloud run, which takes that project
	subject    string // what it is about, for the summary, where the fields don't tell
}

// maxNameText is the longest text that is looked through for names and commands. What is longer is read as a failure, and
// its beginning is looked through.
const maxNameText = 64 << 10

// IsWord reports whether a text is a bare word, which may be the name of anything, or no name at all.
func IsWord(text string) bool { return !strings.ContainsAny(strings.TrimSpace(text), "/.:@ \t\r\n") }

// Recognize says what a text is.
func Recognize(pasted string) Thing {
	plain := tidy(pasted[:min(len(pasted), maxNameText)])
	lines := commandLines(plain)
	for _, read := range []func() Thing{
		func() Thing { return wholeName(plain, len(pasted)) },
		func() Thing { return wholeCommand(lines) },
		func() Thing { return failureText(pasted) },
		func() Thing { return firstCommand(lines) },
		func() Thing { return better(nameWithin(plain), projectWithin(plain)) },
	} {
		if t := read(); t.Kind != "" {
			return t.complete()
		}
	}
	return unusable("Not recognized. " + usable).complete()
}

// unusable is what can't be used, and why.
func unusable(why string) Thing { return Thing{Kind: Unknown, subject: why} }

// wholeName is a text that is one name and nothing else.
func wholeName(plain string, length int) Thing {
	if length > maxNameText {
		return Thing{}
	}
	whole := name(unwrap(plain), alone)
	if wrapped := name(unwrap(rejoin(plain)), alone); whole.Kind == "" && wrapped.weight() > nameWithin(plain).weight() {
		return wrapped
	}
	return whole
}

// weight orders things by how much they tell.
func (t Thing) weight() int {
	switch {
	case t.Kind == "":
		return 0
	case t.Kind == Unknown:
		return 1
	case t.hasMap():
		return 5
	case t.Image.Host != "" || t.Workload != nil || t.Repository.ID != "":
		return 4
	case t.Consumer != "":
		return 3
	}
	return 2
}

// better is the one of two things that tells more; the first of two that tell the same.
func better(a, b Thing) Thing {
	if b.weight() > a.weight() {
		return b
	}
	return a
}

// complete fills in what follows from the other fields.
func (t Thing) complete() Thing {
	if t.Repository.ID == "" {
		t.Repository = t.Image.Repository
	}
	if t.Project = t.Consumer; t.Project == "" && t.Workload == nil && !t.isRun && t.Kind != Failure {
		t.Project = t.Repository.Project
	}
	t.Opens = t.screen()
	t.Summary = text.CleanTrim(t.summarize())
	return t
}

// screen is the one that answers it.
func (t Thing) screen() Screen {
	switch {
	case t.Kind == Unknown:
		return ScreenNone
	case t.Kind == Failure:
		return ScreenFailure
	case t.hasMap():
		return ScreenMap
	case t.Image.Host != "" || t.Workload != nil || t.Consumer != "" || t.isRun:
		return ScreenPick
	case t.Repository.ID != "":
		return ScreenRegistry
	}
	return ScreenNone
}

// hasMap reports whether everything is there that a map needs.
func (t Thing) hasMap() bool {
	exists := t.Workload != nil && t.Workload.Region != "" && !t.creates
	return t.Consumer != "" && (exists || t.Image.Host != "")
}

// IsNew reports whether a command line creates the workload. What is not there yet is in no list.
func (t Thing) IsNew() bool { return t.Workload != nil && t.creates }

// Question is what the text asks, as far as it tells. A workload without its region is left out: the person who picks it knows
// it. The question of a failure is that of its own screen.
func (t Thing) Question() model.Question {
	if t.Kind == Failure {
		return model.Question{}
	}
	q := model.Question{Project: t.Consumer, ServiceAccount: t.Runner, Public: t.Public}
	switch w := t.Workload; {
	case w == nil:
	case w.Region == "" || t.creates:
		q.Kind = w.Kind
	default:
		q.Workload = w
	}
	if t.Image.Host != "" {
		q.Image = t.Image
	} else if q.Workload == nil {
		q.Repository = t.Repository
	}
	return q
}

// failureText is a text in which the cause of a failure can be read.
func failureText(pasted string) Thing {
	f := failure.Read(pasted)
	if f.Cause == failure.Unrecognized {
		return Thing{}
	}
	t := Thing{Kind: Failure, Consumer: f.ConsumerProject, Workload: f.Workload, Runner: f.ServiceAccount, subject: f.Headline()}
	if image, err := model.ParseImage(f.Image); err == nil {
		t.Image = image
	}
	if repository, err := model.ParseRepository(f.Repository); err == nil {
		t.Repository = repository
	}
	if principal, err := model.ParseMember(f.Principal); err == nil {
		t.Principal = principal
	}
	return t
}
