package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/cmd/walk"
	"whopulls/model"
)

const grantLong = `Walks through the steps that close what is missing, line by line: shows each
one, asks, makes the change, and reads again to see it. At a question y makes
the change, n or s skips it, q stops.

If the flags leave the project, the workload or the image open, grant asks for
them in lines too, and prints the command line that needs no questions.

A step that is not certain to be missing, because not everything could be read,
needs a yes of its own, or --quiet with --include-unknown.

With --only the verdict and the exit code are those of the checks it names.

A project that looks like production is changed only after you type its id or
pass it with --confirm. So is a folder or an organization (folders/N,
organizations/N): a change there reaches every project below it.

Exit code: 0 everything is in place and the verdict is granted, 3 a step was
skipped or not allowed, or something is still missing or denied, 5 unknown,
1 a change failed, 2 usage (also when there is nobody to ask and no --quiet),
4 not signed in, 130 interrupted.`

const grantExample = `  # ask before each step
  whopulls grant --project=myproject-a --region=asia-northeast1 --job=myjob

  # prove it by a deploy that changes nothing, for as long as it takes to arrive
  whopulls grant --project=myproject-a --region=asia-northeast1 --job=myjob \
      --quiet --verify=deploy --wait=5m

  # in a script: take every step
  whopulls grant --project=myproject-a --region=asia-northeast1 --job=myjob \
      --quiet

  # let the Cloud Run service agent pull, and nothing else
  whopulls grant --project=myproject-a --only=pull \
      --image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob`

// grantOptions are the flags of grant.
type grantOptions struct {
	options.QuestionFlags
	options.CloudFlags
	options.DiagnosisFlags
	options.PlanFlags
	grantFlags
}

// grantFlags say how the steps are taken.
type grantFlags struct {
	options.ConfirmFlag
	options.VerifyFlags
	includeUnknown bool
	planFile       string // whose steps to take; empty: those of a fresh plan
}

func (o *grantOptions) add(c *cobra.Command) {
	o.AddQuestion(c)
	o.AddCloud(c)
	o.AddDiagnosis(c, tableFormats)
	o.AddPlan(c)
	o.AddConfirm(c)
	o.AddVerification(c)
	c.Flags().BoolVar(&o.includeUnknown, "include-unknown", false, "with --quiet: also the steps that are not sure to be missing")
	c.Flags().StringVar(&o.planFile, "plan", "", "`FILE` of plan --out, whose steps to take; refused when a policy moved since")
	c.Flags().Lookup(options.FlagQuiet).Usage = "ask nothing: take every step that is sure to be missing"
}

func (o *grantOptions) parse(in options.CommandLine) (options.Request, error) {
	r, err := o.Request(in, o.CloudFlags, o.DiagnosisFlags, o.PlanFlags, tableFormats)
	if err != nil {
		return r, err
	}
	return r, o.Validate(r.Question, o.planFile != "")
}

func newGrant(p *program) *cobra.Command {
	var o grantOptions
	c := &cobra.Command{
		Use: "grant", SuggestFor: []string{"apply", "fix"}, Short: "Walk through the missing steps and make the changes",
		Long: grantLong, Example: grantExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r.Session, err); err != nil {
				return err
			}
			if o.planFile != "" {
				return p.grantFromPlan(c.Context(), c.Flags(), r, o.grantFlags)
			}
			return p.grant(c.Context(), r, o.grantFlags)
		},
	}
	o.add(c)
	return c
}

func (p *program) grant(ctx context.Context, r options.Request, g grantFlags) error {
	return p.grantAfterShowing(ctx, r, g, func(assessment) error { return nil })
}

// grantAfterShowing takes the steps that close what is missing, after what was found was shown.
func (p *program) grantAfterShowing(ctx context.Context, r options.Request, g grantFlags, show func(assessment) error) error {
	if err := p.validateUnlessPrompting(r); err != nil {
		return err
	}
	return p.withCloud(ctx, r.Session, func(c cloud) error {
		if err := p.reconcile(ctx, c, r.Session); err != nil {
			return err
		}
		r, err := p.askMissing(ctx, c, r)
		if err != nil {
			return err
		}
		before, err := p.assess(ctx, c, r)
		if err != nil {
			return err
		}
		p.warnUnreadProject(before, r)
		if err := show(before); err != nil {
			return err
		}
		return p.startWalk(ctx, c, r, g, before)
	})
}

