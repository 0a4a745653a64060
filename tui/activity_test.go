package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/text/signs"
)

// readingRoot is the program on a map that is being read.
func readingRoot(t *testing.T) *root {
	t.Helper()
	r := newRoot(t.Context(), Options{Question: articleQuestion()}, nil)
	t.Cleanup(r.close)
	return r
}

// The spinner turns while the screen on top reads, with one timer at a time, and none in rest.
func TestTheSpinnerTurnsWhileReading(t *testing.T) {
	r := readingRoot(t)
	if _, cmd := r.Update(nil); cmd != nil {
		t.Error("it turns though it has no interval")
	}
	r.activity.interval = time.Millisecond
	_, turn := r.Update(nil)
	if _, second := r.Update(nil); turn == nil || second != nil {
		t.Fatalf("a turn is on its way: %t, a second one: %t", turn != nil, second != nil)
	}
	if r.Spinner.Sign() != signs.More {
		t.Errorf("before the first turn it is %q", r.Spinner.Sign())
	}
	_, next := r.Update(turn())
	if sign := r.Spinner.Sign(); sign != signs.Spinner[1] || next == nil || !strings.Contains(r.View().Content, "reading "+sign+" 0 of ") {
		t.Errorf("after a turn it is %q, and turns again: %t", sign, next != nil)
	}
	r.top().Close()
	if _, cmd := r.Update(next()); cmd != nil {
		t.Error("it turns in rest")
	}
}

// What is sent again is said while the screen reads, and only then; whichever of the messages comes first.
func TestRetriesAreSaid(t *testing.T) {
	const words = "503 from run.googleapis.com: trying again, 2 of 4"
	one := retryMsg{id: 1, call: Retry{"run.googleapis.com", "503", 2, 4}}
	other := retryMsg{id: 2, call: Retry{"iam.googleapis.com", "UNAVAILABLE", 1, 4}}
	over := func(m retryMsg) retryMsg {
		m.over = true
		return m
	}
	for _, test := range []struct {
		name string
		msgs []tea.Msg
		says bool
	}{
		{"one", []tea.Msg{one}, true},
		{"the last of two", []tea.Msg{other, one}, true},
		{"the one that is left", []tea.Msg{one, other, over(other)}, true},
		{"over", []tea.Msg{one, over(one)}, false},
		{"over before it began", []tea.Msg{over(one), one}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := readingRoot(t)
			for _, m := range test.msgs {
				_, _ = r.Update(m)
			}
			if says := strings.Contains(r.View().Content, words); says != test.says {
				t.Errorf("it is said: %t, want %t\n%s", says, test.says, r.View().Content)
			}
			r.top().Close()
			if strings.Contains(r.View().Content, words) {
				t.Error("it is said in rest")
			}
		})
	}
}

// A connection says what is sent again through Retries, as long as the app runs.
func TestRetriesReachTheApp(t *testing.T) {
	got := make(chan tea.Msg, 4)
	var none *Retries
	none.connect(nil)
	var r Retries
	r.Begin(Retry{})()
	r.connect(func(m tea.Msg) { got <- m })
	over := r.Begin(Retry{Host: "x"})
	began := (<-got).(retryMsg)
	over()
	ended := (<-got).(retryMsg)
	if began.over || !ended.over || began.id != ended.id || began.call.Host != "x" {
		t.Errorf("%+v, then %+v", began, ended)
	}
}

// cloudThatSettled found out how changes ended.
type cloudThatSettled struct {
	*fakeCloud
	entries []ledger.Entry
}

func (c cloudThatSettled) Settled() []ledger.Entry { return c.entries }

// What a killed program left open is said once it was looked at.
func TestWhatAKilledProgramLeftIsSaid(t *testing.T) {
	one := changed("granted001", "run0000004", 50, model.StepGrant, agentMember, ledger.StateDone)
	for _, test := range []struct {
		name    string
		entries []ledger.Entry
		want    string
	}{
		{"one", []ledger.Entry{one}, "granting reader on repository myrepo was left open by an earlier run; it is done"},
		{"several", []ledger.Entry{one, one}, "2 changes were left open by an earlier run; the history shows how they ended"},
	} {
		t.Run(test.name, func(t *testing.T) {
			term := start(t, cloudThatSettled{newFakeCloud(), test.entries}, Options{}, 120, 36)
			term.shows(test.want, "f1 keys")
			term.press("down")
			assertLacks(t, term.shows("3 projects"), test.want)
		})
	}
}
