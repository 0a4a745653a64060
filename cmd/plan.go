package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
)

const planLong = `Shows the steps that close what is missing: what each one changes, which
permission that takes, whether you have it, and the gcloud command that does the
same. Nothing is changed.

--format=gcloud is a POSIX script, terraform a configuration of resources that
leave every other binding alone. markdown is a request for a ticket and request
the same in plain text, to hand to somebody who may make the changes: with the
reason, the risk, who may, the commands and how to undo them.

If nothing in the image's project could be seen, its grants are not steps: ask
for them ("ask" in JSON) once you are sure that the project, the repository and
the image exist and are yours. grant never makes them.

Exit code: that of check.`

const planExample = `  # read it
  whopulls plan --project=myproject-a --region=asia-northeast1 --job=myjob

  # hand it to somebody who may make the change
  whopulls plan --project=myproject-a --region=asia-northeast1 --job=myjob \
      --format=gcloud >grant.sh
  whopulls plan --project=myproject-a --region=asia-northeast1 --job=myjob \
      --format=markdown

  # keep it, have it read, and make these changes and no others
  whopulls plan --project=myproject-a --region=asia-northeast1 --job=myjob \
      --out=myjob.plan
  whopulls grant --plan=myjob.plan`

var planFormats = []options.Format{options.FormatText, options.FormatGcloud, options.FormatTerraform, options.FormatMarkdown, options.FormatRequest, options.FormatJSON, options.FormatYAML}

// planOptions are the flags of plan.
type planOptions struct {
	options.QuestionFlags
	options.CloudFlags
	options.DiagnosisFlags
	options.PlanFlags
	out string // the file to keep the plan in
}

func (o *planOptions) add(c *cobra.Command) {
	o.AddQuestion(c)
	o.AddCloud(c)
	o.AddDiagnosis(c, planFormats)
	o.AddPlan(c)
	c.Flags().StringVar(&o.out, "out", "", "`FILE` to keep the plan in, for grant --plan")
}

func (o *planOptions) parse(in options.CommandLine) (options.Request, error) {
	return o.Request(in, o.CloudFlags, o.DiagnosisFlags, o.PlanFlags, planFormats)
}

func newPlan(p *program) *cobra.Command {
	var o planOptions
	c := &cobra.Command{
		Use: "plan", SuggestFor: []string{"diff", "preview", "dry-run"}, Short: "Show the steps that close what is missing",
		Long: planLong, Example: planExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r.Session, err); err != nil {
				return err
			}
			return p.plan(c.Context(), r, o.out)
		},
	}
	o.add(c)
	return c
}

func (p *program) plan(ctx context.Context, r options.Request, out string) error {
	return p.diagnoseAndWrite(ctx, r, func(f assessment, r options.Request) error { return p.writePlan(ctx, f, r, out) })
}

func (p *program) writePlan(ctx context.Context, f assessment, r options.Request, file string) error {
	if file != "" {
		if err := savePlan(ctx, file, f, r); err != nil {
			return err
		}
		p.noteSavedPlan(r.Session, file)
	}
	return p.writeResult(r.Format, f.Plan, func(out *console.Printer) { view.PlanAs(out, r.Format, f.Assessment) })
}

// noteSavedPlan says how the changes of a saved plan are made. Those for a sandbox that ends with the command never can be.
func (p *program) noteSavedPlan(r options.Session, file string) {
	if r.Target.World != "" {
		p.noteSaved(r, "The plan is in "+file+", to be read: the sandbox that it is for ends with this command.")
		return
	}
	p.noteSaved(r, "The plan is in "+file+"; to make its changes:", append([]string{"grant", "--plan=" + file}, r.CallerFlags()...)...)
}
