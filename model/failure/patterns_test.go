package failure

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// patternMakers are the functions that take forms.
var patternMakers = map[string]bool{"Lazy": true, "phrase": true, "phrases": true}

// Every form compiles. They are compiled at their first use, so nothing else finds a wrong one.
func TestEveryPatternCompiles(t *testing.T) {
	files := map[string]*ast.File{}
	for _, name := range sourceFiles(t) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
	}
	constants, count := constantsOf(files), 0
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !patternMakers[calledName(call)] {
					return true
				}
				for _, argument := range call.Args {
					if form, ok := textValue(argument, constants); ok {
						count++
						if _, err := regexp.Compile(form); err != nil {
							t.Error(err)
						}
					}
				}
				return true
			})
		})
	}
	if count < 300 {
		t.Errorf("only %d forms were found", count)
	}
}

// sourceFiles are the files of the package, without its tests.
func sourceFiles(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
}

// calledName is the name of a called function, without its package.
func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// constantsOf are the constants of the package, by name.
func constantsOf(files map[string]*ast.File) map[string]ast.Expr {
	all := map[string]ast.Expr{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					all[name.Name] = spec.Values[i]
				}
			}
			return true
		})
	}
	return all
}

// textValue is the text of literals and constants that are put together. What else there is, a function's own argument, has none.
func textValue(e ast.Expr, constants map[string]ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, ok := textValue(e.X, constants)
		right, both := textValue(e.Y, constants)
		return left + right, ok && both
	case *ast.CallExpr: // string(ellipsis)
		return textValue(e.Args[0], constants)
	case *ast.Ident:
		if value, ok := constants[e.Name]; ok {
			return textValue(value, constants)
		}
	}
	return "", false
}
