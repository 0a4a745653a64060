package cmd

import (
	"path/filepath"
	"whopulls/cmd/options"

	"github.com/adrg/xdg"
)

// stateFolder is where the journal is kept; empty when the environment names no place for it.
func stateFolder() string {
	if !filepath.IsAbs(xdg.StateHome) {
		return ""
	}
	return filepath.Join(xdg.StateHome, "whopulls")
}

// cacheFolder is where facts are kept for the next command; empty for a sandbox of our own, which ends with this one.
func cacheFolder(t options.Target) string {
	if t.World != "" || !filepath.IsAbs(xdg.CacheHome) {
		return ""
	}
	return filepath.Join(xdg.CacheHome, "whopulls")
}
