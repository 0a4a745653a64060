package crash

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
)

// claim is what a process last reported about a binding.
type claim struct{ member, state string }

// Eight whopulls and a REST writer change one repository's policy at the same time, while a fifth of the calls fail. Every change
// reported as done is there, what failed is not, and nothing else changed.
func TestConcurrentWriters(t *testing.T) {
	s := newFixture(t, sandbox.Options{FaultRate: 0.2, Seed: 7})
	const resource = "//artifactregistry.googleapis.com/" + myrepo
	begun := s.policies()
	timing := newSpan(time.Duration(sizeFromEnv("CRASH_SECONDS", 20)) * time.Second)
	var workers sync.WaitGroup
	claims := make([][]claim, 8)
	for n := range claims {
		workers.Go(func() { claims[n] = s.grantAndUndo(n, timing) })
	}
	rest := s.restWriter(resource, timing)
	workers.Wait()
	kept := rest()
	now := s.policy(resource)
	states := map[string]int{}
	expected := map[string]bool{}
	for _, h := range begun[resource].bindings() {
		expected[h] = true
	}
	for _, m := range kept {
		expected[readerRole+" "+m+" null"] = true
	}
	for _, of := range claims {
		for _, c := range of {
			states[c.state]++
			there := now.holds(readerRole, c.member)
			if wrong := map[string]bool{"done": !there, "undone": there, "failed": there}[c.state]; wrong {
				t.Errorf("%s is reported as %s, there: %v", c.member, c.state, there)
			}
			if there {
				expected[readerRole+" "+c.member+" null"] = true
			}
		}
	}
	for _, h := range now.bindings() {
		if !expected[h] {
			t.Errorf("nobody granted %s", h)
		}
		delete(expected, h)
	}
	for h := range expected {
		t.Errorf("lost: %s", h)
	}
	delete(begun, resource)
	s.wantPolicies(begun)
	t.Logf("changes by their end: %v; by REST: %d; members now: %d", states, len(kept), len(now.bindings()))
	if !timing.happenedEnough() {
		t.Errorf("too little happened: %v, %d by REST", states, len(kept))
	}
}

// timeSpan is how long the writers continue: for the given time, and on a busy machine until enough happened, up to a limit.
type timeSpan struct {
	until, latest time.Time
	mu            sync.Mutex
	counts        map[string]int
}

func newSpan(least time.Duration) *timeSpan {
	now := time.Now()
	return &timeSpan{until: now.Add(least), latest: now.Add(least + 3*time.Minute), counts: map[string]int{}}
}

func (g *timeSpan) count(what string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts[what]++
}

func (g *timeSpan) happenedEnough() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.counts["done"] >= 3 && g.counts["undone"] >= 1 && g.counts["rest"] >= 3
}

// continues reports whether the time is not over.
func (g *timeSpan) continues() bool {
	now := time.Now()
	return now.Before(g.until) || now.Before(g.latest) && !g.happenedEnough()
}

const readerRole = "roles/artifactregistry.reader"

// stepOutcome is a step in the output of grant and undo.
type stepOutcome struct {
	State, Member, Role, Message string
	Entry                        *string
}

// grantAndUndo grants to one member after another, and undoes every third grant.
func (s fixture) grantAndUndo(n int, timing *timeSpan) (claims []claim) {
	for i := 0; timing.continues(); i++ {
		member := fmt.Sprintf("user:p%d-%d@example.com", n, i)
		o, ok := s.runStep(append([]string{"grant", "--quiet", "--include-unknown", "--only=read-image", "--format=json", "--deployer=" + member}, questionFlags...))
		c := claim{member, o.State}
		switch {
		case !ok: // it could not even be planned
			c.state = "none"
		case o.State == "failed" && s.mayStillArrive(o):
			c.state = "open"
		case o.State == "done" && i%3 == 0 && o.Entry != nil:
			back, ok := s.runStep([]string{"undo", *o.Entry, "--quiet", "--format=json"})
			if ok && back.State == "done" {
				c.state = "undone"
			} else if !ok || back.State != "failed" || s.mayStillArrive(back) {
				c.state = "open"
			}
		}
		timing.count(c.state)
		claims = append(claims, c)
	}
	return claims
}

// mayStillArrive means that the program itself says that it doesn't know whether the change was made.
func (s fixture) mayStillArrive(o stepOutcome) bool {
	return o.Entry != nil && !strings.Contains(o.Message, "others kept changing")
}

// runStep runs a command with one step, and compares its exit code with its output.
func (s fixture) runStep(args []string) (stepOutcome, bool) {
	out, errs, code := s.run(args...)
	var said struct {
		Verdict string
		Steps   []stepOutcome
		Error   *struct{ Code int }
	}
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		s.t.Errorf("%v prints %q, %s", args, out, errs)
		return stepOutcome{}, false
	}
	if said.Error != nil {
		if said.Error.Code != code {
			s.t.Errorf("%v ended with %d: %s", args, code, out)
		}
		return stepOutcome{}, false
	}
	want := map[string]int{"granted": 0, "": 0, "missing": 3, "denied": 3, "unknown": 5}[said.Verdict]
	if len(said.Steps) == 0 {
		return stepOutcome{}, false
	}
	switch said.Steps[0].State {
	case "failed":
		want = 1
	case "skipped", "not-allowed":
		want = 3
	}
	if code != want {
		s.t.Errorf("%v ended with %d, not %d: %s %s", args, code, want, out, errs)
	}
	return said.Steps[0], true
}

// restWriter adds one member after another as gcloud does: read, edit, write with the etag, and again after a refusal. The
// function that it returns waits for its end and gives the members that it added.
func (s fixture) restWriter(resource string, timing *timeSpan) func() []string {
	var added []string
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; timing.continues(); i++ {
			member := fmt.Sprintf("user:rest-%d@example.com", i)
			if s.add(resource, member) {
				added = append(added, member)
				timing.count("rest")
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() []string { <-done; return added }
}

func (s fixture) add(resource, member string) bool {
	for range 100 {
		p, err := s.request(policyEndpoints[resource], ":getIamPolicy", nil)
		if err != nil {
			continue
		}
		if p.holds(readerRole, member) {
			return true
		}
		bindings, _ := p["bindings"].([]any)
		for _, b := range bindings {
			fields, _ := b.(map[string]any)
			if fields["role"] == readerRole && fields["condition"] == nil {
				members, _ := fields["members"].([]any)
				fields["members"] = append(members, member)
			}
		}
		p["version"] = 3
		if _, err := s.request(policyEndpoints[resource], ":setIamPolicy", map[string]any{"policy": p}); err == nil {
			return true
		}
	}
	return false
}
