package soundness

import (
	"strconv"
	"strings"
)

// nature says how far a condition can be decided by somebody who reads its text.
type nature int

const (
	decided nature = iota // everywhere: it speaks of the time only
	onKinds               // positive tests of a resource's attributes: Artifact Registry has none of these, so there it never grants
	open                  // tags, negated tests, attributes of other requests, nonsense
)

// clause is a condition as a policy shows it.
type clause struct {
	text   string
	nature nature
	masked bool // what it comes to lies outside the world; the engine is given the answer in its place
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
	{text: `request.time < timestamp("` + moment + `")`},
	{text: `request.time <= timestamp("` + moment + `")`},
	{text: `request.time.getFullYear() >= 2020`},
	{text: `request.time.getHours("Europe/Berlin") > 23`},
	{text: `request.time < timestamp("2020-01-01T00:00:00Z") || request.time > timestamp("2021-01-01T00:00:00Z")`},
	{text: `request.time < date("2090-01-01")`},
	{text: `request.time < date("2020-01-01")`},
	{text: `request.time > date("2020-01-01") && request.time < date("2090-01-01") + duration("3600s")`},
	{text: `resource.type != "compute.googleapis.com/Disk"`},
	{text: `resource.type != "compute.googleapis.com/Disk" || resource.name.startsWith("projects/x")`},
	{text: `resource.type == "artifactregistry.googleapis.com/Repository"`, nature: onKinds},
	{text: `resource.service == "artifactregistry.googleapis.com"`, nature: onKinds},
	{text: `resource.name.startsWith("projects/source-b/locations/us/repositories/images")`, nature: onKinds},
	{text: `resource.service == "artifactregistry.googleapis.com" && request.time < timestamp("2090-01-01T00:00:00Z")`, nature: onKinds},
	{text: `resource.type == "artifactregistry.googleapis.com/Repository" || request.time < timestamp("2090-01-01T00:00:00Z")`, nature: onKinds},
	{text: `resource.type == "iam.googleapis.com/ServiceAccount"`, nature: onKinds},
	{text: `resource.type != "artifactregistry.googleapis.com/Repository"`, nature: open},
	{text: `resource.service != "compute.googleapis.com"`, nature: open, masked: true},
	{text: `resource.matchTag("100000000001/env", "prod") || request.time < timestamp("2020-01-01T00:00:00Z")`, nature: open, masked: true},
	{text: `resource.matchTag("100000000001/env", "prod") || request.time < timestamp("2090-01-01T00:00:00Z")`},
	{text: `!resource.name.startsWith("projects/source-b/")`, nature: open, masked: true},
	{text: `resource.name != "projects/x" || resource.type == "compute.googleapis.com/Disk"`, nature: open, masked: true},
	{text: `!(resource.service == "compute.googleapis.com") && request.time < timestamp("2090-01-01T00:00:00Z")`, nature: open, masked: true},
	{text: `(resource.type == "compute.googleapis.com/Disk") == false`, nature: open, masked: true},
	{text: `resource.matchTag("100000000001/env", "prod")`, nature: open, masked: true},
	{text: `!resource.matchTag("100000000001/env", "prod")`, nature: open, masked: true},
	{text: `resource.matchTagId("tagKeys/123", "tagValues/456")`, nature: open, masked: true},
	{text: `resource.hasTagKey("100000000001/env") && request.time < timestamp("2090-01-01T00:00:00Z")`, nature: open, masked: true},
	{text: `api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(["roles/viewer"])`, nature: open, masked: true},
	{text: `destination.port == 22`, nature: open, masked: true},
	{text: `this is no condition (`, nature: open},
	{text: `request.time < 5`, nature: open},
	{text: `"a" + 1 == 2`, nature: open},
	{text: `request.time`, nature: open},
	{text: `request.auth.claims.email == "dev@example.com"`, nature: open},
}

// moment is the time of most readings.
const moment = "2026-11-20T10:00:00Z"

// A condition's title carries which clause it is, and for a masked one the answer that the engine is given.
const (
	titleStart = "clause "
	titleYes   = " yes"
	titleNo    = " no"
)

// title and expression of a drawn clause, as the engine gets it.
func inFile(index int, mask, answer bool) (title, expression string) {
	title = titleStart + strconv.Itoa(index)
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
	number := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(title, titleStart), titleYes), titleNo)
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

// denyInFile is what the engine gets in place of a deny rule's condition: an expression that comes to the answer and
// carries which clause it is.
func denyInFile(index int, mask, answer bool) string {
	if !mask {
		return denyClauses[index]
	}
	left := `"tag ` + strconv.Itoa(index) + `" == `
	if answer {
		return left + `"tag ` + strconv.Itoa(index) + `"`
	}
	return left + `"none"`
}

// denyShown turns it back.
func denyShown(expression string) string {
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
