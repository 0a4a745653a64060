package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/model/ledger"

	"pgregory.net/rapid"

	"whopulls/model"
)

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// grantEntry is an entry that is complete.
func grantEntry() ledger.Entry {
	return ledger.Entry{
		Run: "run1", Target: "google:googleapis.com", Account: "dev@example.com", Project: "myproject-a",
		Kind: model.StepGrant, Resource: "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/myrepo",
		Role: "roles/artifactregistry.reader", Member: "serviceAccount:web@myproject-a.iam.gserviceaccount.com",
		Condition: &model.Condition{Title: "until", Expression: "request.time < timestamp('2027-01-01T00:00:00Z')"},
		Edit:      &ledger.Edit{Op: model.EditExtend, Binding: 3}, EtagBefore: "BwX1",
	}
}

func mustOpen(t testing.TB, folder string) *Journal {
	t.Helper()
	j, err := Open(folder, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func mustAnnounce(t testing.TB, j *Journal, e ledger.Entry) ledger.Entry {
	t.Helper()
	e, err := j.Announce(e)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func mustAddResult(t testing.TB, j *Journal, id string, r Result) {
	t.Helper()
	if err := j.AddResult(id, r); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t testing.TB, folder string) ledger.History {
	t.Helper()
	h, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// hint is what an error says to do next.
func hint(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// wantError checks that an error is the one expected, and says what to do next.
func wantError(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) || hint(err) == "" {
		t.Errorf("got %v (hint %q), want %v with a hint", err, hint(err), want)
	}
}

func TestRoundTrip(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state", "whopulls")
	j := mustOpen(t, folder)
	e := mustAnnounce(t, j, grantEntry())
	if h := mustRead(t, folder); !reflect.DeepEqual(h.Entries, []ledger.Entry{e}) || e.State != ledger.StateIntended || !e.Time.Equal(noon) {
		t.Fatalf("read %+v, want %+v", h.Entries, e)
	}
	mustAddResult(t, j, e.ID, Result{State: ledger.StateIntended, EtagBefore: "BwX2", Edit: &ledger.Edit{Op: model.EditAppend, Binding: 7}, Digest: "d1"})
	mustAddResult(t, j, e.ID, Result{State: ledger.StateUnclear, Until: noon.Add(time.Minute)})
	e.State, e.ResultTime, e.EtagBefore, e.Digest, e.Until = ledger.StateUnclear, noon, "BwX2", "d1", noon.Add(time.Minute)
	e.Edit = &ledger.Edit{Op: model.EditAppend, Binding: 7}
	if h := mustRead(t, folder); !reflect.DeepEqual(h.Entries, []ledger.Entry{e}) || !h.Entries[0].Unresolved() {
		t.Fatalf("read %+v, want %+v", h.Entries, e)
	}
	mustAddResult(t, j, e.ID, Result{State: ledger.StateDone, EtagAfter: "BwX3", Message: "verified"})
	e.Until = time.Time{}
	e.State, e.ResultTime, e.EtagBefore, e.EtagAfter, e.Message = ledger.StateDone, noon, "BwX2", "BwX3", "verified"
	e.Edit = &ledger.Edit{Op: model.EditAppend, Binding: 7}
	if h := mustRead(t, folder); !reflect.DeepEqual(h.Entries, []ledger.Entry{e}) || h.Torn+h.Newer != 0 {
		t.Errorf("read %+v, want %+v", h, e)
	}
	mustAddResult(t, j, e.ID, Result{State: ledger.StateDone}) // found again: what is not said stays as it was
	if h := mustRead(t, folder); !reflect.DeepEqual(h.Entries, []ledger.Entry{e}) {
		t.Errorf("read %+v, want %+v", h, e)
	}
}

// The times are those of a clock in any zone, and are read back as they were given. A change that is announced once more
// was sent then, and is not settled.
func TestTimes(t *testing.T) {
	folder := t.TempDir()
	at := time.Now().In(time.FixedZone("JST", 9*60*60))
	j, err := Open(folder, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	first := at.UTC().Round(0)
	e := mustAnnounce(t, j, grantEntry())
	if h := mustRead(t, folder); !reflect.DeepEqual(h.Entries, []ledger.Entry{e}) || e.Time != first || e.Sent != first || !e.ResultTime.IsZero() {
		t.Errorf("read %+v, want %+v", h.Entries, e)
	}
	at = at.Add(time.Minute)
	mustAddResult(t, j, e.ID, Result{State: ledger.StateIntended})
	if got := mustRead(t, folder).Entries[0]; got.Time != first || got.Sent != first.Add(time.Minute) || !got.ResultTime.IsZero() {
		t.Errorf("announced once more: %+v", got)
	}
	at = at.Add(time.Minute)
	mustAddResult(t, j, e.ID, Result{State: ledger.StateDone})
	if got := mustRead(t, folder).Entries[0]; got.Time != first || got.Sent != first.Add(time.Minute) || got.ResultTime != first.Add(2*time.Minute) {
		t.Errorf("done: %+v", got)
	}
}

func TestNothingIsThereAtFirst(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	if h := mustRead(t, folder); len(h.Entries) != 0 || h.Torn+h.Newer != 0 {
		t.Errorf("read %+v", h)
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
}

// One line makes the undoing done and the entry undone.
func TestUndoing(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	first := mustAnnounce(t, j, grantEntry())
	undo := grantEntry()
	undo.Kind, undo.Undoes = model.StepRevoke, first.ID
	_, err := j.Announce(undo)
	wantError(t, err, ErrState) // not settled yet
	mustAddResult(t, j, first.ID, Result{State: ledger.StateUnclear, Until: noon.Add(time.Hour)})
	_, err = j.Announce(undo)
	wantError(t, err, ErrState) // it may still arrive
	mustAddResult(t, j, first.ID, Result{State: ledger.StateFailed})
	_, err = j.Announce(undo)
	wantError(t, err, ErrState) // it was not made
	mustAddResult(t, j, first.ID, Result{State: ledger.StateUnclear})
	mustAddResult(t, j, mustAnnounce(t, j, undo).ID, Result{State: ledger.StateFailed}) // it may be there

	mustAddResult(t, j, first.ID, Result{State: ledger.StateDone})
	second := mustAnnounce(t, j, undo)
	mustAddResult(t, j, second.ID, Result{State: ledger.StateDone})
	if e, _ := mustRead(t, folder).Find(first.ID); e.State != ledger.StateUndone {
		t.Errorf("the first is %s", e.State)
	}
	_, err = j.Announce(undo)
	wantError(t, err, ErrState)
	wantError(t, j.AddResult(first.ID, Result{State: ledger.StateDone}), ErrState)
	undo.Undoes = "nobody"
	_, err = j.Announce(undo)
	wantError(t, err, ErrUnknown)
	wantError(t, j.AddResult("nobody", Result{State: ledger.StateDone}), ErrUnknown)
	wantError(t, j.AddResult(second.ID, Result{State: "finished"}), ErrState)
}

func TestIncompleteEntriesAreRefused(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	for name, spoil := range map[string]func(*ledger.Entry){
		"run":      func(e *ledger.Entry) { e.Run = "" },
		"target":   func(e *ledger.Entry) { e.Target = "" },
		"resource": func(e *ledger.Entry) { e.Resource = "" },
		"kind":     func(e *ledger.Entry) { e.Kind = "delete" },
	} {
		e := grantEntry()
		spoil(&e)
		_, err := j.Announce(e)
		t.Run(name, func(t *testing.T) { wantError(t, err, ErrIncomplete) })
	}
	if h := mustRead(t, folder); len(h.Entries)+h.Torn != 0 {
		t.Errorf("something was written: %+v", h)
	}
}

// What may follow what: everything else is refused, and read as a line that makes no sense.
func TestResultsThatFollow(t *testing.T) {
	states := []ledger.State{ledger.StateIntended, ledger.StateDone, ledger.StateFailed, ledger.StateUnclear, ledger.StateUndone, "finished"}
	may := map[ledger.State][]ledger.State{
		ledger.StateIntended: {ledger.StateIntended, ledger.StateDone, ledger.StateFailed, ledger.StateUnclear},
		ledger.StateDone:     {ledger.StateDone, ledger.StateFailed, ledger.StateUnclear},
		ledger.StateFailed:   {ledger.StateDone, ledger.StateFailed, ledger.StateUnclear},
		ledger.StateUnclear:  {ledger.StateDone, ledger.StateFailed, ledger.StateUnclear},
	}
	for _, before := range states[:5] {
		for _, after := range states {
			t.Run(string(after+" after "+before), func(t *testing.T) {
				if got, want := ledger.CanFollow(before, after), slices.Contains(may[before], after); got != want {
					t.Errorf("%s after %s: %v", after, before, got)
				}
			})
		}
	}
}

// What an entry says about itself.
func TestEntries(t *testing.T) {
	e := grantEntry()
	e.ID, e.State, e.EtagAfter = "one", ledger.StateDone, "BwX2"
	if got, want := e.Step(), (model.Step{ID: "one", Kind: e.Kind, Resource: e.Resource, Role: e.Role, Member: e.Member,
		Condition: e.Condition}); !reflect.DeepEqual(got, want) {
		t.Errorf("its step is %+v, want %+v", got, want)
	}
	for state, want := range map[ledger.State][2]bool{ledger.StateIntended: {true, true}, ledger.StateUnclear: {false, true}, ledger.StateDone: {}, ledger.StateFailed: {}, ledger.StateUndone: {}} {
		t.Run("unresolved "+string(state), func(t *testing.T) {
			for i, until := range []time.Time{{}, noon} {
				if got := (ledger.Entry{State: state, Until: until}).Unresolved(); got != want[i] {
					t.Errorf("what is %s, and may arrive until %v, is open: %v", state, until, got)
				}
			}
		})
	}
	for state, want := range map[ledger.State]bool{ledger.StateDone: true, ledger.StateUndone: true, ledger.StateFailed: false, ledger.StateUnclear: false, ledger.StateIntended: false} {
		t.Run("wrote "+string(state), func(t *testing.T) {
			e.State = state
			none := e
			none.EtagAfter = ""
			if e.WroteTo(e.Resource) != want || e.WroteTo(model.ProjectResource("other")) || none.WroteTo(e.Resource) {
				t.Errorf("what is %s wrote: %v", state, !want)
			}
		})
	}
}

// A clock that jumps back changes neither the order nor the ids.
func TestClockGoesBack(t *testing.T) {
	folder := t.TempDir()
	at := noon
	j, err := Open(folder, func() time.Time { at = at.Add(-time.Hour); return at })
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for range 20 {
		want = append(want, mustAnnounce(t, j, grantEntry()).ID)
	}
	seen := map[string]bool{}
	for i, e := range mustRead(t, folder).Entries {
		if e.ID != want[i] || seen[e.ID] {
			t.Errorf("entry %d is %s, want %s", i, e.ID, want[i])
		}
		seen[e.ID] = true
	}
	if len(seen) != 20 {
		t.Errorf("%d entries", len(seen))
	}
}

// What is made is for its owner only from the start; what was open to others becomes so.
func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the mode says nothing here")
	}
	private := func(about, folder string, modes map[string]fs.FileMode) {
		t.Helper()
		for name, want := range modes {
			info, err := os.Stat(filepath.Join(folder, name))
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %s: %v %v, want %v", about, name, info.Mode().Perm(), err, want)
			}
		}
	}
	folder := filepath.Join(t.TempDir(), "state", "whopulls")
	mustOpen(t, folder)
	private("new", folder, map[string]fs.FileMode{"..": 0o700, ".": 0o700, fileName: 0o600, lockName: 0o600})
	folder = filepath.Join(t.TempDir(), "whopulls")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, fileName), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, folder)
	private("open to others", folder, map[string]fs.FileMode{".": 0o700, fileName: 0o600, lockName: 0o600})
}

// A newer version's lines are counted, what is known is listed, and nothing is written.
func TestNewerVersion(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	e := mustAnnounce(t, j, grantEntry())
	path := filepath.Join(folder, fileName)
	text, _ := os.ReadFile(path)
	text = append(text, `{"v":2,"event":"vow","id":{"new":"shape"}}`+"\n"...)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := j.Announce(grantEntry())
	wantError(t, err, ErrNewer)
	wantError(t, j.AddResult(e.ID, Result{State: ledger.StateDone}), ErrNewer)
	_, err = Open(folder, atNoon)
	wantError(t, err, ErrNewer)
	if h := mustRead(t, folder); h.Newer != 1 || h.Torn != 0 || len(h.Entries) != 1 {
		t.Errorf("read %+v", h)
	}
	if after, _ := os.ReadFile(path); string(after) != string(text) {
		t.Error("the file was changed")
	}
}

// Whatever names hold, the line is one line of text that shows as it is, and reads back the same.
func TestUntrustedText(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	rapid.Check(t, func(t *rapid.T) {
		e := grantEntry()
		e.Account = rapid.String().Draw(t, "account")
		e.Message = rapid.StringOf(rapid.RuneFrom([]rune("a\n\r\x00\x1b\x7f\u0085\u009b\u061c\u200e\u202e\u2066\u2028\ufeff\U000e0041<\"\\é"))).Draw(t, "message")
		line, err := encode(event{V: version, Event: eventIntended, Entry: e})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.TrimSuffix(string(line), "\n") {
			if r < ' ' || r >= 0x7f && r < 0xa0 || strings.ContainsRune("\u061c\u200e\u202e\u2066\u2028\ufeff\U000e0041", r) {
				t.Fatalf("%q is in the line %q", r, line)
			}
		}
		written, err := j.Announce(e)
		if err != nil {
			t.Fatal(err)
		}
		h, err := Read(folder)
		if got, ok := h.Find(written.ID); err != nil || !ok || !reflect.DeepEqual(got, written) {
			t.Fatalf("read %+v %v, want %+v", got, err, written)
		}
		_ = os.Truncate(filepath.Join(folder, fileName), 0) // the next look shall not be slower
	})
}

// What was changed in one cloud is taken back there, and nowhere else: the same name may be another thing elsewhere.
func TestUndoingInAnotherCloud(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	first := mustAnnounce(t, j, grantEntry())
	mustAddResult(t, j, first.ID, Result{State: ledger.StateDone})
	undo := grantEntry()
	undo.Kind, undo.Undoes, undo.Target = model.StepRevoke, first.ID, "sandbox:another"
	_, err := j.Announce(undo)
	wantError(t, err, ErrState)
	if e, _ := mustRead(t, folder).Find(first.ID); e.State != ledger.StateDone {
		t.Errorf("the first is %s", e.State)
	}
}
