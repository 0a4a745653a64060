// Package cmd is the command line of whopulls, with a file for each command. Each parses its flags into options,
// and runs.
//
// The packages below hold what the commands share. options has the flags and what they mean, connect opens the
// cloud, and completion answers the shell. walk makes the changes, view writes results, and console has the
// streams and exit codes. Results go to standard output, everything else to standard error.
package cmd
