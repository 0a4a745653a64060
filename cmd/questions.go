package cmd

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
)

// pick is what an answer to one question tells.
type pick struct {
	project    string
	workload   *model.WorkloadName
	fresh      bool // a new deployment
	kind       model.WorkloadKind
	image      string
	repository model.RepositoryName
}

// askable refuses a question that is not complete, unless a person can be asked for the rest.
func (p *program) askable(r request) error {
	err := r.complete()
	// A list that goes into a file is seen by nobody, and the wait for an answer would not end.
	if err != nil && !r.quiet && p.io.ErrTerminal && r.unasked(p.io) == "" {
		return nil
	}
	return err
}

// questions asks a person, in lines, for what a command line left open.
type questions struct {
	*program
	lists   lists
	request request
	number  int // of the question that is asked
}

// answered is what is known by a number of answers. Going back is to an earlier one.
type answered struct {
	question model.Question
	fresh    bool                 // a new deployment, of which the kind is asked for, and the image by
	source   string               // its project, and by
	in       model.RepositoryName // its repository
}

// inquire completes the question, and tells the command line that says the same at once.
func (p *program) inquire(ctx context.Context, l lists, r request) (request, error) {
	if r.complete() == nil {
		return r, nil
	}
	p.io.notes().paragraph(0, text("Answer with a number, a name, or a part of a name to narrow the list down; b goes back, q stops."))
	before := r.question
	qs := &questions{program: p, lists: l, request: r}
	for asked := []answered{{question: before}}; r.complete() != nil; qs.number = len(asked) - 1 {
		now, err := qs.put(ctx, asked[len(asked)-1])
		switch {
		case errors.Is(err, errBack) && len(asked) == 1:
			p.io.notes().line(text("This is the first question."))
		case errors.Is(err, errBack):
			asked = asked[:len(asked)-1]
		case err != nil:
			return r, err
		default:
			asked, r.question = append(asked, now), now.question
		}
	}
	r.again = inOrder(repeatedOnce(told(before, r.question), r.again))
	words := append(append([]string{"whopulls", r.command}, r.again...), r.others...)
	notes := p.io.notes()
	notes.line()
	notes.line(span{strong, r.shortcut()}, text(" "+shellescape.QuoteCommand(words)))
	notes.line()
	return r, notes.err
}

// shortcut introduces the command line that leaves nothing open. A walk without --quiet asks before each step all the same.
func (r request) shortcut() string {
	if r.command == "grant" {
		return "The same, with no question but those before each step:"
	}
	return "The same without questions:"
}

// into adds the answer to a question.
func (k pick) into(q model.Question) model.Question {
	if k.project != "" {
		q.Project = k.project
	}
	if k.workload != nil {
		q.Workload = k.workload
	}
	q.Image, q.Repository = k.image, k.repository
	return q
}

// put asks for the first thing that is open; of a new deployment that is its kind, then its image, which is found by its
// project and repository. A reference that is typed or pasted at any question is it too.
func (qs *questions) put(ctx context.Context, s answered) (answered, error) {
	chosen, err := qs.choose(ctx, qs.open(ctx, s))
	switch {
	case err != nil:
		return s, err
	case chosen.fresh:
		s.fresh = true
	case chosen.kind != "":
		s.question.Kind = chosen.kind
	case s.fresh && s.source == "" && chosen.project != "":
		s.source = chosen.project
	case s.source != "" && s.in.ID == "" && chosen.image == "":
		s.in = chosen.repository
	default:
		s.question = chosen.into(s.question)
	}
	return s, nil
}

// open is the first question that is open.
func (qs *questions) open(ctx context.Context, s answered) ask {
	switch project := s.question.Project; {
	case project == "":
		return ask{question: "Which project runs the container?", noun: "project",
			pages: options(qs.lists.Projects(ctx), projectOption), typed: unlisted}
	case !s.fresh:
		return ask{question: "What runs the container in project " + project + "?", noun: "workload",
			extra: &option{"a new deployment", "kind and image come next", pick{fresh: true}},
			pages: options(qs.lists.Workloads(ctx, project), qs.workloadOption), typed: pointed("workload")}
	case s.question.Kind == "" && len(s.question.DeployableKinds()) > 1:
		return ask{question: "What kind of workload is the new deployment?", noun: "kind",
			pages: options(kindsOf(s.question), kindOption), typed: kindOrImage}
	case s.source == "":
		return ask{question: "In which project does the image live? An image reference will do too.", noun: "project",
			pages: options(qs.lists.Projects(ctx), projectOption), typed: sourceProject}
	case s.in.ID == "":
		return ask{question: "Which repository of project " + s.source + " holds it?", noun: "repository",
			pages: options(qs.lists.Repositories(ctx, s.source), repositoryOption), typed: pointed("repository")}
	}
	return ask{question: "Which image of repository " + s.in.ID + "?", noun: "image",
		extra: &option{"any image", "the question is about the repository, before the first push", pick{repository: s.in}},
		pages: options(qs.lists.Images(ctx, s.in), imageOption), typed: pointed("image")}
}

