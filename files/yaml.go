package files

import (
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a YAML file that a person names. No file that a person or a program writes for whopulls comes near.
const (
	maxYAMLDepth       = 100     // lists and keys within each other
	maxYAMLAliasValues = 100_000 // values that aliases stand for
	maxYAMLDashes      = 1000    // dashes on one line, which are a line drawn in a comment more often than lists
)

// ParseYAML reads the structure of a YAML file. It gives an error with the token if the text is not YAML, is
// nested too deep, or would grow too large by its aliases. A text that makes the parser panic is not YAML.
func ParseYAML(content []byte) (file *ast.File, err error) {
	defer recoverPanic(&err)
	if line := tooDeepLine(content); line > 0 {
		return nil, yamlError("it is nested too deep", token.New("", "", &token.Position{Line: line, Column: 1}))
	}
	if file, err = parser.ParseBytes(content, 0); err != nil {
		return nil, err
	}
	for _, doc := range file.Docs {
		m := sizeCounter{anchors: map[string]int{}}
		if m.size(doc.Body, 0); m.err != nil {
			return nil, m.err
		}
	}
	return file, nil
}

// DecodeYAML fills a value from a node. A key that the value lacks is an error. The decoder panics at some tags that do not
// fit, which becomes an error too.
func DecodeYAML(node ast.Node, into any) (err error) {
	defer recoverPanic(&err)
	return yaml.NodeToValue(node, into, yaml.Strict())
}

func recoverPanic(err *error) {
	if cause := recover(); cause != nil {
		*err = yamlError("it can't be read as YAML: a tag does not fit", nil)
	}
}

func yamlError(message string, at *token.Token) error {
	return &yaml.SyntaxError{Message: message, Token: at}
}

// tooDeepLine gives the line where a text nests too deep, before a parser goes there. It counts brackets, also those in
// strings, and list entries that begin on one line. Nesting by indentation makes a file long, which another limit covers.
func tooDeepLine(content []byte) int {
	line, brackets, entries := 1, 0, 0
	for _, c := range content {
		switch c {
		case ' ', '\t':
			continue
		case '-', '?':
			entries++
		case '[', '{':
			brackets++
		case ']', '}':
			brackets = max(0, brackets-1)
		case '\n':
			line++
		}
		if c != '-' && c != '?' {
			entries = 0
		}
		if brackets > maxYAMLDepth || entries > maxYAMLDashes {
			return line
		}
	}
	return 0
}

// sizeCounter walks through a document as a decoder does.
type sizeCounter struct {
	anchors map[string]int // what each stands for, in values
	aliased int            // values that aliases stand for, beyond those that are written
	err     error
}

// size counts the values in a node. An alias within its own anchor refers to an anchor that does not exist yet.
func (m *sizeCounter) size(n ast.Node, depth int) int {
	if n == nil || m.err != nil {
		return 0
	}
	if depth > maxYAMLDepth {
		m.err = yamlError("it is nested too deep", n.GetToken())
		return 0
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return sumSizes(m, n.Values, depth)
	case *ast.SequenceNode:
		return sumSizes(m, n.Values, depth)
	case *ast.MappingValueNode:
		return 1 + m.size(n.Key, depth+1) + m.size(n.Value, depth+1)
	case *ast.MappingKeyNode:
		return m.size(n.Value, depth+1)
	case *ast.TagNode:
		return m.size(n.Value, depth+1)
	case *ast.AnchorNode:
		size := m.size(n.Value, depth+1)
		m.anchors[n.Name.GetToken().Value] = size
		return size
	case *ast.AliasNode:
		return m.aliasSize(n)
	}
	return 1
}

func sumSizes[N ast.Node](m *sizeCounter, nodes []N, depth int) (total int) {
	for _, n := range nodes {
		total += m.size(n, depth+1)
	}
	return total + 1
}

func (m *sizeCounter) aliasSize(n *ast.AliasNode) int {
	size, ok := m.anchors[n.Value.GetToken().Value]
	if !ok {
		m.err = yamlError("no anchor before it has the name of this alias", n.Value.GetToken())
		return 0
	}
	if m.aliased += size; m.aliased > maxYAMLAliasValues {
		m.err = yamlError(fmt.Sprintf("its aliases stand for more than %d values", maxYAMLAliasValues), n.Value.GetToken())
	}
	return size
}
