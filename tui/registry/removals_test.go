package registry

import (
	"testing"

	"whopulls/model"
)

// What can't be given back is said in sentences that need no other.
func TestWhatCannotBeGivenBack(t *testing.T) {
	steps := []model.Step{{ID: "1", Member: "user:one@example.com"}, {ID: "2", Member: "user:two@example.com"}}
	dying := model.StaleBinding{Status: model.StaleDying}
	r := removals{Recheck: &Recheck{Bindings: map[string]model.StaleBinding{"1": dying, "2": dying}}}
	if got := r.irrevocableText(steps); got != "2 bindings of projects that are being deleted can't be given back once those are gone." {
		t.Errorf("of dying ones it says %q", got)
	}
}
