package model_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"whopulls/model"
)

// factFields are the fields of Situation that hold a Fact, or facts under a key.
func factFields() (fields []reflect.StructField) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[model.Situation]()) {
		kept := f.Type
		if kept.Kind() == reflect.Map {
			kept = kept.Elem()
		}
		if strings.HasPrefix(kept.Name(), "Fact[") {
			fields = append(fields, f)
		}
	}
	return fields
}

// A map that NewSituation forgets panics when its first fact arrives, one that Clone forgets changes under a reader,
// and one that JSON leaves out is lost in a file of --save.
func TestSituationKeepsEveryFact(t *testing.T) {
	if len(factFields()) < 18 {
		t.Fatalf("only %d fields hold facts", len(factFields()))
	}
	for _, f := range factFields() {
		t.Run(f.Name, func(t *testing.T) {
			s := model.NewSituation(model.Question{}, time.Time{})
			field := reflect.ValueOf(&s).Elem().FieldByIndex(f.Index)
			if f.Type.Kind() != reflect.Map {
				return
			}
			if field.IsNil() {
				t.Fatal("NewSituation does not make it")
			}
			clone := s.Clone()
			if field.UnsafePointer() == reflect.ValueOf(clone).FieldByIndex(f.Index).UnsafePointer() {
				t.Error("Clone shares it")
			}
			key := reflect.New(f.Type.Key()).Elem()
			if key.Kind() == reflect.String {
				key.SetString("k")
			} else {
				for i := range key.NumField() {
					key.Field(i).SetString("k")
				}
			}
			fact := reflect.New(f.Type.Elem()).Elem()
			fact.FieldByName("State").SetString(string(model.FactAbsent))
			field.SetMapIndex(key, fact)
			text, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			var read model.Situation
			if err := json.Unmarshal(text, &read); err != nil || !reflect.ValueOf(read).FieldByIndex(f.Index).MapIndex(key).IsValid() {
				t.Errorf("it is lost in JSON (%v): %s", err, text)
			}
		})
	}
}

// The reasoning reads each kind of fact in one place, which says under what kind of want it is read.
func TestEveryFactIsWanted(t *testing.T) {
	wants := lookupKinds(t)
	seen := map[string]string{}
	for _, f := range factFields() {
		t.Run(f.Name, func(t *testing.T) {
			kind := wants[f.Name]
			if kind == "" {
				t.Fatal("no call of lookup reads it: nothing will ever want it")
			}
			if other := seen[kind]; other != "" {
				t.Errorf("%s is the want of %s too", kind, other)
			}
			seen[kind] = f.Name
		})
	}
}

// lookupKinds finds the calls lookup(q, q.s.Field…, want) in the package: the kind of want by the field.
func lookupKinds(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "lookup" {
				return true
			}
			kinds[firstWith(call.Args[1], func(name string) bool { return ast.IsExported(name) })] =
				firstWith(call.Args[2], func(name string) bool { return strings.HasPrefix(name, "Want") && name != "Want" })
			return true
		})
	}
	return kinds
}

// firstWith is the first name in an expression that a test accepts.
func firstWith(e ast.Expr, accept func(string) bool) (found string) {
	ast.Inspect(e, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok && found == "" && accept(name.Name) {
			found = name.Name
		}
		return found == ""
	})
	return found
}