func (qs *questions) choose(ctx context.Context, a ask) (pick, error) {
	notes := qs.io.notes()
	notes.line()
	a.question = fmt.Sprintf("Question %d: %s", qs.number+1, a.question)
	c := &chooser{ask: a, notes: notes, answers: qs.answers,
		reading: func(what string) func() { return qs.reading(what, qs.request) }}
	return c.choose(ctx)
}

// options turns a list of the cloud into lines to choose from; what gives no line is left out.
func options[T any](pages iter.Seq2[model.ListPage[T], error], line func(T) (option, bool)) iter.Seq2[model.ListPage[option], error] {
	return func(yield func(model.ListPage[option], error) bool) {
		for page, err := range pages {
			out := model.ListPage[option]{Gaps: page.Gaps}
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

// kindsOf is the list of what a new deployment may be.
func kindsOf(q model.Question) iter.Seq2[model.ListPage[model.WorkloadKind], error] {
	return func(yield func(model.ListPage[model.WorkloadKind], error) bool) {
		yield(model.ListPage[model.WorkloadKind]{Items: q.DeployableKinds()}, nil)
	}
}

func kindOption(k model.WorkloadKind) (option, bool) {
	return option{k.DisplayName(), k.Purpose(), pick{kind: k}}, true
}

// kindOrImage takes a kind as --kind spells it, or the image at once.
func kindOrImage(text string, whole bool) (pick, error) {
	if k := model.WorkloadKind(strings.ToLower(text)); slices.Contains(kinds, k) {
		return pick{kind: k}, nil
	}
	return pointed("kind")(text, whole)
}

func projectOption(v model.Project) (option, bool) {
	rest := "number " + v.Number
	if v.Name != "" && v.Name != v.ID {
		rest = v.Name + ", " + rest
	}
	return option{v.ID, rest, pick{project: v.ID}}, true
}

// workloadOption leaves out other regions than the one that was given.
func (qs *questions) workloadOption(w model.Workload) (option, bool) {
	name := w.WorkloadName
	rest := w.Kind.DisplayName() + " in " + w.Region
	if len(w.Images) > 0 {
		rest += ", runs " + w.Images[0]
	}
	if more := len(w.Images) - 1; more > 0 {
		rest += fmt.Sprintf(" and %d more", more)
	}
	return option{w.Name, rest, pick{workload: &name}}, qs.request.region == "" || qs.request.region == w.Region
}

func repositoryOption(v model.Repository) (option, bool) {
	mode, _, _ := strings.Cut(strings.ToLower(v.Mode), "_")
	return option{v.Name.ID, "in " + v.Name.Location + ", " + mode, pick{repository: v.Name}}, true
}

func imageOption(v model.ListedImage) (option, bool) {
	digest := model.ShortDigest(v.Digest)
	if len(v.Tags) == 0 { // its path alone would name all of that path
		return option{v.Path + "@" + digest, "", pick{image: v.Reference()}}, true
	}
	if len(v.Tags) > 1 {
		digest += ", also " + strings.Join(v.Tags[1:], ", ")
	}
	return option{v.Path + ":" + v.Tags[0], digest, pick{image: v.Reference()}}, true
}

// unlisted takes the ID of a project where the list is not known to have all: who may not list a project may still ask
// about it. Elsewhere an ID that is not there is a slip of the hand.
func unlisted(text string, whole bool) (pick, error) {
	if whole {
		return pick{}, usage(fmt.Sprintf("no project fits %q", text),
			"type a number of the list or a part of a name; a project that is not listed is given by --project=ID from the start")
	}
	return pick{project: text}, model.ValidateProject(text)
}

// sourceProject takes a project's ID like any, or the image at once.
func sourceProject(text string, whole bool) (pick, error) {
	if strings.Contains(text, "/") || whole {
		return pointed("project")(text, whole)
	}
	return unlisted(text, whole)
}

// pointed takes an image reference, or the full name of a repository.
func pointed(noun string) func(string, bool) (pick, error) {
	return func(text string, _ bool) (k pick, err error) {
		switch {
		case strings.HasPrefix(text, "projects/"):
			k.repository, err = model.ParseRepository(text)
		case strings.Contains(text, "/"):
			k.image = text
			_, err = model.ParseImage(text)
		default:
			err = usage(fmt.Sprintf("no %s fits %q", noun, text), "type a number of the list, a part of a name, or an image reference")
		}
		return k, err
	}
}
