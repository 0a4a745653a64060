package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/model/ledger"
)

// common gives what all of some writes have in common.
func common[T comparable](t *testing.T, writes []model.Write, of func(model.Write) T) (value T) {
	t.Helper()
	for i, w := range writes {
		if i > 0 && of(w) != value {
			t.Errorf("write %d has %v, the one before %v", i, of(w), value)
		}
		value = of(w)
	}
	return value
}

// Each change of a walk says which run and which project it belongs to.
func TestGrantNamesRunAndProject(t *testing.T) {
	var runs []string
	for range 2 {
		c := (&cliRun{cloud: bare(), interactive: true, in: "y\ny\n"}).runOnJob("grant").expect(t, 0).cloud
		if len(c.writes) != 2 || common(t, c.writes, func(w model.Write) string { return w.Project }) != "myproject-a" ||
			common(t, c.writes, func(w model.Write) string { return w.Undoes }) != "" || common(t, c.writes, func(w model.Write) bool { return w.OnlyIfUnchanged }) {
			t.Errorf("%+v", c.writes)
		}
		runs = append(runs, common(t, c.writes, func(w model.Write) string { return w.Run }))
	}
	if runs[0] == "" || runs[0] == runs[1] {
		t.Errorf("the runs are %q", runs)
	}
}

// An undo names the entry that it takes back, its project and a run of its own. A person who was asked without a doubt said
// yes to what is surely whopulls' own, and to nothing else; --quiet takes the binding as it is.
func TestUndoNamesItsEntry(t *testing.T) {
	for _, c := range []struct {
		about   string
		foreign bool
		blind   error
		quiet   bool
		sure    bool
	}{
		{"as it was left", false, nil, false, true},
		{"changed by others", true, nil, false, false},
		{"not to be looked at", false, errors.New("no"), false, false},
		{"without a question", false, nil, true, false},
	} {
		t.Run(c.about, func(t *testing.T) {
			cloud := article()
			cloud.changedByOthers, cloud.oursErr = c.foreign, c.blind
			cloud.entries = []ledger.Entry{{ID: "abcdefghij", Run: "klmnopqrst", Target: cloud.Origin(), Project: "myproject-x", State: ledger.StateDone,
				Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: dev}}
			tt := &cliRun{cloud: cloud, interactive: !c.quiet, in: "y\n"}
			if c.quiet {
				tt.run("undo", "--quiet")
			} else {
				tt.run("undo")
			}
			tt.expect(t, 0)
			if len(cloud.writes) != 1 {
				t.Fatalf("%s: %+v", c.about, cloud.writes)
			}
			w := cloud.writes[0]
			if w.Kind != model.StepRevoke || w.Member != dev || w.Undoes != "abcdefghij" || w.Project != "myproject-x" || w.Run == "" || w.Run == "klmnopqrst" || w.OnlyIfUnchanged != c.sure {
				t.Errorf("%s: %+v, want sure: %v", c.about, w, c.sure)
			}
		})
	}
}

// Where nobody is asked, what may have been somebody else's is warned of.
func TestUndoWarnsOfWhatMayBeOthers(t *testing.T) {
	for _, c := range []struct {
		foreign bool
		flags   []string
		warned  bool
	}{{true, nil, true}, {false, nil, false}, {true, []string{"--verbosity=error"}, false}} {
		t.Run(fmt.Sprintf("foreign %t %v", c.foreign, c.flags), func(t *testing.T) {
			cloud := article()
			cloud.changedByOthers = c.foreign
			tt := (&cliRun{cloud: cloud}).run(append([]string{"undo", "--quiet"}, c.flags...)...).expect(t, 0)
			if got := strings.Contains(tt.err, "WARNING: step 1: The policy of repository myrepo is not as whopulls left it"); got != c.warned {
				t.Errorf("%+v: %s", c, tt.err)
			}
		})
	}
}

