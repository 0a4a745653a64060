package tui

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"

	"whopulls/model"
)

// checkingCloud has five workloads, and answers about each of them when it is let.
type checkingCloud struct {
	*fakeCloud
	granted *fakeCloud    // where the agent may pull
	let     chan struct{} // an answer for each; closed: all
	mu      sync.Mutex
	asked   []string
	ended   int // readings that ended before their end
}

func newCheckingCloud() *checkingCloud {
	granted := newFakeCloud()
	granted.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{devMember, agentMember}}}}
	return &checkingCloud{fakeCloud: newFakeCloud(), granted: granted, let: make(chan struct{})}
}

func (c *checkingCloud) Workloads(context.Context, string) iter.Seq2[model.ListPage[model.Workload], error] {
	return func(yield func(model.ListPage[model.Workload], error) bool) {
		var page model.ListPage[model.Workload]
		for _, name := range []string{"api", "batch", "cron", "front", "worker"} {
			page.Items = append(page.Items, newWorkload(model.Job, name, "asia-northeast1"))
		}
		yield(page, nil)
	}
}

// ReadAll answers that nothing can be read about cron, and that the agent may pull for those that begin with w or f.
func (c *checkingCloud) ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error] {
	return func(yield func(model.Situation, error) bool) {
		for _, q := range questions {
			select {
			case <-c.let:
			case <-ctx.Done():
				c.mu.Lock()
				c.ended++
				c.mu.Unlock()
				return
			}
			if !yield(c.answer(ctx, q, o)) {
				return
			}
		}
	}
}

func (c *checkingCloud) answer(ctx context.Context, q model.Question, o model.PlanOptions) (model.Situation, error) {
	name := q.Workload.Name
	c.mu.Lock()
	c.asked = append(c.asked, name)
	c.mu.Unlock()
	switch name {
	case "cron":
		return model.Situation{Question: q}, errors.New("the line is cut")
	case "front", "worker":
		return c.granted.Read(ctx, q, o, nil)
	}
	return c.Read(ctx, q, o, nil)
}

// counts are how many workloads were asked about, and how many readings ended early.
func (c *checkingCloud) counts() (asked, ended int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.asked), c.ended
}

// startCheck opens the list of workloads, and checks them from the palette.
func startCheck(t *testing.T, c *checkingCloud, width, height int) *terminal {
	t.Helper()
	term := start(t, c, Options{Question: model.Question{Project: "myproject-a"}}, width, height)
	term.shows("5 workloads\n")
	beginCheck(term)
	return term
}

func beginCheck(term *terminal) {
	term.press("ctrl+p")
	term.showsInPassing("Go anywhere, do anything")
	term.typeText("check all")
	term.showsInPassing("Check all workloads here")
	term.press("enter")
}

func TestCheckedWorkloadsInEveryWindow(t *testing.T) {
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			c := newCheckingCloud()
			close(c.let)
			term := startCheck(t, c, size.width, size.height)
			compareScreen(t, fmt.Sprintf("check-%dx%d", size.width, size.height), term.shows("5 checked: 2 missing, 1 unknown, 2 granted"))
		})
	}
}

// Verdicts arrive in their rows one by one; they move neither the rows nor the cursor.
func TestVerdictsArriveInTheirRows(t *testing.T) {
	c := newCheckingCloud()
	term := startCheck(t, c, 80, 24)
	term.showsInPassing("checking 5 workloads …", "▸ api")
	term.press("down")
	term.showsInPassing("▸ batch")
	c.let <- struct{}{}
	assertInOrder(t, term.showsInPassing("1 of 5 checked …", "✗ 1 missing  api"), "1 missing  api", "▸", "batch", "cron")
	c.let <- struct{}{}
	term.showsInPassing("2 of 5 checked …", "▸ ✗ 1 missing  batch")
	close(c.let)
	text := term.shows("5 checked: 2 missing, 1 unknown, 2 granted", "▸ ✗ 1 missing  batch", "? unknown    cron", "✓ granted    front")
	assertInOrder(t, text, " api ", " batch ", " cron ", " front ", " worker ")
}

