package cmd

import (
	"cmp"
	"encoding"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/cmd/view"
	"whopulls/model"
	reading "whopulls/model/failure"
)

// documentedTypes are the objects of docs/json.md by their headings: those that commands print, and those in them.
var documentedTypes = map[string]reflect.Type{
	"check":                         reflect.TypeFor[view.CheckDocument](),
	"plan":                          reflect.TypeFor[model.Plan](),
	"grant":                         reflect.TypeFor[view.GrantDocument](),
	"undo, stale remove":            reflect.TypeFor[view.UndoDocument](),
	"stale list":                    reflect.TypeFor[model.StaleList](),
	"history":                       reflect.TypeFor[view.HistoryEntry](),
	"explain":                       reflect.TypeFor[view.ExplainDocument](),
	"open":                          reflect.TypeFor[view.OpenDocument](),
	"workload of open":              reflect.TypeFor[view.OpenWorkload](),
	"errors":                        reflect.TypeFor[view.ErrorDocument](),
	"error":                         reflect.TypeFor[view.ErrorBody](),
	"consumer":                      reflect.TypeFor[model.ConsumerRef](),
	"workload":                      reflect.TypeFor[model.WorkloadName](),
	"images[]":                      reflect.TypeFor[model.ImageUse](),
	"identities":                    reflect.TypeFor[model.Identities](),
	"checks[]":                      reflect.TypeFor[model.Check](),
	"evidence[] of a check, higher": reflect.TypeFor[model.Evidence](),
	"gaps[]":                        reflect.TypeFor[model.Gap](),
	"opinion":                       reflect.TypeFor[model.SecondOpinion](),
	"boundary":                      reflect.TypeFor[model.Boundary](),
	"detail":                        reflect.TypeFor[model.Detail](),
	"observations[]":                reflect.TypeFor[model.Observation](),
	"steps[], ask[]":                reflect.TypeFor[model.Step](),
	"steps[] that were taken":       reflect.TypeFor[model.Outcome](),
	"condition":                     reflect.TypeFor[model.Condition](),
	"deploy":                        reflect.TypeFor[view.DryRun](),
	"bindings[]":                    reflect.TypeFor[model.StaleBinding](),
	"evidence[] of a binding":       reflect.TypeFor[model.Use](),
	"through":                       reflect.TypeFor[model.RepositoryName](),
	"others[]":                      reflect.TypeFor[reading.OtherFailure](),
}

// The page on the JSON documents names each field of each object, no other, and no object is left out.
func TestJSONPageNamesEveryField(t *testing.T) {
	page, err := os.ReadFile("../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][]string{}
	row := regexp.MustCompile("^\\| `([^`]+)` \\|")
	heading := ""
	for line := range strings.Lines(string(page)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "## "); ok {
			heading = strings.ReplaceAll(name, "`", "")
			tables[heading] = []string{}
		}
		if m := row.FindStringSubmatch(line); m != nil {
			tables[heading] = append(tables[heading], m[1])
		}
	}
	for name, of := range documentedTypes {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, f := range fieldsOf(of) {
				want = append(want, f.name)
				if inner := structIn(f.typ); inner != nil && !hasHeading(inner) {
					t.Errorf("%s.%s is a %s, which has no heading", name, f.name, inner)
				}
			}
			got := slices.Sorted(slices.Values(tables[name]))
			if slices.Sort(want); !slices.Equal(got, want) {
				t.Errorf("## %s has the fields\n  %s\nand the object\n  %s", name, strings.Join(got, " "), strings.Join(want, " "))
			}
		})
	}
}

func hasHeading(object reflect.Type) bool {
	for _, of := range documentedTypes {
		if of == object {
			return true
		}
	}
	return false
}

type jsonField struct {
	name string
	typ  reflect.Type
}

// fieldsOf are the fields that a struct has in JSON, those of its embedded structs among them. Of a step that was taken
// its table has only the fields that a step does not have.
func fieldsOf(object reflect.Type) (all []jsonField) {
	for i := range object.NumField() {
		f := object.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && f.Type == reflect.TypeFor[model.Step](), name == "-":
		case f.Anonymous && name == "":
			all = append(all, fieldsOf(f.Type)...)
		case f.IsExported():
			all = append(all, jsonField{cmp.Or(name, f.Name), f.Type})
		}
	}
	return all
}

// structIn is the struct that a field is or holds a list of; nil where it is text, a number or a map.
func structIn(of reflect.Type) reflect.Type {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || of == reflect.TypeFor[time.Time]() || of.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return nil
	}
	return of
}

// What the page shows as examples is what the program prints.
func TestJSONPageKeepsToTheDocuments(t *testing.T) {
	tt := (&cliRun{cloud: article()}).runOnJob("check", "--format=json").expect(t, 3)
	var printed map[string]json.RawMessage
	if err := json.Unmarshal([]byte(tt.out), &printed); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range fieldsOf(reflect.TypeFor[view.CheckDocument]()) {
		known[f.name] = true
	}
	for name := range printed {
		if !known[name] {
			t.Errorf("check prints %s, which no struct has", name)
		}
	}
}
