package journal

import (
	"bytes"
	"encoding/json"

	"whopulls/model/ledger"

	"whopulls/text"
)

// version is that of the lines written here. A program that does not know a line's version leaves the journal alone.
const version = 1

// The two events.
const (
	eventIntended = "intended"
	eventResult   = "result"
)

// event is one line of the file: an entry announced, or with only some fields set, its result.
type event struct {
	V     int    `json:"v"`
	Event string `json:"event"`
	ledger.Entry
}

// tornMark ends a line that was cut off. It is not JSON. So a line that lacks only its end, and was never
// reported as written, does not become an entry later.
const tornMark = " torn\n"

// encode gives an event's line.
func encode(e event) ([]byte, error) {
	line, err := json.Marshal(e)
	// The file is looked at with cat, and names are untrusted.
	return append(text.EscapeJSON(line), '\n'), err
}

// splitLines gives the lines that have an end, and what comes after the last of them: empty, or a torn line.
func splitLines(text []byte) (whole [][]byte, rest []byte) {
	for {
		line, after, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			return whole, text
		}
		if len(bytes.TrimSpace(line)) > 0 {
			whole = append(whole, line)
		}
		text = after
	}
}

// decode reads a line: an event, one of a newer version, or neither.
func decode(line []byte) (e event, isNewer, ok bool) {
	if err := json.Unmarshal(line, &e); err == nil && e.V == version {
		return e, false, e.ID != ""
	}
	var head struct { // of a line that this version can't read
		V int `json:"v"`
	}
	if json.Unmarshal(line, &head) != nil {
		return event{}, false, false
	}
	return event{}, head.V > version, false
}

// parse folds the content of a journal.
func parse(text []byte) ledger.History {
	h := ledger.History{}
	whole, rest := splitLines(text)
	if len(rest) > 0 {
		h.Torn++
	}
	for _, line := range whole {
		e, isNewer, ok := decode(line)
		switch {
		case isNewer:
			h.Newer++
		case !ok || !add(&h, e):
			h.Torn++
		}
	}
	return h
}

// add takes an event in, unless it makes no sense after those before it.
func add(h *ledger.History, e event) bool {
	switch e.Event {
	case eventIntended:
		return h.Announce(e.Entry)
	case eventResult:
		return h.Settle(e.Entry)
	}
	return false
}