// ctrl+s puts the worst first, on request; the cursor stays on its row, and what has no verdict yet comes last.
func TestWorstFirstOnRequest(t *testing.T) {
	c := newCheckingCloud()
	term := startCheck(t, c, 80, 24)
	term.showsInPassing("checking 5 workloads …", "▸ api")
	term.press("down", "down", "down")
	term.showsInPassing("▸ front")
	term.press("ctrl+s")
	for range 3 {
		c.let <- struct{}{}
	}
	assertInOrder(t, term.showsInPassing("3 of 5 checked …", "by verdict"), "missing  api", "missing  batch", "unknown    cron", "▸              front")
	close(c.let)
	assertInOrder(t, term.shows("5 checked"), "missing  api", "missing  batch", "unknown    cron", "▸ ✓ granted    front", "granted    worker")
	term.typeText("missing")
	assertLacks(t, term.shows("2 of 5 workloads"), "cron", "front")
}

// Who leaves the list ends the check: no call follows. Coming back continues with the rest.
func TestLeavingStopsTheCheck(t *testing.T) {
	c := newCheckingCloud()
	term := startCheck(t, c, 80, 24)
	c.let <- struct{}{}
	term.showsInPassing("1 of 5 checked …", "▸ ✗ 1 missing  api")
	term.press("enter")
	term.shows("fix: 1 step", "job api")
	if asked, ended := c.counts(); asked != 1 || ended != 1 {
		t.Fatalf("%d were asked about, %d readings were stopped", asked, ended)
	}
	term.press("esc")
	term.showsInPassing("1 of 5 checked …")
	close(c.let)
	term.shows("5 checked: 2 missing, 1 unknown, 2 granted")
	if asked := strings.Join(c.asked, " "); asked != "api batch cron front worker" {
		t.Errorf("asked about %s", asked)
	}
	term.press("esc")
	term.shows("3 projects")
}

// A checked row opens its map from what was read, without a call; a row without a verdict reads.
func TestACheckedRowOpensWhatWasRead(t *testing.T) {
	c := newCheckingCloud()
	close(c.let)
	term := startCheck(t, c, 80, 24)
	term.shows("5 checked", "▸ ✗ 1 missing  api")
	before := c.factReadCount()
	term.press("enter")
	term.shows("fix: 1 step", "job api")
	if n := c.factReadCount(); n != before {
		t.Errorf("%d facts were read again", n-before)
	}
	term.press("r")
	term.shows("fix: 1 step")
	if c.factReadCount() == before {
		t.Error("nothing was refreshed")
	}
}

// After a change nothing that was found before is taken for granted.
func TestAChangeBeginsTheCheckAgain(t *testing.T) {
	c := newCheckingCloud()
	close(c.let)
	term := startCheck(t, c, 80, 24)
	term.shows("5 checked: 2 missing, 1 unknown, 2 granted", "▸ ✗ 1 missing  api")
	term.press("enter")
	term.shows("fix: 1 step", "job api")
	term.press("enter")
	term.shows("0 of 1 done")
	term.press("enter")
	term.shows("Change the policy of repository myrepo?")
	term.answerYes()
	term.shows("verified")
	term.press("enter")
	term.shows("job api", "granted")
	term.press("esc")
	term.shows("5 checked: 1 unknown, 4 granted", "▸ ✓ granted    api")
}

// From a map it opens the list of its project, and from nowhere else.
func TestCheckAllFromTheMap(t *testing.T) {
	c := newCheckingCloud()
	close(c.let)
	term := start(t, c, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	beginCheck(term)
	term.shows("What runs it in myproject-a?", "5 checked: 2 missing, 1 unknown, 2 granted")
	term.press("esc")
	term.shows("fix: 1 step")
	term.press("esc", "esc")
	term.shows("3 projects")
	term.press("ctrl+p")
	term.typeText("check all")
	assertLacks(t, term.shows("check all"), "Check all workloads here")
}

// A check that runs is not begun again; refreshing the list checks what is there now.
func TestCheckingAgain(t *testing.T) {
	c := newCheckingCloud()
	term := startCheck(t, c, 80, 24)
	term.showsInPassing("checking 5 workloads …")
	beginCheck(term)
	term.showsInPassing("Go anywhere, do anything", "checking 5 workloads …")
	term.press("esc")
	close(c.let)
	term.shows("5 checked")
	term.press("ctrl+r")
	term.shows("5 checked: 2 missing, 1 unknown, 2 granted")
	if asked, _ := c.counts(); asked != 10 {
		t.Errorf("%d were asked about", asked)
	}
}
