package view

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/goccy/go-yaml"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/text"
)

// CheckDocument is what check says to programs.
type CheckDocument struct {
	model.Diagnosis
	Steps []model.Step `json:"steps"`
	Ask   []model.Step `json:"ask"`
}

// CheckDocumentOf is the document of an assessment.
func CheckDocumentOf(a Assessment) CheckDocument {
	return CheckDocument{a.Diagnosis, a.Plan.Steps, a.Plan.Ask}
}

// GrantDocument is what grant says to programs.
type GrantDocument struct {
	Verdict model.Verdict   `json:"verdict"`
	Steps   []model.Outcome `json:"steps"`
	Deploy  *DryRun         `json:"deploy,omitempty"` // with --verify=deploy
}

// UndoDocument is what undo and stale remove say to programs. There is no question to it, and so no verdict.
type UndoDocument struct {
	Verdict *model.Verdict  `json:"verdict"`
	Steps   []model.Outcome `json:"steps"`
}

// ErrorDocument is what every command says to programs when it fails.
type ErrorDocument struct {
	Error ErrorBody       `json:"error"`
	Steps []model.Outcome `json:"steps,omitempty"` // what grant had done by then
}

// ErrorBody says why a command failed.
type ErrorBody struct {
	Code    int            `json:"code"`
	Status  console.Status `json:"status"`
	Message string         `json:"message"`
	Hints   []string       `json:"hints"`
}

// ErrorDocumentOf is the document of an error.
func ErrorDocumentOf(err *console.Error) ErrorDocument {
	hints := err.Hints
	if hints == nil {
		hints = []string{}
	}
	return ErrorDocument{Error: ErrorBody{err.Status.Code(), err.Status, err.Message, hints}, Steps: err.Steps}
}

// JSON writes a document as JSON.
func JSON(w io.Writer, document any) error {
	data, err := EncodeJSON(document)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// YAML writes a document as YAML, its fields in the order of JSON.
func YAML(w io.Writer, document any) error {
	data, err := EncodeJSON(document)
	if err == nil {
		data, err = toYAML(data)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// toYAML writes a JSON document as YAML, with its keys in the same order. It quotes a text that has characters a terminal may
// obey, because YAML escapes them in quotes. It also quotes line ends, which the library's own form loses.
func toYAML(document []byte) ([]byte, error) {
	var value any
	if err := yaml.UnmarshalWithOptions(document, &value, yaml.UseOrderedMap()); err != nil {
		return nil, err
	}
	document, err := yaml.Marshal(markUnprintable(value))
	return text.EscapeJSON(document), err // Go's escapes leave some invisible characters, which are in double quotes by now
}

// markUnprintable gives texts that must be escaped a type of their own.
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

// EncodeJSON gives a document as indented JSON, without characters that a terminal may obey.
func EncodeJSON(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return nil, err
	}
	return text.EscapeJSON(b.Bytes()), nil
}
