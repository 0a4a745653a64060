package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// ownFlag is a flag of whopulls as a sentence names it; one of a gcloud command has its value behind it.
var ownFlag = regexp.MustCompile(`--(image|repository|project|strict|deployer|billing-project|account|configuration|impersonate-service-account)([ ,.;)]|$)`)

// notShown are packages of the reasoning and of the cloud whose texts the app does not show, or that write command lines.
var notShown = []string{"model/handover", "model/failure", "model/pasted", "gcp/sandbox", "gcp/gcloud"}

// Inside the app no flag can be given any more. A sentence that names one stands in a value that has another sentence for the app.
func TestTheAppNamesNoFlag(t *testing.T) {
	for folder, files := range programFiles(t) {
		if !isWithin(folder, "model", "gcp", "tui") || isWithin(folder, notShown...) {
			continue
		}
		t.Run(folder, func(t *testing.T) {
			for _, file := range files {
				for _, found := range flagTexts(t, file) {
					t.Errorf("%s: the app can't be given a flag: %s", file, found)
				}
			}
		})
	}
}

// flagTexts are the texts of a file that name a flag and have no other text for the app.
func flagTexts(t *testing.T, file string) (found []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			return !hasAppText(n)
		case *ast.AssignStmt: // g.Next, g.NextInApp = …
			return !assignsAppText(n)
		case *ast.BasicLit:
			if n.Kind == token.STRING && ownFlag.MatchString(strings.Trim(n.Value, "\"`")) {
				found = append(found, n.Value)
			}
		}
		return true
	})
	return found
}

// hasAppText reports whether a value has a sentence for the app.
func hasAppText(lit *ast.CompositeLit) bool {
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			if name, ok := pair.Key.(*ast.Ident); ok && strings.HasSuffix(name.Name, "InApp") {
				return true
			}
		}
	}
	return false
}

func assignsAppText(a *ast.AssignStmt) bool {
	for _, to := range a.Lhs {
		if field, ok := to.(*ast.SelectorExpr); ok && strings.HasSuffix(field.Sel.Name, "InApp") {
			return true
		}
	}
	return false
}
