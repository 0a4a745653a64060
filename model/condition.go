package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
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
	decider := decider{source: tree.SourceInfo(), at: at, lacks: attributesNot(accessed.Kind()), accessed: accessed}
	return decider.decide(tree.Expr(), true)
}

// attributesNot names the attributes that a resource of the kind does not have: Artifact Registry is on none of the lists
// of who gives them (iam-facts 6.2), and service accounts have no name (12.11). Of the other kinds it is not known.
func attributesNot(kind Kind) []string {
	switch kind {
	case KindRepository:
		return []string{"name", "type", "service"}
	case KindAccount:
		return []string{"name"}
	}
	return nil
}

// conditionLanguage parses conditions and runs the parts that hang on the time alone. IAM's conditions have no macros,
// and one function beside CEL's own: date. A test of the clock is cheap; what costs more than the limit is not one.
var conditionLanguage = newConditionLanguage()

func newConditionLanguage() *cel.Env {
	day := cel.Overload("date", []*cel.Type{cel.StringType}, cel.TimestampType, cel.UnaryBinding(dayOf))
	env, err := cel.NewEnv(cel.ClearMacros(), cel.ParserExpressionSizeLimit(1<<14), cel.ParserRecursionLimit(100),
		cel.Variable("request", cel.MapType(cel.StringType, cel.TimestampType)), cel.Function("date", day))
	if err != nil {
		panic("model: the language of conditions can't be set up: " + err.Error())
	}
	return env
}

// dayOf reads YYYY-MM-DD as the first moment of that day in UTC (iam-facts 12.11).
func dayOf(text ref.Val) ref.Val {
	day, err := time.Parse(time.DateOnly, fmt.Sprint(text.Value()))
	if err != nil {
		return types.NewErr("%v is no date", text.Value())
	}
	return types.Timestamp{Time: day}
}

const conditionCost = 10_000

// decider goes down the and, or, not and choice of a condition. The tests between them are decided one by one.
type decider struct {
	source   *ast.SourceInfo
	at       time.Time
	lacks    []string // the attributes of resource that there are none of
	accessed Resource
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
	case d.otherType(e):
		return yes
	case plain && d.asksFor(e):
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

// otherType tells whether a part is resource.type != "X", X being no type of the resource: that holds for every resource,
// also for one that gives no type (iam-facts 12.11).
func (d decider) otherType(e ast.Expr) bool {
	name, sides := callOf(e)
	if name != operators.NotEquals {
		return false
	}
	if isText(sides[0]) {
		sides = []ast.Expr{sides[1], sides[0]}
	}
	if !isAttribute(sides[0], "resource", "type") || !isText(sides[1]) {
		return false
	}
	named := typeForm.FindStringSubmatch(sides[1].AsLiteral().Value().(string))
	return named != nil && !slices.Contains(typesOf(d.accessed), named[1])
}

// typeForm is how the types of resources are written: SERVICE/KIND.
var typeForm = regexp.MustCompile(`^([a-z]+\.googleapis\.com)/[A-Za-z]+$`)

// typesOf names the services whose types a resource may have. What is asked of a project or a level above it may be about
// a thing in it that is to be made, or its place.
func typesOf(r Resource) []string {
	service, _, _ := strings.Cut(strings.TrimPrefix(string(r), "//"), "/")
	if strings.HasPrefix(string(r), hostProjects) {
		return []string{service, "cloud.googleapis.com", "run.googleapis.com", "serviceusage.googleapis.com"}
	}
	return []string{service}
}

// asksFor tells whether a part is a positive test of an attribute that the resource lacks: it compares one with a text, as
// the same or as a part. A text that is in every other makes no such test.
func (d decider) asksFor(e ast.Expr) bool {
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
	lacking := func(side ast.Expr) bool { return isAttribute(side, "resource", d.lacks...) }
	switch call.FunctionName() {
	case operators.Equals:
		return lacking(sides[0]) && isText(sides[1]) || lacking(sides[1]) && isText(sides[0])
	case operators.In:
		return lacking(sides[0]) && sides[1].Kind() == ast.ListKind &&
			!slices.ContainsFunc(sides[1].AsList().Elements(), func(x ast.Expr) bool { return !isText(x) })
	case "startsWith", "endsWith", "contains":
		return lacking(sides[0]) && isText(sides[1])
	}
	return false
}

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
