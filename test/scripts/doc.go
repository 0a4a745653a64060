// Package scripts runs the whole program as a person, a shell or CI does, through the function that main calls: the scripts of
// testdata/script, and the program against servers and files that do harm.
package scripts
