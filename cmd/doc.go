// Package cmd is the command line of whopulls: a file a command, each one parse -> options -> run.
//
// What a command found is written by two writers apart from it, one for people (view_*.go) and one for programs
// (document.go). Results go to standard output, everything else to standard error, and one table (exit.go) turns the
// way a command ended into the exit code.
package cmd
