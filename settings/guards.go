package settings

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"whopulls/files"
)

// anyProject is the pattern of a production guard that is on and names no projects.
const anyProject = "*"

// guards are the two keys of the settings that keep changes away. A key that is there guards: only false takes that back.
type guards struct {
	readOnly   bool
	production string
}

// readGuards looks at the guards' keys as they are in the file. A decoder treats an empty value, and one with
// a tag, as one that was never written. What can't be understood is an error at its line, so that no change
// is made.
func readGuards(file, content string) (g guards, err error) {
	if node := valueOf(content, "read-only"); node != nil {
		if g.readOnly, err = parseReadOnly(node); err != nil {
			return g, guardError(file, "read-only", node)
		}
	}
	if node := valueOf(content, "production"); node != nil {
		if g.production, err = parseProduction(node); err != nil {
			return g, guardError(file, "production", node)
		}
		err = ValidatePattern(g.production, fmt.Sprintf("%s:%d: production", file, node.GetToken().Position.Line))
	}
	return g, err
}

func guardError(file, key string, node ast.Node) error {
	at := node.GetToken()
	return newError(fmt.Sprintf("%s:%d: %s", file, at.Position.Line, expectedShape(key, at.Value)), "its keys are "+keysHint)
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
		return ProductionPattern(n.Value.Value), nil
	case ast.ScalarNode:
		return ProductionPattern(n.GetToken().Value), nil
	}
	return anyProject, errNotBoolean
}

// ProductionPattern is a pattern as it is written in the settings or in the variable.
func ProductionPattern(value string) string {
	switch value = strings.TrimSpace(value); {
	case value == "" || IsTrue(value):
		return anyProject
	case IsFalse(value):
		return ""
	}
	return value
}

// valueOf is the value of a key of the file; nil if the key is not there.
func valueOf(content, key string) ast.Node {
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

// keyAt is the key of the file under which a token stands; empty if it stands under none.
func keyAt(content string, at *token.Token) (key string) {
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

// ValidatePattern refuses a pattern that would guard nothing. origin says where it was written.
func ValidatePattern(pattern, origin string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return newError(fmt.Sprintf("%s is no pattern: %q", origin, pattern), "write it as *-prod, where * stands for anything")
	}
	return nil
}

// IsTrue reads a boolean as gcloud's properties spell them.
func IsTrue(value string) bool {
	return slices.Contains([]string{"true", "1", "yes", "y", "on"}, strings.ToLower(value))
}

// IsFalse is the opposite: a value that is neither is not a boolean.
func IsFalse(value string) bool {
	return slices.Contains([]string{"false", "0", "no", "n", "off"}, strings.ToLower(value))
}
