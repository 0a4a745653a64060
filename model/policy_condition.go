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
func (c *Condition) holds(accessed Resource, at time.Time) ternary {
	if c == nil {
		return yes
	}
	parsed, issues := conditionLanguage.Parse(c.Expression)
	if issues.Err() != nil {
		return maybe
	}
	tree := parsed.NativeRep()
	evaluator := conditionEvaluator{source: tree.SourceInfo(), at: at, missingAttributes: missingAttributes(accessed.Kind()), accessed: accessed}
	return evaluator.eval(tree.Expr(), true)
}

// missingAttributes names the attributes that a resource of the kind does not have. Artifact Registry is on
// none of the lists of services that give them (iam-facts 6.2). Service accounts have no name (12.11). Of the
// other kinds it is not known.
func missingAttributes(kind Kind) []string {
	switch kind {
	case KindRepository:
		return []string{"name", "type", "service"}
	case KindAccount:
		return []string{"name"}
	}
	return nil
}

// conditionLanguage parses conditions and runs the parts that depend on the time alone. IAM's conditions have no macros,
// and one function in addition to CEL's own: date. A test of the clock is cheap; what costs more than the limit is not one.
var conditionLanguage = newConditionLanguage()

func newConditionLanguage() *cel.Env {
	day := cel.Overload("date", []*cel.Type{cel.StringType}, cel.TimestampType, cel.UnaryBinding(parseDate))
	env, err := cel.NewEnv(cel.ClearMacros(), cel.ParserExpressionSizeLimit(1<<14), cel.ParserRecursionLimit(100),
		cel.Variable("request", cel.MapType(cel.StringType, cel.TimestampType)), cel.Function("date", day))
	if err != nil {
		panic("model: the language of conditions can't be set up: " + err.Error())
	}
	return env
}

// parseDate reads YYYY-MM-DD as the first moment of that day in UTC (iam-facts 12.11).
func parseDate(text ref.Val) ref.Val {
	day, err := time.Parse(time.DateOnly, fmt.Sprint(text.Value()))
	if err != nil {
		return types.NewErr("%v is no date", text.Value())
	}
	return types.Timestamp{Time: day}
}

const conditionCostLimit = 10_000

// conditionEvaluator goes down the and, or, not and choice of a condition. The tests between them are decided one by one.
type conditionEvaluator struct {
	source            *ast.SourceInfo
	at                time.Time
	missingAttributes []string // the attributes that the resource lacks
	accessed          Resource
}

// eval answers for one part. plain says that a no of this part can only take access away from the whole: it stands
// under no negation and chooses between nothing.
func (d conditionEvaluator) eval(e ast.Expr, positive bool) ternary {
	if e.Kind() != ast.CallKind {
		return d.evalTest(e, positive)
	}
	args := e.AsCall().Args()
	switch e.AsCall().FunctionName() {
	case operators.LogicalAnd:
		return min(d.eval(args[0], positive), d.eval(args[1], positive))
	case operators.LogicalOr:
		return max(d.eval(args[0], positive), d.eval(args[1], positive))
	case operators.LogicalNot:
		return d.eval(args[0], false).not()
	case operators.Conditional:
		return d.evalConditional(d.eval(args[0], false), d.eval(args[1], positive), d.eval(args[2], positive))
	}
	return d.evalTest(e, positive)
}

func (d conditionEvaluator) evalConditional(condition, then, otherwise ternary) ternary {
	switch {
	case condition == yes || then == otherwise:
		return then
	case condition == no:
		return otherwise
	}
	return maybe
}

// evalTest decides a part that has no and, or, not inside that could be parsed.
func (d conditionEvaluator) evalTest(e ast.Expr, positive bool) ternary {
	switch {
	case d.isTimeOnly(e):
		return d.evalTime(e)
	case d.isOtherTypeTest(e):
		return yes
	case positive && d.testsMissingAttribute(e):
		return no // "never interpreted as granting access": attribute reference, inherited support
	}
	return maybe
}

// isTimeOnly reports whether a part speaks of nothing but request.time and constants.
func (d conditionEvaluator) isTimeOnly(e ast.Expr) bool {
	if isAttribute(e, "request", "time") {
		return true
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return true
	case ast.ListKind:
		return !slices.ContainsFunc(e.AsList().Elements(), func(x ast.Expr) bool { return !d.isTimeOnly(x) })
	case ast.CallKind:
		call := e.AsCall()
		if call.IsMemberFunction() && !d.isTimeOnly(call.Target()) {
			return false
		}
		return !slices.ContainsFunc(call.Args(), func(x ast.Expr) bool { return !d.isTimeOnly(x) })
	}
	return false
}

