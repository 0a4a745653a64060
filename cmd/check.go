package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
)

const checkLong = `Reports whether a project may run an image, and why: who deploys, who pulls, who
runs, and for each what it needs and the binding that gives it. It doesn't check
VPC Service Controls, Binary Authorization or custom constraints, nor always
principal access boundaries: the last line says so.

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

  # keep what was read, and answer from it somewhere else, without a network
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob \
      --save=myjob.snapshot.json
  whopulls check --from=myjob.snapshot.json

  # in the sandbox
  whopulls check --sandbox --project=myproject-a \
      --region=asia-northeast1 --job=myjob`

var tableFormats = []options.Format{options.FormatTable, options.FormatJSON, options.FormatYAML}

// checkOptions are the flags of check.
type checkOptions struct {
	options.QuestionFlags
	options.CloudFlags
	options.DiagnosisFlags
	snapshotFlags
}

// snapshotFlags name the files that keep what was read.
type snapshotFlags struct {
	save string // a snapshot to write
	from string // one to answer from
}

func (o *checkOptions) add(c *cobra.Command) {
	o.AddQuestion(c)
	o.AddCloud(c)
	o.AddDiagnosis(c, tableFormats)
	o.addSnapshots(c)
}

func (o *checkOptions) parse(in options.CommandLine) (options.Request, error) {
	return o.Request(in, o.CloudFlags, o.DiagnosisFlags, options.PlanFlags{}, tableFormats)
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
			if o.from != "" {
				return p.checkFromSnapshot(c.Flags(), o.from, r)
			}
			return p.check(c.Context(), r, o.save)
		},
	}
	o.add(c)
	return c
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
	return p.writeResult(r.Format, view.CheckDocumentOf(f.Assessment), func(out *console.Printer) { view.Check(out, f.Assessment, r.RepeatFlags) })
}
