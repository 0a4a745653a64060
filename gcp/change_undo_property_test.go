package gcp

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/model"
	"whopulls/model/ledger"
)

// knownChange is what a test knows about a journal's entry without reading it.
type knownChange struct {
	id, run  string
	step     model.Step
	undoes   *knownChange // what it took back
	touched  bool         // others changed the policy since
	inEffect bool
}

// undoWorld is a policy that whopulls and others change, with the test's own account of it.
type undoWorld struct {
	t      *rapid.T
	cloud  *Cloud
	server *policyServer
	known  []*knownChange
	holds  map[model.Member]bool
}

// oneDraw is a test whose cleaning up is done after each draw.
type oneDraw struct {
	testing.TB

	r *rapid.T
}

func (d oneDraw) Cleanup(f func()) { d.r.Cleanup(f) }

var undoMembers = []model.Member{"user:a@example.com", "user:b@example.com", "user:c@example.com"}

// editByOthers is somebody else's change.
func (w *undoWorld) editByOthers(m model.Member) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	p := proto.Clone(w.server.policy).(*iampb.Policy)
	kind := model.StepGrant
	if w.holds[m] {
		kind = model.StepRevoke
	}
	step := pullStep
	step.Kind, step.Member = kind, m
	applyEdit(p, policyOf(p).EditFor(step))
	w.server.store(p)
	w.holds[m] = !w.holds[m]
	for _, a := range w.known {
		a.touched = true
	}
}

// perform makes a change through the writer, and notes what has to have become of it.
func (w *undoWorld) perform(run string, kind model.StepKind, m model.Member, of *knownChange, sure bool) {
	step := pullStep
	step.Kind, step.Member = kind, m
	write := model.Write{Step: step, Run: run, OnlyIfUnchanged: sure}
	if of != nil {
		write.Undoes = of.id
	}
	o, err := w.cloud.performOne(w.t.Context(), consentGate, write)
	want := model.StepDone
	switch {
	case w.holds[m] != (kind == model.StepGrant): // it changes something
		if of != nil && sure && of.touched {
			want = model.StepNotAllowed
		}
		if of != nil && (o.Ours == nil || *o.Ours == of.touched) {
			w.t.Fatalf("taking back %s %s: ours %v, others changed the policy since: %v", of.step.Kind, m, o.Ours, of.touched)
		}
	case of != nil:
		want = model.StepNotAllowed
	default:
		want = model.StepAlready
	}
	if err != nil || o.State != want {
		w.t.Fatalf("%s %s: %s (%s), %v; want %s", kind, m, o.State, o.Message, err, want)
	}
	if want != model.StepDone {
		return
	}
	w.holds[m] = kind == model.StepGrant
	for a := of; a != nil; a = a.undoes { // the last write of a chain decides which of its entries the policy shows
		a.inEffect = a.step.Kind == kind
	}
	w.known = append(w.known, &knownChange{id: *o.Entry, run: run, step: step, undoes: of, inEffect: true})
}

// undo takes an entry back.
func (w *undoWorld) undo(run string, a *knownChange, sure bool) {
	inverse, err := a.step.Inverse()
	if err != nil {
		w.t.Fatal(err)
	}
	w.perform(run, inverse.Kind, a.step.Member, a, sure)
}

// inEffect are the changes of a run that are to be taken back, the last one first.
func (w *undoWorld) inEffect(run string) (list []*knownChange) {
	for _, a := range slices.Backward(w.known) {
		if a.run == run && a.undoes == nil && a.inEffect {
			list = append(list, a)
		}
	}
	return list
}

// After any changes of ours and of others, and any taking back, undo of a run takes back exactly what of it still stands:
// never an undo, and nothing that others did meanwhile. It knows in which policies others were.
func TestUndoTakesBackWhatStands(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		k := &policyServer{policy: &iampb.Policy{Version: 3, Etag: []byte("e")}}
		w := &undoWorld{t: r, cloud: k.fake().cloud(oneDraw{t, r}), server: k, holds: map[model.Member]bool{}}
		member, run := rapid.SampledFrom(undoMembers), rapid.SampledFrom([]string{"first", "second"})
		for range rapid.IntRange(1, 8).Draw(r, "changes") {
			m, in := member.Draw(r, "member"), run.Draw(r, "run")
			switch act := rapid.IntRange(0, 4).Draw(r, "act"); {
			case act == 0:
				w.editByOthers(m)
			case act <= 2 && len(w.known) > 0:
				if a := rapid.SampledFrom(w.known).Draw(r, "entry"); a.inEffect {
					w.undo(in, a, rapid.Bool().Draw(r, "sure"))
				}
			case w.holds[m]:
				w.perform(in, model.StepRevoke, m, nil, false)
			default:
				w.perform(in, model.StepGrant, m, nil, false)
			}
		}
		w.undoRun(run.Draw(r, "undone run"))
	})
}

// undoRun takes a run back as the command does.
func (w *undoWorld) undoRun(run string) {
	h, err := w.cloud.History()
	if err != nil {
		w.t.Fatal(err)
	}
	ids := func(list []ledger.Entry) (ids []string) {
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		return ids
	}
	standing := w.inEffect(run)
	var want []string
	for _, a := range standing {
		want = append(want, a.id)
	}
	if got := ids(h.InEffect(w.cloud.origin, run)); !slices.Equal(got, want) {
		w.t.Fatalf("of run %s stands %v, want %v", run, got, want)
	}
	for _, a := range standing {
		w.undo("undo", a, false)
	}
	for _, m := range undoMembers {
		if got := policyOf(w.server.policy).Holds(model.RoleReader, m); got != w.holds[m] {
			w.t.Fatalf("%s holds the role: %v, want %v", m, got, w.holds[m])
		}
	}
}
