// Package settings is whopulls' own settings file: it is read and validated here, and the app's recent picks are written
// into it. Flags and variables override it; the commands apply them.
package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"whopulls/files"
	"whopulls/model"
	language "whopulls/model/words"
	"whopulls/tui"
	"whopulls/tui/ui"
)

// Error says what is wrong in the settings, and what to do.
type Error struct {
	Message string
	Next    string // several hints are lines
}

func newError(message string, hints ...string) error {
	return &Error{Message: message, Next: strings.Join(hints, "\n")}
}

func (e *Error) Error() string { return e.Message }

// Hint says what to do.
func (e *Error) Hint() string { return e.Next }

// Settings are whopulls' own, as a person writes them. What a flag or a variable says comes before them.
type Settings struct {
	ReadOnly   bool
	Production string // pattern of projects that are production
	Theme      ui.Theme
	Accessible When
	ASCII      When              // signs in ASCII alone
	MouseOff   bool              // the app leaves the mouse to the terminal
	Language   language.Language // of explanations and of error messages; empty: that of the locale
	Keys       ui.Keys
	Recent     []tui.Recent
}

// document is the file.
type document struct {
	ReadOnly   any                         `yaml:"read-only"`  // see readGuards
	Production any                         `yaml:"production"` // see readGuards
	Theme      located[string]             `yaml:"theme"`
	Accessible located[string]             `yaml:"accessible"`
	ASCII      located[string]             `yaml:"ascii"`
	Mouse      located[string]             `yaml:"mouse"`
	Language   located[string]             `yaml:"language"`
	Keys       map[string]located[keyList] `yaml:"keys"`
	Recent     []located[recentYAML]       `yaml:"recent"`
}

const keysHint = "read-only (true or false), production (a pattern of project ids, such as *-prod), theme, accessible and ascii (auto, always or never), mouse (on or off), language (auto, en or ja), keys (actions with their keys) and recent"

// located is a value with its line in the file, for an error found later.
type located[T any] struct {
	value T
	line  int
}

// UnmarshalYAML keeps the line.
func (p *located[T]) UnmarshalYAML(node ast.Node) error {
	p.line = node.GetToken().Position.Line
	return yaml.NodeToValue(node, &p.value, yaml.Strict())
}

// keyList is one key or several. A key is text however YAML reads it: 1 and true are letters here.
type keyList []string

// UnmarshalYAML takes a single key for a list of one.
func (k *keyList) UnmarshalYAML(node ast.Node) error {
	nodes := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		nodes = list.Values
	}
	for _, n := range nodes {
		scalar, ok := n.(ast.ScalarNode)
		if !ok || n.Type() == ast.NullType {
			return &yaml.SyntaxError{Message: "a key is written as y or \"?\", and several as [r, f5]", Token: n.GetToken()}
		}
		*k = append(*k, scalar.GetToken().Value)
	}
	return nil
}

// recentYAML is a pick, in the words of the flags.
type recentYAML struct {
	Project    string `yaml:"project"`
	Service    string `yaml:"service,omitempty"`
	Job        string `yaml:"job,omitempty"`
	WorkerPool string `yaml:"worker-pool,omitempty"`
	Region     string `yaml:"region,omitempty"`
	Verdict    string `yaml:"verdict,omitempty"` // the last one about the workload
	Checks     int    `yaml:"checks,omitempty"`  // how many checks had it
	Checked    string `yaml:"checked,omitempty"` // when that was
}

// parse validates what the file says.
func (r recentYAML) parse() (tui.Recent, error) {
	w, err := r.workload()
	last, answerErr := r.answer()
	return tui.Recent{Project: r.Project, Workload: w, Last: last}, cmp.Or(model.ValidateProject(r.Project), err, answerErr)
}

// answer reads the last verdict about the workload. A file of a former version has none.
func (r recentYAML) answer() (a tui.Answer, err error) {
	if r.Verdict == "" && r.Checks == 0 && r.Checked == "" {
		return a, nil
	}
	a = tui.Answer{Verdict: model.Verdict(r.Verdict), Count: r.Checks}
	if a.Time, err = time.Parse(time.RFC3339, r.Checked); err != nil {
		return a, fmt.Errorf("checked: %q is no time such as 2026-01-14T06:30:00Z", r.Checked)
	}
	a.Time = a.Time.UTC()
	switch {
	case !slices.Contains([]model.Verdict{model.Granted, model.Missing, model.Denied, model.Unknown}, a.Verdict):
		return a, fmt.Errorf("verdict: %q is not granted, missing, denied or unknown", r.Verdict)
	case a.Count < 0:
		return a, fmt.Errorf("checks: %d is no count", r.Checks)
	case r.Service+r.Job+r.WorkerPool == "":
		return a, errors.New("a verdict needs its service, job or worker-pool")
	}
	return a, nil
}

// workload reads the one workload that is named; nil: none is.
func (r recentYAML) workload() (*model.WorkloadName, error) {
	var named []model.WorkloadName
	for _, w := range []model.WorkloadName{{Kind: model.Service, Name: r.Service}, {Kind: model.Job, Name: r.Job}, {Kind: model.WorkerPool, Name: r.WorkerPool}} {
		if w.Name != "" {
			w.Region = r.Region
			named = append(named, w)
		}
	}
	switch {
	case len(named) > 1:
		return nil, fmt.Errorf("%s and %s name two workloads", named[0].Kind, named[1].Kind)
	case len(named) == 1 && r.Region == "":
		return nil, fmt.Errorf("%s needs a region", named[0].Kind)
	case len(named) == 1:
		return &named[0], named[0].Validate()
	case r.Region == "":
		return nil, nil
	}
	return nil, model.WorkloadName{Kind: model.Service, Name: "any", Region: r.Region}.Validate() // a wrong region is an error, even unused
}

