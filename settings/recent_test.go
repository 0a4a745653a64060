package settings

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/tui"
	"whopulls/tui/ui"
)

var pickedJob = model.WorkloadName{Kind: model.Job, Name: "myjob", Region: "asia-northeast1"}

// Whatever the file looks like, a pick is written into it and every other byte stays.
func TestPickChangesNothingElse(t *testing.T) {
	aside := rapid.SampledFrom([]string{"", "\n", "# mine\n", "   # indented\n", "  \n", "# recent: no\n"})
	entry := rapid.SampledFrom([]string{"theme: dark\n", "theme:   'mono'   # the old screen\n", "read-only: false\n", "production: >-\n  *-prod\n",
		"keys: {copy: c,\n  up: [up, \"k\"]}\n", "keys:\n  # as in less\n  reread: [r, f5]\n", "\"production\": \"x#y\"\n"})
	old := rapid.SampledFrom([]string{"", "recent: []\n", "recent:\n- project: myproject-c\n", "recent:\n  - {project: myproject-c, job: myjob, region: us-central1}\n\n  # between\n  - project: myproject-d\n",
		"recent: [{project: myproject-c},\n  {project: myproject-d}]\n", "recent: # picked\n- project:\n    myproject-c\n"})
	rapid.Check(t, func(t *rapid.T) {
		var before, after strings.Builder
		seen := map[string]bool{}
		more := func(to *strings.Builder) {
			for range rapid.IntRange(0, 3).Draw(t, "entries") {
				to.WriteString(aside.Draw(t, "aside"))
				e := entry.Draw(t, "entry")
				if key := strings.Trim(strings.SplitN(e, ":", 2)[0], `"`); !seen[key] {
					seen[key] = true
					to.WriteString(e)
				}
			}
		}
		more(&before)
		block := old.Draw(t, "old")
		rest := ""
		if block != "" {
			after.WriteString(rapid.SampledFrom([]string{"", "\n", "# behind\n"}).Draw(t, "behind"))
			more(&after)
			rest = after.String()
		}
		content, end := before.String()+block+rest, "\n"
		if rapid.Bool().Draw(t, "windows") {
			end = "\r\n"
		}
		asWritten := func(s string) string { return strings.ReplaceAll(s, "\n", end) }
		kept, err := Parse("", asWritten(content))
		if err != nil {
			t.Fatalf("%q can't be read: %v", content, err)
		}
		want := tui.AddRecent(kept.Recent, tui.Recent{Project: "myproject-a", Workload: &pickedJob})
		got, err := replaceRecent(asWritten(content), want)
		if err != nil {
			t.Fatalf("%q: %v", asWritten(content), err)
		}
		middle, found := strings.CutPrefix(got, asWritten(before.String()))
		middle, ends := strings.CutSuffix(middle, asWritten(rest))
		if !found || !ends || !strings.HasPrefix(middle, "recent:") || strings.Count(middle, "\n") != len(want)+1 {
			t.Fatalf("%q became %q", asWritten(content), got)
		}
		fresh, err := Parse("", got)
		if err != nil || !reflect.DeepEqual(fresh.Recent, want) {
			t.Fatalf("%q holds %+v, %v", got, fresh.Recent, err)
		}
	})
}

// A text in which a pick can't be placed is left alone, and never made worse.
func FuzzPick(f *testing.F) {
	for _, text := range []string{"", "{theme: dark}\n", "recent: [\n{project: myproject-c}\n]\n", "theme: dark\n...\n", "production: |+\n  x\n\n", "  theme: dark\n", "---\ntheme: dark", "&a recent: []\n", "recent: !00 00", "\ufefftheme: dark\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, before string) {
		kept, err := Parse("", before)
		if err != nil {
			return
		}
		want := tui.AddRecent(kept.Recent, tui.Recent{Project: "myproject-a", Workload: &pickedJob})
		after, err := replaceRecent(before, want)
		if err != nil {
			return
		}
		fresh, err := Parse("", after)
		if err != nil {
			t.Fatalf("%q became unreadable: %v", after, err)
		}
		kept.Recent = want
		if !reflect.DeepEqual(kept, fresh) {
			t.Fatalf("%q holds %+v, want %+v", after, fresh, kept)
		}
	})
}

