package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
	reading "whopulls/model/failure"
	"whopulls/model/ledger"
	"whopulls/text"
)

// plainMenu is the app in plain mode: a numbered menu over the commands, in lines that are never rewritten.
type plainMenu struct {
	*program
	request options.Request // of the command line
	flags   options.QuestionFlags
}

// plainEntry is one line of the menu.
type plainEntry struct {
	name, details string
	run           func(*plainMenu, context.Context) error
}

// plainEntries are the lines of the menu. They are called by number.
var plainEntries = []plainEntry{
	{"check", "whether a project may run an image, and who lacks what", (*plainMenu).checkEntry},
	{"fix", "grant what is missing; each change is asked about", (*plainMenu).fixEntry},
	{"explain", "an error message of a deploy or a pull", (*plainMenu).explainEntry},
	{"who may pull", "from a repository, and who does not need it any more", (*plainMenu).whoEntry},
	{"undo", "what whopulls changed", (*plainMenu).undoEntry},
	{"hand over", "the missing steps to a colleague", (*plainMenu).handOverEntry},
}

// runPlainMenu shows the menu until a person ends it. The answer to a question of the command line comes first.
func (p *program) runPlainMenu(ctx context.Context, r options.Request, flags options.QuestionFlags) (err error) {
	r.RepeatFlags, r.OtherFlags = slices.Clip(r.RepeatFlags), slices.Clip(r.OtherFlags)
	end := p.shareConnection()
	defer func() { err = cmp.Or(err, end()) }()
	m := &plainMenu{p, r, flags}
	m.writeTitle()
	if r.Validate() == nil {
		if err := m.do(ctx, plainEntries[0]); err != nil {
			return err
		}
	}
	for {
		m.writeMenu()
		entry, err := m.choose(ctx)
		if entry == nil || err != nil {
			return interruptedOr(ctx, err)
		}
		if err := m.do(ctx, *entry); err != nil {
			return err
		}
	}
}

func (m *plainMenu) writeTitle() {
	words := []string{"whopulls in plain mode (" + m.request.Plain.SetBy + ")"}
	if m.request.Target.IsSandbox() {
		words = append(words, m.request.Target.SandboxName())
	}
	if m.request.ReadOnly {
		words = append(words, "read only")
	}
	m.io.ErrPrinter().Paragraph(0, console.Text(strings.Join(words, ", ")+"."))
}

func (m *plainMenu) writeMenu() {
	notes := m.io.ErrPrinter()
	notes.Line()
	notes.Line(console.Strong.Text("What do you want to do?"))
	for i, e := range plainEntries {
		notes.WrapAfter([]console.Span{console.Text(strconv.Itoa(i+1) + ". ")}, console.Text(e.name+": "+e.details))
	}
	notes.Line(console.Text("0. end"))
}

// choose asks until there is an entry; nil: the person ends, or nobody is there to answer.
func (m *plainMenu) choose(ctx context.Context) (*plainEntry, error) {
	notes := m.io.ErrPrinter()
	for {
		line, open, err := m.input.Prompt(ctx, notes, "Number or word:")
		if err != nil || !open || line == "" || console.IsOneOf(line, "0", "q", "quit", "end") {
			return nil, cmp.Or(err, notes.Err)
		}
		if e := findEntry(line); e != nil {
			return e, nil
		}
		notes.Line(console.Text(fmt.Sprintf("That is no answer: the numbers go from 0 to %d.", len(plainEntries))))
	}
}

// findEntry finds an entry by its number, or by the beginning of its name.
func findEntry(typed string) *plainEntry {
	for i, e := range plainEntries {
		if typed == strconv.Itoa(i+1) || strings.HasPrefix(e.name, strings.ToLower(typed)) {
			return &plainEntries[i]
		}
	}
	return nil
}

// do runs an entry. What goes wrong is said, and the menu comes back. Only a signal ends it.
func (m *plainMenu) do(ctx context.Context, e plainEntry) error {
	err := e.run(m, ctx)
	if ctx.Err() != nil {
		return interruptedOr(ctx, cmp.Or(err, ctx.Err()))
	}
	var ended console.ExitError
	if err == nil || errors.Is(err, console.ErrBack) || errors.As(err, &ended) {
		return nil
	}
	switch f := connect.AsUserError(err); f.Status {
	case console.StatusInterrupted: // a question that was left
		m.io.ErrPrinter().Line(console.Text(f.Message))
	default:
		m.writeError("whopulls", f)
	}
	return nil
}

