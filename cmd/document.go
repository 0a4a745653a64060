package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"

	"github.com/goccy/go-yaml"

	"whopulls/model"
)

// checkDocument is what check says to programs.
type checkDocument struct {
	model.Diagnosis
	Steps []model.Step `json:"steps"`
	Ask   []model.Step `json:"ask"`
}

func checkDocumentOf(f finding) checkDocument {
	return checkDocument{f.diagnosis, f.plan.Steps, f.plan.Ask}
}

// grantDocument is what grant says to programs.
type grantDocument struct {
	Verdict model.Verdict   `json:"verdict"`
	Steps   []model.Outcome `json:"steps"`
	Deploy  *rehearsal      `json:"deploy,omitempty"` // with --verify=deploy
}

// errorDocument is what every command says to programs when it fails.
type errorDocument struct {
	Error errorBody       `json:"error"`
	Steps []model.Outcome `json:"steps,omitempty"` // what grant had done by then
}

type errorBody struct {
	Code    int      `json:"code"`
	Status  status   `json:"status"`
	Message string   `json:"message"`
	Hints   []string `json:"hints"`
}

func documentOf(f *failure) errorDocument {
	hints := f.hints
	if hints == nil {
		hints = []string{}
	}
	return errorDocument{Error: errorBody{exitCodes[f.status], f.status, f.message, hints}, Steps: f.steps}
}

// show writes a result by one of its two writers: as a document for programs, or as text for people.
func (p *program) show(f format, document any, view func(*printer)) error {
	if f.document() {
		return writeDocument(p.io.Out, f, document)
	}
	out := p.io.result()
	view(out)
	return out.err
}

// writeDocument writes one document in the format, JSON or YAML.
func writeDocument(w io.Writer, f format, document any) error {
	data, err := encode(document)
	if err == nil && f == formatYAML {
		data, err = yaml.JSONToYAML(data)
	}
	if err != nil {
		return fmt.Errorf("writing the result as %s: %w", f, err)
	}
	_, err = w.Write(data)
	return err
}

func encode(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return nil, err
	}
	return escapeControls(b.Bytes()), nil
}

// escapeControls writes out the control characters, and those that turn the direction of text, that encoding/json leaves as they are, because a terminal may obey
// them. They can only stand inside strings.
func escapeControls(data []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(data) {
		if r >= 0x7f && r <= 0x9f || unicode.Is(unicode.Bidi_Control, r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.Bytes()
}
