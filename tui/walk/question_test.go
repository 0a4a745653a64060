package walk

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/ui"
)

// The gate of each change has all that keeps changes away, whatever was looked at before a question.
func TestTheGateOfAWalk(t *testing.T) {
	w := New(&ui.Session{ReadOnly: true}, Links{Production: "myproject-*"}, Task{})
	want := model.Gate{Consent: model.PersonSaidYes, ReadOnly: true, Production: "myproject-*", Confirmed: []string{"myproject-b"}}
	if got := w.gate("myproject-b"); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Steps that want different names to be typed are not asked for at once.
func TestQuestionsOfSeveralNames(t *testing.T) {
	folder, organization := model.AncestorResource("folders/200000000001"), model.AncestorResource("organizations/100000000001")
	step := func(id string, r model.Resource) model.Step {
		return model.Step{ID: id, Kind: model.StepRevoke, Resource: r, Role: model.RoleReader, Member: "user:dev@example.com"}
	}
	onFolder, onTop, onProject := step("1", folder), step("2", organization), step("3", model.ProjectResource("myproject-b"))
	w, _ := newJudgedWalk(t, &fakeCloud{})
	for _, c := range []struct {
		steps []model.Step
		want  string // to be typed; empty: no question is put
	}{
		{[]model.Step{onFolder, onTop}, ""}, {[]model.Step{onTop, onProject, onFolder}, ""},
		{[]model.Step{onFolder, onProject, onFolder}, "folders/200000000001"}, {[]model.Step{onProject, onTop}, "organizations/100000000001"},
	} {
		t.Run(fmt.Sprintf("%d steps, %s", len(c.steps), cmp.Or(c.want, "no question")), func(t *testing.T) {
			asked, ok := w.guardedQuestionMsg(&ui.Dialog{}, c.steps, nil).(questionMsg)
			switch {
			case !ok || (asked.dialog == nil) != (c.want == ""):
				t.Errorf("%q: %+v", c.want, asked)
			case asked.dialog == nil && !strings.Contains(asked.whyNot, "make them one by one"):
				t.Errorf("it says %q", asked.whyNot)
			case asked.dialog != nil && asked.dialog.Guard.Name != c.want:
				t.Errorf("%q is to be typed, want %q", asked.dialog.Guard.Name, c.want)
			}
		})
	}
}

// notice is what a command says above the keys; empty: nothing.
func notice(cmd tea.Cmd) string {
	if n, ok := cmd().(ui.NoticeMsg); ok {
		return n.Text
	}
	return ""
}

// A question that can't be put says why, and leaves the way free for the next one.
func TestAQuestionThatIsNotPut(t *testing.T) {
	w, _ := newJudgedWalk(t, &fakeCloud{})
	const pending = "one question at a time: this one is on its way"
	if got := notice(w.Handle(ui.IntentGrant)); got == pending {
		t.Fatalf("the first question says %q", got)
	}
	if got := notice(w.Handle(ui.IntentGrant)); got != pending {
		t.Errorf("while it is on its way, another says %q", got)
	}
	if got := notice(w.Update(questionMsg{to: w, whyNot: "nobody answers"})); got != "nobody answers" {
		t.Errorf("it says %q", got)
	}
	if got := notice(w.Handle(ui.IntentGrant)); got == pending || !w.questionPending {
		t.Errorf("the next question says %q", got)
	}
}
