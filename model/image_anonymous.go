package model

import "fmt"

// SourceAnonymous is the source of evidence that a request without credentials gave: the registry served the image's
// manifest, so anybody may read it. Any other answer proves nothing.
const SourceAnonymous = "anonymous-request"

// applyAnonymousRequest answers what is open still by asking for the image without signing in. A deny policy applies all the
// same. Where the caller's own test of the permission says no, that is the later word.
func (q *evaluation) applyAnonymousRequest(a Access, d Decision, i Image) Decision {
	undecided := d.Verdict == Unknown && !d.pending() && len(d.Evidence) == 0 && (d.Opinion == nil || d.Opinion.Verdict == Unknown)
	if !undecided || i.Registry != ArtifactRegistry || i.Regional || q.callerTestSaysNo(a) {
		return d
	}
	fact := q.anonymous(i)
	switch {
	case fact.Read():
		proof := Evidence{Resource: a.Resource, Member: AllUsers, Source: SourceAnonymous}
		return q.applyDenyPolicies(a, Decision{Verdict: Granted, Evidence: []Evidence{proof}, Levels: d.Levels})
	case fact.Gap.pending:
		d.Gaps = append(pendingOnly([]Gap{fact.Gap}), d.Gaps...)
	}
	return d
}

// notePendingRead records what the check of the image waits for. While it is open whether the image is
// requested without signing in, its answer may come from that request.
func (q *evaluation) notePendingRead(c Check, i Image) {
	if pending := pendingOnly(c.Gaps); len(pending) > 0 {
		if q.pendingReads == nil {
			q.pendingReads = map[string]Gap{}
		}
		q.pendingReads[i.String()] = pending[0]
	}
}

// callerTestSaysNo reports whether the access is the caller's, whose own test of it says no.
func (q *evaluation) callerTestSaysNo(a Access) bool {
	caller, test := q.s.Caller, q.s.Tested[TestKey{a.Resource, a.Permission}]
	return caller.Read() && caller.Value.Same(a.Principal) && test.Read() && !test.Value
}

// applyAnonymousImage takes the same request, where it was made, for whether the image is there.
func (q *evaluation) applyAnonymousImage(c Check, i Image) Check {
	if c.Verdict != Unknown || c.Pending() || i.Regional {
		return c
	}
	switch fact, pending := q.s.Anonymous[i.String()], q.pendingReads[i.String()]; {
	case pending.pending:
		c.Gaps = append(c.Gaps, pending)
	case fact.Read():
		c.Verdict, c.Gaps, c.Detail.Digest = Granted, nil, fact.Value.Digest
		c.Evidence = []Evidence{{Resource: c.Resource, Member: AllUsers, Source: SourceAnonymous}}
		c.Reason = fmt.Sprintf("%s is there, asked without signing in%s.", i.Short(), withColon(ShortDigest(fact.Value.Digest)))
	}
	return c
}

func withColon(words string) string {
	if words == "" {
		return ""
	}
	return ": " + words
}
