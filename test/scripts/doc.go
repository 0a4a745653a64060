// Package scripts runs the whole program as a person, a shell or CI does, through the function that main
// calls. It runs the scripts of testdata/script, and runs the program against servers and files that do harm.
package scripts
