// Package arch tests the rules of the whole module. It tests which package imports which, what decides on
// values only, how texts are worded, and that documents, Makefile, workflows and release agree.
package arch
