package model

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// holds decides the condition of a binding for an access to a resource at a time (iam-facts 6.2). What can't be decided
// is maybe: tags, which are not read, and every attribute of the request but its time. An expression that is not CEL as
// IAM has it is maybe too.
func (c *Condition) holds(accessed Resource, at time.Time) tri {
	if c == nil {
		return yes
	}
	parsed, issues := conditionLanguage.Parse(c.Expression)
	if issues.Err() != nil {
		return maybe
	}
	tree := parsed.NativeRep()
	decider := decider{source: tree.SourceInfo(), at: at, nameless: accessed.Kind() == KindRepository}
	return decider.decide(tree.Expr(), true)
}

// conditionLanguage parses conditions and runs the parts that hang on the time alone. IAM's conditions have no macros.
// A test of the clock is cheap; what costs more than the limit is not one.
var conditionLanguage = newConditionLanguage()

func newConditionLanguage() *cel.Env {
	env, err := cel.NewEnv(cel.ClearMacros(), cel.ParserExpressionSizeLimit(1<<14), cel.ParserRecursionLimit(100),
		cel.Variable("request", cel.MapType(cel.StringType, cel.TimestampType)))
	if err != nil {
		panic("model: the language of conditions can't be set up: " + err.Error())
	}
	return env
}

const conditionCost = 10_000

// decider goes down the and, or, not and choice of a condition. The tests between them are decided one by one.
type decider struct {
	source   *ast.SourceInfo
	at       time.Time
	nameless bool // the resource has none of resource.name, .type and .service
}

// decide answers for one part. plain says that a no of this part can only take access away from the whole: it stands
// under no negation and chooses between nothing.
func (d decider) decide(e ast.Expr, plain bool) tri {
	if e.Kind() != ast.CallKind {
		return d.test(e, plain)
	}
	args := e.AsCall().Args()
	switch e.AsCall().FunctionName() {
	case operators.LogicalAnd:
		return min(d.decide(args[0], plain), d.decide(args[1], plain))
	case operators.LogicalOr:
		return max(d.decide(args[0], plain), d.decide(args[1], plain))
	case operators.LogicalNot:
		return d.decide(args[0], false).not()
	case operators.Conditional:
		return d.choose(d.decide(args[0], false), d.decide(args[1], plain), d.decide(args[2], plain))
	}
	return d.test(e, plain)
}

func (d decider) choose(condition, then, otherwise tri) tri {
	switch {
	case condition == yes || then == otherwise:
		return then
	case condition == no:
		return otherwise
	}
	return maybe
}

// test decides a part that has no and, or, not inside that could be taken apart.
func (d decider) test(e ast.Expr, plain bool) tri {
	switch {
	case d.timeOnly(e):
		return d.run(e)
	case plain && d.nameless && asksForName(e):
		return no // "never interpreted as granting access": attribute reference, inherited support
	}
	return maybe
}

// timeOnly tells whether a part speaks of nothing but request.time and constants.
func (d decider) timeOnly(e ast.Expr) bool {
	if isAttribute(e, "request", "time") {
		return true
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return true
	case ast.ListKind:
		return !slices.ContainsFunc(e.AsList().Elements(), func(x ast.Expr) bool { return !d.timeOnly(x) })
	case ast.CallKind:
		call := e.AsCall()
		if call.IsMemberFunction() && !d.timeOnly(call.Target()) {
			return false
		}
		return !slices.ContainsFunc(call.Args(), func(x ast.Expr) bool { return !d.timeOnly(x) })
	}
	return false
}

// run evaluates a part at the time. An error is not an answer: IAM may read the part in another way.
func (d decider) run(e ast.Expr) tri {
	if d.at.IsZero() {
		return maybe
	}
	program, err := conditionLanguage.PlanProgram(ast.NewAST(e, d.source), cel.CostLimit(conditionCost))
	if err != nil {
		return maybe
	}
	out, _, err := program.Eval(map[string]any{"request": map[string]any{"time": d.at}})
	if err != nil {
		return maybe
	}
	if holds, ok := out.Value().(bool); ok {
		return triOf(holds)
	}
	return maybe
}

// isAttribute tells whether a part is VARIABLE.FIELD, one of the fields.
func isAttribute(e ast.Expr, variable string, fields ...string) bool {
	if e.Kind() != ast.SelectKind || e.AsSelect().IsTestOnly() {
		return false
	}
	operand := e.AsSelect().Operand()
	return operand.Kind() == ast.IdentKind && operand.AsIdent() == variable && slices.Contains(fields, e.AsSelect().FieldName())
}

// asksForName tells whether a part is a positive test of the resource's name, type or service: it compares one with a
// text, as the same or as a part. A text that is in every other makes no such test.
func asksForName(e ast.Expr) bool {
	if e.Kind() != ast.CallKind {
		return false
	}
	call := e.AsCall()
	sides := call.Args()
	if call.IsMemberFunction() {
		sides = append([]ast.Expr{call.Target()}, sides...)
	}
	if len(sides) != 2 {
		return false
	}
	switch call.FunctionName() {
	case operators.Equals:
		return isName(sides[0]) && isText(sides[1]) || isName(sides[1]) && isText(sides[0])
	case operators.In:
		return isName(sides[0]) && sides[1].Kind() == ast.ListKind &&
			!slices.ContainsFunc(sides[1].AsList().Elements(), func(x ast.Expr) bool { return !isText(x) })
	case "startsWith", "endsWith", "contains":
		return isName(sides[0]) && isText(sides[1])
	}
	return false
}

func isName(e ast.Expr) bool { return isAttribute(e, "resource", "name", "type", "service") }

func isText(e ast.Expr) bool {
	if e.Kind() != ast.LiteralKind {
		return false
	}
	text, ok := e.AsLiteral().Value().(string)
	return ok && text != ""
}

// withCondition is in the role's name where a policy was read in a version that has no conditions: ROLE_withcond_HASH
// stands for a binding of ROLE whose condition is not shown (iam-facts 6.2).
const withCondition = "_withcond_"

// revealed gives the binding behind a role name that hides a condition.
func (b Binding) revealed() (_ Binding, hidden bool) {
	role, _, hidden := strings.Cut(b.Role, withCondition)
	b.Role = role
	return b, hidden
}

// conditionGap says why a binding's condition leaves the answer open.
func conditionGap(level Resource, b Binding, member Member, hidden bool) Gap {
	switch {
	case hidden:
		return Gap{Resource: level, Reason: fmt.Sprintf(
			"%s is bound to %s under a condition that the policy was read without; read it with version 3", b.Role, member)}
	case tagTest(b.Condition.Expression):
		return Gap{Resource: level, Reason: fmt.Sprintf(
			"%s is bound to %s under a condition about resource tags, which are not read: %s", b.Role, member, b.Condition.Text())}
	}
	return Gap{Resource: level, Reason: fmt.Sprintf(
		"%s is bound to %s under a condition that is not decided: %s", b.Role, member, b.Condition.Text())}
}

func tagTest(expression string) bool {
	return slices.ContainsFunc([]string{"matchTag", "hasTagKey"}, func(f string) bool { return strings.Contains(expression, f) })
}
