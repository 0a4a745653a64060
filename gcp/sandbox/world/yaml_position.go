package world

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// positions knows at which line each key of a file stands. Keys are written
// like "projects[0].policy.bindings[2].role".
type positions struct {
	file  string
	lines map[string]int
	keys  map[[2]int]string // by line and column of the key and of its value
	nulls []string          // list entries with nothing in them
	tags  []string          // values with a tag
}

func newPositions(file string, body ast.Node) *positions {
	p := &positions{file: file, lines: map[string]int{}, keys: map[[2]int]string{}}
	p.walk("", body)
	return p
}

func (p *positions) addKey(key string, t *token.Token) {
	if t == nil || t.Position == nil {
		return
	}
	if _, known := p.lines[key]; !known {
		p.lines[key] = t.Position.Line
	}
	at := [2]int{t.Position.Line, t.Position.Column}
	if _, known := p.keys[at]; !known {
		p.keys[at] = key
	}
}

func (p *positions) walk(key string, n ast.Node) {
	switch n := n.(type) {
	case *ast.AnchorNode:
		p.walk(key, n.Value)
	case *ast.TagNode:
		p.addTag(key)
		p.walk(key, n.Value)
	case *ast.MappingNode:
		for _, v := range n.Values {
			p.walk(key, v)
		}
	case *ast.MappingValueNode:
		if _, tagged := n.Key.(*ast.TagNode); tagged {
			p.addTag(key)
		}
		child := strings.TrimPrefix(key+"."+n.Key.GetToken().Value, ".")
		p.addKey(child, n.Key.GetToken())
		p.addKey(child, n.Value.GetToken())
		p.walk(child, n.Value)
	case *ast.SequenceNode:
		for i, v := range n.Values {
			p.walkEntry(fmt.Sprintf("%s[%d]", key, i), v)
		}
	}
}

func (p *positions) addTag(key string) { p.tags = append(p.tags, cmp.Or(key, wholeFile)) }

// wholeFile stands for the key of what has none.
const wholeFile = "the whole file"

// walkEntry takes the line of an entry from its first key: the token of a
// mapping is the first colon or brace.
func (p *positions) walkEntry(key string, n ast.Node) {
	first := n.GetToken()
	switch n := n.(type) {
	case *ast.NullNode:
		p.nulls = append(p.nulls, key)
	case *ast.MappingValueNode:
		first = n.Key.GetToken()
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			first = n.Values[0].Key.GetToken()
		}
	}
	p.lines[key] = first.Position.Line
	p.walk(key, n)
	p.addKey(key, first)
}

// errorf makes the error about a key. A key that the file leaves out is placed
// at the nearest thing around it.
func (p *positions) errorf(key, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	for around := key; ; around = parentKey(around) {
		if line, ok := p.lines[around]; ok {
			return fmt.Errorf("%s:%d: %s: %s", p.file, line, key, message)
		}
		if around == "" {
			return fmt.Errorf("%s:1: %s: %s", p.file, key, message)
		}
	}
}

// parentKey cuts the last part off a key.
func parentKey(key string) string {
	return key[:max(strings.LastIndexAny(key, ".["), 0)]
}

func syntaxError(file string, err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return fmt.Errorf("%s:%d: this is not YAML: %s", file, e.GetToken().Position.Line, e.GetMessage())
	}
	return fmt.Errorf("%s:1: this is not YAML: %w", file, err)
}

// decodeError words what the decoder found wrong as the key's error.
func (p *positions) decodeError(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return fmt.Errorf("%s:1: %w", p.file, err)
	}
	at := e.GetToken().Position
	key := p.keys[[2]int{at.Line, at.Column}]
	if key == "" {
		key = wholeFile
	}
	var unknown *yaml.UnknownFieldError
	var mismatch *yaml.TypeError
	var node *yaml.UnexpectedNodeTypeError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("%s:%d: %s: unknown key; expected one of %s", p.file, at.Line, key, strings.Join(validKeys(parentKey(key)), ", "))
	case errors.As(err, &mismatch):
		return fmt.Errorf("%s:%d: %s: expected %s", p.file, at.Line, key, describeType(mismatch.DstType))
	case errors.As(err, &node):
		return fmt.Errorf("%s:%d: %s: expected %s", p.file, at.Line, key, describeNodeType(node.Expected))
	}
	return fmt.Errorf("%s:%d: %s: %s", p.file, at.Line, key, e.GetMessage())
}

// validKeys lists the keys that a place in a world file may have.
func validKeys(key string) []string {
	t := reflect.TypeFor[World]()
	for _, part := range strings.FieldsFunc(key, func(r rune) bool { return r == '.' }) {
		name, _, _ := strings.Cut(part, "[")
		if t = fieldType(t, name); t == nil {
			return nil
		}
	}
	var names []string
	for f := range t.Fields() {
		if name := f.Tag.Get("yaml"); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// fieldType finds the struct behind a key, through pointers and lists.
func fieldType(t reflect.Type, key string) reflect.Type {
	for f := range t.Fields() {
		if f.Tag.Get("yaml") != key {
			continue
		}
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			return inner
		}
	}
	return nil
}

func describeNodeType(t ast.NodeType) string {
	switch t {
	case ast.SequenceType:
		return "a list"
	case ast.MappingType:
		return "keys with values"
	}
	return "a " + t.YAMLName()
}

func describeType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.Pointer:
		return describeType(t.Elem())
	}
	return "keys with values"
}
