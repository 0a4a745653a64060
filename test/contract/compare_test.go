package main

import (
	"slices"
	"testing"
)

func TestResults(t *testing.T) {
	document := []string{"check", "--format=json"}
	cases := []struct {
		name          string
		args          []string
		before, after string
		want          []string
	}{
		{"same", document, `{"verdict":"granted"}`, `{"verdict":"granted"}`, nil},
		{"another verdict", document, `{"verdict":"granted"}`, `{"verdict":"missing"}`, []string{`document[0].verdict: "missing", was "granted"`}},
		{"another sentence", document, `{"reason":"a"}`, `{"reason":"b"}`, nil},
		{"a sentence is gone", document, `{"reason":"a"}`, `{"reason":""}`, []string{`document[0].reason: , was a`}},
		{"a field is gone", document, `{"a":1,"b":2}`, `{"a":1}`, []string{`document[0]: fields: gone: b`}},
		{"a new field", document, `{"a":1}`, `{"a":1,"b":2}`, []string{`document[0]: fields: new: b`}},
		{"another order", document, `{"a":1,"b":2}`, `{"b":2,"a":1}`, []string{`document[0]: fields: in another order or number: ["b" "a"], were ["a" "b"]`}},
		{"another type", document, `{"a":[]}`, `{"a":null}`, []string{`document[0].a: <nil> (<nil>), was [] ([]interface {})`}},
		{"another number", document, `{"a":1}`, `{"a":2}`, []string{`document[0].a: 2, was 1`}},
		{"an element more", document, `{"a":["x"]}`, `{"a":["x","y"]}`, []string{`document[0].a: 2 elements, were 1`}},
		{"another time", document, `{"time":"1"}`, `{"time":"2"}`, nil},
		{"another drawn id", document, `{"id":"abcdefghij"}`, `{"id":"klmnopqrst"}`, nil},
		{"another id", document, `{"id":"pull"}`, `{"id":"push"}`, []string{`document[0].id: "push", was "pull"`}},
		{"yaml", []string{"check", "--format", "yaml"}, "a: 1\nwhy: x\n", "a: 2\nwhy: y\n", []string{`document.a: 2, was 1`}},
		{"csv header", []string{"--format=csv"}, "a,b\n1,2\n", "a,c\n1,3\n", []string{"columns: gone: b", "columns: new: c"}},
		{"csv rows", []string{"--format=csv"}, "a\n1\n", "a\n1\n2\n", []string{"2 rows, were 1"}},
		{"a command", []string{"--format=gcloud"}, "# why\ngcloud a\n", "# because\ngcloud b\n", []string{"lines: gone: gcloud a", "lines: new: gcloud b"}},
		{"text", nil, "a\n", "b\n", nil},
		{"text is gone", nil, "a\n", "", []string{`standard output is "", was "a"`}},
		{"completions", []string{"__complete", ""}, "a\tone\n:4\n", "b\tone\n:4\n", []string{"completions: gone: a", "completions: new: b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got comparison
			got.results(result{args: c.args, stdout: c.before}, result{args: c.args, stdout: c.after})
			if !slices.Equal(got.differences, c.want) {
				t.Errorf("%q, want %q", got.differences, c.want)
			}
		})
	}
}

func TestExitCode(t *testing.T) {
	var c comparison
	c.results(result{code: 3}, result{code: 1, stderr: "ERROR: no\n  hint"})
	if want := []string{"exit code 1, was 3; standard error: ERROR: no"}; !slices.Equal(c.differences, want) {
		t.Errorf("%q, want %q", c.differences, want)
	}
}

func TestFlagsOf(t *testing.T) {
	help := `Lists.

Commands:
  list        List them
  remove      Remove them

Flags:
      --format FORMAT     FORMAT of the result: table, json (default
                          "table")
  -q, --quiet             ask nothing
      --sandbox[=WORLD]   use a pretend one;
                          --quiet: nothing
  -h, --help              help

Use more.
`
	want := []string{`--format FORMAT = "table"`, "-q, --quiet", "--sandbox[=WORLD]", "-h, --help", "command list", "command remove"}
	if got := flagsOf(help); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWords(t *testing.T) {
	s := script{env: []string{"ASK=--project=a --job=b", "W=/w"}}
	cases := []struct {
		name, line string
		want       []string
	}{
		{"plain", "exec whopulls check", []string{"exec", "whopulls", "check"}},
		{"variables are split", "check $ASK", []string{"check", "--project=a", "--job=b"}},
		{"within a word", "env X=$W/none", []string{"env", "X=/w/none"}},
		{"quotes", "echo 'a  b' 'it''s'", []string{"echo", "a  b", "it's"}},
		{"quotes within a word", "--text='a b' c", []string{"--text=a b", "c"}},
		{"an empty word", "x ''", []string{"x", ""}},
		{"comments", "x # y", []string{"x"}},
		{"only a comment", "# y 'z", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := s.words(c.line); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
