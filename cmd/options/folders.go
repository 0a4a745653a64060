package options

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

// StateFolder is where the journal is kept; empty if the environment names no place for it.
func StateFolder() string {
	if !filepath.IsAbs(xdg.StateHome) {
		return ""
	}
	return filepath.Join(xdg.StateHome, "whopulls")
}

// CacheFolder is where facts are kept for the next command; empty for a sandbox of our own, which ends with this one.
func (t Target) CacheFolder() string {
	if t.World != "" || !filepath.IsAbs(xdg.CacheHome) {
		return ""
	}
	return filepath.Join(xdg.CacheHome, "whopulls")
}
