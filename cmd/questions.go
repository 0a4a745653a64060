package cmd

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
)

// The questions of this package ask for a choice.
type (
	menuItem     = console.MenuItem[choice]
	menuQuestion = console.MenuQuestion[choice]
)

// choice is the answer to one question.
type choice struct {
	project       string
	workload      *model.WorkloadName
	newDeployment bool // a new deployment
	kind          model.WorkloadKind
	image         model.Image
	repository    model.RepositoryName
}

// validateUnlessPrompting refuses a question that is not complete, unless a person can be asked for the rest.
func (p *program) validateUnlessPrompting(r options.Request) error {
	err := r.Validate()
	// A list that goes into a file is seen by nobody, and the wait for an answer would not end.
	if err != nil && !r.Quiet && p.io.ErrTerminal && r.WhyNotInteractive(p.io) == "" {
		return nil
	}
	return err
}

// lister is what can be picked from.
type lister interface {
	Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error]
	workloadLister
	Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error]
	Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error]
}

// questioner asks a person, in lines, for what a command line left open.
type questioner struct {
	*program
	lists   lister
	request options.Request
	number  int // of the question that is asked
}

// questionState is what is known by a number of answers. Going back is to an earlier one.
type questionState struct {
	question      model.Question
	newDeployment bool                 // a new deployment, of which the kind is asked for, and the image by
	sourceProject string               // its project, and by
	repository    model.RepositoryName // its repository
}

// askMissing completes the question.
func (p *program) askMissing(ctx context.Context, l lister, r options.Request) (_ options.Request, err error) {
	if r.Validate() != nil {
		if r, err = p.askAll(ctx, l, r); err != nil {
			return r, err
		}
	}
	p.answered = &r
	return r, nil
}

// askAll asks for everything that is open, and writes the command line that says the same at once.
func (p *program) askAll(ctx context.Context, l lister, r options.Request) (options.Request, error) {
	p.io.ErrPrinter().Paragraph(0, console.Text("Answer with a number, a name, or a part of a name to narrow the list down; b goes back, q stops."))
	before := r.Question
	qs := &questioner{program: p, lists: l, request: r}
	for states := []questionState{{question: before}}; r.Validate() != nil; qs.number = len(states) - 1 {
		next, err := qs.askNext(ctx, states[len(states)-1])
		switch {
		case errors.Is(err, console.ErrBack) && len(states) == 1:
			p.io.ErrPrinter().Line(console.Text("This is the first question."))
		case errors.Is(err, console.ErrBack):
			states = states[:len(states)-1]
		case err != nil:
			return r, err
		default:
			states, r.Question = append(states, next), next.question
		}
	}
	r.RepeatFlags = options.SortFlags(mergeFlags(addedFlags(before, r.Question), r.RepeatFlags))
	command := append(append([]string{"whopulls", r.Command}, r.RepeatFlags...), r.OtherFlags...)
	notes := p.io.ErrPrinter()
	notes.Line()
	notes.Line(console.Strong.Text(sameCommandIntro(r.Session)), console.Text(" "+shellescape.QuoteCommand(command)))
	notes.Line()
	return r, notes.Err
}

// sameCommandIntro introduces the command line that leaves nothing open. A walk without --quiet asks before each step all the same.
func sameCommandIntro(r options.Session) string {
	if r.Command == "grant" {
		return "The same, with no question but those before each step:"
	}
	return "The same without questions:"
}

// applyTo adds the answer to a question.
func (k choice) applyTo(q model.Question) model.Question {
	if k.project != "" {
		q.Project = k.project
	}
	if k.workload != nil {
		q.Workload = k.workload
	}
	q.Image, q.Repository = k.image, k.repository
	return q
}

// askNext asks for the first thing that is open. For a new deployment that is its kind, then its image, which
// is found by its project and repository. A reference that is typed or pasted at any question is it too.
func (qs *questioner) askNext(ctx context.Context, s questionState) (questionState, error) {
	chosen, err := qs.showMenu(ctx, qs.nextQuestion(ctx, s))
	switch {
	case err != nil:
		return s, err
	case chosen.newDeployment:
		s.newDeployment = true
	case chosen.kind != "":
		s.question.Kind = chosen.kind
	case s.newDeployment && s.sourceProject == "" && chosen.project != "":
		s.sourceProject = chosen.project
	case s.sourceProject != "" && s.repository.ID == "" && chosen.image.IsZero():
		s.repository = chosen.repository
	default:
		s.question = chosen.applyTo(s.question)
	}
	return s, nil
}

// nextQuestion is the first question that is open.
func (qs *questioner) nextQuestion(ctx context.Context, s questionState) menuQuestion {
	switch project := s.question.Project; {
	case project == "":
		return menuQuestion{Question: "Which project runs the container?", Noun: "project",
			Pages: menuItems(qs.lists.Projects(ctx), projectItem), ParseTyped: parseProject}
	case !s.newDeployment:
		return menuQuestion{Question: "What runs the container in project " + project + "?", Noun: "workload",
			FirstItem: &menuItem{Name: "a new deployment", Details: "kind and image come next", Choice: choice{newDeployment: true}},
			Pages:     menuItems(qs.lists.Workloads(ctx, project), qs.workloadItem), ParseTyped: parseReference("workload")}
	case s.question.Kind == "" && len(s.question.DeployableKinds()) > 1:
		return menuQuestion{Question: "What kind of workload is the new deployment?", Noun: "kind",
			Pages: menuItems(kindPages(s.question), kindItem), ParseTyped: parseKindOrImage}
	case s.sourceProject == "":
		return menuQuestion{Question: "In which project does the image live? An image reference will do too.", Noun: "project",
			Pages: menuItems(qs.lists.Projects(ctx), projectItem), ParseTyped: parseSourceProject}
	case s.repository.ID == "":
		return menuQuestion{Question: "Which repository of project " + s.sourceProject + " holds it?", Noun: "repository",
			Pages: menuItems(qs.lists.Repositories(ctx, s.sourceProject), repositoryItem), ParseTyped: parseReference("repository")}
	}
	return menuQuestion{Question: "Which image of repository " + s.repository.ID + "?", Noun: "image",
		FirstItem: &menuItem{Name: "any image", Details: "the question is about the repository, before the first push", Choice: choice{repository: s.repository}},
		Pages:     menuItems(qs.lists.Images(ctx, s.repository), imageItem), ParseTyped: parseReference("image")}
}

