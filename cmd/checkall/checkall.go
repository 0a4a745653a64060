// Package checkall checks all workloads of a project, for check --all. It lists them, reads about all of them at once, and writes each
// verdict as it arrives.
package checkall

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"al.essio.dev/pkg/shellescape"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
	"whopulls/report"
)

// Cloud is what the check reads from. ReadAll reads what several questions share once.
type Cloud interface {
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
	ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error]
}

// Order is a value of --sort-by.
type Order string

// The orders.
const (
	ByName    Order = "name"
	ByKind    Order = "kind"
	ByRegion  Order = "region"
	ByVerdict Order = "verdict" // the worst first
)

// Orders are all.
var Orders = []Order{ByVerdict, ByName, ByKind, ByRegion}

// Formats are those of check --all.
var Formats = []options.Format{options.FormatTable, options.FormatJSON, options.FormatYAML, options.FormatCSV}

// Check is one check of a project.
type Check struct {
	Request  options.Request
	Order    Order // empty: as the verdicts arrive in a terminal, else by name
	Streams  console.Streams
	Progress func(write func()) // keeps a note from landing in another one

	names    []model.WorkloadName
	verdicts []model.WorkloadVerdict
	gaps     []model.Gap
	table    *view.WorkloadTable // of what is written as it arrives; nil: all is written at the end
	out      *console.Printer
}

// Run checks, writes the result and gives its status. When ctx ends, it writes what was had by then.
func (c *Check) Run(ctx context.Context, cloud Cloud) (console.Status, error) {
	if err := c.list(ctx, cloud); err != nil {
		return "", err
	}
	c.out = c.Streams.OutPrinter()
	if c.streams() {
		c.table = view.NewWorkloadTable(c.out, c.names)
	}
	c.read(ctx, cloud)
	all := model.VerdictsOf(c.Request.Question.Project, c.sorted(), c.gaps)
	all.Complete = len(all.Workloads) == len(c.names)
	if err := c.write(all); err != nil {
		return "", err
	}
	switch {
	case !all.Complete:
		return console.StatusInterrupted, nil
	case all.Verdict == nil:
		return console.StatusDone, nil
	}
	return console.Status(*all.Verdict), nil
}

// streams reports whether each verdict is written as it arrives: to a person, who wants no other order.
func (c *Check) streams() bool {
	return c.Request.Format == options.FormatTable && c.Order == "" && c.Streams.OutTerminal
}

// list finds what there is to check.
func (c *Check) list(ctx context.Context, cloud Cloud) error {
	for page, err := range cloud.Workloads(ctx, c.Request.Question.Project) {
		if err != nil {
			return err
		}
		c.gaps = append(c.gaps, page.Gaps...)
		for _, w := range page.Items {
			c.names = append(c.names, w.WorkloadName)
		}
	}
	slices.SortFunc(c.names, model.WorkloadName.CompareNames)
	return nil
}

// questions are the questions about the workloads.
func (c *Check) questions() []model.Question {
	questions := make([]model.Question, len(c.names))
	for i, name := range c.names {
		questions[i] = c.Request.Question
		questions[i].Workload = &name
	}
	return questions
}

// read collects the verdicts. A workload about which nothing could be read is unknown, and the others continue.
func (c *Check) read(ctx context.Context, cloud Cloud) {
	progress := c.newProgress()
	defer progress.end()
	for s, err := range cloud.ReadAll(ctx, c.questions(), c.Request.Plan) {
		if ctx.Err() != nil {
			return
		}
		v := c.verdict(s, err)
		c.verdicts = append(c.verdicts, v)
		if c.table != nil {
			c.table.Add(v)
		}
		progress.show(len(c.verdicts), len(c.names))
	}
}

func (c *Check) verdict(s model.Situation, err error) model.WorkloadVerdict {
	if err != nil {
		return model.UnreadVerdict(s.Question.Project, *s.Question.Workload, err.Error())
	}
	return model.VerdictIn(s)
}

// sorted are the verdicts in the order that was asked for; those of equal rank by name.
func (c *Check) sorted() []model.WorkloadVerdict {
	list := slices.Clone(c.verdicts)
	slices.SortFunc(list, func(a, b model.WorkloadVerdict) int {
		return cmp.Or(c.Order.compare(a, b), a.Workload.CompareNames(b.Workload))
	})
	return list
}

func (o Order) compare(a, b model.WorkloadVerdict) int {
	switch o {
	case ByVerdict:
		return a.CompareSeverity(b)
	case ByKind:
		return cmp.Compare(a.Workload.Kind, b.Workload.Kind)
	case ByRegion:
		return cmp.Compare(a.Workload.Region, b.Workload.Region)
	}
	return 0
}

// write writes the result in the format that was asked for.
func (c *Check) write(all model.ProjectVerdicts) error {
	switch c.Request.Format {
	case options.FormatJSON:
		return view.JSON(c.Streams.Out, all)
	case options.FormatYAML:
		return view.YAML(c.Streams.Out, all)
	case options.FormatCSV:
		return report.WorkloadsCSV(c.Streams.Out, all.Workloads)
	}
	if c.table == nil {
		c.table = view.NewWorkloadTable(c.out, c.names)
		for _, v := range all.Workloads {
			c.table.Add(v)
		}
	}
	view.WorkloadsEnd(c.out, all, len(c.names), c.next(all.Workloads))
	return c.out.Err
}

// next is the command that says more about the worst workload; empty: nothing is wrong.
func (c *Check) next(list []model.WorkloadVerdict) string {
	if len(list) == 0 {
		return ""
	}
	worst := slices.MinFunc(list, model.WorkloadVerdict.CompareSeverity)
	if worst.Verdict == model.Granted {
		return ""
	}
	w := worst.Workload
	flags := append(slices.Clone(c.Request.RepeatFlags), "--region="+w.Region, fmt.Sprintf("--%s=%s", w.Kind, w.Name))
	return "whopulls check " + shellescape.QuoteCommand(options.SortFlags(flags))
}
