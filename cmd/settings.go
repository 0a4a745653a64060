package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"whopulls/cmd/console"
	"whopulls/files"
	"whopulls/gcp/gcloud"
	"whopulls/model"
	"whopulls/tui"
	"whopulls/tui/ui"
)

// settings are whopulls' own, as a person writes them. What a flag or a variable says comes before them.
type settings struct {
	readOnly   bool
	production string // pattern of projects that are production
	theme      ui.Theme
	keys       ui.Keys
	recent     []tui.Recent
}

// settingsYAML is the file.
type settingsYAML struct {
	ReadOnly   any                         `yaml:"read-only"`  // see readGuards
	Production any                         `yaml:"production"` // see readGuards
	Theme      located[string]             `yaml:"theme"`
	Keys       map[string]located[keyList] `yaml:"keys"`
	Recent     []located[recentYAML]       `yaml:"recent"`
}

const settingsKeysHint = "read-only (true or false), production (a pattern of project ids, such as *-prod), theme, keys (actions with their keys) and recent"

// located is a value with its line in the file, for whoever finds later that it is wrong.
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
}

// parse checks what is written.
func (r recentYAML) parse() (tui.Recent, error) {
	f := flags{service: r.Service, job: r.Job, workerPool: r.WorkerPool, region: r.Region}
	c := gcloud.FromVariables(func(string) (string, bool) { return "", false })
	c.SetFlag(gcloud.Region, "region", r.Region)
	w, err := f.parseWorkload(c)
	return tui.Recent{Project: r.Project, Workload: w}, cmp.Or(model.ValidateProject(r.Project), err)
}

// maxSettings is far more than anybody writes there.
const maxSettings = 1 << 20

// settingsFile is where the settings are; empty when the environment names no place for them.
func settingsFile() string {
	if !filepath.IsAbs(xdg.ConfigHome) {
		return ""
	}
	return filepath.Join(xdg.ConfigHome, "whopulls", "settings.yaml")
}

// readSettings reads the file; one that is not there sets nothing. A file that can't be read as a whole refuses
// everything: half of it may be the half that was meant to keep changes away.
func readSettings(file string) (settings, error) {
	if file == "" {
		return settings{}, nil
	}
	content, err := files.Read(file, maxSettings)
	if errors.Is(err, fs.ErrNotExist) {
		return settings{}, nil
	}
	if err != nil {
		return settings{}, console.UsageError("the settings can't be read: "+err.Error(), "mend the file, or take it away")
	}
	return parseSettings(file, string(content))
}

// parseSettings reads the text; the file's name is for what is wrong in it.
func parseSettings(file, content string) (settings, error) {
	text, err := decodeSettings(content)
	if err != nil {
		return settings{}, console.UsageError(file+decodeErrorText(normalizeNewlines(content), err), "its keys are "+settingsKeysHint)
	}
	g, err := readGuards(file, normalizeNewlines(content))
	if err != nil {
		return settings{}, err
	}
	return text.toSettings(file, g)
}

// decodeSettings reads the shape of the text. The decoder counts some line ends wrong.
func decodeSettings(content string) (text settingsYAML, err error) {
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

// toSettings checks the values, each with its place.
func (t settingsYAML) toSettings(file string, g guards) (s settings, err error) {
	s = settings{readOnly: g.readOnly, production: g.production}
	if t.Theme.line > 0 {
		if s.theme, err = ui.ParseTheme(t.Theme.value); err != nil {
			return s, console.UsageError(fmt.Sprintf("%s:%d: theme: %v", file, t.Theme.line, err))
		}
	}
	if s.keys, err = t.parseKeys(file); err != nil {
		return s, err
	}
	for _, r := range t.Recent {
		pick, err := r.value.parse()
		if err != nil {
			return s, console.UsageError(fmt.Sprintf("%s:%d: recent: %v", file, r.line, err), "mend the line, or take it away: the app writes it anew")
		}
		s.recent = append(s.recent, pick)
	}
	return s, nil
}

func (t settingsYAML) parseKeys(file string) (ui.Keys, error) {
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
		return keys, console.UsageError(fmt.Sprintf("%s: keys: %s", file, wrong), wrong.Next)
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
		return fmt.Sprintf(":%d: %s", at.Position.Line, expectedShape(settingsKeyAt(content, at), at.Value))
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
	case "theme":
		return "theme: it is one word, such as dark"
	case "keys":
		return "keys: it holds actions, each with its key or keys, such as copy: c"
	case "recent":
		return "recent: it holds a list of projects and workloads; the app writes it anew when it is taken away"
	}
	return "the file holds keys with their values, such as read-only: true"
}
