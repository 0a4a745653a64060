package cmd

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/cmd/checkall"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
)

const checkLong = `Reports whether a project may run an image, and why: who deploys, who pulls, who
runs, and for each what it needs and the binding that gives it. It doesn't check
VPC Service Controls, Binary Authorization or custom constraints, nor always
principal access boundaries: the last line says so.

--all checks every service, job and worker pool of the project, in all regions.
What they share is read once. A terminal shows each verdict as it arrives;
--sort-by=verdict shows the worst first. The exit code is that of the worst.

Exit code: 0 granted, 3 missing or denied, 5 unknown (something that matters
could not be read or decided), 1 error, 2 usage, 4 not signed in, 130
interrupted.`

const checkExample = `  # a job that exists
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob

  # an image, before anything runs it
  whopulls check --project=myproject-a \
      --image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob

  # a first job, by somebody who has rights on jobs alone
  whopulls check --project=myproject-a --kind=job \
      --image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob

  # for a script
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob \
      --format=json

  # everything that runs in a project, the worst first
  whopulls check --project=myproject-a --all --sort-by=verdict
  whopulls check --project=myproject-a --all --format=csv

  # the access map as a picture for a ticket, a page or a README
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob \
      --format=svg >myjob.svg

  # keep what was read, and answer from it somewhere else, without a network
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob \
      --save=myjob.snapshot.json
  whopulls check --from=myjob.snapshot.json

  # in the sandbox
  whopulls check --sandbox --project=myproject-a \
      --region=asia-northeast1 --job=myjob`

// mapFormats draw the access map of one question.
var mapFormats = []options.Format{options.FormatText, options.FormatSVG, options.FormatMermaid}

// checkFormats are those of one question.
var checkFormats = append(slices.Clone(tableFormats), mapFormats...)

var tableFormats = []options.Format{options.FormatTable, options.FormatJSON, options.FormatYAML}

// checkOptions are the flags of check.
type checkOptions struct {
	options.QuestionFlags
	options.CloudFlags
	options.DiagnosisFlags
	snapshotFlags
	allFlags
}

// allFlags ask about all workloads of a project.
type allFlags struct {
	all    bool
	sortBy string
}

// snapshotFlags name the files that keep what was read.
type snapshotFlags struct {
	save string // a snapshot to write
	from string // one to answer from
}

func (o *checkOptions) add(c *cobra.Command) {
	o.AddQuestion(c)
	o.AddCloud(c)
	o.AddDiagnosis(c, append(slices.Clone(checkFormats), options.FormatCSV))
	o.addAll(c)
	o.addSnapshots(c)
}

const (
	flagAll    = "all"
	flagSortBy = "sort-by"
)

// addAll gives check the flags that ask about all workloads.
func (f *allFlags) addAll(c *cobra.Command) {
	c.Flags().BoolVar(&f.all, flagAll, false, "check all services, jobs and worker pools of the project, in all regions; only --all takes --format=csv")
	c.Flags().StringVar(&f.sortBy, flagSortBy, "", "`ORDER` of --all: "+options.JoinNames(checkall.Orders)+" (verdict: the worst first); as they arrive in a terminal, else by name, when left out")
	options.SetFlagValues(c, flagSortBy, checkall.Orders)
}

func (o *checkOptions) parse(in options.CommandLine) (options.Request, error) {
	wrong, formats := o.validateAll(in.Flags), checkFormats
	if o.all {
		formats = checkall.Formats
	}
	r, err := o.Request(in, o.CloudFlags, o.DiagnosisFlags, options.PlanFlags{}, formats)
	switch {
	case wrong != nil:
		err = wrong
	case err == nil && o.all && r.Question.Project == "":
		err = r.Validate()
	}
	return r, err
}

// flagsWithoutAll are about one workload.
var flagsWithoutAll = []string{"region", string(model.Service), string(model.Job), string(model.WorkerPool), options.FlagKind, options.FlagPublic, "image",
	"repository", "service-account", "save", "from"}

