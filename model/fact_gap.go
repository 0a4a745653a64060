package model

import "slices"

// GapCause is why a read failed, for code to decide on: a gap's reason is for people alone. It is empty where
// what was read does not decide, as with a group, a tag or a condition.
type GapCause string

// The causes.
const (
	GapForbidden   GapCause = "forbidden"   // the caller lacks a permission
	GapAPIOff      GapCause = "api-off"     // the API that would answer is off
	GapQuota       GapCause = "quota"       // it is used up, and is free again after a while
	GapUnreachable GapCause = "unreachable" // no connection, or no answer in time
	GapTooLarge    GapCause = "too-large"   // the answer is more than whopulls accepts
	GapFailed      GapCause = "failed"      // a sign-in, a perimeter, or what Google refuses otherwise
)

// Because is the gap with the cause of another one, from which it follows.
func (g Gap) Because(of Gap) Gap {
	g.Cause, g.DisabledAPI, g.pending = of.Cause, of.DisabledAPI, of.pending
	return g
}

// ground is what a check rests on that the gap leaves open. An older snapshot has gaps without their cause.
func (g Gap) ground() Ground {
	switch {
	case g.Cause == GapQuota, g.Cause == GapUnreachable:
		return GroundUnreadNow
	case g.DisabledAPI != "":
		return GroundUnreadOff
	case g.Need != "" && (g.Cause == "" || g.Cause == GapForbidden):
		return GroundUnread
	case g.Cause != "", g.Next != "":
		return GroundUnreadFailed
	}
	return GroundUndecided
}

// openGrounds come from gaps. What asks most of the reader comes first: a second look closes none of these.
var openGrounds = []Ground{GroundUnread, GroundUnreadOff, GroundUnreadFailed, GroundUnreadNow}

// OpenGap is the gap that an unknown check rests on. It is the zero gap where none could be read.
func (c Check) OpenGap() Gap {
	for _, ground := range openGrounds {
		if n := slices.IndexFunc(c.Gaps, func(g Gap) bool { return g.ground() == ground }); n >= 0 {
			return c.Gaps[n]
		}
	}
	return Gap{}
}
