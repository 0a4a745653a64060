// Package arch tests what holds for the whole module: which package imports which, what decides on values only, how texts
// are worded, and that documents, Makefile, workflows and release agree.
package arch
