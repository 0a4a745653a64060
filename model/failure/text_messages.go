package failure

import "strings"

// errorMessage is one message of a text: the units that it is made of, and what stands before it.
type errorMessage struct {
	lines        []logicalLine
	stepFailures []logicalLine // what says that a step failed, with this message before it
	preceding    []logicalLine // command lines and progress since the message before, in the same step
	ruleIndex    int
	isJSON       bool // it began as JSON
}

// splitMessages takes a text apart into the messages in it that have a cause, each with what stands before it. A text without any
// is one message.
func splitMessages(text string) []errorMessage {
	s := splitter{lines: logicalLines(text)}
	s.findJSONEnds()
	for i := range s.lines {
		s.assign(i)
	}
	var caused []errorMessage
	for _, p := range s.messages {
		if p.ruleIndex != noRule {
			caused = append(caused, *p)
		}
	}
	caused = attachStepFailures(caused)
	if len(caused) == 0 { // a phrase may go over the ends of units
		caused = []errorMessage{{lines: []logicalLine{{text: text}}, ruleIndex: noRule}}
	}
	return caused
}

// attachStepFailures gives what only says that a step failed to the message before it. It stands alone where nothing else
// is said.
func attachStepFailures(all []errorMessage) []errorMessage {
	var kept []errorMessage
	for _, p := range all {
		switch n := len(kept); {
		case !rules[p.ruleIndex].stepFailure:
			kept = append(kept, p)
		case n > 0:
			kept[n-1].stepFailures = append(kept[n-1].stepFailures, p.lines...)
		}
	}
	if len(kept) == 0 {
		return all
	}
	return kept
}

type splitter struct {
	lines          []logicalLine
	jsonEnds       []int // for each unit the last one of the JSON that begins with it; none closes what was cut
	messages       []*errorMessage
	current        *errorMessage
	pendingContext []logicalLine // context for the next message
	jsonEnd        int           // the units before belong to the JSON that is open
}

// findJSONEnds finds where the braces that a unit opens are closed. It is the first unit that leaves no more
// braces open than there were before.
func (s *splitter) findJSONEnds() {
	s.jsonEnds = make([]int, len(s.lines))
	var waiting []int
	before := func(i int) int {
		if i == 0 {
			return 0
		}
		return s.lines[i-1].openBraces
	}
	for i := range s.lines {
		waiting = append(waiting, i)
		for n := len(waiting); n > 0 && s.lines[i].openBraces <= before(waiting[n-1]); n-- {
			s.jsonEnds[waiting[n-1]] = i
			waiting = waiting[:n-1]
		}
	}
	for _, i := range waiting {
		s.jsonEnds[i] = i
	}
}

// assign gives a unit to the message that it belongs to.
func (s *splitter) assign(i int) {
	u := s.lines[i]
	if u.startsStep {
		s.current, s.pendingContext, s.jsonEnd = nil, nil, 0
	}
	if i < s.jsonEnd && u.class != classFence && (u.class != classError || s.current.ruleIndex == noRule) {
		s.appendLine(u)
		return
	}
	switch u.class {
	case classFence:
		s.current, s.jsonEnd = nil, 0
	case classCommand, classProgress:
		s.current, s.pendingContext = nil, append(s.pendingContext, u)
	case classJSON:
		s.assignJSON(i)
	default:
		s.assignText(u)
	}
}

// assignJSON: JSON belongs to the error before it, unless that is JSON too, or nothing that fails.
func (s *splitter) assignJSON(i int) {
	u := s.lines[i]
	if c := s.current; c != nil && !u.afterBlank && !c.isJSON && !c.endsUnrelated() && (c.ruleIndex != noRule || c.lines[0].class == classError) {
		s.appendLine(u)
		return
	}
	s.startMessage(u)
	s.current.isJSON, s.jsonEnd = true, s.jsonEnds[i]+1
}

func (s *splitter) assignText(u logicalLine) {
	if s.belongsToCurrent(u) {
		s.appendLine(u)
		return
	}
	if u.afterBlank && u.class == classOther && u.ruleIndex == noRule { // somebody writes: what was called before is another matter
		s.pendingContext = nil
	}
	s.startMessage(u)
}

