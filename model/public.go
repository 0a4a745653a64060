package model

import "fmt"

// SourceAnonymous is the source of evidence that a request without credentials gave: the registry served the image's
// manifest, so anybody may read it. Any other answer proves nothing.
const SourceAnonymous = "anonymous-request"

// publicly answers what is open still by asking for the image without signing in. A deny policy has its word all the
// same. Where the caller's own test of the permission says no, that is the later word.
func (q *inquiry) publicly(a Access, d Decision, i Image) Decision {
	open := d.Verdict == Unknown && !d.pending() && len(d.Evidence) == 0 && (d.Opinion == nil || d.Opinion.Verdict == Unknown)
	if !open || i.Registry != ArtifactRegistry || i.Regional || q.testedNo(a) {
		return d
	}
	fact := q.anonymous(i.String())
	switch {
	case fact.Read():
		proof := Evidence{Resource: a.Resource, Member: AllUsers, Source: SourceAnonymous}
		return q.denied(a, Decision{Verdict: Granted, Evidence: []Evidence{proof}, Levels: d.Levels})
	case fact.Gap.pending:
		d.Gaps = append(pendingOnly([]Gap{fact.Gap}), d.Gaps...)
	}
	return d
}

// noteReads keeps what the check of the image waits for: while it is open whether the image is asked for without signing
// in, its answer may come that way.
func (q *inquiry) noteReads(c Check, i Image) {
	if awaited := pendingOnly(c.Gaps); len(awaited) > 0 {
		if q.served == nil {
			q.served = map[string]Gap{}
		}
		q.served[i.String()] = awaited[0]
	}
}

// testedNo tells whether the access is the caller's, whose own test of it says no.
func (q *inquiry) testedNo(a Access) bool {
	caller, test := q.s.Caller, q.s.Tested[TestKey{a.Resource, a.Permission}]
	return caller.Read() && caller.Value.same(a.Principal) && test.Read() && !test.Value
}

// servedImage takes the same request, where it was made, for whether the image is there.
func (q *inquiry) servedImage(c Check, i Image) Check {
	if c.Verdict != Unknown || c.Pending() || i.Regional {
		return c
	}
	switch fact, awaited := q.s.Anonymous[i.String()], q.served[i.String()]; {
	case awaited.pending:
		c.Gaps = append(c.Gaps, awaited)
	case fact.Read():
		c.Verdict, c.Gaps, c.Detail.Digest = Granted, nil, fact.Value.Digest
		c.Evidence = []Evidence{{Resource: c.Resource, Member: AllUsers, Source: SourceAnonymous}}
		c.Reason = fmt.Sprintf("%s is there, asked without signing in%s.", i.Short(), colon(ShortDigest(fact.Value.Digest)))
	}
	return c
}

func colon(words string) string {
	if words == "" {
		return ""
	}
	return ": " + words
}
