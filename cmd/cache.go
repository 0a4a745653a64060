package cmd

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

// cacheFolder is where facts are kept for the next command; empty for a sandbox of our own, which ends with this one.
func cacheFolder(t target) string {
	if t.world != "" || !filepath.IsAbs(xdg.CacheHome) {
		return ""
	}
	return filepath.Join(xdg.CacheHome, "whopulls")
}
