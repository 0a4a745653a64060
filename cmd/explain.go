package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/guard"
	"whopulls/model"
	reading "whopulls/model/failure"
	language "whopulls/model/words"
)

const explainLong = `Reads the output of a failed deploy or pull and names the cause: which identity
is at fault, and what it lacks. The identity is one of the map (DEPLOYS, PULLS,
RUNS), or what a build runs as (BUILD), who pushes the image (PUSH), or another
caller or agent. Any form will do: gcloud, Terraform, a log entry, the console,
docker; wrapped, coloured, escaped or cut short. What the text hides stays
unknown.

The reading is in English, or in Japanese: by --lang, else by the setting
language, else by the locale (LC_ALL, LC_MESSAGES, LANG). A text in Japanese
around Google's message is read either way.

Reading needs no sign-in. If the text or the flags name a consumer project, and
a workload that exists or an image, the diagnosis follows. Flags override the
text. Without a sign-in there is no diagnosis.

Exit code: 0 a cause was read, 5 unrecognized, 1 the file can't be read,
2 usage, 130 interrupted. The diagnosis does not change it.`

const explainExample = `  # what gcloud said
  gcloud run jobs deploy myjob --image=REF 2>&1 | whopulls explain

  # a file, or a text from a variable
  whopulls explain build.log
  whopulls explain --text="$MESSAGE"

  # about another project than the text says
  whopulls explain build.log --project=myproject-a

  # in Japanese
  whopulls explain build.log --lang=ja

  # for a script
  whopulls explain build.log --format=json`

// maxText is the longest text that is read; the failure itself has a few thousand bytes.
const maxText = 16 << 20

// explainOptions are the flags of explain.
type explainOptions struct {
	options.QuestionFlags
	options.CloudFlags
	options.DiagnosisFlags
	text, lang string
}

func (o *explainOptions) add(c *cobra.Command) {
	o.AddQuestion(c)
	o.AddCloud(c)
	o.AddDiagnosis(c, tableFormats)
	c.Flags().StringVar(&o.text, flagText, "", "`TEXT` to read, in place of a file or standard input")
	c.Flags().StringVar(&o.lang, options.FlagLang, "", "`LANGUAGE` of the reading: "+options.JoinNames(language.Languages)+"; that of the settings or the locale, when left out")
	options.SetFlagValues(c, options.FlagLang, language.Languages)
}

func (o *explainOptions) parse(in options.CommandLine) (options.Request, error) {
	return o.Request(in, o.CloudFlags, o.DiagnosisFlags, options.PlanFlags{}, tableFormats)
}

func newExplain(p *program) *cobra.Command {
	var o explainOptions
	c := &cobra.Command{
		Use: "explain [FILE|-]", SuggestFor: []string{"why"}, Short: "Read an error message and name the identity at fault",
		Long: explainLong, Example: explainExample, Args: checkFileArgument,
		RunE: func(c *cobra.Command, args []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r.Session, err); err != nil {
				return err
			}
			readingLanguage, err := r.ParseLanguage(p.io, o.lang)
			if err != nil {
				return err
			}
			text, err := p.failureText(c, args, o.text)
			if err != nil {
				return err
			}
			found := reading.Read(text).Translated(readingLanguage)
			return p.explain(c.Context(), explainInput{found, func(found reading.Failure) options.Request {
				return o.fill(r, found)
			}})
		},
	}
	o.add(c)
	return c
}

const flagText = "text"

// checkFileArgument takes the name of a file, or - for standard input.
func checkFileArgument(c *cobra.Command, args []string) error {
	switch {
	case len(args) > 1:
		return options.RefuseArguments(c, args[1:])
	case len(args) == 1 && c.Flags().Changed(flagText):
		return console.UsageError("a file and --text are both given", "give one of them")
	}
	return nil
}