// belongsToCurrent reports whether a unit is a part of the message before it.
func (s *splitter) belongsToCurrent(u logicalLine) bool {
	c := s.current
	switch {
	case c == nil || u.class == classError:
		return false
	case u.class == classDetail:
		return u.ruleIndex == noRule || !c.endsUnrelated() && c.acceptsDetail(u)
	case c.isJSON && s.jsonEnd > 0: // it is closed
		return false
	}
	return c.acceptsLine(u)
}

// acceptsDetail reports whether the message continues with a detail that has a cause of its own.
func (p errorMessage) acceptsDetail(u logicalLine) bool {
	return !u.afterBlank || p.ruleIndex == noRule || rules[u.ruleIndex].vague || continuesMessage(rules[p.ruleIndex].cause, rules[u.ruleIndex], classOther)
}

// acceptsLine reports whether the message continues with a line.
func (p errorMessage) acceptsLine(u logicalLine) bool {
	switch {
	case p.ruleIndex == noRule: // it leads to what follows
		return !u.afterBlank || u.ruleIndex != noRule && p.lines[0].class == classError
	case u.ruleIndex == noRule:
		return !u.afterBlank
	case rules[p.ruleIndex].vague: // it says the same with more words
		return !u.afterBlank || p.lines[0].class != classError
	}
	return !u.afterBlank && !p.endsUnrelated() && (p.endsWithColon() || continuesMessage(rules[p.ruleIndex].cause, rules[u.ruleIndex], u.class))
}

// endsWithColon reports whether the message ends with a colon: what comes is what it says.
func (p errorMessage) endsWithColon() bool {
	return strings.HasSuffix(p.lines[len(p.lines)-1].text, ":")
}

// endsUnrelated reports whether the message ends with a line that says nothing of it: what comes then is something new.
func (p errorMessage) endsUnrelated() bool {
	last := p.lines[len(p.lines)-1]
	return p.ruleIndex != noRule && last.ruleIndex == noRule && last.class == classOther
}

// trailingCauses are the causes with which messages of others end: what the registry answered, and what the API's status is.
var trailingCauses = map[Cause]map[Cause]bool{
	PullerRead:         {RegistryDenied: true, PermissionMissing: true},
	DeployerRead:       {RegistryDenied: true, PermissionMissing: true},
	ActAs:              {PermissionMissing: true},
	RunAs:              {PermissionMissing: true, ActAs: true},
	ImageNotFound:      {RegistryDenied: true},
	RepositoryNotFound: {RegistryDenied: true},
	RegistryDenied:     {PermissionMissing: true},
	APIDisabled:        {PermissionMissing: true},
	OrgPolicy:          {PermissionMissing: true, MemberNotFound: true},
	ServiceControls:    {PermissionMissing: true, OrgPolicy: true},
}

// continuesMessage reports whether a line of that rule may continue with a message of that cause. A sentence of Google's own that
// names a permission begins something new.
func continuesMessage(cause Cause, r causeRule, c class) bool {
	if r.cause == cause {
		return c == classOther
	}
	return trailingCauses[cause][r.cause] && (r.vague || r.cause != PermissionMissing || c == classOther)
}

func (s *splitter) startMessage(u logicalLine) {
	s.current = &errorMessage{preceding: s.pendingContext, ruleIndex: noRule}
	s.messages = append(s.messages, s.current)
	s.jsonEnd = 0
	s.appendLine(u)
}

func (s *splitter) appendLine(u logicalLine) {
	s.current.lines = append(s.current.lines, u)
	s.current.ruleIndex = min(s.current.ruleIndex, u.ruleIndex)
	if s.current.ruleIndex != noRule {
		s.pendingContext = nil
	}
}

// longMessage is one whose phrases are not looked for again across the ends of its units.
const longMessage = 32 << 10

// rule is that of the message as a whole: a phrase may go over the end of a unit.
func (p errorMessage) matchedRule(m searchText) causeRule {
	at := p.ruleIndex
	if len(p.lines) > 1 && len(m.compact) <= longMessage || at == noRule {
		at = m.ruleIndex()
	}
	if at == noRule || rules[at].stepFailure { // that a step failed is no cause
		return causeRule{cause: Unrecognized}
	}
	return rules[at]
}

// joined puts the units of a part together again.
func (p errorMessage) joined() searchText {
	var b strings.Builder
	for i, u := range p.lines {
		switch {
		case i > 0 && u.afterBlank:
			b.WriteByte('\n')
		case i > 0:
			b.WriteRune(lineEnded)
		}
		b.WriteString(u.text)
	}
	return newSearchText(b.String())
}