// validateAll refuses what does not go together with --all, or not without it.
func (o *checkOptions) validateAll(set *pflag.FlagSet) error {
	if !o.all {
		return o.validateOne(set)
	}
	for _, name := range flagsWithoutAll {
		if set.Changed(name) {
			return console.UsageError("--"+flagAll+" and --"+name+" are both given", "--"+flagAll+" checks every workload of the project as it is: leave one of them out")
		}
	}
	if f := options.Format(o.Format); slices.Contains(mapFormats, f) {
		return console.UsageError("--"+flagAll+" and --format="+o.Format+" are both given", "--format="+o.Format+" draws the access map of one workload: name it, and leave --"+flagAll+" out")
	}
	if order := checkall.Order(o.sortBy); order != "" && !slices.Contains(checkall.Orders, order) {
		return console.UsageError(fmt.Sprintf("--%s=%s is not known", flagSortBy, o.sortBy),
			append(options.DidYouMean(o.sortBy, options.ToStrings(checkall.Orders)), "it is one of "+options.JoinNames(checkall.Orders))...)
	}
	return nil
}

// validateOne refuses for one workload what --all alone takes.
func (o *checkOptions) validateOne(set *pflag.FlagSet) error {
	var given string
	switch {
	case set.Changed(flagSortBy):
		given = "--" + flagSortBy
	case o.Format == string(options.FormatCSV):
		given = "--format=" + o.Format
	default:
		return nil
	}
	return console.UsageError(given+" is for --"+flagAll, "add --"+flagAll+", or leave it out")
}

func newCheck(p *program) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use: "check", SuggestFor: []string{"diagnose", "status", "describe"}, Short: "Report whether a project may run an image, and why",
		Long: checkLong, Example: checkExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r.Session, err); err != nil {
				return err
			}
			if o.all {
				return p.checkAll(c.Context(), r, checkall.Order(o.sortBy))
			}
			if o.from != "" {
				return p.checkFromSnapshot(c.Flags(), o.from, r)
			}
			return p.check(c.Context(), r, o.save)
		},
	}
	o.add(c)
	return c
}

// checkAll checks all workloads of the project.
func (p *program) checkAll(ctx context.Context, r options.Request, order checkall.Order) error {
	return p.withCloud(ctx, r.Session, func(c cloud) error {
		check := checkall.Check{Request: r, Order: order, Streams: p.io, Progress: p.activeCountdown.WriteUnlessActive}
		status, err := check.Run(ctx, c)
		if err != nil {
			return err
		}
		return console.Exit(status)
	})
}

func (p *program) check(ctx context.Context, r options.Request, save string) error {
	return p.diagnoseAndWrite(ctx, r, func(f assessment, r options.Request) error { return p.saveCheck(ctx, f, r, save) })
}

// saveCheck keeps what was read before it says what follows from it.
func (p *program) saveCheck(ctx context.Context, f assessment, r options.Request, save string) error {
	if save != "" {
		if err := saveSnapshot(ctx, save, snapshotOf(f, r)); err != nil {
			return err
		}
		p.noteSaved(r.Session, "The snapshot is in "+save+"; to answer from it:", "check", "--from="+save)
	}
	return p.writeCheck(f, r)
}

// diagnoseAndWrite reads what the question is about, writes it, and ends with the verdict's exit code.
func (p *program) diagnoseAndWrite(ctx context.Context, r options.Request, write func(assessment, options.Request) error) error {
	if err := p.validateUnlessPrompting(r); err != nil {
		return err
	}
	return p.withCloud(ctx, r.Session, func(c cloud) error {
		r, err := p.askMissing(ctx, c, r)
		if err != nil {
			return err
		}
		f, err := p.assess(ctx, c, r)
		if err != nil {
			return err
		}
		p.warnUnreadProject(f, r)
		if err := write(p.withJournal(c, f), r); err != nil {
			return err
		}
		return console.Exit(console.Status(f.Diagnosis.Verdict))
	})
}

func (p *program) writeCheck(f assessment, r options.Request) error {
	if drawing, ok := view.AccessMap(r.Format, f.Assessment); ok {
		_, err := io.WriteString(p.io.Out, drawing)
		return err
	}
	return p.writeResult(r.Format, view.CheckDocumentOf(f.Assessment), func(out *console.Printer) { view.Check(out, f.Assessment, r.RepeatFlags) })
}
