package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// preparing are the loops over a table that only make something ready by a helper, by the test: what they make.
var preparing = map[string]string{
	"TestKeptFilesAreSwept": "files of several ages in one folder",
}

// Each table runs its cases by t.Run with a name, so that one case can be run alone.
func TestTablesNameTheirCases(t *testing.T) {
	used := map[string]bool{}
	for _, names := range textFiles(t) {
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		for _, table := range namelessTables(files) {
			if used[table.test] = true; preparing[table.test] == "" {
				t.Errorf("%s: the cases of this table have no names: wrap the body in t.Run", fset.Position(table.at))
			}
		}
	}
	for test := range preparing {
		if !used[test] {
			t.Errorf("preparing: %s has no such loop any more", test)
		}
	}
}

// namelessTable is a loop over a table in a test.
type namelessTable struct {
	test string
	at   token.Pos
}

// namelessTables finds the loops over tables in the tests of a package that judge each row, and run none of them by t.Run.
func namelessTables(files []*ast.File) (found []namelessTable) {
	shared := map[string]*ast.CompositeLit{}
	for _, file := range files {
		for _, declaration := range file.Decls {
			if variables, ok := declaration.(*ast.GenDecl); ok {
				addTables(shared, variables)
			}
		}
	}
	for _, file := range files {
		for _, declaration := range file.Decls {
			if test, ok := declaration.(*ast.FuncDecl); ok && strings.HasPrefix(test.Name.Name, "Test") {
				found = append(found, namelessTablesOf(test, shared)...)
			}
		}
	}
	return found
}

// namelessTablesOf finds them in one test.
func namelessTablesOf(test *ast.FuncDecl, shared map[string]*ast.CompositeLit) (found []namelessTable) {
	own := map[string]*ast.CompositeLit{}
	addTables(own, test.Body)
	ast.Inspect(test.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr: // inside of a case no other has to be named; in a bubble and in a property none can be
			return !isCallOf(n, "t", "Run") && !isCallOf(n, "synctest", "Test") && !isCallOf(n, "rapid", "Check")
		case *ast.RangeStmt:
			if isTable(n, own, shared) && judges(n.Body) && !hasCall(n.Body, func(c *ast.CallExpr) bool { return isCallOf(c, "t", "Run") }) {
				found = append(found, namelessTable{test.Name.Name, n.Pos()})
			}
		}
		return true
	})
	return found
}

// addTables notes the variables below a node that begin as a literal.
func addTables(tables map[string]*ast.CompositeLit, below ast.Node) {
	ast.Inspect(below, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return false
		case *ast.ValueSpec:
			for i, value := range n.Values {
				if literal, ok := value.(*ast.CompositeLit); ok {
					tables[n.Names[i].Name] = literal
				}
			}
		case *ast.AssignStmt:
			for i, value := range n.Rhs {
				name, isName := n.Lhs[i].(*ast.Ident)
				if literal, ok := value.(*ast.CompositeLit); ok && isName && n.Tok == token.DEFINE {
					tables[name.Name] = literal
				}
			}
		}
		return true
	})
}

// isTable reports whether a loop goes over the rows of a map or a list of structs: each has an input and what is wanted.
// A loop over the keys alone looks each up.
func isTable(loop *ast.RangeStmt, scopes ...map[string]*ast.CompositeLit) bool {
	if value, ok := loop.Value.(*ast.Ident); !ok || value.Name == "_" {
		return false
	}
	literal, _ := loop.X.(*ast.CompositeLit)
	if name, ok := loop.X.(*ast.Ident); ok {
		for _, scope := range slices.Backward(scopes) {
			if known := scope[name.Name]; known != nil {
				literal = known
			}
		}
	}
	if literal == nil || len(literal.Elts) == 0 { // what is filled later is a result
		return false
	}
	if _, ok := literal.Type.(*ast.MapType); ok {
		return true
	}
	list, ok := literal.Type.(*ast.ArrayType)
	if !ok {
		return false
	}
	switch list.Elt.(type) {
	case *ast.ArrayType, *ast.MapType:
		return false
	}
	return slices.ContainsFunc(literal.Elts, func(row ast.Expr) bool {
		fields, ok := row.(*ast.CompositeLit)
		return ok && fields.Type == nil
	})
}

