package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// Every goroutine of the program starts through package guard, so that a panic in it ends the program in order.
func TestGoroutinesAreGuarded(t *testing.T) {
	for folder, files := range programFiles(t) {
		if folder == "guard" || folder == "gcp/googletest" {
			continue
		}
		for _, file := range files {
			fset := token.NewFileSet()
			tree, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range unguardedStarts(tree) {
				t.Errorf("%s: start it with guard.Go, or hand guard.Func or guard.Task to what starts it", fset.Position(at))
			}
		}
	}
}

// starters are methods and functions that run their last argument in a goroutine.
var starters = []string{"Go", "TryGo", "AfterFunc"}

// unguardedStarts finds what starts a goroutine without the guard.
func unguardedStarts(tree *ast.File) (found []token.Pos) {
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, n.Pos())
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 && slices.Contains(starters, s.Sel.Name) &&
				!isOfGuard(n.Fun) && !isOfGuard(n.Args[len(n.Args)-1]) {
				found = append(found, n.Pos())
			}
		}
		return true
	})
	return found
}

// isOfGuard reports whether an expression is something of package guard, or a call of it.
func isOfGuard(e ast.Expr) bool {
	if call, ok := e.(*ast.CallExpr); ok {
		e = call.Fun
	}
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := s.X.(*ast.Ident)
	return ok && of.Name == "guard"
}

// The test itself: what it must find, and what it must not.
func TestUnguardedStartsAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"a go statement":             {"go f()", 1},
		"a function in place":        {"go func() {}()", 1},
		"one within another":         {"guard.Go(func() { go f() })", 1},
		"a group":                    {"all.Go(func() {}); all.TryGo(f)", 2},
		"a timer":                    {"time.AfterFunc(limit, f)", 1},
		"the end of a context":       {"stop := context.AfterFunc(ctx, f); stop()", 1},
		"the guard":                  {"guard.Go(f)", 0},
		"a guarded group":            {"all.Go(guard.Func(f)); all.Go(guard.Task(g))", 0},
		"a guarded timer":            {"time.AfterFunc(limit, guard.Func(f))", 0},
		"a version, which is a text": {"use(info.Go)", 0},
	} {
		t.Run(name, func(t *testing.T) {
			tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() {\n"+c.body+"\n}", parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if got := unguardedStarts(tree); len(got) != c.want {
				t.Errorf("found %d, want %d: %s", len(got), c.want, strings.TrimSpace(c.body))
			}
		})
	}
}