// requestFor is the request of a command: about what was asked last, or about something else.
func (m *plainMenu) requestFor(ctx context.Context, command string) (options.Request, error) {
	r := m.request
	if m.answered != nil {
		same := strings.Join(addedFlags(model.Question{}, m.answered.Question), " ")
		again, err := pickOne(ctx, m, "About what?", "answer", []console.MenuItem[bool]{
			{Name: "the same", Details: same, Choice: true}, {Name: "something else", Details: "the questions come next"}})
		switch {
		case err != nil:
			return r, err
		case again:
			r = *m.answered
		default:
			r.Question, r.Region, r.RepeatFlags = model.Question{Strict: r.Question.Strict}, "", r.CallerFlags()
		}
	}
	r.Command, r.OtherFlags = command, m.request.OtherFlags
	return r, nil
}

func (m *plainMenu) checkEntry(ctx context.Context) error {
	r := m.request
	if m.answered != nil || r.Validate() != nil { // a question of the command line is not asked for
		var err error
		if r, err = m.requestFor(ctx, "check"); err != nil {
			return err
		}
	}
	r.Command = "check"
	return m.check(ctx, r, "")
}

// fixEntry shows how things stand, and walks through what is missing.
func (m *plainMenu) fixEntry(ctx context.Context) error {
	r, err := m.requestFor(ctx, "grant")
	if err != nil {
		return err
	}
	return m.grantAfterShowing(ctx, r, grantFlags{}, func(f assessment) error {
		out := m.io.OutPrinter()
		view.Diagnosis(out, f.Assessment)
		out.Line()
		return out.Err
	})
}

func (m *plainMenu) explainEntry(ctx context.Context) error {
	notes := m.io.ErrPrinter()
	words, err := m.input.ReadText(ctx, notes, "Paste the error message, then a line with only a dot:")
	if err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" {
		notes.Line(console.Text("There was no text."))
		return notes.Err
	}
	r, o := m.request, explainOptions{QuestionFlags: m.flags}
	r.Command = "explain"
	return m.explain(ctx, explainInput{reading.Read(words).Translated(r.Language(m.io)), func(found reading.Failure) options.Request { return o.fill(r, found) }})
}

