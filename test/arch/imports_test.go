package arch

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listedPackage is what go list reports about a package.
type listedPackage struct {
	ImportPath string
	Dir        string
	Standard   bool
	Imports    []string
	Deps       []string
}

// listPackages asks the go command for the packages of the module.
func listPackages(t *testing.T, pattern string) []listedPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Standard,Imports,Deps", pattern).Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listedPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listedPackage
		if err := decoder.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		watch(t, p.Dir)
		packages = append(packages, p)
	}
}

// isWithin reports whether an import path is one of the packages or below it.
func isWithin(path string, packages ...string) bool {
	return slices.ContainsFunc(packages, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// The arrangement of ARCHITECTURE.md: which package may import which.
func TestImportRules(t *testing.T) {
	rules := []struct {
		about     string
		packages  string
		forbidden []string
	}{
		{"the core knows no network, file or terminal", "./model/...",
			[]string{"whopulls/gcp", "whopulls/tui", "whopulls/cmd", "whopulls/guard", "os", "net", "io/ioutil", "syscall",
				"google.golang.org/grpc", "google.golang.org/api", "cloud.google.com", "charm.land", "github.com/spf13"}},
		{"the reasoning does not know how a plan is handed over or a text is read", "./model",
			[]string{"whopulls/model/handover", "whopulls/model/failure", "whopulls/model/pasted", "github.com/hashicorp"}},
		{"an error message is read whatever it was pasted with", "./model/failure", []string{"whopulls/model/pasted"}},
		{"what a journal says is no file and no sentence read", "./model/ledger", []string{"whopulls/model/handover", "whopulls/model/failure", "whopulls/model/pasted"}},
		{"texts import nothing of the program, and reach nothing", "./text", []string{"whopulls", "os", "net", "syscall", "github.com", "charm.land"}},
		{"patterns are text alone", "./text/pattern", []string{"whopulls", "os", "net", "syscall", "github.com", "charm.land"}},
		{"signs are text alone", "./text/signs", []string{"whopulls", "os", "net", "syscall", "github.com", "charm.land"}},
		{"cells know texts alone", "./text/cells", []string{"whopulls/model", "whopulls/gcp", "whopulls/cmd", "whopulls/tui", "whopulls/report", "whopulls/files",
			"whopulls/settings", "os", "net", "syscall", "charm.land"}},
		{"reports are findings in, bytes out", "./report", []string{"whopulls/gcp", "whopulls/tui", "whopulls/cmd", "os", "net", "io/ioutil", "syscall",
			"google.golang.org", "cloud.google.com", "charm.land", "github.com"}},
		{"what is known after a grant is times in, a stage out", "./model/propagation", []string{"whopulls/model/failure", "whopulls/model/pasted", "whopulls/model/handover", "whopulls/model/picture", "whopulls/text"}},
		{"a picture is a diagnosis in, data out", "./model/picture", []string{"whopulls/model/failure", "whopulls/model/pasted", "whopulls/model/handover", "whopulls/text/signs", "whopulls/text/cells"}},
		{"an explanation is values in, sentences out", "./model/explanation", []string{"whopulls/model/failure", "whopulls/model/pasted", "whopulls/model/handover", "whopulls/model/picture",
			"whopulls/text/signs", "whopulls/text/cells"}},
		{"a drawn map is a picture in, text out", "./report/accessmap", []string{"whopulls/report", "whopulls/gcp", "whopulls/tui", "whopulls/cmd", "os", "net", "io/ioutil", "syscall",
			"google.golang.org", "cloud.google.com", "charm.land", "github.com"}},
		{"the cloud doesn't know what shows it", "./gcp", []string{"whopulls/tui", "whopulls/cmd", "whopulls/gcp/sandbox"}},
		{"the transport knows no reader", "./gcp/transport", []string{"whopulls/gcp/cache", "whopulls/gcp/journal", "whopulls/gcp/sandbox", "whopulls/tui", "whopulls/cmd"}},
		{"shared calls know nothing that is called", "./gcp/share", []string{"whopulls/model", "whopulls/gcp", "whopulls/tui", "whopulls/cmd", "whopulls/text", "google.golang.org", "cloud.google.com"}},
		{"the guard knows no part of what it guards", "./guard", []string{"whopulls/model", "whopulls/gcp", "whopulls/tui", "whopulls/cmd", "whopulls/report", "whopulls/files",
			"whopulls/settings", "charm.land", "github.com", "google.golang.org", "cloud.google.com"}},
		{"the cache knows no cloud", "./gcp/cache", []string{"whopulls/gcp", "whopulls/tui", "whopulls/cmd", "google.golang.org", "cloud.google.com"}},
		{"the sandbox is an independent witness", "./gcp/sandbox/...", []string{"whopulls/model", "whopulls/tui", "whopulls/cmd"}},
		{"what screens share imports no screen", "./tui/ui", []string{"whopulls/tui"}},
		{"the pane behind a list knows no screen and no list", "./tui/preview", []string{"whopulls/tui/list", "whopulls/tui/pick", "whopulls/tui/explain", "whopulls/tui/accessmap"}},
		{"the matcher knows texts alone", "./tui/match", []string{"whopulls", "charm.land", "os", "net"}},
		{"what was read knows no screen", "./tui/seen", []string{"whopulls/tui/ui", "whopulls/tui/list", "charm.land", "os", "net"}},
		{"a search beyond the lists knows no screen", "./tui/assetsearch", []string{"whopulls/tui/palette", "whopulls/tui/seen", "whopulls/tui/list", "charm.land", "os", "net"}},
		{"the palette knows entries alone", "./tui/palette", []string{"whopulls/model", "whopulls/tui/seen", "whopulls/tui/list", "os", "net"}},
		{"the list is for any screen", "./tui/list", []string{"whopulls/tui/pick", "whopulls/tui/explain", "whopulls/tui/accessmap", "whopulls/tui/walk", "whopulls/tui/registry"}},
		{"a walk is for any screen", "./tui/walk", []string{"whopulls/tui/list", "whopulls/tui/pick", "whopulls/tui/explain", "whopulls/tui/accessmap", "whopulls/tui/registry", "whopulls/tui/palette"}},
		{"the screens see the cloud through their own interface", "./tui/...",
			[]string{"whopulls/gcp", "whopulls/cmd", "cloud.google.com", "google.golang.org"}},
		{"the settings know no command and no cloud", "./settings", []string{"whopulls/gcp", "whopulls/cmd", "github.com/spf13"}},
		{"results are values in, text out: no flags, no files, no cloud", "./cmd/view", []string{"whopulls/gcp", "whopulls/tui", "whopulls/settings", "whopulls/files",
			"github.com/spf13", "os", "net", "io/ioutil", "syscall"}},
		{"connecting knows no command and no result", "./cmd/connect", []string{"whopulls/tui", "whopulls/cmd/view", "whopulls/cmd/completion", "github.com/spf13"}},
		{"a check of a whole project knows no command and no client", "./cmd/checkall", []string{"whopulls/gcp", "whopulls/tui", "whopulls/settings", "whopulls/files", "github.com/spf13"}},
		{"the words after a fall need no screen", "./cmd/fall", []string{"whopulls/tui", "whopulls/settings", "whopulls/cmd/view", "github.com/spf13"}},
		{"a walk knows no command", "./cmd/walk", []string{"whopulls/gcp/transport", "whopulls/gcp/gcloud", "whopulls/gcp/sandbox", "whopulls/tui", "whopulls/settings", "whopulls/files", "github.com/spf13"}},
		{"completion gives words, and shows nothing", "./cmd/completion", []string{"whopulls/gcp/transport", "whopulls/tui", "whopulls/cmd/view", "whopulls/settings", "whopulls/files"}},
		{"options are a command line in, values out", "./cmd/options", []string{"whopulls/cmd/view", "whopulls/tui", "whopulls/files", "whopulls/gcp/journal", "whopulls/gcp/cache"}},
		{"the console knows no command and no cloud", "./cmd/console", []string{"whopulls/gcp", "whopulls/tui", "whopulls/settings", "github.com/spf13"}},
	}
	for _, rule := range rules {
		t.Run(rule.about, func(t *testing.T) {
			for _, p := range listPackages(t, rule.packages) {
				for _, imported := range p.Imports {
					if isWithin(imported, rule.forbidden...) {
						t.Errorf("%s imports %s", p.ImportPath, imported)
					}
				}
			}
		})
	}
}

// The root opens the screens: a screen knows neither the root nor another screen. The list and the walk are for any screen.
func TestScreensDoNotKnowEachOther(t *testing.T) {
	shared := []string{"whopulls/tui/ui", "whopulls/tui/list", "whopulls/tui/match", "whopulls/tui/preview", "whopulls/tui/seen", "whopulls/tui/palette", "whopulls/tui/walk"}
	for _, p := range listPackages(t, "./tui/...") {
		if p.ImportPath == "whopulls/tui" || slices.Contains(shared, p.ImportPath) {
			continue
		}
		for _, imported := range p.Imports {
			if isWithin(imported, "whopulls/tui") && !slices.Contains(shared, imported) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

// The sandbox may use parts of itself, but not the client half of gcp.
func TestSandboxDoesNotUseTheClients(t *testing.T) {
	for _, p := range listPackages(t, "./gcp/sandbox/...") {
		if slices.Contains(p.Imports, "whopulls/gcp") {
			t.Errorf("%s imports whopulls/gcp", p.ImportPath)
		}
	}
}

// The program contains nothing that only tests or documents need.
func TestTheProgramHoldsNoTestTools(t *testing.T) {
	watchProgram(t)
	for _, p := range listPackages(t, ".") {
		for _, dep := range p.Deps {
			if isWithin(dep, "whopulls/gcp/googletest", "whopulls/test", "whopulls/docs", "github.com/chromedp", "github.com/google/licensecheck", "testing", "pgregory.net/rapid") {
				t.Errorf("the program depends on %s", dep)
			}
		}
	}
}

// watchProgram makes the test cache look at all packages of the module.
func watchProgram(t *testing.T) {
	t.Helper()
	listPackages(t, "./...")
}

// The core's libraries reach no network and no terminal either.
func TestCoreStaysPureBelow(t *testing.T) {
	for _, p := range append(listPackages(t, "./model/..."), listPackages(t, "./report")...) {
		for _, dep := range p.Deps {
			if isWithin(dep, "net/http", "google.golang.org/grpc", "os/exec", "charm.land", "github.com/charmbracelet") {
				t.Errorf("%s depends on %s", p.ImportPath, dep)
			}
		}
	}
}

// Time is an argument of the core: it never reads a clock.
func TestCoreHasNoClock(t *testing.T) {
	var files []string
	for _, pattern := range []string{"model/*.go", "model/failure/*.go", "model/handover/*.go", "model/pasted/*.go", "model/explanation/*.go", "model/words/*.go", "report/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: no files of the core found: %v", pattern, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, name := range clockCalls(t, file) {
			t.Errorf("%s uses time.%s", file, name)
		}
	}
}

// clockCalls finds the uses of functions of package time that read a clock.
func clockCalls(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(tree, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "time" &&
			slices.Contains([]string{"Now", "Since", "Until", "After", "Tick", "Sleep", "NewTimer", "NewTicker"}, s.Sel.Name) {
			found = append(found, s.Sel.Name)
		}
		return true
	})
	return found
}
