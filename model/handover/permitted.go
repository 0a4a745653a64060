package handover

import (
	"slices"

	"whopulls/model"
)

// PermittedMembers are the members that may make a step's change, as far as the read policies and roles show.
// They hold the first permission that it requires, on the resource or above it, without a condition. They are
// sorted. Nobody is named by a guess, so most often there are more.
func PermittedMembers(s model.Situation, step model.Step) []string {
	if len(step.Requires) == 0 {
		return nil
	}
	levels := []model.Resource{step.Resource}
	if p := step.Resource.Project(); p != "" {
		levels = append(levels, model.ProjectResource(p))
		for _, a := range s.Ancestry[p].Value {
			levels = append(levels, a.Resource)
		}
	}
	var holders []string
	for _, r := range levels {
		for _, b := range s.Policies[r].Value.Bindings {
			if b.Condition == nil && s.Roles[b.Role].Value.Grants(step.Requires[0]) {
				for _, m := range b.Members {
					holders = append(holders, string(m))
				}
			}
		}
	}
	slices.Sort(holders)
	return slices.Compact(holders)
}