// maxSize is far more than anybody writes there.
const maxSize = 1 << 20

// DefaultFile is where the settings are; empty if the environment names no place for them.
func DefaultFile() string {
	if !filepath.IsAbs(xdg.ConfigHome) {
		return ""
	}
	return filepath.Join(xdg.ConfigHome, "whopulls", "settings.yaml")
}

// Read reads the file; one that is not there sets nothing. A file that can't be read as a whole refuses
// everything: half of it may be the half that was meant to keep changes away.
func Read(file string) (Settings, error) {
	if file == "" {
		return Settings{}, nil
	}
	content, err := files.Read(file, maxSize)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, newError("the settings can't be read: "+err.Error(), "mend the file, or take it away")
	}
	return Parse(file, string(content))
}

// Parse reads the text; the file's name is for what is wrong in it.
func Parse(file, content string) (Settings, error) {
	text, err := decode(content)
	if err != nil {
		return Settings{}, newError(file+decodeErrorText(normalizeNewlines(content), err), "its keys are "+keysHint)
	}
	g, err := readGuards(file, normalizeNewlines(content))
	if err != nil {
		return Settings{}, err
	}
	return text.settings(file, g)
}

// decode reads the shape of the text. The decoder counts some line ends wrong.
func decode(content string) (text document, err error) {
	file, err := files.ParseYAML([]byte(normalizeNewlines(content)))
	if err != nil {
		return text, err
	}
	if len(file.Docs) > 1 {
		return text, errors.New("it holds more than one document")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return text, nil
	}
	return text, files.DecodeYAML(file.Docs[0].Body, &text)
}

// normalizeNewlines takes away what editors on Windows put in: the mark at the beginning, and the other half of each line's end.
func normalizeNewlines(content string) string {
	return strings.ReplaceAll(strings.TrimPrefix(content, "\ufeff"), "\r\n", "\n")
}

// settings checks the values, each with its place.
func (t document) settings(file string, g guards) (s Settings, err error) {
	s = Settings{ReadOnly: g.readOnly, Production: g.production}
	for _, word := range []struct {
		key   string
		given located[string]
		take  func(string) error
	}{
		{"theme", t.Theme, into(&s.Theme, ui.ParseTheme)}, {"accessible", t.Accessible, into(&s.Accessible, parseWhen)}, {"ascii", t.ASCII, into(&s.ASCII, parseWhen)},
		{"mouse", t.Mouse, into(&s.MouseOff, parseMouse)}, {"language", t.Language, into(&s.Language, parseLanguage)},
	} {
		if word.given.line == 0 {
			continue
		}
		if err := word.take(word.given.value); err != nil {
			return s, newError(fmt.Sprintf("%s:%d: %s: %v", file, word.given.line, word.key, err))
		}
	}
	if s.Keys, err = t.parseKeys(file); err != nil {
		return s, err
	}
	for _, r := range t.Recent {
		pick, err := r.value.parse()
		if err != nil {
			return s, newError(fmt.Sprintf("%s:%d: recent: %v", file, r.line, err), "mend the line, or remove it: the app writes it again")
		}
		s.Recent = append(s.Recent, pick)
	}
	return s, nil
}

// into reads a word into a setting.
func into[T any](setting *T, parse func(string) (T, error)) func(string) error {
	return func(word string) (err error) {
		*setting, err = parse(word)
		return err
	}
}

func (t document) parseKeys(file string) (ui.Keys, error) {
	given := map[string][]string{}
	for name, list := range t.Keys {
		given[name] = list.value
	}
	keys, err := ui.ParseKeys(given)
	var wrong *ui.KeyError
	if errors.As(err, &wrong) {
		if line := t.Keys[wrong.Action].line; line > 0 { // of null there is none
			file = fmt.Sprintf("%s:%d", file, line)
		}
		return keys, newError(fmt.Sprintf("%s: keys: %s", file, wrong), wrong.Next)
	}
	return keys, err
}

// decodeErrorText is the line and what is wrong there.
func decodeErrorText(content string, err error) string {
	var yamlErr yaml.Error
	if !errors.As(err, &yamlErr) {
		return ": " + err.Error()
	}
	at := yamlErr.GetToken()
	if at == nil {
		return ": " + yamlErr.GetMessage()
	}
	var kind *yaml.TypeError
	var node *yaml.UnexpectedNodeTypeError
	if errors.As(err, &kind) || errors.As(err, &node) { // the decoder speaks of Go's types
		return fmt.Sprintf(":%d: %s", at.Position.Line, expectedShape(keyAt(content, at), at.Value))
	}
	return fmt.Sprintf(":%d: %s (at %q)", at.Position.Line, yamlErr.GetMessage(), at.Value)
}

// expectedShape says what a key of the settings takes, where its value has another shape.
func expectedShape(key, value string) string {
	switch key {
	case "read-only":
		return fmt.Sprintf("read-only: %q is neither true nor false", value)
	case "production":
		return "production: it is one pattern of project ids, such as *-prod, in quotes"
	case "accessible", "ascii":
		return key + ": it is one word: auto, always or never"
	case "mouse":
		return "mouse: it is one word: on or off"
	case "language":
		return "language: it is one word: auto, en or ja"
	case "theme":
		return "theme: it is one word, such as dark"
	case "keys":
		return "keys: it holds actions, each with its key or keys, such as copy: c"
	case "recent":
		return "recent: it holds a list of projects and workloads; the app writes it again when it is removed"
	}
	return "the file holds keys with their values, such as read-only: true"
}
