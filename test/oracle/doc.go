// Package oracle holds tests only. They check one property of the whole program. The reasoning (package
// model) knows what one caller may see. The sandbox's engine (package gcp/sandbox/world) sees everything. The
// reasoning must never contradict the engine.
//
// Worlds are drawn at random (draw*_test.go), with every form of member, role, condition and deny policy, and with a caller who
// sees a part. Most worlds are read by the direct reader, which answers as the cloud would answer that caller
// (direct_reader*_test.go). Some are read through the real clients from a running sandbox. Both must give the same diagnosis.
//
// oracle*_test.go says what is true, violations_test.go what the verdicts promise, and coverage*_test.go which cases a run must
// have met to prove something.
//
// plan_test.go carries out plans in such worlds: afterwards everything is granted that a step was planned for, and no step was
// needless.
//
// stale_test.go removes all that is called removable, and replaces all that is called replaceable, in worlds where many projects
// use each other's images. No workload of a living project may lose anything.
//
// ORACLE_WORLDS, ORACLE_CLIENT_WORLDS, ORACLE_PLANS and ORACLE_ESTATES set how many worlds are drawn. With ORACLE_SURVEY=1 a run
// continues after a violation and ends with the smallest world of each kind. Without it, a run stops at the first violation and
// shrinks it; with ORACLE_KIND=TEXT, at the first whose kind contains the text.
package oracle
