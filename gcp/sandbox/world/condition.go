package world

import (
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"google.golang.org/genproto/googleapis/type/expr"
)

// program is a compiled condition; nil inside when it does not compile here
// (resource tags, say: a world has none).
type program struct{ run cel.Program }

// conditions is the language of allow conditions: request.time and the
// resource's name, type and service, as maps, so that an attribute that a
// resource does not have is an error when it is asked for and not before.
var conditions = newConditions()

func newConditions() *cel.Env {
	env, err := cel.NewEnv(
		cel.Variable("request", cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable("resource", cel.MapType(cel.StringType, cel.DynType)))
	if err != nil {
		panic("world: the language of conditions cannot be set up: " + err.Error())
	}
	return env
}

// compile gives the program of an expression, made once.
func (w *World) compile(expression string) cel.Program {
	if p, ok := w.programs.Load(expression); ok {
		return p.(*program).run
	}
	made := &program{}
	if tree, issues := conditions.Compile(expression); issues.Err() == nil {
		made.run, _ = conditions.Program(tree)
	}
	w.programs.Store(expression, made)
	return made.run
}

// holds decides the condition of a binding. A part that uses an attribute
// which the resource does not have never grants: CEL's || passes over it when
// another part is true, and everything else about it ends as not granted.
func (w *World) holds(c *expr.Expr, resource string, at time.Time) bool {
	if c == nil {
		return true
	}
	result, ok := w.evaluate(c.Expression, map[string]any{
		"request":  map[string]any{"time": at},
		"resource": attributes(w.Canonical(resource)),
	})
	return ok && result
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
	run := w.compile(expression)
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

// attributes are what a condition can know of a resource. Artifact Registry
// gives none of them.
func attributes(resource string) map[string]any {
	service, name := split(resource)
	if service == "artifactregistry.googleapis.com" {
		return map[string]any{}
	}
	return map[string]any{"service": service, "name": name, "type": service + "/" + resourceType(name)}
}

var resourceTypes = map[string]string{
	"projects": "Project", "folders": "Folder", "organizations": "Organization", "serviceAccounts": "ServiceAccount",
	"services": "Service", "jobs": "Job", "workerPools": "WorkerPool", "instances": "Instance",
}

func resourceType(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) < 2 {
		return ""
	}
	return resourceTypes[parts[len(parts)-2]]
}
