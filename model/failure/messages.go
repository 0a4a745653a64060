package failure

import "strings"

// part is one message of a text: the units that it is made of, and what stands before it.
type part struct {
	units   []unit
	after   []unit // what says that a step failed, with this message before it
	context []unit // command lines and progress since the message before, in the same step
	rule    int
	object  bool // it began as JSON
}

// split takes a text apart into the messages in it that have a cause, each with what stands before it. A text without any
// is one message.
func split(text string) []part {
	s := splitter{units: units(text)}
	s.closings()
	for i := range s.units {
		s.take(i)
	}
	var caused []part
	for _, p := range s.parts {
		if p.rule != none {
			caused = append(caused, *p)
		}
	}
	caused = withoutEchoes(caused)
	if len(caused) == 0 { // a phrase may go over the ends of units
		caused = []part{{units: []unit{{text: text}}, rule: none}}
	}
	return caused
}

// withoutEchoes gives what only says that a step failed to the message before it. It stands for itself where nothing else
// is said.
func withoutEchoes(all []part) []part {
	var told []part
	for _, p := range all {
		switch n := len(told); {
		case !rules[p.rule].echo:
			told = append(told, p)
		case n > 0:
			told[n-1].after = append(told[n-1].after, p.units...)
		}
	}
	if len(told) == 0 {
		return all
	}
	return told
}

type splitter struct {
	units   []unit
	closed  []int // for each unit the last one of the JSON that begins with it; none closes what was cut
	parts   []*part
	current *part
	pending []unit // context for the next message
	until   int    // the units before belong to the JSON that is open
}

// closings finds where the braces are closed that a unit opens: the first unit from it on that leaves no more open than
// there were before it.
func (s *splitter) closings() {
	s.closed = make([]int, len(s.units))
	var waiting []int
	before := func(i int) int {
		if i == 0 {
			return 0
		}
		return s.units[i-1].depth
	}
	for i := range s.units {
		waiting = append(waiting, i)
		for n := len(waiting); n > 0 && s.units[i].depth <= before(waiting[n-1]); n-- {
			s.closed[waiting[n-1]] = i
			waiting = waiting[:n-1]
		}
	}
	for _, i := range waiting {
		s.closed[i] = i
	}
}

// take gives a unit to the message that it belongs to.
func (s *splitter) take(i int) {
	u := s.units[i]
	if u.step {
		s.current, s.pending, s.until = nil, nil, 0
	}
	if i < s.until && u.class != fence && (u.class != failed || s.current.rule == none) {
		s.add(u)
		return
	}
	switch u.class {
	case fence:
		s.current, s.until = nil, 0
	case ordered, progress:
		s.current, s.pending = nil, append(s.pending, u)
	case object:
		s.takeObject(i)
	default:
		s.takeLine(u)
	}
}

// takeObject: JSON belongs to the error before it, unless that is JSON too, or nothing that fails.
func (s *splitter) takeObject(i int) {
	u := s.units[i]
	if c := s.current; c != nil && !u.para && !c.object && !c.trails() && (c.rule != none || c.units[0].class == failed) {
		s.add(u)
		return
	}
	s.open(u)
	s.current.object, s.until = true, s.closed[i]+1
}

func (s *splitter) takeLine(u unit) {
	if s.belongs(u) {
		s.add(u)
		return
	}
	if u.para && u.class == other && u.rule == none { // somebody writes: what was called before is another matter
		s.pending = nil
	}
	s.open(u)
}

// belongs tells whether a unit is a part of the message before it.
func (s *splitter) belongs(u unit) bool {
	c := s.current
	switch {
	case c == nil || u.class == failed:
		return false
	case u.class == detail:
		return u.rule == none || !c.trails() && c.details(u)
	case c.object && s.until > 0: // it is closed
		return false
	}
	return c.takes(u)
}

// details tells whether the message goes on with a detail that has a cause of its own.
func (p part) details(u unit) bool {
	return !u.para || p.rule == none || rules[u.rule].weak || continues(rules[p.rule].cause, rules[u.rule], other)
}

// takes tells whether the message goes on with a line.
func (p part) takes(u unit) bool {
	switch {
	case p.rule == none: // it leads to what follows
		return !u.para || u.rule != none && p.units[0].class == failed
	case u.rule == none:
		return !u.para
	case rules[p.rule].weak: // it says the same with more words
		return !u.para || p.units[0].class != failed
	}
	return !u.para && !p.trails() && (p.leads() || continues(rules[p.rule].cause, rules[u.rule], u.class))
}

// leads tells whether the message ends with a colon: what comes is what it says.
func (p part) leads() bool { return strings.HasSuffix(p.units[len(p.units)-1].text, ":") }

// trails tells whether the message ends with a line that says nothing of it: what comes then is something new.
func (p part) trails() bool {
	last := p.units[len(p.units)-1]
	return p.rule != none && last.rule == none && last.class == other
}

// tails are the causes with which messages of others end: what the registry answered, and what the API's status is.
var tails = map[Cause]map[Cause]bool{
	Puller:             {RegistryDenied: true, Permission: true},
	DeployerRead:       {RegistryDenied: true, Permission: true},
	ActAs:              {Permission: true},
	RunAs:              {Permission: true, ActAs: true},
	ImageNotFound:      {RegistryDenied: true},
	RepositoryNotFound: {RegistryDenied: true},
	RegistryDenied:     {Permission: true},
	APIDisabled:        {Permission: true},
	OrgPolicy:          {Permission: true, MemberNotFound: true},
	ServiceControls:    {Permission: true, OrgPolicy: true},
}

// continues tells whether a line of that rule may go on with a message of that cause. A sentence of Google's own that
// names a permission begins something new.
func continues(cause Cause, r rule, c class) bool {
	if r.cause == cause {
		return c == other
	}
	return tails[cause][r.cause] && (r.weak || r.cause != Permission || c == other)
}

func (s *splitter) open(u unit) {
	s.current = &part{context: s.pending, rule: none}
	s.parts = append(s.parts, s.current)
	s.until = 0
	s.add(u)
}

func (s *splitter) add(u unit) {
	s.current.units = append(s.current.units, u)
	s.current.rule = min(s.current.rule, u.rule)
	if s.current.rule != none {
		s.pending = nil
	}
}

// longMessage is one whose phrases are not looked for again across the ends of its units.
const longMessage = 32 << 10

// rule is that of the message as a whole: a phrase may go over the end of a unit.
func (p part) held(m message) rule {
	at := p.rule
	if len(p.units) > 1 && len(m.tight) <= longMessage || at == none {
		at = m.rule()
	}
	if at == none || rules[at].echo { // that a step failed is no cause
		return rule{cause: Unrecognized}
	}
	return rules[at]
}

// message puts the units of a part together again.
func (p part) message() message {
	var b strings.Builder
	for i, u := range p.units {
		switch {
		case i > 0 && u.para:
			b.WriteByte('\n')
		case i > 0:
			b.WriteRune(ended)
		}
		b.WriteString(u.text)
	}
	return newMessage(b.String())
}
