package checkall

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
)

// cloud is a project of services, of which some have a problem.
type cloud struct {
	names   []string
	broken  map[string]error
	gaps    []model.Gap
	listErr error
	stop    func() // after the first
	unread  string // why no workload can be read
}

func (c cloud) Workloads(context.Context, string) iter.Seq2[model.ListPage[model.Workload], error] {
	return func(yield func(model.ListPage[model.Workload], error) bool) {
		page := model.ListPage[model.Workload]{Gaps: c.gaps}
		for _, name := range c.names {
			page.Items = append(page.Items, model.Workload{WorkloadName: model.WorkloadName{Kind: model.Service, Name: name, Region: "europe-west1"}})
		}
		yield(page, c.listErr)
	}
}

// ReadAll answers from the last question to the first.
func (c cloud) ReadAll(_ context.Context, questions []model.Question, _ model.PlanOptions) iter.Seq2[model.Situation, error] {
	return func(yield func(model.Situation, error) bool) {
		for n := len(questions) - 1; n >= 0; n-- {
			s := model.NewSituation(questions[n], time.Time{})
			s.ReadingDone = true
			if c.unread != "" {
				s.Workload = model.Unread[model.Workload](model.Gap{Reason: c.unread})
			}
			if !yield(s, c.broken[questions[n].Workload.Name]) {
				return
			}
			if c.stop != nil {
				c.stop()
			}
		}
	}
}

// run runs a check, and gives what it wrote.
func run(t *testing.T, ctx context.Context, c cloud, f options.Format, o Order, terminal bool) (string, console.Status, error) {
	t.Helper()
	var out bytes.Buffer
	streams := console.Streams{Out: &out, Err: &out, OutTerminal: terminal, Width: 80, Lookup: func(name string) (string, bool) { return "", name == "NO_COLOR" }}
	request := options.Request{Session: options.Session{Format: f, RepeatFlags: []string{"--project=p-one", "--strict"}}, Question: model.Question{Project: "p-one"}}
	check := Check{Request: request, Order: o, Streams: streams, Progress: func(write func()) { write() }}
	status, err := check.Run(ctx, c)
	return out.String(), status, err
}

// inOrder reports whether the words stand in a text in this order.
func inOrder(text string, words ...string) bool {
	for _, word := range words {
		_, rest, ok := strings.Cut(text, word)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

func TestOrderOfTheLines(t *testing.T) {
	c := cloud{names: []string{"b", "a", "c"}}
	for _, test := range []struct {
		order    Order
		terminal bool
		want     []string
	}{{"", true, []string{" c ", " b ", " a "}}, {"", false, []string{" a ", " b ", " c "}}, {ByName, true, []string{" a ", " b ", " c "}}, {ByVerdict, true, []string{" a ", " b ", " c "}}} {
		t.Run(fmt.Sprintf("%q, terminal %v", test.order, test.terminal), func(t *testing.T) {
			if out, status, err := run(t, t.Context(), c, options.FormatTable, test.order, test.terminal); err != nil || status.Code() != 5 || !inOrder(out, test.want...) {
				t.Errorf("%s, %v\n%s", status, err, out)
			}
		})
	}
}

// A workload that can't be read has its reason once, not the names of all the checks that it leaves open.
func TestAnUnreadWorkloadIsOneLine(t *testing.T) {
	out, _, err := run(t, t.Context(), cloud{names: []string{"a"}, unread: "you may not read service a"}, options.FormatTable, ByName, false)
	if err != nil || !strings.Contains(out, "? unknown  a         service  europe-west1  you may not read service a (9\n                                            checks)\n\n1 workload") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestOneThatCannotBeReadStopsNoOther(t *testing.T) {
	out, status, err := run(t, t.Context(), cloud{names: []string{"a", "b"}, broken: map[string]error{"a": errors.New("the line is cut")}}, options.FormatTable, ByVerdict, false)
	if err != nil || status != console.Status(model.Unknown) || !strings.Contains(out, "? unknown  a         service  europe-west1  the line is cut") || !strings.Contains(out, "2 workloads of p-one checked: 2 unknown.") {
		t.Errorf("%s, %v\n%s", status, err, out)
	}
	if !strings.Contains(out, "Next: whopulls check --project=p-one --region=europe-west1 --service=b --strict") {
		t.Errorf("the worst is not named:\n%s", out)
	}
}

// What was had by the end of an interrupted check is written, and it is no whole answer.
func TestInterruptedCheck(t *testing.T) {
	for _, f := range []options.Format{options.FormatTable, options.FormatJSON} {
		t.Run(string(f), func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			out, status, err := run(t, ctx, cloud{names: []string{"a", "b", "c"}, stop: stop}, f, "", true)
			want := map[options.Format]string{options.FormatTable: "1 of 3 workloads of p-one checked: 1 unknown.", options.FormatJSON: `"complete": false`}[f]
			if err != nil || status != console.StatusInterrupted || !strings.Contains(out, want) {
				t.Errorf("%s, %v\n%s", status, err, out)
			}
		})
	}
}

func TestNothingToCheck(t *testing.T) {
	off := []model.Gap{{Reason: "the API is off"}}
	for name, c := range map[string]struct {
		cloud cloud
		f     options.Format
		code  int
		want  string
	}{
		"nothing runs":     {cloud{}, options.FormatTable, 0, "No service, job or worker pool runs in project p-one.\n"},
		"as JSON":          {cloud{}, options.FormatJSON, 0, `"verdict": null`},
		"nothing listed":   {cloud{gaps: off}, options.FormatTable, 5, "Not all workloads could be listed:\n  - the API is off"},
		"a kind unlisted":  {cloud{gaps: off, names: []string{"a"}}, options.FormatTable, 5, "1 workload of p-one checked: 1 unknown."},
		"a table of cells": {cloud{names: []string{"a"}}, options.FormatCSV, 5, "verdict,kind,name,region,images,not_granted,reason,gaps\r\nunknown,service,a,"},
	} {
		t.Run(name, func(t *testing.T) {
			if out, status, err := run(t, t.Context(), c.cloud, c.f, "", false); err != nil || status.Code() != c.code || !strings.Contains(out, c.want) {
				t.Errorf("%s, %v\n%s", status, err, out)
			}
		})
	}
	if _, _, err := run(t, t.Context(), cloud{listErr: errors.New("no line")}, options.FormatTable, "", false); err == nil {
		t.Error("a list that failed is no error")
	}
}