// failureText is the text from where it was said to be: --text, a file, or standard input.
func (p *program) failureText(c *cobra.Command, args []string, inline string) (string, error) {
	switch {
	case c.Flags().Changed(flagText):
		return inline, nil
	case len(args) == 1 && args[0] != "-":
		return readFile(args[0])
	case len(args) == 0 && p.io.InTerminal:
		return "", console.UsageError("no text is given", "name a file, give --text=TEXT, or pipe the text in: gcloud run deploy … 2>&1 | whopulls explain", options.HelpHint(c))
	}
	return p.readInput(c.Context())
}

// readInput reads standard input. Like a person's answers it is read in a goroutine of its own, so that a signal can end the wait.
func (p *program) readInput(ctx context.Context) (text string, err error) {
	done := make(chan struct{})
	var read string
	var failed error
	guard.Go(func() {
		defer close(done)
		read, failed = readText(p.io.In, "standard input")
	})
	select {
	case <-done:
		return read, failed
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func readFile(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", readError(name, err)
	}
	text, err := readText(file, name)
	return text, errors.Join(err, file.Close())
}

func readText(from io.Reader, name string) (string, error) {
	data, err := io.ReadAll(io.LimitReader(from, maxText+1))
	switch {
	case err != nil:
		return "", readError(name, err)
	case len(data) > maxText:
		return "", &console.Error{Status: console.StatusError, Message: fmt.Sprintf("%s is longer than %d MiB", name, maxText>>20),
			Hints: []string{"give the end of it, where the error is: tail -n 1000 FILE | whopulls explain"}}
	}
	return string(data), nil
}

// readError says which file it is; the reason of the system names it already in its own way.
func readError(name string, err error) error {
	reason := err
	var path *fs.PathError
	if errors.As(err, &path) {
		reason = path.Err
	}
	return &console.Error{Status: console.StatusError, Message: fmt.Sprintf("%s can't be read: %v", name, reason), Cause: err,
		Hints: []string{"name a file with the error message, or - for standard input"}}
}

// fill completes the question with what the text says. Flags override the text. The text overrides the variables, because
// the project that gcloud was set to is often what went wrong.
func (o explainOptions) fill(r options.Request, found reading.Failure) options.Request {
	question, configured := r.Question, r.Question.Project
	if o.Project == "" {
		question.Project = ""
	}
	r.Question = found.FillQuestion(question)
	if w := r.Question.Workload; w != nil && o.Region != "" && w.Region != o.Region { // the text is about another workload
		r.Question.Workload = nil
	}
	r.RepeatFlags = append(addedFlags(question, r.Question), r.RepeatFlags...)
	if r.Question.Project == "" {
		r.Question.Project = configured
	}
	return r
}

// addedFlags spells what was added to a question as the flags that say the same.
func addedFlags(before, after model.Question) (added []string) {
	oldWorkload, newWorkload := workloadOf(before), workloadOf(after)
	for _, field := range []struct{ flag, before, after string }{
		{"project", before.Project, after.Project},
		{"region", oldWorkload.Region, newWorkload.Region},
		{string(newWorkload.Kind), oldWorkload.Name, newWorkload.Name},
		{options.FlagKind, string(before.Kind), string(after.Kind)},
		{"image", before.Image.Text, after.Image.Text},
		{"repository", before.Repository.String(), after.Repository.String()},
		{"service-account", before.ServiceAccount, after.ServiceAccount},
		{"deployer", string(before.Deployer), string(after.Deployer)},
	} {
		if field.before != field.after {
			added = append(added, "--"+field.flag+"="+field.after)
		}
	}
	return added
}

func workloadOf(q model.Question) model.WorkloadName {
	if q.Workload == nil {
		return model.WorkloadName{}
	}
	return *q.Workload
}

// explainInput is what was read, and the request that follows from a reading.
type explainInput struct {
	failure    reading.Failure
	requestFor func(reading.Failure) options.Request
}

// explain writes the reading, and the diagnosis after it where there is one available. The exit code is the
// reading's.
func (p *program) explain(ctx context.Context, rd explainInput) error {
	if f := rd.requestFor(rd.failure).Format; f.IsDocument() {
		result, _, err := p.diagnoseReading(ctx, rd)
		if err != nil {
			return err
		}
		if err := writeDocument(p.io.Out, f, explainDocumentOf(rd.failure, result)); err != nil {
			return err
		}
		return console.Exit(explainStatus(rd.failure))
	}
	out := p.io.OutPrinter()
	view.Failure(out, rd.failure)
	result, r, err := p.diagnoseReading(ctx, rd)
	if err != nil {
		return err
	}
	if result != nil {
		out.Line()
		view.Check(out, result.Assessment, r.RepeatFlags)
	} else {
		view.Advice(out, rd.failure)
	}
	view.OtherErrors(out, rd.failure)
	if out.Err != nil {
		return out.Err
	}
	return console.Exit(explainStatus(rd.failure))
}

func explainStatus(found reading.Failure) console.Status {
	if found.Cause == reading.Unrecognized {
		return console.Status(model.Unknown)
	}
	return console.Status(model.Granted)
}

// explainDocumentOf is the document of a reading, with the diagnosis where there is one.
func explainDocumentOf(found reading.Failure, result *assessment) view.ExplainDocument {
	if result == nil {
		return view.ExplainDocumentOf(found, nil)
	}
	return view.ExplainDocumentOf(found, &result.Assessment)
}

// diagnoseReading makes the diagnosis, and gives the request that it answers; nil if the question is not
// complete, or nothing answers it. Only a signal is an error: the reading stands without a diagnosis too.
func (p *program) diagnoseReading(ctx context.Context, rd explainInput) (*assessment, options.Request, error) {
	r := rd.requestFor(rd.failure)
	if !isComplete(r) {
		return nil, r, nil
	}
	var result *assessment
	err := p.withCloud(ctx, r.Session, func(c cloud) error {
		f, answered, err := p.diagnoseOrWithoutWorkload(ctx, c, rd)
		if err != nil {
			return err
		}
		switch id, project := answered.Question.Project, f.Situation.Projects[answered.Question.Project]; project.State {
		case model.FactRead:
		case model.FactAbsent:
			return fmt.Errorf("project %s does not exist", id)
		default:
			return fmt.Errorf("project %s could not be read", id)
		}
		result, r = &f, answered
		return nil
	})
	if err != nil && connect.AsUserError(err).Status == console.StatusInterrupted {
		return nil, r, err
	}
	if result == nil && err != nil && !r.HidesWarnings() {
		p.noteNoDiagnosis(connect.AsUserError(err))
	}
	return result, r, nil
}

// diagnoseOrWithoutWorkload asks about the workload that the text names. If that doesn't exist, it asks
// without it: the failed deploy was the first one, or the workload was deleted since.
func (p *program) diagnoseOrWithoutWorkload(ctx context.Context, c assessor, rd explainInput) (assessment, options.Request, error) {
	r := rd.requestFor(rd.failure)
	f, err := p.assess(ctx, c, r)
	absent := err != nil && connect.AsUserError(err).Status == console.StatusNotFound || err == nil && f.Situation.Workload.State == model.FactAbsent
	if w := r.Question.Workload; w == nil || w != rd.failure.Workload || !absent {
		return f, r, err
	}
	rd.failure.Workload = nil
	shorter := rd.requestFor(rd.failure)
	if !isComplete(shorter) {
		return f, r, err
	}
	f, err = p.assess(ctx, c, shorter)
	return f, shorter, err
}

func isComplete(r options.Request) bool { return r.Validate() == nil }

func (p *program) noteNoDiagnosis(f *console.Error) {
	note := "the diagnosis is left out: " + f.Message
	if len(f.Hints) > 0 {
		note += " (" + f.Hints[0] + ")"
	}
	p.note(note)
}
