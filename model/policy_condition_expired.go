package model

import (
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// expired reports whether a condition can never hold again, neither at this moment nor at a later one. A condition that
// holds at times (a weekday) or that has not begun is not expired; nor is one that can't be understood.
func (c *Condition) expired(at time.Time) bool {
	if c == nil || at.IsZero() {
		return false
	}
	parsed, issues := conditionLanguage.Parse(c.Expression)
	if issues.Err() != nil {
		return false
	}
	return fromNowOn{at}.keeps(false, parsed.NativeRep().Expr())
}

// fromNowOn looks at conditions from a moment on, to the end of time.
type fromNowOn struct{ from time.Time }

// keeps reports whether an expression has a value from now on, for ever.
func (f fromNowOn) keeps(value bool, e ast.Expr) bool {
	name, args := callParts(e)
	switch name {
	case operators.LogicalAnd, operators.LogicalOr:
		if onePartDecides := value == (name == operators.LogicalOr); onePartDecides {
			return f.keeps(value, args[0]) || f.keeps(value, args[1])
		}
		return f.keeps(value, args[0]) && f.keeps(value, args[1])
	case operators.LogicalNot:
		return f.keeps(!value, args[0])
	}
	bound, ok := parseTimeComparison(e)
	return ok && f.decides(bound, value)
}

// decides reports whether a comparison with the request's time has a value from now on, for ever.
func (f fromNowOn) decides(bound timeComparison, value bool) bool {
	switch bound.op {
	case operators.GreaterEquals:
		return value && !f.from.Before(bound.at)
	case operators.Less:
		return !value && !f.from.Before(bound.at)
	case operators.Greater, operators.NotEquals:
		return value && f.from.After(bound.at)
	case operators.LessEquals, operators.Equals:
		return !value && f.from.After(bound.at)
	}
	return false
}

func callParts(e ast.Expr) (name string, args []ast.Expr) {
	if e.Kind() != ast.CallKind || e.AsCall().IsMemberFunction() {
		return "", nil
	}
	return e.AsCall().FunctionName(), e.AsCall().Args()
}

// timeComparison is a comparison of request.time with a moment: request.time OP at.
type timeComparison struct {
	op string
	at time.Time
}

// mirroredOperators is the comparison read from the other side.
var mirroredOperators = map[string]string{operators.Less: operators.Greater, operators.LessEquals: operators.GreaterEquals, operators.Greater: operators.Less,
	operators.GreaterEquals: operators.LessEquals, operators.Equals: operators.Equals, operators.NotEquals: operators.NotEquals}

// parseTimeComparison reads a comparison of request.time with a moment.
func parseTimeComparison(e ast.Expr) (timeComparison, bool) {
	op, args := callParts(e)
	if mirroredOperators[op] == "" || len(args) != 2 {
		return timeComparison{}, false
	}
	if isAttribute(args[1], "request", "time") {
		op, args = mirroredOperators[op], []ast.Expr{args[1], args[0]}
	}
	if !isAttribute(args[0], "request", "time") {
		return timeComparison{}, false
	}
	at, ok := parseTimestamp(args[1])
	return timeComparison{op, at}, ok
}

// parseTimestamp reads what comes to the same time whenever it is asked: timestamp("2026-01-02T03:04:05Z"), date("2026-01-02"),
// or one of them with a duration added.
func parseTimestamp(e ast.Expr) (time.Time, bool) {
	name, args := callParts(e)
	if (name == operators.Add || name == operators.Subtract) && len(args) == 2 {
		at, ok := parseTimestamp(args[0])
		span, fits := parseDuration(args[1])
		if name == operators.Subtract {
			span = -span
		}
		return at.Add(span), ok && fits
	}
	if len(args) != 1 || !isNonEmptyString(args[0]) {
		return time.Time{}, false
	}
	layout := map[string]string{"timestamp": time.RFC3339, "date": time.DateOnly}[name]
	at, err := time.Parse(layout, args[0].AsLiteral().Value().(string))
	return at, layout != "" && err == nil
}

// parseDuration reads duration("3600s").
func parseDuration(e ast.Expr) (time.Duration, bool) {
	name, args := callParts(e)
	if name != "duration" || len(args) != 1 || !isNonEmptyString(args[0]) {
		return 0, false
	}
	span, err := time.ParseDuration(args[0].AsLiteral().Value().(string))
	return span, err == nil
}
