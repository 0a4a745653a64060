// Package terminal drives the built program in a real terminal, tmux, as a person does: by keys only. Its tests need tmux and the
// build tag e2e; make e2e runs them.
package terminal