// evalTime evaluates a part at the time. An error is not an answer: IAM may read the part in another way.
func (d conditionEvaluator) evalTime(e ast.Expr) ternary {
	if d.at.IsZero() {
		return maybe
	}
	program, err := conditionLanguage.PlanProgram(ast.NewAST(e, d.source), cel.CostLimit(conditionCostLimit))
	if err != nil {
		return maybe
	}
	out, _, err := program.Eval(map[string]any{"request": map[string]any{"time": d.at}})
	if err != nil {
		return maybe
	}
	if holds, ok := out.Value().(bool); ok {
		return ternaryOf(holds)
	}
	return maybe
}

// isAttribute reports whether a part is VARIABLE.FIELD, one of the fields.
func isAttribute(e ast.Expr, variable string, fields ...string) bool {
	if e.Kind() != ast.SelectKind || e.AsSelect().IsTestOnly() {
		return false
	}
	operand := e.AsSelect().Operand()
	return operand.Kind() == ast.IdentKind && operand.AsIdent() == variable && slices.Contains(fields, e.AsSelect().FieldName())
}

// isOtherTypeTest reports whether a part is resource.type != "X" and X is not the resource's type. That is
// true for every resource, even for one that gives no type (iam-facts 12.11).
func (d conditionEvaluator) isOtherTypeTest(e ast.Expr) bool {
	name, sides := callParts(e)
	if name != operators.NotEquals {
		return false
	}
	if isNonEmptyString(sides[0]) {
		sides = []ast.Expr{sides[1], sides[0]}
	}
	if !isAttribute(sides[0], "resource", "type") || !isNonEmptyString(sides[1]) {
		return false
	}
	named := resourceTypeForm.FindStringSubmatch(sides[1].AsLiteral().Value().(string))
	return named != nil && !slices.Contains(possibleServices(d.accessed), named[1])
}

// resourceTypeForm is how the types of resources are written: SERVICE/KIND.
var resourceTypeForm = regexp.MustCompile(`^([a-z]+\.googleapis\.com)/[A-Za-z]+$`)

// possibleServices names the services whose types a resource may have. A question about a project or a level
// above it may be about something that is created in it, or about its location.
func possibleServices(r Resource) []string {
	service, _, _ := strings.Cut(strings.TrimPrefix(string(r), "//"), "/")
	if strings.HasPrefix(string(r), hostProjects) {
		return []string{service, "cloud.googleapis.com", "run.googleapis.com", "serviceusage.googleapis.com"}
	}
	return []string{service}
}

// testsMissingAttribute reports whether a part is a positive test of an attribute that the resource lacks.
// Such a test compares an attribute with a text, for equality or as a part. A text that is in every other
// makes no such test.
func (d conditionEvaluator) testsMissingAttribute(e ast.Expr) bool {
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
	lacking := func(side ast.Expr) bool { return isAttribute(side, "resource", d.missingAttributes...) }
	switch call.FunctionName() {
	case operators.Equals:
		return lacking(sides[0]) && isNonEmptyString(sides[1]) || lacking(sides[1]) && isNonEmptyString(sides[0])
	case operators.In:
		return lacking(sides[0]) && sides[1].Kind() == ast.ListKind &&
			!slices.ContainsFunc(sides[1].AsList().Elements(), func(x ast.Expr) bool { return !isNonEmptyString(x) })
	case "startsWith", "endsWith", "contains":
		return lacking(sides[0]) && isNonEmptyString(sides[1])
	}
	return false
}

func isNonEmptyString(e ast.Expr) bool {
	if e.Kind() != ast.LiteralKind {
		return false
	}
	text, ok := e.AsLiteral().Value().(string)
	return ok && text != ""
}

// hiddenConditionMarker is in the role's name if a policy was read in a version without conditions.
// ROLE_withcond_HASH stands for a binding of ROLE whose condition is not shown (iam-facts 6.2).
const hiddenConditionMarker = "_withcond_"

// splitHiddenCondition gives the binding behind a role name that hides a condition.
func (b Binding) splitHiddenCondition() (_ Binding, hidden bool) {
	role, _, hidden := strings.Cut(b.Role, hiddenConditionMarker)
	b.Role = role
	return b, hidden
}

// conditionGap says why a binding's condition leaves the answer open.
func conditionGap(level Resource, b Binding, member Member, hidden bool) Gap {
	switch {
	case hidden:
		return Gap{Resource: level, Reason: fmt.Sprintf(
			"%s is bound to %s under a condition that the policy was read without; read it with version 3", b.Role, member)}
	case isTagTest(b.Condition.Expression):
		return Gap{Resource: level, Reason: fmt.Sprintf(
			"%s is bound to %s under a condition about resource tags, which are not read: %s", b.Role, member, b.Condition.Text())}
	}
	return Gap{Resource: level, Reason: fmt.Sprintf(
		"%s is bound to %s under a condition that is not decided: %s", b.Role, member, b.Condition.Text())}
}

func isTagTest(expression string) bool {
	return slices.ContainsFunc([]string{"matchTag", "hasTagKey"}, func(f string) bool { return strings.Contains(expression, f) })
}
