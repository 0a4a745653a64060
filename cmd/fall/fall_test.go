package fall

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/journal"
	"whopulls/guard"
	"whopulls/model"
	"whopulls/model/ledger"
)

// announce puts a change of this process into a journal.
func announce(t *testing.T, folder, target string) ledger.Entry {
	t.Helper()
	j, err := journal.Open(folder, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	host, _ := os.Hostname()
	e, err := j.Announce(ledger.Entry{Run: "run", Target: target, Kind: model.StepGrant, Role: "roles/artifactregistry.reader", Member: "user:dev@example.com",
		Resource: "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/myrepo", Host: host, PID: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A change that the journal has open is named, with what finds out about it. Without one it is said what the guard knows.
func TestWhatBecameOfTheChanges(t *testing.T) {
	const google, box = "google:googleapis.com", "sandbox:abc"
	for name, c := range map[string]struct {
		fall   guard.Fall
		target string // of the open change; empty: there is none
		want   string
	}{
		"none":               {guard.Fall{}, "", "no change was under way; whopulls history shows what was changed before"},
		"finished":           {guard.Fall{Finished: 2}, "", "2 changes under way came to the end first: whopulls history shows how"},
		"open":               {guard.Fall{Open: 1}, google, "not known yet whether this was made: Grant roles/artifactregistry.reader on repository myrepo to dev@example.com (ID)\nwhopulls history finds out, and records it"},
		"open in a sandbox":  {guard.Fall{Open: 1}, box, "not known yet whether this was made: Grant roles/artifactregistry.reader on repository myrepo to dev@example.com (ID)\nwhopulls history at the same sandbox finds out, and records it"},
		"not announced":      {guard.Fall{Open: 1}, "", "how 1 change under way ended is not known yet: whopulls history finds out"},
		"one of each":        {guard.Fall{Finished: 1, Open: 1}, "", "1 change under way came to the end first: whopulls history shows how\nhow 1 change under way ended is not known yet: whopulls history finds out"},
		"crashed":            {guard.Fall{Crashed: true}, "", "the journal has no open change; whopulls history shows what was changed before"},
		"crashed, with one":  {guard.Fall{Crashed: true}, google, "not known yet whether this was made: Grant roles/artifactregistry.reader on repository myrepo to dev@example.com (ID)\nwhopulls history finds out, and records it"},
		"another process's":  {guard.Fall{Crashed: true, PID: -1}, google, "the journal has no open change; whopulls history shows what was changed before"},
		"killed":             {guard.Fall{Crashed: true, Killed: true}, "", "the journal has no open change; whopulls history shows what was changed before"},
		"the report's place": {guard.Fall{Report: "/state/crash-1.txt"}, "", "where it happened is in this report, which holds no names and no secrets:\n/state/crash-1.txt"},
		"no report":          {guard.Fall{Failure: errors.New("full")}, "", "the report could not be written: full"},
	} {
		t.Run(name, func(t *testing.T) {
			folder, id := t.TempDir(), "ID"
			if c.target != "" {
				id = announce(t, folder, c.target).ID
			}
			if c.fall.PID == 0 {
				c.fall.PID = os.Getpid()
			}
			e := Error(c.fall, folder)
			if got := strings.Join(e.Hints, "\n"); !strings.Contains(got, strings.ReplaceAll(c.want, "ID", id)) || e.Status.Code() != 1 {
				t.Errorf("it ends with %d and says\n%s\nwant\n%s", e.Status.Code(), got, c.want)
			}
		})
	}
}

// What was killed has no fault of its own, and no report.
func TestKilled(t *testing.T) {
	e := Error(guard.Fall{PID: os.Getpid(), Crashed: true, Killed: true}, t.TempDir())
	if len(e.Hints) != 1 || !strings.Contains(e.Message, "was killed") {
		t.Errorf("it says %q, %q", e.Message, e.Hints)
	}
}

// A journal that can't be read keeps nothing from being said.
func TestAJournalThatCantBeRead(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(folder+"/journal.jsonl", 0o700); err != nil {
		t.Fatal(err)
	}
	e := Error(guard.Fall{Crashed: true}, folder)
	if got := strings.Join(e.Hints, "\n"); !strings.Contains(got, "a change under way is checked at the next start") {
		t.Errorf("it says\n%s", got)
	}
}
