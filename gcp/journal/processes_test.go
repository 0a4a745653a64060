package journal

import (
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"whopulls/model/ledger"
)

const (
	folderVariable = "JOURNAL_TEST_FOLDER"
	perGoroutine   = 15 // entries of a goroutine
	goroutines     = 4
	processes      = 3
)

// TestMain lets the test binary be another process that writes.
func TestMain(m *testing.M) {
	folder := os.Getenv(folderVariable)
	if folder == "" {
		os.Exit(m.Run())
	}
	j, err := Open(folder, time.Now)
	if err == nil {
		err = appendMany(j)
	}
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
}

// appendMany announces and settles entries from many goroutines.
func appendMany(j *Journal) error {
	var group sync.WaitGroup
	errs := make(chan error, goroutines)
	for range goroutines {
		group.Go(func() {
			for range perGoroutine {
				e, err := j.Announce(grantEntry())
				if err == nil {
					err = j.AddResult(e.ID, Result{State: ledger.StateDone})
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs
}

// Many goroutines of several processes lose and mix up nothing, and anyone who reads meanwhile sees whole lines.
func TestProcessesAtOnce(t *testing.T) {
	folder := t.TempDir()
	var group sync.WaitGroup
	for range processes {
		group.Go(func() {
			other := exec.Command(os.Args[0])
			other.Env = append(os.Environ(), folderVariable+"="+folder)
			if out, err := other.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	over := make(chan struct{})
	go func() { group.Wait(); close(over) }()
	for reading := true; reading; {
		select {
		case <-over:
			reading = false
		default:
		}
		if h := mustRead(t, folder); h.Torn+h.Newer != 0 {
			t.Fatalf("%d torn, %d newer", h.Torn, h.Newer)
		}
	}
	h := mustRead(t, folder)
	if len(h.Entries) != processes*goroutines*perGoroutine {
		t.Errorf("%d entries, want %d", len(h.Entries), processes*goroutines*perGoroutine)
	}
	for _, e := range h.Entries {
		if e.State != ledger.StateDone {
			t.Errorf("%s is %s", e.ID, e.State)
		}
	}
}

// Anyone who has the lock is alone: others wait until it is free, those who read and those who write.
func TestTheLockKeepsOthersOut(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	e := mustAnnounce(t, j, grantEntry())
	for about, act := range map[string]func() error{
		"Intend": func() error { _, err := j.Announce(grantEntry()); return err },
		"Settle": func() error { return j.AddResult(e.ID, Result{State: ledger.StateDone}) },
		"Open":   func() error { _, err := Open(folder, atNoon); return err },
		"Read":   func() error { _, err := Read(folder); return err },
	} {
		t.Run(about, func(t *testing.T) {
			unlock, err := lock(folder)
			if err != nil {
				t.Fatal(err)
			}
			over := make(chan error, 1)
			go func() { over <- act() }()
			select { // nothing would keep it
			case err := <-over:
				t.Errorf("%s did not wait: %v", about, err)
				unlock()
				return
			case <-time.After(20 * time.Millisecond):
			}
			unlock()
			if err := <-over; err != nil {
				t.Errorf("%s: %v", about, err)
			}
		})
	}
}