// judges reports whether a body fails the test by what it sees, or lets a helper do so. To stop at an error is no judgement:
// it makes something ready.
func judges(body ast.Node) bool {
	return hasCall(body, func(c *ast.CallExpr) bool {
		if s, ok := c.Fun.(*ast.SelectorExpr); ok && isName(s.X, "t") {
			switch s.Sel.Name {
			case "Error", "Errorf", "Fatalf":
				return true
			case "Fatal":
				return len(c.Args) != 1 || !isName(c.Args[0], "err")
			}
		}
		return slices.ContainsFunc(c.Args, func(e ast.Expr) bool { return isName(e, "t") })
	})
}

func hasCall(below ast.Node, is func(*ast.CallExpr) bool) (has bool) {
	ast.Inspect(below, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		has = has || ok && is(c)
		return !has
	})
	return has
}

func isCallOf(c *ast.CallExpr, of, name string) bool {
	s, ok := c.Fun.(*ast.SelectorExpr)
	return ok && isName(s.X, of) && s.Sel.Name == name
}

func isName(e ast.Expr, name string) bool {
	i, ok := e.(*ast.Ident)
	return ok && i.Name == name
}

// What counts as a table without names, by the body of a test.
func TestNamelessTablesAreFound(t *testing.T) {
	const rows = "[]struct{ in, want string }{{`a`, `b`}}"
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"a list":                {"for _, c := range " + rows + " { if c.in != c.want { t.Error(c) } }", 1},
		"a map":                 {"for in, want := range map[string]int{`a`: 1} { if len(in) != want { t.Errorf(in) } }", 1},
		"a variable":            {"cases := " + rows + "\nfor _, c := range cases { t.Fatal(c) }", 1},
		"one of the package":    {"for _, c := range table { check(t, c) }", 1},
		"pointers":              {"for _, c := range []*point{{1, 2}} { check(t, c) }", 1},
		"two in each other":     {"for _, c := range " + rows + " { for k, v := range map[string]int{`a`: 1} { t.Error(c, k, v) } }", 2},
		"named":                 {"for _, c := range " + rows + " { t.Run(c.in, func(t *testing.T) { t.Error(c) }) }", 0},
		"inside of a case":      {"t.Run(`a`, func(t *testing.T) { for k, v := range map[string]int{`a`: 1} { t.Error(k, v) } })", 0},
		"around the cases":      {"for _, c := range " + rows + " { for _, in := range c.in { t.Run(in, func(t *testing.T) {}) } }", 0},
		"a bubble":              {"synctest.Test(t, func(t *testing.T) { for k, v := range map[string]int{`a`: 1} { t.Error(k, v) } })", 0},
		"a property":            {"rapid.Check(t, func(t *rapid.T) { for k, v := range map[string]int{`a`: 1} { t.Error(k, v) } })", 0},
		"a result":              {"n := map[string]int{}\nn[`a`]++\nfor k, v := range n { t.Error(k, v) }", 0},
		"what makes it ready":   {"for k, v := range map[string]int{`a`: 1} { if err := do(k, v); err != nil { t.Fatal(err) } }", 0},
		"keys alone":            {"for k := range map[string]bool{`a`: true} { if !seen[k] { t.Error(k) } }", 0},
		"a list of words":       {"for _, w := range []string{`a`} { if !seen[w] { t.Error(w) } }", 0},
		"what a function gives": {"for _, c := range all() { t.Error(c) }", 0},
	} {
		t.Run(name, func(t *testing.T) {
			source := "package p\nvar table = " + rows + "\nfunc TestIt(t *testing.T) {\n" + c.body + "\n}\n"
			file, err := parser.ParseFile(token.NewFileSet(), "p_test.go", source, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if found := namelessTables([]*ast.File{file}); len(found) != c.want {
				t.Errorf("%d are found, want %d", len(found), c.want)
			}
		})
	}
}
