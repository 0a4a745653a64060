package cmd

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
)

// pick is what an answer to one question tells.
type pick struct {
	project    string
	workload   *model.WorkloadName
	fresh      bool // a new deployment
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
	asked   int
}

// inquire completes the question, and tells the command line that says the same at once.
func (p *program) inquire(ctx context.Context, l lists, r request) (request, error) {
	if r.complete() == nil {
		return r, nil
	}
	p.io.notes().paragraph(0, text("Answer with a number, a name, or a part of a name to narrow the list down; q stops."))
	before := r.question
	qs := &questions{program: p, lists: l, request: r}
	for r.complete() != nil {
		chosen, err := qs.put(ctx, r.question)
		if err != nil {
			return r, err
		}
		r.question = chosen.into(r.question)
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

// put asks for the first thing that is open; of a new deployment that is its image, by as many questions as it takes.
func (qs *questions) put(ctx context.Context, q model.Question) (pick, error) {
	if q.Project == "" {
		return qs.choose(ctx, ask{question: "Which project runs the container?", noun: "project",
			pages: options(qs.lists.Projects(ctx), projectOption), typed: unlisted})
	}
	chosen, err := qs.choose(ctx, ask{question: "What runs the container in project " + q.Project + "?", noun: "workload",
		extra: &option{"a new deployment", "which names its image next", pick{fresh: true}},
		pages: options(qs.lists.Workloads(ctx, q.Project), qs.workloadOption), typed: pointed("workload")})
	if err != nil || !chosen.fresh {
		return chosen, err
	}
	return qs.putImage(ctx)
}

// putImage finds an image by its project and repository; a reference that is typed or pasted at any question is it too.
func (qs *questions) putImage(ctx context.Context) (pick, error) {
	source, err := qs.choose(ctx, ask{question: "In which project does the image live? An image reference will do too.", noun: "project",
		pages: options(qs.lists.Projects(ctx), projectOption), typed: sourceProject})
	if err != nil || source.project == "" {
		return source, err
	}
	in, err := qs.choose(ctx, ask{question: "Which repository of project " + source.project + " holds it?", noun: "repository",
		pages: options(qs.lists.Repositories(ctx, source.project), repositoryOption), typed: pointed("repository")})
	if err != nil || in.image != "" {
		return in, err
	}
	return qs.choose(ctx, ask{question: "Which image of repository " + in.repository.ID + "?", noun: "image",
		extra: &option{"any image", "the question is about the repository, before the first push", in},
		pages: options(qs.lists.Images(ctx, in.repository), imageOption), typed: pointed("image")})
}

func (qs *questions) choose(ctx context.Context, a ask) (pick, error) {
	qs.asked++
	notes := qs.io.notes()
	notes.line()
	a.question = fmt.Sprintf("Question %d: %s", qs.asked, a.question)
	c := &chooser{ask: a, notes: notes, answers: qs.answers,
		reading: func(what string) func() { return qs.reading(what, qs.request) }}
	return c.choose(ctx)
}

// options turns a list of the cloud into lines to choose from; what gives no line is left out.
func options[T any](pages iter.Seq2[model.Page[T], error], line func(T) (option, bool)) iter.Seq2[model.Page[option], error] {
	return func(yield func(model.Page[option], error) bool) {
		for page, err := range pages {
			out := model.Page[option]{Gaps: page.Gaps}
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
	rest := w.Kind.Words() + " in " + w.Region
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

func imageOption(v model.ImageEntry) (option, bool) {
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
	return pick{project: text}, model.CheckProject(text)
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
