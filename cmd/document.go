package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/goccy/go-yaml"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/text"
)

// checkDocument is what check says to programs.
type checkDocument struct {
	model.Diagnosis
	Steps []model.Step `json:"steps"`
	Ask   []model.Step `json:"ask"`
}

func checkDocumentOf(f assessment) checkDocument {
	return checkDocument{f.diagnosis, f.plan.Steps, f.plan.Ask}
}

// grantDocument is what grant says to programs.
type grantDocument struct {
	Verdict model.Verdict   `json:"verdict"`
	Steps   []model.Outcome `json:"steps"`
	Deploy  *dryRun         `json:"deploy,omitempty"` // with --verify=deploy
}

// errorDocument is what every command says to programs when it fails.
type errorDocument struct {
	Error errorBody       `json:"error"`
	Steps []model.Outcome `json:"steps,omitempty"` // what grant had done by then
}

type errorBody struct {
	Code    int            `json:"code"`
	Status  console.Status `json:"status"`
	Message string         `json:"message"`
	Hints   []string       `json:"hints"`
}

func errorDocumentOf(f *console.Error) errorDocument {
	hints := f.Hints
	if hints == nil {
		hints = []string{}
	}
	return errorDocument{Error: errorBody{f.Status.Code(), f.Status, f.Message, hints}, Steps: f.Steps}
}

// writeResult writes a result by one of its two writers: as a document for programs, or as text for people.
func (p *program) writeResult(f format, document any, view func(*console.Printer)) error {
	if f.isDocument() {
		return writeDocument(p.io.Out, f, document)
	}
	out := p.io.OutPrinter()
	view(out)
	return out.Err
}

// writeDocument writes one document in the format, JSON or YAML.
func writeDocument(w io.Writer, f format, document any) error {
	data, err := encodeJSON(document)
	if err == nil && f == formatYAML {
		data, err = toYAML(data)
	}
	if err != nil {
		return fmt.Errorf("writing the result as %s: %w", f, err)
	}
	_, err = w.Write(data)
	return err
}

// toYAML writes a JSON document as YAML, its keys in the same order. A text with characters that a terminal may obey is put
// in double quotes, where YAML has escapes for them; so is one with line ends, which the library's own form loses.
func toYAML(document []byte) ([]byte, error) {
	var value any
	if err := yaml.UnmarshalWithOptions(document, &value, yaml.UseOrderedMap()); err != nil {
		return nil, err
	}
	document, err := yaml.Marshal(markUnprintable(value))
	return text.EscapeJSON(document), err // Go's escapes leave some invisible characters, which are in double quotes by now
}

// markUnprintable puts what must be escaped into a type of its own.
func markUnprintable(value any) any {
	switch v := value.(type) {
	case string:
		if text.HasUnprintable(v) {
			return escapedText(v)
		}
	case []any:
		for i := range v {
			v[i] = markUnprintable(v[i])
		}
	case yaml.MapSlice:
		for i := range v {
			v[i] = yaml.MapItem{Key: markUnprintable(v[i].Key), Value: markUnprintable(v[i].Value)}
		}
	}
	return value
}

// escapedText is a text that YAML has to escape.
type escapedText string

// MarshalYAML writes it in double quotes; Go's escapes are YAML's too.
func (t escapedText) MarshalYAML() ([]byte, error) { return []byte(strconv.Quote(string(t))), nil }

func encodeJSON(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return nil, err
	}
	return text.EscapeJSON(b.Bytes()), nil
}
