package cmd

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/cmd/view"
	"whopulls/model"
	"whopulls/model/ledger"
)

// journalStates are the constants of type ledger.State, read from its source, so that a new one can't be forgotten here.
func journalStates(t *testing.T) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), "../model/ledger/entry.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	ast.Inspect(tree, func(n ast.Node) bool {
		constant, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := constant.Type.(*ast.Ident); ok && kind.Name == "State" {
			state, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, state)
		}
		return true
	})
	if len(states) < 5 {
		t.Fatalf("only %q found", states)
	}
	return states
}

// The list and its help know every state of the journal: each has a sign, the ids stand in one column, and the help explains it.
func TestHistoryKnowsEveryState(t *testing.T) {
	for _, state := range journalStates(t) {
		t.Run(state, func(t *testing.T) {
			var out strings.Builder
			p := console.Streams{Out: &out, Lookup: func(string) (string, bool) { return "", false }}.OutPrinter()
			view.History(p, []view.HistoryEntry{{ID: "abcdefghij", Run: "run", Kind: model.StepEnableAPI, State: ledger.State(state)}}, "")
			_, line, _ := strings.Cut(out.String(), "\n")
			if words := strings.Fields(line); len(words) < 3 || words[1] != state || strings.Index(line, words[2]) != strings.Index(line, words[0])+len(words[0])+len(" intended  ") {
				t.Errorf("no sign, or out of its column: %q", line)
			}
			if !strings.Contains(historyLong, "\n  "+state+" ") {
				t.Error("the help does not explain it")
			}
		})
	}
}

// The help of the command and the app's say the same about each state.
func TestHistoryExplainsStatesAsTheAppDoes(t *testing.T) {
	help := strings.Join(strings.Fields(historyLong), " ")
	for _, m := range ledger.Meanings() {
		t.Run(string(m.State), func(t *testing.T) {
			if want := string(m.State) + " " + m.Words; !strings.Contains(help, want) {
				t.Errorf("the help does not say %q", want)
			}
		})
	}
}
