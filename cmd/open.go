package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"whopulls/cmd/completion"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
	"whopulls/model/pasted"
)

const openLong = `Recognizes a pasted TEXT, and opens the app on the screen that answers it. TEXT
is one of these, also with other words around it:

  an image, or a command of docker, podman, crane or skopeo with one
  an address of Google Cloud's console, of a service, or of an API
  a resource name: projects/P/locations/L/services/S, //run.googleapis.com/...
  the e-mail of a service agent or of another service account
  a project, by its ID or its number
  a command of gcloud run, gcloud artifacts or whopulls
  an error, in any form that explain reads

Quote it, or give - to read it from standard input. What TEXT leaves open is
asked in the app; --project answers it first.

Without a terminal, or with --format, it prints what TEXT is. That needs no
sign-in.

whopulls TEXT is the same where TEXT holds one of / . : @ or a blank. A bare
word is always a command.

Exit code: 0 recognized, 5 unknown, 1 standard input can't be read, 2 usage,
130 interrupted.`

const openExample = `  # a link to the console
  whopulls open 'https://console.cloud.google.com/run/detail/us-central1/web?project=myproject-a'

  # an image: may myproject-a run it?
  whopulls open us-docker.pkg.dev/myproject-b/myrepo/web --project=myproject-a

  # whatever was copied
  pbpaste | whopulls open -

  # for a script
  whopulls open --format=json 'docker pull us-docker.pkg.dev/myproject-b/myrepo/web'`

// openOptions are the flags of open.
type openOptions struct {
	options.ProjectFlag
	options.CloudFlags
	options.FormatFlag
}

func (o *openOptions) add(c *cobra.Command) {
	o.AddProject(c)
	o.AddCloud(c)
	o.AddFormat(c, tableFormats)
}

func (o *openOptions) parse(in options.CommandLine) (options.Session, error) {
	s, err := o.Session(in, o.FormatFlag, tableFormats, o.Project, "")
	if err == nil && o.Project != "" {
		err = model.ValidateProject(o.Project)
	}
	return s, err
}

func newOpen(p *program) *cobra.Command {
	var o openOptions
	c := &cobra.Command{
		Use: "open TEXT", Short: "Recognize a pasted text, and open the app on it",
		Long: openLong, Example: openExample, Args: requireText,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := o.parse(p.commandLine(c))
			if err := p.start(s, err); err != nil {
				return err
			}
			text := strings.Join(args, " ")
			if text == "-" {
				if text, err = p.readInput(c.Context()); err != nil {
					return err
				}
			}
			return p.open(c.Context(), o.request(s, text), c.Flags().Changed("format"))
		},
	}
	o.add(c)
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		f := options.FlagError(c, err)
		var usage *console.Error
		if errors.As(f, &usage) {
			usage.Hints = append(usage.Hints, "quote TEXT where it has flags of its own")
		}
		return f
	})
	return c
}

func requireText(c *cobra.Command, args []string) error {
	if strings.TrimSpace(strings.Join(args, "")) == "" {
		return console.UsageError("no text is given", "paste one behind the command, in quotes, or give - to read standard input", options.HelpHint(c))
	}
	return nil
}

// openRequest is a text, what it is, and the question that follows.
type openRequest struct {
	options.Request
	text  string
	thing pasted.Thing
}

// request recognizes a text. The project of the flag counts before that of the text, whose workload is in its own.
func (o openOptions) request(s options.Session, text string) openRequest {
	t := pasted.Recognize(text)
	q := t.Question()
	if o.Project != "" && o.Project != q.Project {
		if q.Project != "" {
			q.Workload = nil
		}
		q.Project = o.Project
	}
	return openRequest{options.Request{Session: s, Question: q}, text, t}
}

// open opens the app, or prints what the text is where there is no terminal for it.
func (p *program) open(ctx context.Context, r openRequest, printOnly bool) error {
	if !printOnly && r.thing.Opens != pasted.ScreenNone && !p.io.AppendOnly() && whyNoApp(r.Session, p.io) == "" {
		return p.runFullScreen(ctx, r.Request, r.text)
	}
	err := p.writeResult(r.Format, view.OpenDocumentOf(r.thing), func(out *console.Printer) { view.Open(out, r.thing, r.nextCommand()) })
	if err != nil {
		return err
	}
	if r.thing.Kind == pasted.Unknown {
		return console.Exit(console.Status(model.Unknown))
	}
	return nil
}

// nextCommand is the command that answers the text; nil where it takes the app.
func (r openRequest) nextCommand() []string {
	question := r.Question
	flags := append(addedFlags(model.Question{}, question), slices.DeleteFunc(slices.Clone(r.RepeatFlags), func(flag string) bool {
		return strings.HasPrefix(flag, "--project=")
	})...)
	hasSubject := question.Workload != nil || !question.Image.IsZero() || question.Repository.ID != ""
	switch {
	case r.thing.Opens == pasted.ScreenNone:
		return nil
	case r.thing.Opens == pasted.ScreenFailure:
		return []string{"whopulls", "explain", "FILE"}
	case r.thing.Opens == pasted.ScreenRegistry:
		return append([]string{"whopulls", "stale", "list"}, flags...)
	case hasSubject && question.Project == "":
		return append([]string{"whopulls", "check", "--project=PROJECT"}, flags...)
	case hasSubject:
		return append([]string{"whopulls", "check"}, flags...)
	}
	return append([]string{"whopulls"}, flags...)
}

// openFirst makes whopulls TEXT the same as whopulls open TEXT. A bare word is a command, if a mistyped one.
func openFirst(root *cobra.Command, args []string) []string {
	words := textWords(root, args)
	text := strings.Join(words, " ")
	switch {
	case pasted.IsWord(text), subcommand(root, words[0]) != nil, completion.IsRequest(args):
		return args
	case pasted.Recognize(text).Kind == pasted.Unknown:
		return args
	}
	return append([]string{"open"}, args...)
}

// textWords are the words of a command line that are neither flags nor their values.
func textWords(root *cobra.Command, args []string) (words []string) {
	needsValue := map[string]bool{}
	noteFlags(root, needsValue)
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--":
			return append(words, args[i+1:]...)
		case !strings.HasPrefix(args[i], "-") || args[i] == "-":
			words = append(words, args[i])
		case needsValue[args[i]]:
			i++
		}
	}
	return words
}