func (qs *questioner) showMenu(ctx context.Context, a menuQuestion) (choice, error) {
	notes := qs.io.ErrPrinter()
	notes.Line()
	a.Question = fmt.Sprintf("Question %d: %s", qs.number+1, a.Question)
	return console.Choose(ctx, a, notes, qs.input, func(what string) func() { return qs.showProgress(what, qs.request.Session) })
}

// menuItems turns a list of the cloud into lines to choose from; what gives no line is left out.
func menuItems[T any](pages iter.Seq2[model.ListPage[T], error], line func(T) (menuItem, bool)) iter.Seq2[model.ListPage[menuItem], error] {
	return func(yield func(model.ListPage[menuItem], error) bool) {
		for page, err := range pages {
			out := model.ListPage[menuItem]{Gaps: page.Gaps}
			for _, v := range page.Items {
				if o, ok := line(v); ok {
					out.Items = append(out.Items, o)
				}
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// kindPages is the list of what a new deployment may be.
func kindPages(q model.Question) iter.Seq2[model.ListPage[model.WorkloadKind], error] {
	return func(yield func(model.ListPage[model.WorkloadKind], error) bool) {
		yield(model.ListPage[model.WorkloadKind]{Items: q.DeployableKinds()}, nil)
	}
}

func kindItem(k model.WorkloadKind) (menuItem, bool) {
	return menuItem{Name: k.DisplayName(), Details: k.Purpose(), Choice: choice{kind: k}}, true
}

// parseKindOrImage takes a kind as --kind spells it, or the image at once.
func parseKindOrImage(text string, listComplete bool) (choice, error) {
	if k := model.WorkloadKind(strings.ToLower(text)); slices.Contains(options.Kinds, k) {
		return choice{kind: k}, nil
	}
	return parseReference("kind")(text, listComplete)
}

func projectItem(v model.Project) (menuItem, bool) {
	details := "number " + v.Number
	if v.Name != "" && v.Name != v.ID {
		details = v.Name + ", " + details
	}
	return menuItem{Name: v.ID, Details: details, Choice: choice{project: v.ID}}, true
}

// workloadItem leaves out other regions than the one that was given.
func (qs *questioner) workloadItem(w model.Workload) (menuItem, bool) {
	name := w.WorkloadName
	details := w.Kind.DisplayName() + " in " + w.Region
	if len(w.Images) > 0 {
		details += ", runs " + w.Images[0].Text
	}
	if more := len(w.Images) - 1; more > 0 {
		details += fmt.Sprintf(" and %d more", more)
	}
	return menuItem{Name: w.Name, Details: details, Choice: choice{workload: &name}}, qs.request.Region == "" || qs.request.Region == w.Region
}

func repositoryItem(v model.Repository) (menuItem, bool) {
	mode, _, _ := strings.Cut(strings.ToLower(v.Mode), "_")
	return menuItem{Name: v.Name.ID, Details: "in " + v.Name.Location + ", " + mode, Choice: choice{repository: v.Name}}, true
}

func imageItem(v model.ListedImage) (menuItem, bool) {
	digest := model.ShortDigest(v.Digest)
	if len(v.Tags) == 0 { // its path alone would name all of that path
		return menuItem{Name: v.Path + "@" + digest, Details: "", Choice: choice{image: v.Reference()}}, true
	}
	if len(v.Tags) > 1 {
		digest += ", also " + strings.Join(v.Tags[1:], ", ")
	}
	return menuItem{Name: v.Path + ":" + v.Tags[0], Details: digest, Choice: choice{image: v.Reference()}}, true
}

// parseProject accepts the ID of a project if the list may not have all projects. A caller that may not list
// a project may still ask about it. Elsewhere an ID that is not there is a slip of the hand.
func parseProject(text string, listComplete bool) (choice, error) {
	if listComplete {
		return choice{}, console.UsageError(fmt.Sprintf("no project fits %q", text),
			"type a number of the list or a part of a name; a project that is not listed is given by --project=ID from the start")
	}
	return choice{project: text}, model.ValidateProject(text)
}

// parseSourceProject takes a project's ID like any, or the image at once.
func parseSourceProject(text string, listComplete bool) (choice, error) {
	if strings.Contains(text, "/") || listComplete {
		return parseReference("project")(text, listComplete)
	}
	return parseProject(text, listComplete)
}

// parseReference takes an image reference, or the full name of a repository.
func parseReference(noun string) func(string, bool) (choice, error) {
	return func(text string, _ bool) (k choice, err error) {
		switch {
		case strings.HasPrefix(text, "projects/"):
			k.repository, err = model.ParseRepository(text)
		case strings.Contains(text, "/"):
			k.image, err = model.ParseImage(text)
		default:
			err = console.UsageError(fmt.Sprintf("no %s fits %q", noun, text), "type a number of the list, a part of a name, or an image reference")
		}
		return k, err
	}
}
