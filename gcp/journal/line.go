package journal

import (
	"bytes"
	"encoding/json"

	"whopulls/text"
)

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
