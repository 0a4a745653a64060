package gcp

import (
	"strings"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"

	"whopulls/model"
)

// A condition comes and goes as it is: a line break ends a comment, and what is given back must be what was there.
func TestConditionsStayAsTheyAre(t *testing.T) {
	const live = "request.time < timestamp(\"2026-05-01T00:00:00Z\") // the first wave\n|| request.time < timestamp(\"2099-01-01T00:00:00Z\") \n"
	read := policyOf(&iampb.Policy{Bindings: []*iampb.Binding{{Role: model.RoleReader, Members: []string{"user:a@example.com"},
		Condition: &expr.Expr{Title: " until\tlater", Description: "\n", Expression: live}}}})
	c := read.Bindings[0].Condition
	if got := exprOf(c); got.GetExpression() != live || got.GetTitle() != " until\tlater" || got.GetDescription() != "\n" {
		t.Errorf("it comes back as %+v", got)
	}
	if text := c.Text(); strings.ContainsAny(text, "\n\t") || strings.HasSuffix(text, " ") {
		t.Errorf("it is shown as %q", text)
	}
}
