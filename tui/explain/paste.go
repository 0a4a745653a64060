package explain

import (
	"strings"

	"whopulls/model/failure"
)

// IsFailureText reports whether a pasted text is a message rather than a name to filter by or to type. A message may be
// one that failure.Read does not know: it has several lines, or is pasted where no name is typed.
func IsFailureText(text string, takesText bool) bool {
	words, lines := len(strings.Fields(text)), strings.Count(strings.TrimSpace(lineEnds.Replace(text)), "\n")+1
	if takesText && words <= maxFilterWords {
		return false
	}
	return lines > 1 && words > maxFilterWords || !takesText && words > 1 || failure.Read(text).Cause != failure.Unrecognized
}

// maxFilterWords is how many a filter may have.
const maxFilterWords = 4

// lineEnds are those that a terminal sends instead of a line feed.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
