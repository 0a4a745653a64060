package model

import (
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// over tells whether a condition can never hold again: its time is past, for this moment and for every later one. A
// condition that holds at times (a weekday), or that has not begun, is not over; nor is one that can't be understood.
func (c *Condition) over(at time.Time) bool {
	if c == nil || at.IsZero() {
		return false
	}
	parsed, issues := conditionLanguage.Parse(c.Expression)
	if issues.Err() != nil {
		return false
	}
	return forever{at}.never(parsed.NativeRep().Expr())
}

// forever looks at conditions from a moment on, to the end of time.
type forever struct{ from time.Time }

// never: the part is false from now on, for ever.
func (f forever) never(e ast.Expr) bool {
	name, args := callOf(e)
	switch name {
	case operators.LogicalAnd:
		return f.never(args[0]) || f.never(args[1])
	case operators.LogicalOr:
		return f.never(args[0]) && f.never(args[1])
	case operators.LogicalNot:
		return f.always(args[0])
	}
	bound, ok := clockTest(e)
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

// always: the part is true from now on, for ever.
func (f forever) always(e ast.Expr) bool {
	name, args := callOf(e)
	switch name {
	case operators.LogicalAnd:
		return f.always(args[0]) && f.always(args[1])
	case operators.LogicalOr:
		return f.always(args[0]) || f.always(args[1])
	case operators.LogicalNot:
		return f.never(args[0])
	}
	bound, ok := clockTest(e)
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

func callOf(e ast.Expr) (name string, args []ast.Expr) {
	if e.Kind() != ast.CallKind || e.AsCall().IsMemberFunction() {
		return "", nil
	}
	return e.AsCall().FunctionName(), e.AsCall().Args()
}

// clock is a comparison of request.time with a moment: request.time OP at.
type clock struct {
	op string
	at time.Time
}

// turned is the comparison read from the other side.
var turned = map[string]string{operators.Less: operators.Greater, operators.LessEquals: operators.GreaterEquals, operators.Greater: operators.Less,
	operators.GreaterEquals: operators.LessEquals, operators.Equals: operators.Equals, operators.NotEquals: operators.NotEquals}

// clockTest reads a comparison of request.time with a moment.
func clockTest(e ast.Expr) (clock, bool) {
	op, args := callOf(e)
	if turned[op] == "" || len(args) != 2 {
		return clock{}, false
	}
	if isAttribute(args[1], "request", "time") {
		op, args = turned[op], []ast.Expr{args[1], args[0]}
	}
	if !isAttribute(args[0], "request", "time") {
		return clock{}, false
	}
	at, ok := moment(args[1])
	return clock{op, at}, ok
}

// moment reads what comes to the same time whenever it is asked: timestamp("2026-01-02T03:04:05Z"), date("2026-01-02"),
// or one of them with a duration added.
func moment(e ast.Expr) (time.Time, bool) {
	name, args := callOf(e)
	if (name == operators.Add || name == operators.Subtract) && len(args) == 2 {
		at, ok := moment(args[0])
		span, fits := stretch(args[1])
		if name == operators.Subtract {
			span = -span
		}
		return at.Add(span), ok && fits
	}
	if len(args) != 1 || !isText(args[0]) {
		return time.Time{}, false
	}
	layout := map[string]string{"timestamp": time.RFC3339, "date": time.DateOnly}[name]
	at, err := time.Parse(layout, args[0].AsLiteral().Value().(string))
	return at, layout != "" && err == nil
}

// stretch reads duration("3600s").
func stretch(e ast.Expr) (time.Duration, bool) {
	name, args := callOf(e)
	if name != "duration" || len(args) != 1 || !isText(args[0]) {
		return 0, false
	}
	span, err := time.ParseDuration(args[0].AsLiteral().Value().(string))
	return span, err == nil
}
