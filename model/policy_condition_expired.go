package model

import (
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// expired tells whether a condition can never hold again: its time is past, for this moment and for every later one. A
// condition that holds at times (a weekday), or that has not begun, is not over; nor is one that can't be understood.
func (c *Condition) expired(at time.Time) bool {
	if c == nil || at.IsZero() {
		return false
	}
	parsed, issues := conditionLanguage.Parse(c.Expression)
	if issues.Err() != nil {
		return false
	}
	return fromNowOn{at}.neverHolds(parsed.NativeRep().Expr())
}

// fromNowOn looks at conditions from a moment on, to the end of time.
type fromNowOn struct{ from time.Time }

// neverHolds: the part is false from now on, for ever.
func (f fromNowOn) neverHolds(e ast.Expr) bool {
	name, args := callParts(e)
	switch name {
	case operators.LogicalAnd:
		return f.neverHolds(args[0]) || f.neverHolds(args[1])
	case operators.LogicalOr:
		return f.neverHolds(args[0]) && f.neverHolds(args[1])
	case operators.LogicalNot:
		return f.alwaysHolds(args[0])
	}
	bound, ok := parseTimeComparison(e)
	switch {
	case !ok:
		return false
	case bound.op == operators.Less:
		return !f.from.Before(bound.at)
	case bound.op == operators.LessEquals, bound.op == operators.Equals:
		return f.from.After(bound.at)
	}
	return false
}

// alwaysHolds: the part is true from now on, for ever.
func (f fromNowOn) alwaysHolds(e ast.Expr) bool {
	name, args := callParts(e)
	switch name {
	case operators.LogicalAnd:
		return f.alwaysHolds(args[0]) && f.alwaysHolds(args[1])
	case operators.LogicalOr:
		return f.alwaysHolds(args[0]) || f.alwaysHolds(args[1])
	case operators.LogicalNot:
		return f.neverHolds(args[0])
	}
	bound, ok := parseTimeComparison(e)
	switch {
	case !ok:
		return false
	case bound.op == operators.GreaterEquals:
		return !f.from.Before(bound.at)
	case bound.op == operators.Greater, bound.op == operators.NotEquals:
		return f.from.After(bound.at)
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
