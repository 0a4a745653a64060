package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
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

var tableFormats = []format{formatTable, formatJSON, formatYAML}

func newCheck(p *program) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use: "check", SuggestFor: []string{"diagnose", "status", "describe"}, Short: "Tell whether a project may run an image, and why",
		Long: checkLong, Example: checkExample, Args: refuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := f.parse(c, p, tableFormats)
			if err != nil {
				return err
			}
			if r.from != "" {
				return p.checkFromSnapshot(c.Flags(), r)
			}
			return p.check(c.Context(), r)
		},
	}
	f.addQuestionAndTarget(c)
	f.addDiagnosis(c, tableFormats)
	f.addSnapshots(c)
	return c
}

func (p *program) check(ctx context.Context, r request) error {
	return p.diagnoseAndWrite(ctx, r, func(f assessment, r request) error { return p.saveCheck(ctx, f, r) })
}

// saveCheck keeps what was read before it says what follows from it.
func (p *program) saveCheck(ctx context.Context, f assessment, r request) error {
	if r.save != "" {
		if err := saveSnapshot(ctx, r.save, snapshotOf(f, r)); err != nil {
			return err
		}
		p.noteSaved(r, "The snapshot is in "+r.save+"; to answer from it:", "check", "--from="+r.save)
	}
	return p.writeCheck(f, r)
}

// diagnoseAndWrite reads what the question is about, writes it, and ends with the verdict's exit code.
func (p *program) diagnoseAndWrite(ctx context.Context, r request, write func(assessment, request) error) error {
	if err := p.validateUnlessPrompting(r); err != nil {
		return err
	}
	return p.withCloud(ctx, r, func(c cloud) error {
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

func (p *program) writeCheck(f assessment, r request) error {
	return p.writeResult(r.format, view.CheckDocumentOf(f.Assessment), func(out *console.Printer) { view.Check(out, f.Assessment, r.repeatFlags) })
}