// granter is what a grant needs: to record, to change, and to see the effect.
type granter interface {
	CheckJournal() error
	walk.Cloud
	assessor
	walk.DryRunner
}

// startWalk takes the steps once it is clear that somebody can agree to them and that they can be recorded.
func (p *program) startWalk(ctx context.Context, c granter, r options.Request, g grantFlags, before assessment) error {
	steps := len(before.Plan.Steps) > 0 && !r.ReadOnly
	if why := r.WhyNotInteractive(p.io); steps && !r.Quiet && why != "" {
		return p.showPlanOnly(before, r.Session, why)
	}
	if steps {
		if err := c.CheckJournal(); err != nil {
			return err
		}
	}
	return p.runWalk(ctx, c, r, g, before)
}

// showPlanOnly shows the plan and changes nothing.
func (p *program) showPlanOnly(f assessment, r options.Session, why string) error {
	if !r.Format.IsDocument() {
		out := p.io.OutPrinter()
		view.Plan(out, f.Assessment)
		if out.Err != nil {
			return out.Err
		}
	}
	return console.UsageError("nothing was changed: each step needs a yes, and "+why,
		"add --quiet to take every step that is sure to be missing, or hand the plan over: whopulls plan --format=gcloud")
}

// New gives a walk that asks where this command asks.
func (p *program) newWalk(c walk.Cloud, r options.Request) *walk.Walk {
	return walk.New(c, r, p.io, p.input, p.now)
}

// runWalk takes the steps and says how things stand after them.
func (p *program) runWalk(ctx context.Context, c granter, r options.Request, g grantFlags, before assessment) error {
	w := p.newWalk(c, r)
	w.Confirmed, w.IncludeUnknown = g.Confirm, g.includeUnknown
	if g.planFile != "" {
		w.Etags = etagsOf(before)
	}
	if len(before.Plan.Steps) > 0 {
		w.ExplainAnswers()
	}
	if err := w.Run(ctx, before.Plan.Steps); err != nil {
		return err
	}
	after := before
	if w.MayHaveChanged() || g.Verify == options.VerifyDeploy {
		var err error
		after.Assessment, err = w.Verify(ctx, c, g.VerifyFlags, func() (view.Assessment, error) {
			f, err := p.assess(ctx, c, r)
			return f.Assessment, err
		})
		if err != nil {
			f := *connect.AsUserError(err)
			f.Message = "the steps were taken, but not read again: " + f.Message
			f.Steps = w.Outcomes
			return &f
		}
	}
	if err := p.writeGrant(w, after, r); err != nil {
		return err
	}
	end := grantStatus(w.Outcomes, r.Plan.Verdict(after.Diagnosis))
	if w.DryRunRefusal != "" && end != console.StatusError {
		return console.Exit(console.StatusIncomplete)
	}
	return console.Exit(end)
}

func (p *program) writeGrant(w *walk.Walk, after assessment, r options.Request) error {
	if r.Format.IsDocument() {
		return writeDocument(p.io.Out, r.Format, view.GrantDocument{Verdict: r.Plan.Verdict(after.Diagnosis), Steps: w.Outcomes, Deploy: w.DryRunResult()})
	}
	view.Grant(w.Out, w.Result(after.Assessment))
	return w.Out.Err
}

// grantStatus is the row of the exit codes that only grant has: a step that failed or was not taken comes before the
// verdict.
func grantStatus(outcomes []model.Outcome, after model.Verdict) console.Status {
	end := console.Status(after)
	for _, o := range outcomes {
		switch {
		case o.State == model.StepFailed:
			return console.StatusError
		case !o.InPlace():
			end = console.StatusIncomplete
		}
	}
	return end
}