// grantAndAPI is a run of a grant and of an API that was enabled.
func grantAndAPI(target string) []ledger.Entry {
	return []ledger.Entry{
		{ID: "api", Run: "run", Target: target, State: ledger.StateDone, Kind: model.StepEnableAPI, Resource: model.APIResource("myproject-a", model.RunService)},
		{ID: "grant", Run: "run", Target: target, State: ledger.StateDone, Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: dev},
	}
}

// What is not taken back by its nature is left out unasked, and takes nothing from the end.
func TestUndoAsksNothingOfWhatStays(t *testing.T) {
	for _, c := range []struct {
		in    string
		flags []string
		code  int
		made  int
	}{{"", []string{"--quiet"}, 0, 1}, {"y\n", nil, 0, 1}, {"n\n", nil, 3, 0}} {
		t.Run(fmt.Sprintf("%q", c.in), func(t *testing.T) {
			cloud := article()
			cloud.entries = grantAndAPI(cloud.Origin())
			tt := (&cliRun{cloud: cloud, interactive: true, in: c.in}).run(append([]string{"undo", "run"}, c.flags...)...).expect(t, c.code)
			wantContains(t, tt.out, "an API that was enabled stays on")
			if asked := strings.Count(tt.err, "[y/N]"); len(cloud.writes) != c.made || asked > 1 || strings.Contains(tt.err, "Step 2 of 2") {
				t.Errorf("%q: %d changes after %d questions:\n%s", c.in, len(cloud.writes), asked, tt.err)
			}
		})
	}
}

// An undo looks at what is open before it chooses, and needs a journal that takes it down, unless it changes nothing.
func TestUndoLooksAndRecords(t *testing.T) {
	for _, c := range []struct {
		unready error
		flags   []string
		code    int
		settles int
		gates   int
	}{
		{nil, []string{"--quiet"}, 0, 1, 1},
		{errors.New("the journal can't be written"), []string{"--quiet"}, 1, 1, 0},
		{errors.New("the journal can't be written"), []string{"--quiet", "--read-only"}, 3, 0, 1},
	} {
		t.Run(fmt.Sprintf("%v %v", c.unready, c.flags), func(t *testing.T) {
			cloud := article()
			cloud.readyErr = c.unready
			(&cliRun{cloud: cloud}).run(append([]string{"undo"}, c.flags...)...).expect(t, c.code)
			if cloud.reconciles != c.settles || len(cloud.gates) != c.gates {
				t.Errorf("%v: looked %d times, %d changes were tried", c.flags, cloud.reconciles, len(cloud.gates))
			}
		})
	}
}

// Which entries an id means, and what is said about one that means nothing.
func TestEntriesToUndo(t *testing.T) {
	grant := func(id, run, target, undoes string, state ledger.State) ledger.Entry {
		return ledger.Entry{ID: id, Run: run, Target: target, Undoes: undoes, State: state, Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: dev}
	}
	h := ledger.History{Entries: []ledger.Entry{
		grant("a", "first", "here", "", ledger.StateDone), grant("b", "first", "here", "", ledger.StateUnclear), grant("c", "first", "here", "", ledger.StateUndone),
		grant("d", "undo", "here", "c", ledger.StateDone), grant("e", "gone", "here", "", ledger.StateUndone), grant("f", "gone", "here", "", ledger.StateFailed),
		grant("g", "there", "elsewhere", "", ledger.StateDone), grant("h", "open", "here", "", ledger.StateIntended),
	}}
	for _, c := range []struct {
		id, want string
		status   console.Status
		says     string
	}{
		{"", "b a", console.StatusDone, ""},
		{"first", "b a", console.StatusDone, ""},
		{"a", "a", console.StatusDone, ""},
		{"b", "b", console.StatusDone, ""},
		{"h", "h", console.StatusDone, ""},
		{"d", "d", console.StatusDone, ""},
		{"c", "c", console.StatusIncomplete, "entry c is undone"},
		{"f", "f", console.StatusIncomplete, "entry f is failed"},
		{"undo", "", console.StatusIncomplete, "took changes back"},
		{"gone", "", console.StatusIncomplete, `every change of run "gone" was taken back already`},
		{"g", "", console.StatusIncomplete, `"g" was changed in another cloud: elsewhere`},
		{"there", "", console.StatusIncomplete, `"there" was changed in another cloud: elsewhere`},
		{"nonsense", "", console.StatusUsage, `no entry and no run "nonsense"`},
	} {
		t.Run(cmp.Or(c.id, "the last run"), func(t *testing.T) {
			entries, err := entriesToUndo(h, "here", c.id)
			var ids []string
			for _, e := range entries {
				ids = append(ids, e.ID)
			}
			if got := strings.Join(ids, " "); got != c.want || (err != nil) != (c.says != "") {
				t.Errorf("%q: %q, %v", c.id, got, err)
			}
			if err != nil && (connect.AsUserError(err).Status != c.status || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("%q: %v (%v)", c.id, err, connect.AsUserError(err).Status)
			}
		})
	}
	if _, err := entriesToUndo(ledger.History{}, "here", ""); err == nil || connect.AsUserError(err).Status != console.StatusIncomplete {
		t.Errorf("nothing was changed: %v", err)
	}
}

