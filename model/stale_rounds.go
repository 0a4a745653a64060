package model

import "slices"

// Stale judges every binding that lets somebody read what lies in the scope of the Situation's Question: a repository, a
// project's repositories, or what an Index found in a folder or an organization. What can't be seen is unknown, and
// stays.
func Stale(s Situation) StaleList {
	return new(StaleRounds).List(s)
}

// StaleWants lists the facts that Stale would look at and that were not asked yet, like Wants.
func StaleWants(s Situation) []Want { return new(StaleRounds).Wants(s) }

// StaleRounds judges while the facts arrive: each round looks again at nothing but what the one before was left open
// for. Between rounds facts may be added to the Situation, and none may change. The zero value is ready.
type StaleRounds struct {
	all      []held
	bindings []StaleBinding // of all, in the same order
	listed   int            // so many of them are of the scope; the rest stand above it
	gaps     []Gap
	open     [][]*held // by agent: those that a fact is wanted for
	held     bool      // all and gaps are whole
	imagesOf map[string]RepositoryName
}

// Wants lists the facts that are looked at and that were not asked yet, like StaleWants.
func (r *StaleRounds) Wants(s Situation) []Want {
	q := r.inquiry(s)
	q.wants = map[Want]bool{}
	// Where there are thousands, judging by halves takes longer than to wait for their few roles.
	if s.Index != nil && q.left(func() { q.rolesIn(s.Index) }) {
		return q.wanted()
	}
	r.hold(q)
	r.judge(q)
	return q.wanted()
}

// List is what the facts come to that are there by now. The next round changes its bindings.
func (r *StaleRounds) List(s Situation) StaleList {
	q := r.inquiry(s)
	r.hold(q)
	r.judge(q)
	list := StaleList{Bindings: r.bindings[:r.listed], Gaps: append([]Gap{}, r.gaps...)}
	if s.Index != nil {
		list.Indexed, list.Notes = &s.Index.Time, s.Index.Notes
	}
	for i := range r.all {
		r.all[i].settle()
	}
	return list
}

func (r *StaleRounds) inquiry(s Situation) *inquiry {
	if r.imagesOf == nil {
		r.imagesOf = map[string]RepositoryName{}
	}
	return &inquiry{s: s, imagesOf: r.imagesOf}
}

// judge goes through what is open, one agent after the other: what runs in its project is taken apart once.
func (r *StaleRounds) judge(q *inquiry) {
	var open [][]*held
	for _, those := range r.open {
		if q.left(func() { q.judgeTogether(those) }) {
			open = append(open, those)
		}
	}
	r.open = open
}

// hold collects the bindings, anew while facts about them are missing.
func (r *StaleRounds) hold(q *inquiry) {
	if r.held {
		return
	}
	r.held = !q.left(func() {
		places, gaps := q.places()
		all, unread := q.heldAt(places)
		r.listed, r.gaps = len(all), slices.Concat(gaps, unread)
		r.all = slices.Concat(all, q.heldAbove(all))
	})
	r.bindings = make([]StaleBinding, len(r.all)) // side by side, as the list has them: there may be many
	of := map[string]int{}
	r.open = nil
	for i := range r.all {
		h := &r.all[i]
		h.StaleBinding = &r.bindings[i]
		n, known := of[h.agent]
		if !known {
			n = len(r.open)
			of[h.agent], r.open = n, append(r.open, nil)
		}
		r.open[n] = append(r.open[n], h)
	}
}

// rolesIn looks at the roles of what an index found.
func (q *inquiry) rolesIn(index *Index) {
	q.role(RoleReader)
	for _, at := range index.Places {
		for _, b := range index.Policies[at.Resource].Bindings {
			b, _ = b.revealed()
			q.role(b.Role)
		}
	}
}

// left does something, and tells whether it was left open for a fact that was not asked yet.
func (q *inquiry) left(do func()) bool {
	before := q.unasked
	do()
	return q.unasked > before
}

// judgeTogether judges the bindings of one agent, or of all members that are none.
func (q *inquiry) judgeTogether(those []*held) {
	for _, h := range those {
		q.judge(h)
	}
	for n, h := range those {
		h.markRedundant(those, n)
	}
}

// held is a binding's member on its way to a verdict.
type held struct {
	*StaleBinding
	*source
	member Member
	agent  string // the number of the project whose Cloud Run service agent the member is
	holds  reasons
	needed bool // for more than reading
}

// source is what the members of a binding have in common.
type source struct {
	binding StaleBinding // but for the member
	above   []Resource   // its resource and the levels above it
	role    Fact[Role]
	unread  []Gap // of the role, if it could not be read
	hidden  bool  // its condition is not shown
}

// begin forgets what an earlier round came to.
func (h *held) begin() {
	h.holds, h.needed = reasons{}, false
	*h.StaleBinding = h.binding
	h.Member, h.AlsoHolds, h.Evidence, h.Gaps = h.member, []StaleStatus{}, []Use{}, append([]Gap{}, h.unread...)
}

// reasons say of each status why it holds, in the order of StaleStatuses; nothing where it does not.
type reasons [len(StaleMeanings)]string

func (r *reasons) give(s StaleStatus, why string) { r[slices.Index(StaleStatuses, s)] = why }

func (r *reasons) why(s StaleStatus) string { return r[slices.Index(StaleStatuses, s)] }

func (r *reasons) has(s StaleStatus) bool { return r.why(s) != "" }
