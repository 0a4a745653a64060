package options

import (
	"cmp"
	"path/filepath"
	"testing"

	"github.com/adrg/xdg"
)

func TestCacheFolder(t *testing.T) {
	dir := t.TempDir()
	t.Cleanup(xdg.Reload) // after the variable is what it was
	t.Setenv("XDG_CACHE_HOME", dir)
	xdg.Reload()
	for want, targets := range map[string][]Target{
		"":                             {{World: "article"}, {World: "./world.yaml", Account: "user:dev@example.com"}},
		filepath.Join(dir, "whopulls"): {{}, {Address: "127.0.0.1:4711"}},
	} {
		for _, to := range targets {
			t.Run(cmp.Or(to.World, to.Address, "Google"), func(t *testing.T) {
				if got := to.CacheFolder(); got != want {
					t.Errorf("%+v keeps in %q, want %q", to, got, want)
				}
			})
		}
	}
}
