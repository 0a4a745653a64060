package world

import (
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"google.golang.org/genproto/googleapis/type/expr"
)

// compiledCondition is a condition that is ready to run; run is nil if it is no CEL.
type compiledCondition struct {
	program    cel.Program
	typeChecks bool // everything in it is known here; else some parts end in an error (resource tags, say: a world has none)
}

// conditionEnv is the language of allow conditions: request.time and the resource's name, type and service.
// They are maps, so an attribute that a resource lacks is an error only when it is read.
var conditionEnv = newConditionEnv()

func newConditionEnv() *cel.Env {
	env, err := cel.NewEnv(
		cel.Variable("request", cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable("resource", cel.MapType(cel.StringType, cel.DynType)),
		cel.Function("date", cel.Overload("date_string", []*cel.Type{cel.StringType}, cel.TimestampType, cel.UnaryBinding(celDate))))
	if err != nil {
		panic("world: the language of conditions cannot be set up: " + err.Error())
	}
	return env
}

// celDate is IAM's own function: the first moment of a day, YYYY-MM-DD, in UTC
// (iam-facts 12.11).
func celDate(text ref.Val) ref.Val {
	day, ok := text.Value().(string)
	at, err := time.Parse(time.DateOnly, day)
	if !ok || err != nil {
		return types.NewErr("%v is no date like 2026-01-31", text)
	}
	return types.Timestamp{Time: at}
}

// compile gives the program of an expression, made once. It is not checked as
// a whole: what is not known here is an error of its part alone, when that part
// is run.
func (w *World) compile(expression string) *compiledCondition {
	if p, ok := w.compiledConditions.Load(expression); ok {
		return p.(*compiledCondition)
	}
	compiled := &compiledCondition{}
	if tree, issues := conditionEnv.Parse(expression); issues.Err() == nil {
		compiled.program, _ = conditionEnv.Program(tree)
		_, issues = conditionEnv.Check(tree)
		compiled.typeChecks = issues.Err() == nil
	}
	w.compiledConditions.Store(expression, compiled)
	return compiled
}

// conditionHolds decides the condition of a binding. A part that uses an attribute which the resource lacks
// never grants. CEL's || ignores it if another part is true; in every other case the result is not granted.
func (w *World) conditionHolds(c *expr.Expr, resource string, at time.Time) bool {
	if c == nil {
		return true
	}
	result, ok := w.evaluateFor(c.Expression, resource, ConditionContext{Time: at})
	return ok && result
}

// evaluateFor decides an expression about a resource. It is true when it is so
// by all that the resource may look like.
func (w *World) evaluateFor(expression, resource string, given ConditionContext) (result, ok bool) {
	for _, attributes := range attributeSets(w.Canonical(resource)) {
		for key, value := range map[string]string{"service": given.Service, "name": given.Name, "type": given.Type} {
			if value != "" {
				attributes[key] = value
			}
		}
		result, ok = w.evaluate(expression, map[string]any{"request": map[string]any{"time": given.Time}, "resource": attributes})
		if !ok || !result {
			return false, ok
		}
	}
	return result, ok
}

// denyConditionHolds decides the condition of a deny rule. Deny conditions can
// only speak of tags; one that cannot be decided counts as true, as Google's.
func (w *World) denyConditionHolds(expression string) bool {
	if expression == "" {
		return true
	}
	result, ok := w.evaluate(expression, map[string]any{"request": map[string]any{}, "resource": map[string]any{}})
	return result || !ok
}

func (w *World) evaluate(expression string, vars map[string]any) (result, ok bool) {
	run := w.compile(expression).program
	if run == nil {
		return false, false
	}
	out, _, err := run.Eval(vars)
	if err != nil {
		return false, false
	}
	result, ok = out.Value().(bool)
	return result, ok
}

// attributeSets are what a condition can know about a resource: mostly one set of attributes. Service
// accounts have no name (iam-facts 12.11). Artifact Registry gives no attribute at all (6.2), but
// resource.type != "X" is true there for another type (12.11). So a repository has two sets: one with its own
// service and type, and one with empty ones. A condition that depends on the difference never grants.
func attributeSets(resource string) []map[string]any {
	service, name := splitFullName(resource)
	own := map[string]any{"service": service, "type": service + "/" + resourceType(name)}
	switch service {
	case "artifactregistry.googleapis.com":
		return []map[string]any{own, {"service": "", "type": ""}}
	case "iam.googleapis.com":
		return []map[string]any{own}
	}
	own["name"] = name
	return []map[string]any{own}
}

var resourceTypes = map[string]string{
	"projects": "Project", "folders": "Folder", "organizations": "Organization", "serviceAccounts": "ServiceAccount",
	"services": "Service", "jobs": "Job", "workerPools": "WorkerPool", "instances": "Instance", "repositories": "Repository",
}

func resourceType(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) < 2 {
		return ""
	}
	return resourceTypes[parts[len(parts)-2]]
}
