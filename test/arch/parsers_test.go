package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
)

// referenceParsers are the functions that make an image or a repository of a text.
var referenceParsers = []string{"ParseImage", "ParseRepository", "ImageOf", "ImagesOf"}

// edges are the files that may call them, by the text that each of them takes in. Everywhere else the parsed value is handed on.
var edges = map[string]string{
	"model/image.go":      "the parsers themselves",
	"model/image_text.go": "JSON, and what Cloud Run holds",

	"cmd/options/request.go":       "the flag --image",
	"cmd/options/gcloud_config.go": "the flag --repository, completed by gcloud's configuration",
	"cmd/questions.go":             "what somebody types at a menu",
	"cmd/snapshot.go":              "a file that somebody names",

	"tui/explain/fields.go":    "what somebody types into a field",
	"tui/pick/image_screen.go": "what somebody types or pastes as an image",

	"gcp/list.go":           "the list of a repository's images, and of a project's repositories",
	"gcp/read_registry.go":  "the upstreams that a repository names",
	"gcp/scan_merge.go":     "the upstreams and images that an index names",
	"gcp/list_workloads.go": "the images of the workloads that a list names",
	"gcp/read_run.go":       "the images of a workload or a revision",
}

// textReaders are the packages whose whole work is to make values of a text.
var textReaders = []string{"model/failure", "model/pasted"}

// A reference is parsed once, where its text comes in. From there on the value travels.
func TestReferencesAreParsedAtTheEdges(t *testing.T) {
	called := map[string]bool{}
	for folder, files := range programFiles(t) {
		if isWithin(folder, textReaders...) || isWithin(folder, "gcp/sandbox") { // the sandbox has parsers of its own
			continue
		}
		for _, file := range files {
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			calls := callsOf(tree, referenceParsers)
			called[file] = len(calls) > 0
			if len(calls) > 0 && edges[file] == "" {
				t.Errorf("%s calls %s: take a model.Image or a model.RepositoryName from the caller, or name the file in edges, with the text that comes in",
					file, strings.Join(calls, ", "))
			}
		}
	}
	for _, file := range slices.Sorted(maps.Keys(edges)) {
		if !called[file] {
			t.Errorf("%s parses no reference any more: take it out of edges", file)
		}
	}
}

// callsOf names the functions of package model, of a list, that a file uses: by a call, or handed on as a value.
func callsOf(tree *ast.File, functions []string) (found []string) {
	add := func(name *ast.Ident) {
		if slices.Contains(functions, name.Name) && !slices.Contains(found, name.Name) {
			found = append(found, name.Name)
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			of, ok := n.X.(*ast.Ident)
			if ok && of.Name == "model" {
				add(n.Sel)
			}
			return !ok
		case *ast.Ident:
			if tree.Name.Name == "model" {
				add(n)
			}
		}
		return true
	})
	return found
}

// The test itself: what it must find, and what it must not.
func TestParsersAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		pkg, body, want string
	}{
		"a call":               {"x", "i, _ := model.ParseImage(text); _ = i", "ParseImage"},
		"one within the model": {"model", "i := ImageOf(text); _ = i", "ImageOf"},
		"handed on as a value": {"x", "each(model.ParseRepository)", "ParseRepository"},
		"on what was called":   {"x", "use(model.ImageOf(text).Text)", "ImageOf"},
		"another function":     {"x", "i, _ := model.ParseMember(text); _ = i", ""},
		"another package's":    {"x", "i, _ := options.ParseRepository(text); _ = i", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package "+c.pkg+"\nfunc f(text string) {\n"+c.body+"\n}", parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(callsOf(tree, referenceParsers), " "); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}
