// Package e2e drives the built program in a real terminal, tmux, as a person would: by keys only, and
// opens the page that it writes in a real browser. Its tests need tmux, chromium and the build tag e2e; make e2e runs them.
package e2e
