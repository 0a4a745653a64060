package model

import (
	"cmp"
	"slices"
)

// Namesakes are the workloads of the same name elsewhere: those of the same kind in other regions, then those of other
// kinds. Where a workload is not there, one of them was most likely meant.
func (w WorkloadName) Namesakes(all []Workload) (names []WorkloadName) {
	for _, other := range all {
		if other.Name == w.Name && other.WorkloadName != w && !slices.Contains(names, other.WorkloadName) {
			names = append(names, other.WorkloadName)
		}
	}
	kind := func(n WorkloadName) int {
		if n.Kind == w.Kind {
			return -1
		}
		return slices.Index(Question{}.DeployableKinds(), n.Kind)
	}
	slices.SortFunc(names, func(a, b WorkloadName) int { return cmp.Or(kind(a)-kind(b), cmp.Compare(a.Region, b.Region)) })
	return names
}

// NamesakeSentence say where they are, in a sentence; empty if there are none.
func NamesakeSentence(names []WorkloadName) string {
	var kinds []string
	for len(names) > 0 {
		kind, regions := names[0].Kind, []string{}
		for len(names) > 0 && names[0].Kind == kind {
			regions, names = append(regions, names[0].Region), names[1:]
		}
		kinds = append(kinds, "a "+kind.DisplayName()+" of that name in "+joinWithAnd(regions))
	}
	if len(kinds) == 0 {
		return ""
	}
	return "There is " + joinWithAnd(kinds) + "."
}