// whoEntry lists who may read a repository, or all repositories of a project.
func (m *plainMenu) whoEntry(ctx context.Context) error {
	r := staleListRequest{staleRequest: staleRequest{Session: m.request.Session, project: m.request.Question.Project}}
	err := m.withCloud(ctx, r.Session, func(c cloud) (err error) {
		qs := &questioner{program: m.program, lists: c, request: m.request}
		r.repository, r.scope, err = qs.askPlace(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return m.staleList(ctx, r)
}

// askPlace asks for a repository by its project. A full name or an image of it answers both questions.
func (qs *questioner) askPlace(ctx context.Context) (model.RepositoryName, model.Resource, error) {
	for {
		qs.number = 0
		place, err := qs.showMenu(ctx, menuQuestion{Question: "Which project has the repository? Its full name or an image will do too.", Noun: "project",
			Pages: menuItems(qs.lists.Projects(ctx), projectItem), ParseTyped: parsePlace})
		project := place.project
		if err == nil && project != "" {
			qs.number = 1
			place, err = qs.showMenu(ctx, menuQuestion{Question: "Which repository of project " + project + "?", Noun: "repository",
				FirstItem: &menuItem{Name: "every repository", Details: "all Docker repositories of the project", Choice: choice{project: project}},
				Pages:     menuItems(qs.lists.Repositories(ctx, project), repositoryItem), ParseTyped: parsePlace})
			if errors.Is(err, console.ErrBack) {
				continue
			}
		}
		if err != nil || place.repository.ID == "" {
			return place.repository, model.ProjectResource(project), err
		}
		return place.repository, place.repository.Resource(), nil
	}
}

// parsePlace takes the ID of a project, the full name of a repository, or an image in one.
func parsePlace(typed string, listComplete bool) (choice, error) {
	k, err := parseSourceProject(typed, listComplete)
	if err != nil || k.image.IsZero() {
		return k, err
	}
	if k.image.Repository.ID == "" {
		return k, console.UsageError(k.image.Short()+" is in no repository of Artifact Registry", "type a project, or projects/P/locations/L/repositories/R")
	}
	return choice{repository: k.image.Repository}, nil
}

// undoEntry takes back one of the runs that are still in effect.
func (m *plainMenu) undoEntry(ctx context.Context) error {
	var h ledger.History
	var origin string
	err := m.withCloud(ctx, m.request.Session, func(c cloud) (err error) {
		if err = m.reconcile(ctx, c, m.request.Session); err == nil {
			h, err = c.History()
		}
		origin = c.Origin()
		return err
	})
	if err != nil {
		return err
	}
	runs := runsInEffect(h, origin)
	if len(runs) == 0 {
		m.io.ErrPrinter().Line(console.Text("There is nothing to take back."))
		return nil
	}
	run, err := pickOne(ctx, m, "What should be taken back?", "run", runs)
	if err != nil {
		return err
	}
	s := m.request.Session
	s.Command = "undo"
	return m.undo(ctx, s, nil, run)
}

// runsInEffect are the runs of which a change is still there, the last one first.
func runsInEffect(h ledger.History, origin string) (items []console.MenuItem[string]) {
	seen := map[string]bool{}
	for _, e := range slices.Backward(h.Entries) {
		changes := h.InEffect(origin, e.Run)
		if seen[e.Run] || len(changes) == 0 {
			continue
		}
		seen[e.Run] = true
		details := e.Time.UTC().Format(time.DateTime) + " UTC, " + text.CountNoun(len(changes), "change") + ": " + changes[len(changes)-1].Step().Heading()
		items = append(items, console.MenuItem[string]{Name: e.Run, Details: details, Choice: e.Run})
	}
	return items
}

// handOverEntry writes the missing steps for somebody else.
func (m *plainMenu) handOverEntry(ctx context.Context) error {
	format, err := pickOne(ctx, m, "In which form?", "form", []console.MenuItem[options.Format]{
		{Name: "request", Details: "a message to a colleague", Choice: options.FormatRequest},
		{Name: "markdown", Details: "the same for a ticket", Choice: options.FormatMarkdown},
		{Name: "gcloud", Details: "a script of commands", Choice: options.FormatGcloud},
		{Name: "terraform", Details: "resources for a configuration", Choice: options.FormatTerraform}})
	if err != nil {
		return err
	}
	r, err := m.requestFor(ctx, "plan")
	if err != nil {
		return err
	}
	r.Format, r.OtherFlags = format, append(r.OtherFlags, "--format="+string(format))
	return m.plan(ctx, r, "")
}

// pickOne asks for one of a few items, in their order.
func pickOne[T any](ctx context.Context, m *plainMenu, question, noun string, items []console.MenuItem[T]) (T, error) {
	notes := m.io.ErrPrinter()
	notes.Line()
	var pages iter.Seq2[model.ListPage[console.MenuItem[T]], error] = func(yield func(model.ListPage[console.MenuItem[T]], error) bool) {
		yield(model.ListPage[console.MenuItem[T]]{Items: items}, nil)
	}
	return console.Choose(ctx, console.MenuQuestion[T]{Question: question, Noun: noun, Pages: pages, InOrder: true,
		ParseTyped: func(typed string, _ bool) (none T, _ error) {
			return none, console.UsageError(fmt.Sprintf("no %s fits %q", noun, typed), "type a number of the list or a part of a name")
		}}, notes, m.input, func(string) func() { return func() {} })
}

// sharedCloud is a connection that outlives the commands that use it.
type sharedCloud struct{ cloud }

// Close leaves the connection open.
func (sharedCloud) Close() error { return nil }

// shareConnection gives the commands of the menu one connection, so that a sandbox in the program remembers what was changed.
// The function that it gives closes it.
func (p *program) shareConnection() (end func() error) {
	dial := p.dial
	var kept cloud
	p.dial = func(ctx context.Context, t options.Target, userAgent string) (cloud, error) {
		if kept == nil {
			c, err := dial(ctx, t, userAgent)
			if err != nil {
				return nil, err
			}
			kept = c
		}
		return sharedCloud{kept}, nil
	}
	return func() error {
		p.dial = dial
		if kept == nil {
			return nil
		}
		return kept.Close()
	}
}
