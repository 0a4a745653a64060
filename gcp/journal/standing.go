package journal

import (
	"slices"
)

// Standing gives the entries of a run of which the change is there still, or may be, the last one first. What took another
// entry back is none of them: a run is taken back, and never its undoing. Only a cloud's own entries count.
func (h History) Standing(target, run string) []Entry {
	var standing []Entry
	for _, e := range slices.Backward(h.Entries) {
		if e.Target == target && e.Run == run && e.Undoes == "" && e.open() {
			standing = append(standing, e)
		}
	}
	return standing
}

// open tells whether an entry's change was made and not taken back, as far as is known.
func (e Entry) open() bool {
	return e.State == StateDone || e.State == StateUnclear || e.State == StateIntended
}

// Ours tells whether a binding is surely as the entry left it: from the policy that it wrote to the one with that etag
// there is nothing but what this journal wrote. In any other policy somebody may have taken the binding away and given it
// again, or the other way round; then it is theirs.
func (h History) Ours(id, etag string) bool {
	e, _ := h.Find(id)          // none has no etag
	next := map[string]string{} // the etag of the policy that was written over one, by that one's
	for _, w := range h.Entries {
		if w.Target == e.Target && w.Resource == e.Resource && w.EtagAfter != "" && w.EtagAfter != w.EtagBefore {
			next[w.EtagBefore] = w.EtagAfter
		}
	}
	seen := map[string]bool{}
	for at := e.EtagAfter; at != "" && !seen[at]; at = next[at] {
		if at == etag {
			return true
		}
		seen[at] = true
	}
	return false
}

// returns tells whether a change can be taken back by its nature.
func (e Entry) returns() bool {
	_, err := e.Step().Inverse()
	return err == nil
}

// LastRun is the last run of which anything can come back; where there is none the last one, which then says why.
func (h History) LastRun(target string) (run string) {
	for _, e := range slices.Backward(h.Entries) {
		if e.Target != target || e.Undoes != "" || e.State != StateDone {
			continue
		}
		if e.returns() {
			return e.Run
		}
		if run == "" {
			run = e.Run
		}
	}
	return run
}