// The worst of what became of the changes is how an undo ends.
func TestUndoEnds(t *testing.T) {
	for _, c := range []struct {
		states string
		want   console.Status
	}{
		{"done already", console.StatusDone}, {"done skipped done", console.StatusIncomplete}, {"not-allowed", console.StatusIncomplete},
		{"failed done skipped", console.StatusError}, {"skipped failed", console.StatusError}, {"", console.StatusDone},
	} {
		t.Run(cmp.Or(c.states, "empty"), func(t *testing.T) {
			end := console.StatusDone
			for _, state := range strings.Fields(c.states) {
				end = worseStatus(end, model.Outcome{State: model.StepState(state)})
			}
			if end != c.want {
				t.Errorf("%s: %v, want %v", c.states, end, c.want)
			}
		})
	}
}

// An interruption between two changes ends a walk that nobody is asked in; what was under way is finished.
func TestQuietGrantIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := bare()
	c.runAPIOn = false
	c.onPerform = cancel
	tt := (&cliRun{cloud: c, ctx: ctx}).runOnJob("grant", "--quiet", "--format=json").expect(t, 130)
	var states []string
	for _, s := range decodeDocument(t, tt.out)["steps"].([]any) {
		states = append(states, s.(map[string]any)["state"].(string))
	}
	if want := []string{"done", "skipped", "skipped"}; !slices.Equal(states, want) || !slices.Equal(c.batches, []int{1}) {
		t.Errorf("the steps are %v after %v, want %v", states, c.batches, want)
	}
}

// Whatever a call says after a signal, the signal is why; before it the call's word counts, and an end that was meant.
func TestAfterASignal(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	said := errors.New("said")
	for _, c := range []struct {
		ctx  context.Context
		err  error
		want console.Status
	}{
		{interrupted, said, console.StatusInterrupted}, {t.Context(), said, console.StatusError}, {interrupted, console.Exit(console.StatusIncomplete), console.StatusIncomplete},
		{interrupted, fmt.Errorf("at the end: %w", console.Exit(console.StatusIncomplete)), console.StatusIncomplete},
	} {
		t.Run(fmt.Sprintf("%v interrupted %t", c.err, c.ctx.Err() != nil), func(t *testing.T) {
			err := interruptedOr(c.ctx, c.err)
			got := connect.AsUserError(err).Status
			if end := (console.ExitError{}); errors.As(err, &end) {
				got = end.Status
			}
			if got != c.want {
				t.Errorf("%v: %v, want %v", c.err, got, c.want)
			}
		})
	}
	if err := interruptedOr(interrupted, nil); err != nil {
		t.Errorf("what was done is %v", err)
	}
}

