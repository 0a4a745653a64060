package picture

import "whopulls/model"

// Before gives what lines of a picture were in an earlier one, by their checks. These are the lines whose verdict or evidence is
// another one now. A check that asks about something else is another line, and one that is still being read says nothing.
func Before(earlier, now Picture) map[string]Line {
	was := map[string]Line{}
	for l := range earlier.Lines() {
		was[l.Check.ID] = l
	}
	changed := map[string]Line{}
	for l := range now.Lines() {
		old, known := was[l.Check.ID]
		switch {
		case !known || old.Check.Resource != l.Check.Resource || old.Check.Principal != l.Check.Principal:
		case old.Check.Pending() || l.Check.Pending():
		case old.Check.Verdict != l.Check.Verdict || old.Check.Verdict == model.Granted && restsOn(old) != restsOn(l):
			changed[l.Check.ID] = old
		}
	}
	return changed
}

// ground is what a granted line rests on.
type ground struct {
	role   string
	where  Where
	member model.Member
	digest string
}

func restsOn(l Line) ground {
	e, _ := deciding(l.Check)
	return ground{l.Role, l.Where, e.Member, l.Check.Detail.Digest}
}
