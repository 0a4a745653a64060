// Package picture is the access map as data. It says who deploys, who pulls and who runs, in which project each thing is, and
// on which level the deciding binding stands. What draws it decides where the lines go.
package picture

import (
	"slices"

	"whopulls/model"
)

// Picture is the map of one diagnosis: the consumer project with three lanes, and the other projects that take part.
type Picture struct {
	Consumer  Project
	Subject   string // what runs: "service web", "a new service"
	Verdict   model.Verdict
	API       Line // whether the Cloud Run API is on
	Lanes     []Lane
	Places    []Place // the source projects before a third one
	Unchecked string  // what no verdict looks at, as one sentence
}

// Project is a project by its id; the number is empty where it is not known.
type Project struct{ ID, Number string }

// Lane is one of the three identities with what it needs.
type Lane struct {
	Identity model.Identity
	Name     string // DEPLOYS, PULLS, RUNS
	Who      string // what it is, in words
	Account  string // its e-mail, or what names it otherwise; empty if Who says it all
	Note     string // what is new to newcomers about it, in a few words
	Known    bool   // who it is
	Lines    []Line
	Remark   string // what there is to say apart from the checks
}

// Line is one check with what proves it.
type Line struct {
	Check   model.Check
	Label   string
	Role    string // that a granted line rests on, without "roles/"; several are joined
	Where   Where  // the place of the binding
	Finding string // what stands in place of a role: "no binding", "tested: you may"
	Place   int    // index of the place that the line reaches into; None without one
	Rung    int    // index of the rung in that place that decides
}

// None is the place of a line that stays in the consumer project.
const None = -1

// Where says on which level a binding stands.
type Where struct {
	Level     model.Kind // empty without a binding
	Name      string     // of the level: "apps"
	Inherited bool       // it stands above what was asked about
	Public    bool       // everybody has it
}

// Place is one project besides the consumer's lanes, or what stands outside of all projects.
type Place struct {
	Letter string // B, C, D
	Kind   PlaceKind
	Name   string // the project's id, or the registry's host
	Same   bool   // it is the consumer project itself
	Rungs  []Rung // widest first
}

// PlaceKind says what a place has to do with the workload.
type PlaceKind string

// The kinds of places.
const (
	Source  PlaceKind = "source project"
	Third   PlaceKind = "third project" // of the runtime account
	Outside PlaceKind = "outside Artifact Registry"
)

// Rung is one level of a place: the organization, a folder, the project, a repository or an account.
type Rung struct {
	Resource  model.Resource // empty outside Artifact Registry
	Kind      model.Kind
	Name      string
	Note      string // of a repository: where it is, and what it holds
	Inherited bool   // it stands above the project
	Holders   []Holder
	Images    []Line // of a repository: the images asked about, and what it reads from
}

// Holder is a deciding binding on its rung.
type Holder struct {
	Role     string         // without "roles/"
	Identity model.Identity // empty where everybody has it
	Public   bool
}

// Line gives the line of a check.
func (p Picture) Line(check string) (Line, bool) {
	for l := range p.Lines() {
		if l.Check.ID == check {
			return l, true
		}
	}
	return Line{}, false
}

// Lines goes through all lines from top to bottom: the API, the lanes, the images.
func (p Picture) Lines() func(yield func(Line) bool) {
	return func(yield func(Line) bool) {
		if !yield(p.API) {
			return
		}
		for _, l := range p.Lanes {
			for _, line := range l.Lines {
				if !yield(line) {
					return
				}
			}
		}
		for _, place := range p.Places {
			for _, r := range place.Rungs {
				for _, line := range r.Images {
					if !yield(line) {
						return
					}
				}
			}
		}
	}
}

// Granted counts the granted lines of a lane.
func (l Lane) Granted() (count int) {
	for _, line := range l.Lines {
		if line.Check.Verdict == model.Granted {
			count++
		}
	}
	return count
}

// rungOf finds the rung of a resource; None without one.
func (p Place) rungOf(r model.Resource) int {
	return slices.IndexFunc(p.Rungs, func(rung Rung) bool { return r != "" && rung.Resource == r })
}
