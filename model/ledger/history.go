package ledger

// History is what a journal says: its entries in the order in which they were announced, each with its last state.
type History struct {
	Entries []Entry

	// Torn counts the lines that say nothing: cut off by a crash or a full disk, or damaged. The change of such a line
	// was never sent, or its entry is still intended.
	Torn int

	// Newer counts the lines of a newer version. With any, the entries may be incomplete and nothing can be written.
	Newer int

	index map[string]int // of an entry, by its id
}

// Find gives the entry of an id.
func (h History) Find(id string) (Entry, bool) {
	i, ok := h.index[id]
	if !ok {
		return Entry{}, false
	}
	return h.Entries[i], true
}

// After gives the entries of the same target that were announced after an entry.
func (h History) After(e Entry) []Entry {
	var later []Entry
	for _, l := range h.Entries[h.index[e.ID]+1:] {
		if l.Target == e.Target {
			later = append(later, l)
		}
	}
	return later
}

// Announce adds an announced entry, unless it makes no sense after those before it.
func (h *History) Announce(e Entry) bool {
	if _, known := h.index[e.ID]; known || !e.IsComplete() || e.State != StateIntended {
		return false
	}
	if h.index == nil {
		h.index = map[string]int{}
	}
	e.Sent = e.Time
	h.index[e.ID] = len(h.Entries)
	h.Entries = append(h.Entries, e)
	return true
}

// Settle gives an entry a result, unless it makes no sense there. That an undoing is done makes the entry that it takes back undone: one line says both,
// so that a crash can't come in between.
func (h *History) Settle(r Entry) bool {
	i, known := h.index[r.ID]
	if !known || !CanFollow(h.Entries[i].State, r.State) {
		return false
	}
	h.Entries[i] = h.Entries[i].withResult(r)
	if r.State == StateDone {
		h.markUndone(h.Entries[i].Undoes, i)
	}
	return true
}

// markUndone notes that an entry was taken back by a later one; what is taken back already does not go again. Where it had
// taken back an earlier one itself, that one stands again, and so on to the first of the chain. Of writes to one binding the
// last decides.
func (h *History) markUndone(id string, later int) {
	if e, _ := h.Find(id); e.State == StateUndone {
		return
	}
	undone := true
	for i, ok := h.index[id]; ok && i < later; i, ok = h.index[id] {
		switch e := &h.Entries[i]; {
		case undone:
			e.State = StateUndone
		case e.State == StateUndone:
			e.State = StateDone
		}
		undone, later, id = !undone, i, h.Entries[i].Undoes
	}
}

// InUse reports whether an id is in use, for an entry or for a run: undo takes either.
func (h History) InUse(id string) bool {
	for _, e := range h.Entries {
		if e.ID == id || e.Run == id {
			return true
		}
	}
	return false
}
