package ledger

import (
	"slices"
)

// InEffect gives the entries of a run of which the change is there still, or may be, the last one first. What took another
// entry back is not among them: a run is taken back, and never its undoing. Only a cloud's own entries count.
func (h History) InEffect(target, run string) []Entry {
	var entries []Entry
	for _, e := range slices.Backward(h.Entries) {
		if e.Target == target && e.Run == run && e.Undoes == "" && e.inEffect() {
			entries = append(entries, e)
		}
	}
	return entries
}

// inEffect reports whether an entry's change was made and not taken back, as far as is known.
func (e Entry) inEffect() bool {
	return e.State == StateDone || e.State == StateUnclear || e.State == StateIntended
}

// UntouchedSince reports whether a binding is surely as the entry left it. Between the entry's policy and the
// one with that etag, only this journal made changes. In any other policy somebody may have taken the binding
// away and given it again, or the other way round; then it is theirs.
func (h History) UntouchedSince(id, etag string) bool {
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

// isReversible reports whether a change can be taken back by its nature.
func (e Entry) isReversible() bool {
	_, err := e.Step().Inverse()
	return err == nil
}

// LastUndoableRun is the last run of which anything can come back; if there is none the last one, which then
// says why.
func (h History) LastUndoableRun(target string) (run string) {
	for _, e := range slices.Backward(h.Entries) {
		if e.Target != target || e.Undoes != "" || e.State != StateDone {
			continue
		}
		if e.isReversible() {
			return e.Run
		}
		if run == "" {
			run = e.Run
		}
	}
	return run
}
