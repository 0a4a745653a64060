package cmd

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"whopulls/cmd/console"
	"whopulls/files"
)

// anyProject is the pattern of a production guard that is on and names no projects.
const anyProject = "*"

// guards are the two keys of the settings that keep changes away. A key that is there guards: only false takes that back.
type guards struct {
	readOnly   bool
	production string
}

// readGuards looks at the guards' keys as they stand in the file: a decoder takes an empty value, and one with a tag, for
// one that was never written. What can't be understood is an error at its line, so that no change is made.
func readGuards(file, content string) (g guards, err error) {
	if node := settingsValue(content, "read-only"); node != nil {
		if g.readOnly, err = parseReadOnly(node); err != nil {
			return g, guardError(file, "read-only", node)
		}
	}
	if node := settingsValue(content, "production"); node != nil {
		if g.production, err = parseProduction(node); err != nil {
			return g, guardError(file, "production", node)
		}
		err = validatePattern(g.production, fmt.Sprintf("%s:%d: production", file, node.GetToken().Position.Line))
	}
	return g, err
}

func guardError(file, key string, node ast.Node) error {
	at := node.GetToken()
	return console.UsageError(fmt.Sprintf("%s:%d: %s", file, at.Position.Line, expectedShape(key, at.Value)), "its keys are "+settingsKeysHint)
}

// errNotBoolean is a guard's value that can't be understood.
var errNotBoolean = fmt.Errorf("neither true nor false")

// parseReadOnly reads the value of read-only: on, unless it says false.
func parseReadOnly(node ast.Node) (bool, error) {
	switch n := node.(type) {
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.AnchorNode:
		return parseReadOnly(n.Value)
	case *ast.NullNode, *ast.TagNode, *ast.AliasNode: // half written, or not to be seen from here
		return true, nil
	}
	return true, errNotBoolean
}

// parseProduction reads the value of production: a pattern; everything, unless it names one or says false.
func parseProduction(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.BoolNode:
		if !n.Value {
			return "", nil
		}
		return anyProject, nil
	case *ast.AnchorNode:
		return parseProduction(n.Value)
	case *ast.NullNode, *ast.TagNode, *ast.AliasNode:
		return anyProject, nil
	case *ast.LiteralNode:
		return productionPattern(n.Value.Value), nil
	case ast.ScalarNode:
		return productionPattern(n.GetToken().Value), nil
	}
	return anyProject, errNotBoolean
}

// productionPattern is a pattern as it is written in the settings or in the variable.
func productionPattern(value string) string {
	switch value = strings.TrimSpace(value); {
	case value == "" || isTrue(value):
		return anyProject
	case isFalse(value):
		return ""
	}
	return value
}

// settingsValue is the value of a key of the file; nil when the key is not there.
func settingsValue(content, key string) ast.Node {
	file, err := files.ParseYAML([]byte(content))
	if err != nil || len(file.Docs) == 0 {
		return nil
	}
	pairs, ok := file.Docs[0].Body.(ast.MapNode)
	if !ok {
		return nil
	}
	for pair := pairs.MapRange(); pair.Next(); {
		if pair.Key().GetToken().Value == key {
			return pair.Value()
		}
	}
	return nil
}

// settingsKeyAt is the key of the file under which a token stands; empty when it stands under none.
func settingsKeyAt(content string, at *token.Token) (key string) {
	file, err := files.ParseYAML([]byte(content))
	if err != nil || len(file.Docs) == 0 {
		return ""
	}
	pairs, ok := file.Docs[0].Body.(ast.MapNode)
	if !ok {
		return ""
	}
	for pair := pairs.MapRange(); pair.Next(); {
		if pair.Key().GetToken().Position.Offset <= at.Position.Offset {
			key = pair.Key().GetToken().Value
		}
	}
	return key
}

// applyGuards reads what keeps changes away: the flag before the variable before the settings.
func (r *request) applyGuards(f *flags, flagGiven bool, s console.Streams) error {
	saved, err := readSettings(s.Settings)
	if err != nil {
		return err
	}
	r.settings, r.readOnly, r.production = saved, saved.readOnly, saved.production
	if value, ok := s.Lookup("WHOPULLS_READ_ONLY"); ok {
		word := strings.TrimSpace(value)
		if r.readOnly = !isFalse(word); r.readOnly && word != "" && !isTrue(word) {
			return console.UsageError(fmt.Sprintf("WHOPULLS_READ_ONLY is neither true nor false: %q", value), "set it to true or false, or unset it")
		}
	}
	if flagGiven {
		r.readOnly = f.readOnly
	}
	if value, ok := s.Lookup("WHOPULLS_PRODUCTION"); ok {
		r.production = productionPattern(value)
	}
	return validatePattern(r.production, "WHOPULLS_PRODUCTION")
}