func TestPickIsKept(t *testing.T) {
	folder, locks := t.TempDir(), t.TempDir()
	file := filepath.Join(folder, "whopulls", "settings.yaml")
	for n := range 7 {
		if err := SaveRecent(file, locks, tui.Recent{Project: fmt.Sprintf("myproject-%d", n), Workload: &pickedJob}); err != nil {
			t.Fatal(err)
		}
	}
	if err := SaveRecent(file, locks, tui.Recent{Project: "myproject-4"}); err != nil {
		t.Fatal(err)
	}
	kept, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	var projects []string
	for _, r := range kept.Recent {
		projects = append(projects, r.Project)
	}
	if got := strings.Join(projects, " "); got != "myproject-4 myproject-6 myproject-5 myproject-3 myproject-2" || *kept.Recent[0].Workload != pickedJob {
		t.Errorf("kept are %s, %+v", got, kept.Recent[0].Workload)
	}
	for path, want := range map[string]fs.FileMode{file: 0o600, filepath.Dir(file): 0o700 | fs.ModeDir} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if info, err := os.Stat(path); err != nil || info.Mode() != want {
				t.Errorf("%s: %v, %v", path, info.Mode(), err)
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "whopulls", ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A link stays a link, the mode stays the mode, and what nobody may write or read as settings stays as it is.
func TestPickRespectsTheFile(t *testing.T) {
	folder := t.TempDir()
	pick := tui.Recent{Project: "myproject-a"}
	write := func(name, content string, mode fs.FileMode) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	read := func(path string) string {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	real := write("dotfile.yaml", "theme: dark # mine", 0o640)
	link := filepath.Join(folder, "link.yaml")
	if err := os.Symlink("dotfile.yaml", link); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := SaveRecent(link, t.TempDir(), pick); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	if info, _ := os.Stat(real); info.Mode() != 0o640 || read(real) != "theme: dark # mine\nrecent:\n  - {project: myproject-a}\n" {
		t.Errorf("behind the link: %v %q", info.Mode(), read(real))
	}
	for name, path := range map[string]string{"read-only": write("ro.yaml", "theme: dark\n", 0o400), "broken": write("broken.yaml", "theme: [\n", 0o600),
		"in braces": write("flow.yaml", "{theme: dark}\n", 0o600)} {
		t.Run(name, func(t *testing.T) {
			before := read(path)
			if err := SaveRecent(path, t.TempDir(), pick); err == nil || read(path) != before {
				t.Errorf("%s: %v, %q", name, err, read(path))
			}
		})
	}
	dangling := filepath.Join(folder, "dangling.yaml")
	if err := os.Symlink("nowhere.yaml", dangling); err != nil {
		t.Fatal(err)
	}
	if err := SaveRecent(dangling, t.TempDir(), pick); err == nil {
		t.Error("a link to nothing was written through")
	}
}

// Programs that write at once neither tear the file nor lose a pick.
func TestPicksAtOnce(t *testing.T) {
	file, locks := filepath.Join(t.TempDir(), "settings.yaml"), t.TempDir()
	if err := os.WriteFile(file, []byte("# mine\ntheme: dark\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for n := range 5 {
		all.Go(func() {
			for range 10 {
				if err := SaveRecent(file, locks, tui.Recent{Project: fmt.Sprintf("myproject-%d", n)}); err != nil {
					t.Error(err)
				}
				if s, err := Read(file); err != nil || s.Theme != ui.ThemeDark {
					t.Errorf("in between: %+v, %v", s, err)
				}
			}
		})
	}
	all.Wait()
	if s, err := Read(file); err != nil || len(s.Recent) != 5 {
		t.Errorf("%+v, %v", s, err)
	}
}
