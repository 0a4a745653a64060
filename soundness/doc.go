// Package soundness holds no code, only a property of the whole program: what
// the reasoning (package model) says from what one caller may see never
// contradicts what the sandbox's engine (package gcp/sandbox/world), which sees
// everything, knows to be true.
//
// Worlds are drawn at random (draw*_test.go), with every form of member, role,
// condition and deny policy in them, and a caller who sees a part. Most are
// read by a mirror of what the cloud would answer that caller (mirror_test.go),
// some through the real clients from a running sandbox; both must give the same
// diagnosis. truth_test.go says what is true, property_test.go what the verdicts
// promise about it, tally_test.go what must have come up for a run to count.
//
// plan_test.go carries plans out in such worlds: all is granted then, or no step was planned for it, and no step can be
// left out.
//
// stale_test.go takes away all that is called removable or replaceable in worlds where many projects use each other's
// images: no workload of a project that lives may lose anything by it.
//
// SOUNDNESS_WORLDS, SOUNDNESS_CLIENT_WORLDS, SOUNDNESS_PLANS and SOUNDNESS_ESTATES set how many worlds are drawn.
// With SOUNDNESS_SURVEY=1 a run continues after a broken promise and ends with
// the smallest world of each kind; without, it stops at the first and shrinks it,
// SOUNDNESS_KIND=TEXT at the first whose kind contains the text.
package soundness
