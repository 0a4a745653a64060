package cmd

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// Every command says the same as JSON and as YAML, in one document, when it fails too.
func TestEveryResultIsADocument(t *testing.T) {
	whole := func(command string) []string { return append([]string{command}, jobFlags...) }
	for _, c := range []struct {
		args []string
		code int
	}{
		{whole("check"), 3}, {whole("plan"), 3}, {append(whole("grant"), "--quiet"), 0}, {whole("grant"), 2},
		{[]string{"check"}, 2}, {[]string{"plan", "--nonsense"}, 2}, {[]string{"grant", "--only=none"}, 2},
		{[]string{"explain", "--text=nothing known"}, 5}, {[]string{"explain", "none.log"}, 1},
		{[]string{"history"}, 0}, {[]string{"history", "more"}, 2},
		{[]string{"undo", "--quiet"}, 0}, {[]string{"undo"}, 2}, {[]string{"undo", "nobodys"}, 2},
		{[]string{"sandbox", "worlds"}, 0}, {[]string{"sandbox", "worlds", "more"}, 2}, {[]string{"sandbox", "statr"}, 2},
		{[]string{"version"}, 0}, {[]string{"version", "--nonsense"}, 2}, {[]string{"nonsense"}, 2},
	} {
		t.Run(fmt.Sprint(c.args), func(t *testing.T) {
			j := (&cliRun{cloud: bare()}).run(append(slices.Clone(c.args), "--format=json")...).expect(t, c.code)
			y := (&cliRun{cloud: bare()}).run(append(slices.Clone(c.args), "--format", "yaml")...).expect(t, c.code)
			var fromYAML map[string]any
			if err := yaml.Unmarshal([]byte(y.out), &fromYAML); err != nil {
				t.Errorf("%v: %v\n%s", c.args, err, y.out)
				return
			}
			if got := normalizeNumbers(fromYAML); !reflect.DeepEqual(got, normalizeNumbers(decodeDocument(t, j.out))) {
				t.Errorf("%v: JSON and YAML differ:\n%s\n%s", c.args, j.out, y.out)
			}
			if told, failed := fromYAML["error"].(map[string]any); failed && told["code"] != float64(c.code) {
				t.Errorf("%v: the document says code %v, not %d", c.args, told["code"], c.code)
			}
		})
	}
}

// normalizeNumbers makes numbers of both forms alike.
func normalizeNumbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = normalizeNumbers(v[k])
		}
	case []any:
		for i := range v {
			v[i] = normalizeNumbers(v[i])
		}
	case uint64:
		return float64(v)
	}
	return v
}

// What is for people goes by the name that it has with most commands, too.
func TestTextIsATableToo(t *testing.T) {
	own := (&cliRun{cloud: bare()}).runOnJob("plan").expect(t, 3)
	if other := (&cliRun{cloud: bare()}).runOnJob("plan", "--format=table").expect(t, 3); other.out != own.out {
		t.Errorf("plan --format=table gives\n%s", other.out)
	}
	(&cliRun{}).run("version", "--format=table").expect(t, 0)
}

// wantContains asserts that text holds every piece.
func wantContains(t *testing.T, text string, pieces ...string) {
	t.Helper()
	for _, piece := range pieces {
		if !strings.Contains(text, piece) {
			t.Errorf("%q is not in\n%s", piece, text)
		}
	}
}
