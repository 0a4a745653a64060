package walk

import (
	"context"
	"fmt"

	"whopulls/model"
	"whopulls/model/explanation"
	"whopulls/model/propagation"
	"whopulls/text/signs"
)

// Purpose is what a walk is for: granting what a question lacks, removing bindings, taking changes back.
type Purpose interface {
	// Trail is where the walk is, for the title line.
	Trail() string
	// BackTo is what enter goes back to at the end, as in "the map".
	BackTo() string
	// StepTitle is a step in its line.
	StepTitle(s model.Step) string
	// Explain names the line that a step is about, and explains it as things are now and after what became of the step.
	Explain(s model.Step, now model.Situation, fate explanation.Fate) (line string, x explanation.Explanation)
	// Headline says how far the walk is.
	Headline(p Progress) Headline
	// Write is the change of a step, with what the journal keeps next to it.
	Write(s model.Step) model.Write
}

// Batcher is a purpose whose steps can all be made after one yes. No diagnosis says why they are made, so what is handed over
// is their commands.
type Batcher interface {
	Purpose
	BatchWords(steps []model.Step) BatchWords
}

// Deployer is a purpose of which a deploy shows the effect.
type Deployer interface {
	Purpose
	// Deploys gives the project, the workload, and the image that was asked about in place of the workload's own. Nil: the workload
	// is not there yet.
	Deploys() (project string, w *model.WorkloadName, image model.Image)
}

// Rechecker is a purpose whose steps are judged again just before they are made. A reason leaves a step out.
type Rechecker interface {
	Purpose
	LookAgain(ctx context.Context, s model.Step) model.SkipReason
}

// BatchWords are what is said about several steps at once.
type BatchWords struct {
	Question     string // the title of the question before them
	Why          string
	Yes          string // the label of the yes
	Done         string // what was done to the bindings, as in "removed"
	UndoQuestion string // the title of the question before all of them are taken back
}

// Progress is how far a walk is.
type Progress struct {
	Steps, Done  int
	Finished     bool // each step has an outcome
	InBatch      bool // several steps are being made after one yes
	TakingBack   bool // several steps are being taken back after one yes
	Reading      bool // everything is being read again
	ReadOnly     bool
	Undoable     int               // how many steps can be taken back
	NotUndone    int               // how many steps could not be taken back
	Diagnosis    *model.Diagnosis  // made after the last step; nil: not yet
	Effect       propagation.Stage // how far the effect of the grants is known; empty: there were none
	DeployFailed bool              // the last deploy after them
	NotRead      bool              // the reading after the last step failed
}

// Count says how many of the steps are done.
func (p Progress) Count() string { return fmt.Sprintf("%d of %d", p.Done, p.Steps) }

// AllDone reports whether every step is in place.
func (p Progress) AllDone() bool { return p.Done == p.Steps }

// Headline is what stands above the steps.
type Headline struct {
	Words   string
	Verdict model.Verdict // that the words have the sign and the colour of; empty: none
	Details string
}

// readingHeadline is what stands there while everything is read again.
func (p Progress) readingHeadline() Headline {
	return Headline{Words: "Reading everything again " + signs.More, Details: p.Count() + " done"}
}

// TakingBackHeadline is what stands there while several changes are taken back.
func (p Progress) TakingBackHeadline() Headline {
	return Headline{Words: "Taking back " + signs.More, Details: p.Count() + " done"}
}
