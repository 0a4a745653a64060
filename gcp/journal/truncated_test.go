package journal

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whopulls/model/ledger"

	"pgregory.net/rapid"
)

// Cut off anywhere, the last line is torn and says nothing, before and after the next line is written.
func TestTornAtEveryByte(t *testing.T) {
	for _, last := range []string{"announcement", "result"} {
		t.Run(last, func(t *testing.T) {
			folder := t.TempDir()
			j := mustOpen(t, folder)
			first := mustAnnounce(t, j, grantEntry())
			path := filepath.Join(folder, fileName)
			before, _ := os.ReadFile(path)
			if last == "result" {
				mustAddResult(t, j, first.ID, Result{State: ledger.StateDone, Message: "é"})
			} else {
				mustAnnounce(t, j, grantEntry())
			}
			whole, _ := os.ReadFile(path)
			for n := len(before) + 1; n < len(whole); n++ {
				if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
					t.Fatal(err)
				}
				wantOneTorn(t, folder, 1, first)
				next := mustAnnounce(t, j, grantEntry())
				wantOneTorn(t, folder, 2, first)
				if _, ok := mustRead(t, folder).Find(next.ID); !ok {
					t.Fatalf("at %d the next entry was lost", n)
				}
			}
		})
	}
}

// wantOneTorn checks that there is one torn line and that it changed nothing.
func wantOneTorn(t *testing.T, folder string, entries int, first ledger.Entry) {
	t.Helper()
	h := mustRead(t, folder)
	e, _ := h.Find(first.ID)
	if h.Torn != 1 || h.Newer != 0 || len(h.Entries) != entries || e.State != ledger.StateIntended {
		t.Fatalf("read %+v", h)
	}
}

// After any string of appends and crashes every entry that Intend gave back is there, in order, and no other.
func TestCrashesLoseNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		folder, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		j, err := Open(folder, atNoon)
		if err != nil {
			rt.Fatal(err)
		}
		path, torn := filepath.Join(folder, fileName), 0
		var want []ledger.Entry
		for range rapid.IntRange(1, 8).Draw(rt, "lines") {
			before, _ := os.ReadFile(path)
			e, err := j.Announce(grantEntry())
			if err != nil {
				rt.Fatal(err)
			}
			text, _ := os.ReadFile(path)
			if keep := rapid.IntRange(len(before), len(text)).Draw(rt, "keep"); keep < len(text) {
				_ = os.Truncate(path, int64(keep))
				torn++
				continue
			}
			want = append(want, e)
		}
		h, err := Read(folder)
		if err != nil || len(h.Entries) != len(want) || h.Torn > torn {
			rt.Fatalf("read %+v %v, want %d entries", h, err, len(want))
		}
		for i, e := range h.Entries {
			if e.ID != want[i].ID {
				rt.Fatalf("entry %d is %s, want %s", i, e.ID, want[i].ID)
			}
		}
	})
}

func TestDamagedLines(t *testing.T) {
	good, err := encode(event{V: 1, Event: eventIntended, Entry: func() ledger.Entry { e := grantEntry(); e.ID, e.State = "a", ledger.StateIntended; return e }()})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a state of its own":  strings.NewReplacer(`"id":"a"`, `"id":"b"`, `"state":"intended"`, `"state":"done"`).Replace(string(good)),
		"whole but its id":    strings.Replace(string(good), `"id":"a"`, `"id":""`, 1),
		"whole but old":       strings.NewReplacer(`"id":"a"`, `"id":"b"`, `"v":1`, `"v":0`).Replace(string(good)),
		"no JSON":             "hello\n",
		"zeros":               "\x00\x00\x00\n",
		"no object":           "[1]\n",
		"no version":          "{}\n",
		"no id":               `{"v":1,"event":"intended"}` + "\n",
		"an unknown event":    `{"v":1,"event":"vow","id":"a"}` + "\n",
		"incomplete":          `{"v":1,"event":"intended","id":"b","state":"intended"}` + "\n",
		"a result of nothing": `{"v":1,"event":"result","id":"b","state":"done"}` + "\n",
		"an unknown state":    `{"v":1,"event":"result","id":"a","state":"finished"}` + "\n",
		"the same id":         string(good),
		"an old version":      `{"v":0,"event":"intended","id":"b"}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			h := parse(append(bytes.Clone(good), text...))
			if len(h.Entries) != 1 || h.Torn != 1 || h.Newer != 0 || h.Entries[0].State != ledger.StateIntended {
				t.Errorf("%s: %+v", name, h)
			}
		})
	}
	if h := parse(append([]byte("\n \r\n"), good...)); len(h.Entries) != 1 || h.Torn != 0 {
		t.Errorf("empty lines: %+v", h)
	}
}

// Nothing panics, and every entry is one that a whole line of this version announces.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"v":1,"event":"intended","id":"a","run":"r","target":"sandbox:x","kind":"grant","resource":"//x","state":"intended"}` + "\n" +
		`{"v":1,"event":"result","id":"a","state":"done"}` + "\n" + `{"v":2}` + "\n" + `{"v":1,"ev`))
	f.Fuzz(func(t *testing.T, text []byte) {
		h := parse(text)
		announced := map[string]bool{}
		whole := bytes.SplitAfter(text, []byte("\n"))
		for _, line := range whole {
			var e event
			if bytes.HasSuffix(line, []byte("\n")) && json.Unmarshal(line, &e) == nil && e.V == 1 && e.Event == "intended" {
				announced[e.ID] = true
			}
		}
		for _, e := range h.Entries {
			if !announced[e.ID] || !e.IsComplete() || e.State == "" {
				t.Errorf("nobody announced %+v", e)
			}
		}
		if len(h.Entries)+h.Torn+h.Newer > len(whole) {
			t.Errorf("%d lines gave %+v", len(whole), h)
		}
		// What the next append makes of a torn end announces nothing either.
		if healed := parse(append(bytes.Clone(text), tornMark...)); bytes.HasSuffix(text, []byte("\n")) == false && len(healed.Entries) != len(h.Entries) {
			t.Errorf("the torn line became an entry: %q", text)
		}
	})
}
