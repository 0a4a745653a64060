package oracle

import (
	"strconv"
	"strings"
)

// decidability says how far a reader of its text can decide a condition.
type decidability int

const (
	decidable       decidability = iota // everywhere: it speaks of the time only
	decidableByKind                     // positive tests of a resource's attributes: Artifact Registry has none of these, so there it never grants
	undecidable                         // tags, negated tests, attributes of other requests, nonsense
)

// clause is a condition as a policy shows it.
type clause struct {
	text         string
	decidability decidability
	masked       bool // what it comes to lies outside the world; the engine is given the answer in its place
}

// clauses are the conditions that bindings are drawn with. The times lie far from any real clock, but for the moment
// of the reading itself (moment), which tells < from <=.
var clauses = []clause{
	{text: `request.time < timestamp("2090-01-01T00:00:00Z")`},
	{text: `request.time < timestamp("2020-01-01T00:00:00Z")`},
	{text: `request.time > timestamp("2090-01-01T00:00:00Z")`},
	{text: `request.time >= timestamp("2020-01-01T00:00:00Z") && request.time < timestamp("2090-01-01T00:00:00Z")`},
	{text: `request.time > timestamp("2010-01-01T00:00:00Z") && request.time < timestamp("2011-01-01T00:00:00Z")`},
	{text: `!(request.time < timestamp("2020-01-01T00:00:00Z"))`},
	{text: `request.time < timestamp("` + readTimestamp + `")`},
	{text: `request.time <= timestamp("` + readTimestamp + `")`},
	{text: `request.time.getFullYear() >= 2020`},
	{text: `request.time.getHours("Europe/Berlin") > 23`},
	{text: `request.time < timestamp("2020-01-01T00:00:00Z") || request.time > timestamp("2021-01-01T00:00:00Z")`},
	{text: `request.time < date("2090-01-01")`},
	{text: `request.time < date("2020-01-01")`},
	{text: `request.time > date("2020-01-01") && request.time < date("2090-01-01") + duration("3600s")`},
	{text: `resource.type != "compute.googleapis.com/Disk"`},
	{text: `resource.type != "compute.googleapis.com/Disk" || resource.name.startsWith("projects/x")`},
	{text: `resource.type == "artifactregistry.googleapis.com/Repository"`, decidability: decidableByKind},
	{text: `resource.service == "artifactregistry.googleapis.com"`, decidability: decidableByKind},
	{text: `resource.name.startsWith("projects/source-b/locations/us/repositories/images")`, decidability: decidableByKind},
	{text: `resource.service == "artifactregistry.googleapis.com" && request.time < timestamp("2090-01-01T00:00:00Z")`, decidability: decidableByKind},
	{text: `resource.type == "artifactregistry.googleapis.com/Repository" || request.time < timestamp("2090-01-01T00:00:00Z")`, decidability: decidableByKind},
	{text: `resource.type == "iam.googleapis.com/ServiceAccount"`, decidability: decidableByKind},
	{text: `resource.type != "artifactregistry.googleapis.com/Repository"`, decidability: undecidable},
	{text: `resource.service != "compute.googleapis.com"`, decidability: undecidable, masked: true},
	{text: `resource.matchTag("100000000001/env", "prod") || request.time < timestamp("2020-01-01T00:00:00Z")`, decidability: undecidable, masked: true},
	{text: `resource.matchTag("100000000001/env", "prod") || request.time < timestamp("2090-01-01T00:00:00Z")`},
	{text: `!resource.name.startsWith("projects/source-b/")`, decidability: undecidable, masked: true},
	{text: `resource.name != "projects/x" || resource.type == "compute.googleapis.com/Disk"`, decidability: undecidable, masked: true},
	{text: `!(resource.service == "compute.googleapis.com") && request.time < timestamp("2090-01-01T00:00:00Z")`, decidability: undecidable, masked: true},
	{text: `(resource.type == "compute.googleapis.com/Disk") == false`, decidability: undecidable, masked: true},
	{text: `resource.matchTag("100000000001/env", "prod")`, decidability: undecidable, masked: true},
	{text: `!resource.matchTag("100000000001/env", "prod")`, decidability: undecidable, masked: true},
	{text: `resource.matchTagId("tagKeys/123", "tagValues/456")`, decidability: undecidable, masked: true},
	{text: `resource.hasTagKey("100000000001/env") && request.time < timestamp("2090-01-01T00:00:00Z")`, decidability: undecidable, masked: true},
	{text: `api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/viewer"])`, decidability: undecidable, masked: true},
	{text: `destination.port == 22`, decidability: undecidable, masked: true},
	{text: `this is no condition (`, decidability: undecidable},
	{text: `request.time < 5`, decidability: undecidable},
	{text: `"a" + 1 == 2`, decidability: undecidable},
	{text: `request.time`, decidability: undecidable},
	{text: `request.auth.claims.email == "dev@example.com"`, decidability: undecidable},
}

// readTimestamp is the time of most readings.
const readTimestamp = "2026-11-20T10:00:00Z"

// A condition's title carries which clause it is, and for a masked one the answer that the engine is given.
const (
	titlePrefix = "clause "
	titleYes    = " yes"
	titleNo     = " no"
)

// title and expression of a drawn clause, as the engine gets it.
func fileCondition(index int, mask, answer bool) (title, expression string) {
	title = titlePrefix + strconv.Itoa(index)
	switch {
	case !mask || !clauses[index].masked:
		return title, clauses[index].text
	case answer:
		return title + titleYes, "true"
	}
	return title + titleNo, "false"
}

// clauseOf finds the clause by a title.
func clauseOf(title string) clause {
	number := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(title, titlePrefix), titleYes), titleNo)
	index, err := strconv.Atoi(number)
	if err != nil {
		panic("a condition that was not drawn: " + title)
	}
	return clauses[index]
}

// denyClauses are conditions of deny rules; all speak of tags, about which nothing is known.
var denyClauses = []string{
	`resource.matchTag("100000000001/env", "prod")`,
	`!resource.matchTag("100000000001/env", "prod")`,
	`resource.hasTagKeyId("tagKeys/123")`,
}

// fileDenyExpression is what the engine gets in place of a deny rule's condition: an expression that comes to the answer and
// names the clause.
func fileDenyExpression(index int, mask, answer bool) string {
	if !mask {
		return denyClauses[index]
	}
	left := `"tag ` + strconv.Itoa(index) + `" == `
	if answer {
		return left + `"tag ` + strconv.Itoa(index) + `"`
	}
	return left + `"none"`
}

// shownDenyExpression turns it back.
func shownDenyExpression(expression string) string {
	rest, masked := strings.CutPrefix(expression, `"tag `)
	if !masked {
		return expression
	}
	number, _, _ := strings.Cut(rest, `"`)
	index, err := strconv.Atoi(number)
	if err != nil {
		panic("a deny condition that was not drawn: " + expression)
	}
	return denyClauses[index]
}
