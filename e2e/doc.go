// Package e2e drives the built program in a real terminal, tmux, as a person would: by keys only. Its test needs tmux and
// the build tag e2e; make e2e runs it.
package e2e
