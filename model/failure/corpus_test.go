package failure_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whopulls/model/failure"
)

// sample is an error message with the reading that it must give.
type sample struct {
	ID     string             `json:"id"`
	Text   string             `json:"text"`
	Expect map[string]*string `json:"expect"`
}

// samples are our own, and those of the corpus where it lies next to the repository.
func samples(t testing.TB) []sample {
	t.Helper()
	var all []sample
	for _, file := range []string{filepath.Join("testdata", "samples.json"), filepath.Join("..", "..", "..", "shared", "errors", "corpus.json")} {
		data, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue
		}
		var corpus struct{ Samples []sample }
		if err == nil {
			err = json.Unmarshal(data, &corpus)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, corpus.Samples...)
	}
	if len(all) == 0 {
		t.Fatal("there are no samples")
	}
	return all
}

// documentOf gives the reading as the document has it.
func documentOf(t testing.TB, text string) map[string]any {
	t.Helper()
	data, err := json.Marshal(failure.Read(text))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if w, ok := got["workload"].(map[string]any); ok { // a sample spells it as one text
		got["workload"] = fmt.Sprintf("%s %s in %s", w["kind"], w["name"], w["region"])
	}
	return got
}

// differences lists what differs from the expected reading.
func differences(got map[string]any, want map[string]*string) []string {
	var wrong []string
	for name, value := range want {
		switch {
		case value == nil && got[name] != nil:
			wrong = append(wrong, name+" is "+got[name].(string)+", not null")
		case value != nil && got[name] == nil:
			wrong = append(wrong, name+" is null, not "+*value)
		case value != nil && got[name] != *value:
			wrong = append(wrong, name+" is "+got[name].(string)+", not "+*value)
		}
	}
	return wrong
}

func TestCorpus(t *testing.T) {
	corpus, right := samples(t), 0
	for _, s := range corpus {
		if wrong := differences(documentOf(t, s.Text), s.Expect); len(wrong) > 0 {
			t.Errorf("%s: %s", s.ID, strings.Join(wrong, "; "))
			continue
		}
		right++
	}
	t.Logf("%d of %d samples read as expected", right, len(corpus))
}
