// Package limits says how much of an answer is taken, and how long one may take. A server that is broken, or somebody
// else's, must not fill the memory or keep a person waiting for ever. What goes beyond a limit is a gap: it is never
// taken for the whole, and never for nothing.
package limits

import (
	"strings"
	"time"
)

// They are variables for tests alone, which can't send so much; nothing else changes them.
var (
	// Body is the largest body of an answer in bytes, unpacked, of gRPC and REST alike.
	Body int64 = 64 << 20
	// Entries are the most messages, texts and objects in a body. An empty one takes two bytes on the wire and a hundred in memory.
	Entries = 1_000_000
	// ErrorBody is how much is read of why a call was refused. Google says far less.
	ErrorBody int64 = 1 << 20
	// Headers are the most bytes of an answer's headers.
	Headers int64 = 1 << 20
	// Message is how many characters of a server's own words are shown.
	Message = 2000

	// Pages are the most pages of one list.
	Pages = 10_000
	// ListEntries are the most entries of one list, all its pages together.
	ListEntries = 1_000_000
	// ListBytes is the largest size of all the pages of one list together, in bytes.
	ListBytes int64 = 512 << 20
	// ListTime is how long a list may take, all its pages together. The scan of an organization has no such
	// limit. It reads all pages, shows its progress, and continues where it was interrupted.
	ListTime = 10 * time.Minute

	// Locations are the most locations of a project that are asked. Google has some fifty.
	Locations = 1000
	// PolicyEntries is the most bindings and members of an allow policy together. Google takes 1,500 members (IAM "Quotas and limits").
	PolicyEntries = 100_000
	// DenyPolicies are the most deny policies of a level. Google takes 500.
	DenyPolicies = 1000
	// Revisions are the most revisions of a project that are looked into, each by a call of its own.
	Revisions = 10_000
	// Facts are the most facts that one answer may need. What is wanted beyond them is a gap.
	Facts = 20_000

	// CallTime is how long one call may take, its attempts and the reading of its answer included.
	CallTime = 30 * time.Second
	// StepTime is how long one change may take, from reading the policy to verifying. An operation that is
	// not done by then stays open in the journal.
	StepTime = 2 * time.Minute
	// GcloudOutput is how much is read of what the gcloud command prints.
	GcloudOutput = 1 << 20
)

// Shorten keeps what a server says from filling the screen.
func Shorten(text string) string {
	if len(text) <= Message {
		return text
	}
	return strings.ToValidUTF8(text[:Message], "") + "…"
}
