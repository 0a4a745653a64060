package completion

import (
	"runtime"
	"testing"

	"github.com/adrg/xdg"
)

// One process at a time reads in the background, for as long as it lives.
func TestRefillAlone(t *testing.T) {
	t.Cleanup(xdg.Reload) // after the variable is as it was
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	xdg.Reload()
	lock, alone := Lock()
	if !alone {
		t.Fatal("the first one is not alone")
	}
	runtime.GC() // which closes the files of what nobody holds on to
	runtime.GC()
	if _, again := Lock(); again {
		t.Error("a second one reads at the same time")
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, next := Lock(); !next {
		t.Error("after the first one nobody may read")
	}
}
