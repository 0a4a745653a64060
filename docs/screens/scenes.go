//go:build unix

package main

import (
	_ "embed"
	"time"
)

// scene is a run of the program up to a screen worth a picture.
type scene struct {
	name          string // of the file, without the look
	title, about  string // what screen readers read out
	width, height int
	args          []string
	world         string // what the folder it runs in holds as world.yaml
	steps         []step
	moves         bool // every step is a screen of a moving picture, else the last one is the picture
}

// step is what is pressed, and what stands on the screen then.
type step struct {
	keys    string
	shows   []string
	caption string
	lasts   time.Duration
}

// Keys as a terminal sends them.
const (
	enter   = "\r"
	right   = "\x1b[C"
	down    = "\x1b[B"
	palette = "\x10" // ctrl+p
)

//go:embed registry.yaml
var shop string

var (
	inSandbox = []string{"--sandbox"}
	ofMyjob   = []string{"--sandbox", "--project=myproject-a", "--region=asia-northeast1", "--job=myjob"}
)

// scenes are the main screens, and the main job as a moving picture.
var scenes = []scene{
	{
		name: "main-job", width: 100, height: 32, args: inSandbox, moves: true,
		title: "whopulls, from the first screen to a granted pull",
		about: "A project and a job are chosen. The map shows three identities: who deploys, who pulls, who runs. The pull is missing; one step grants the reader role to the Cloud Run service agent, and the map is green.",
		steps: []step{
			{"", []string{"11 projects"}, "whopulls --sandbox        Which project runs the container?", 2500 * time.Millisecond},
			{"proja", []string{"1 of 11 projects"}, "type: proja        finds myproject-a", 2 * time.Second},
			{enter, []string{"myjob", "workloads"}, "enter        Which workload?", 2 * time.Second},
			{"myjob", []string{"1 of 6"}, "type: myjob", 1500 * time.Millisecond},
			{enter, []string{"fix: 1 step", "✗ missing"}, "enter        The map: who deploys, who PULLS, who runs. The one who pulls is not allowed to.", 7 * time.Second},
			{enter, []string{"○ to do", "✓ you have it"}, "enter        The step that lets the service agent pull", 4 * time.Second},
			{enter, []string{"Change the policy of repository myrepo?"}, "enter        It asks first, and No is chosen", 3500 * time.Millisecond},
			{right, []string{"▸ grant"}, "→        choose grant", 1500 * time.Millisecond},
			{enter, []string{"✓ granted and verified"}, "enter        Granted, read back, and in the journal: u takes it back", 5 * time.Second},
			{enter, []string{"myproject-a ▸ ", "✓ granted  pull the image"}, "enter        The map again. The service agent pulls, the runner only runs; now deploy again", 7 * time.Second},
		},
	},
	{
		name: "screen-map", width: 100, height: 32, args: ofMyjob,
		title: "The access map", about: "Who deploys, who pulls and who runs, with the binding that proves each. The pull is missing.",
		steps: []step{{"", []string{"fix: 1 step"}, "", 0}},
	},
	{
		name: "screen-start", width: 120, height: 30, args: inSandbox,
		title: "The first screen", about: "The projects that you can see, with a preview of the one under the cursor.",
		steps: []step{{"", []string{"11 projects", "nightly-report"}, "", 0}},
	},
	{
		name: "screen-walk", width: 100, height: 32, args: ofMyjob,
		title: "The walk", about: "One step: grant the reader role on the repository to the Cloud Run service agent. It shows the policy before and after.",
		steps: []step{{"", []string{"fix: 1 step"}, "", 0}, {enter, []string{"○ to do", "✓ you have it"}, "", 0}},
	},
	{
		name: "screen-palette", width: 100, height: 32, args: ofMyjob,
		title: "Go anywhere, do anything", about: "The palette lists the actions of the screen with their keys, and finds everything that was read.",
		steps: []step{{"", []string{"fix: 1 step"}, "", 0}, {palette, []string{"esc"}, "", 0}},
	},
	{
		name: "screen-registry", width: 120, height: 28, world: shop,
		args:  []string{"--sandbox=./world.yaml", "--project=shop-prod", "--region=asia-northeast1", "--service=web"},
		title: "The registry", about: "Who may pull from the repository shop: two projects that use it, and three bindings that nobody needs.",
		steps: []step{
			{"", []string{"✓ granted  pull the image"}, "", 0},
			{palette + "registry", []string{"registry"}, "", 0},
			{enter, []string{"Who may pull from repository shop", "7 bindings"}, "", 0},
			{down + down + down + down, []string{"▸ [ ] ○ misplaced"}, "", 0},
		},
	},
}
