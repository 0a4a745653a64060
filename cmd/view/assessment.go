// Package view writes what commands found, as text for people and as JSON for programs. It gets values: it knows no flags and
// reads no files.
package view

import "whopulls/model"

// Assessment is what was read about a question, and what follows from it.
type Assessment struct {
	Situation model.Situation
	Diagnosis model.Diagnosis
	Plan      model.Plan
	Options   model.PlanOptions // of the plan
	Sandbox   string            // the sandbox it was read from, empty at Google
}
