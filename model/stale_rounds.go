package model

import "slices"

// FindStale judges every binding that lets somebody read in the scope of the Situation's Question. The scope
// is a repository, a project's repositories, or what an Index found in a folder or an organization. What
// can't be seen is unknown, and stays.
func FindStale(s Situation) StaleList {
	return new(StaleRounds).List(s)
}

// StaleWants lists the facts that Stale would look at and that were not asked yet, like Wants.
func StaleWants(s Situation) []Want { return new(StaleRounds).Wants(s) }

// StaleRounds judges while the facts arrive: each round looks again at nothing but what the one before was left open
// for. Between rounds facts may be added to the Situation, and none may change. The zero value is ready.
type StaleRounds struct {
	candidates  []staleCandidate
	bindings    []StaleBinding // of all, in the same order
	inScope     int            // so many of them are of the scope; the rest stand above it
	gaps        []Gap
	openByAgent [][]*staleCandidate // by agent: those that a fact is wanted for
	collected   bool                // all and gaps are whole
}

// Wants lists the facts that are looked at and that were not asked yet, like StaleWants.
func (r *StaleRounds) Wants(s Situation) []Want {
	q := &evaluation{s: s}
	q.wants = map[Want]bool{}
	// Where there are thousands, judging by halves takes longer than to wait for their few roles.
	if s.Index != nil && q.incomplete(func() { q.lookupRoles(s.Index) }) {
		return q.sortedWants()
	}
	r.collect(q)
	r.judge(q)
	return q.sortedWants()
}

// List is what the facts come to that are there by now. The next round changes its bindings.
func (r *StaleRounds) List(s Situation) StaleList {
	q := &evaluation{s: s}
	r.collect(q)
	r.judge(q)
	list := StaleList{Bindings: r.bindings[:r.inScope], Gaps: append([]Gap{}, r.gaps...)}
	if s.Index != nil {
		list.Indexed, list.Notes = &s.Index.Time, s.Index.Notes
	}
	for i := range r.candidates {
		r.candidates[i].chooseStatus()
	}
	if ScopeStateOf(s) == ScopeAbsent { // nobody inherits anything on what is not there
		list.Bindings = []StaleBinding{}
	}
	return list
}

// SoFar is List while facts are still missing. A binding that waits for one has no status yet. The list is a copy, which later
// rounds leave alone.
func (r *StaleRounds) SoFar(s Situation) StaleList {
	list := r.List(s)
	for _, group := range r.openByAgent {
		for _, h := range group {
			h.Status, h.Removable, h.Replace = "", false, ""
		}
	}
	list.Bindings = slices.Clone(list.Bindings)
	list.Gaps = slices.DeleteFunc(list.Gaps, Gap.Pending)
	return list
}

// judge goes through what is open, one agent after the other: what runs in its project is parsed once.
func (r *StaleRounds) judge(q *evaluation) {
	var stillOpen [][]*staleCandidate
	for _, group := range r.openByAgent {
		if q.incomplete(func() { q.judgeGroup(group) }) {
			stillOpen = append(stillOpen, group)
		}
	}
	r.openByAgent = stillOpen
}

// collect collects the bindings, again while facts about them are missing.
func (r *StaleRounds) collect(q *evaluation) {
	if r.collected {
		return
	}
	r.collected = !q.incomplete(func() {
		sites, gaps := q.bindingSites()
		all, unread := q.candidatesAt(sites)
		r.inScope, r.gaps = len(all), slices.Concat(gaps, unread)
		r.candidates = slices.Concat(all, q.candidatesAbove(all))
	})
	r.bindings = make([]StaleBinding, len(r.candidates)) // side by side, as the list has them: there may be many
	indexOf := map[string]int{}
	r.openByAgent = nil
	for i := range r.candidates {
		h := &r.candidates[i]
		h.StaleBinding = &r.bindings[i]
		n, known := indexOf[h.agent]
		if !known {
			n = len(r.openByAgent)
			indexOf[h.agent], r.openByAgent = n, append(r.openByAgent, nil)
		}
		r.openByAgent[n] = append(r.openByAgent[n], h)
	}
}

// lookupRoles looks at the roles of what an index found.
func (q *evaluation) lookupRoles(index *Index) {
	q.role(RoleReader)
	for _, at := range index.Sites {
		for _, b := range index.Policies[at.Resource].Bindings {
			b, _ = b.splitHiddenCondition()
			q.role(b.Role)
		}
	}
}

// incomplete does something, and reports whether it was left open for a fact that was not asked yet.
func (q *evaluation) incomplete(do func()) bool {
	before := q.unreadLookups
	do()
	return q.unreadLookups > before
}

// judgeGroup judges the bindings of one agent, or of all members that are not agents.
func (q *evaluation) judgeGroup(group []*staleCandidate) {
	for _, h := range group {
		q.judgeBinding(h)
	}
	for n, h := range group {
		h.markRedundant(group, n)
	}
}

// staleCandidate is a binding's member on its way to a verdict.
type staleCandidate struct {
	*StaleBinding
	*sharedBinding
	member              Member
	agent               string // the number of the project whose Cloud Run service agent the member is
	statuses            statusReasons
	neededBeyondReading bool // for more than reading
}

// sharedBinding is what the members of a binding have in common.
type sharedBinding struct {
	binding         StaleBinding // but for the member
	levels          []Resource   // its resource and the levels above it
	role            Fact[Role]
	roleGaps        []Gap // of the role, if it could not be read
	conditionHidden bool  // its condition is not shown
}

// reset forgets what an earlier round came to.
func (h *staleCandidate) reset() {
	h.statuses, h.neededBeyondReading = statusReasons{}, false
	*h.StaleBinding = h.binding
	h.Member, h.AlsoHolds, h.Evidence, h.Gaps = h.member, []StaleStatus{}, []Use{}, append([]Gap{}, h.roleGaps...)
}

// statusReasons say about each status why it holds, in the order of StaleStatuses; nothing if it does not.
type statusReasons [len(StaleMeanings)]string

func (r *statusReasons) set(s StaleStatus, why string) { r[slices.Index(StaleStatuses, s)] = why }

func (r *statusReasons) why(s StaleStatus) string { return r[slices.Index(StaleStatuses, s)] }

func (r *statusReasons) has(s StaleStatus) bool { return r.why(s) != "" }