// A saved plan is made only in the policy that it was made for: its etag goes along with the first change, which gives the
// policy another.
func TestGrantOfASavedPlanNamesItsEtag(t *testing.T) {
	file := filepath.Join(t.TempDir(), "my.plan")
	c := bare()
	c.policies[repository] = model.Policy{Etag: "ZQ=="}
	(&cliRun{cloud: c}).runOnJob("plan", "--out="+file).expect(t, 3)
	(&cliRun{cloud: c}).run("grant", "--plan="+file, "--quiet").expect(t, 0)
	if len(c.writes) != 2 || c.writes[0].Etag != "ZQ==" || c.writes[1].Etag != "" {
		t.Errorf("%+v", c.writes)
	}
	moved := bare()
	moved.policies[repository] = model.Policy{Etag: "Zg=="}
	tt := (&cliRun{cloud: moved}).run("grant", "--plan="+file, "--quiet").expect(t, 3)
	if wantContains(t, tt.err, "the policy of repository myrepo moved"); len(moved.writes) > 0 {
		t.Errorf("%+v", moved.writes)
	}
	hidden := bare()
	hidden.hidden = map[model.WantKind]bool{model.WantPolicy: true}
	tt = (&cliRun{cloud: hidden}).run("grant", "--plan="+file, "--quiet", "--include-unknown").expect(t, 3)
	if wantContains(t, tt.err, "the policy of repository myrepo can't be read any more"); len(hidden.writes) > 0 {
		t.Errorf("%+v", hidden.writes)
	}
	(&cliRun{cloud: bare()}).runOnJob("grant", "--quiet").expect(t, 0)
}

// What Cloud Run still refuses is no success, whatever the policies say; a change that failed is shown first.
func TestGrantThatCloudRunRefuses(t *testing.T) {
	for _, c := range []struct {
		fails int
		write error
		code  int
	}{{0, nil, 0}, {99, nil, 3}, {99, errors.New("no"), 1}} {
		t.Run(fmt.Sprintf("%d refusals, %v", c.fails, c.write), func(t *testing.T) {
			cloud := bare()
			cloud.refusedDryRuns, cloud.performErr = c.fails, c.write
			(&cliRun{cloud: cloud}).runOnJob("grant", "--quiet", "--verify=deploy").expect(t, c.code)
		})
	}
}

// A snapshot is what the program wrote: a field that it does not know may change what the others mean, and what is repeated
// is a flag of a question.
func TestSnapshotsHoldNothingElse(t *testing.T) {
	data := string(realSnapshot(t))
	for about, altered := range map[string]string{
		"a field that nobody knows": strings.Replace(data, `{`, `{"novelty": 1,`, 1),
		"a flag that changes":       strings.Replace(data, `"--project=myproject-a"`, `"--quiet"`, 1),
		"no flag":                   strings.Replace(data, `"--project=myproject-a"`, `"project"`, 1),
		"a flag that hides":         strings.Replace(data, `"--project=myproject-a"`, `"--project=\u001b[2J"`, 1),
	} {
		t.Run(about, func(t *testing.T) {
			if _, err := parseSnapshot([]byte(altered), snapshotKind); err == nil || altered == data {
				t.Errorf("%s is taken", about)
			}
		})
	}
	if _, err := parseSnapshot([]byte(data), snapshotKind); err != nil {
		t.Error(err)
	}
}

// cancellingWriter ends a command once it has written anything.
type cancellingWriter struct{ context.CancelFunc }

func (w cancellingWriter) Write(b []byte) (int, error) {
	w.CancelFunc()
	return len(b), nil
}

// Without a file for the environment the sandbox's token is in a folder that goes with it.
func TestSandboxLeavesNoToken(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	ctx, cancel := context.WithCancel(t.Context())
	p := &program{io: console.Streams{Out: cancellingWriter{cancel}, Err: cancellingWriter{func() {}}, Lookup: func(string) (string, bool) { return "", false }}}
	if code := p.run(ctx, []string{"sandbox", "start"}); code != 0 && code != 130 {
		t.Errorf("it ended with %d", code)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}
