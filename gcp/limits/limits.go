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
	// Refusal is how much is read of why a call was refused. Google says far less.
	Refusal int64 = 1 << 20
	// Headers are the most bytes of an answer's headers.
	Headers int64 = 1 << 20
	// Message is how many characters of a server's own words are shown.
	Message = 2000

	// Pages are the most pages of one list.
	Pages = 10_000
	// Listed are the most entries of one list, all its pages together.
	Listed = 1_000_000
	// List is the largest size of all the pages of one list together, in bytes.
	List int64 = 512 << 20
	// ListTime is how long a list may take, all its pages together. The scan of an organization is no such list: it has as
	// many pages as it needs, shows how far it is, and continues where it was interrupted.
	ListTime = 10 * time.Minute

	// Places are the most locations of a project that are asked. Google has some fifty.
	Places = 1000
	// Policy is the most bindings and members of an allow policy together. Google takes 1,500 members (IAM "Quotas and limits").
	Policy = 100_000
	// Denies are the most deny policies of a level. Google takes 500.
	Denies = 1000
	// Revisions are the most revisions of a project that are looked into, each by a call of its own.
	Revisions = 10_000
	// Reads are the most facts that one answer may need. What is wanted beyond them is a gap.
	Reads = 20_000

	// Call is how long one call may take, its attempts and the reading of its answer included.
	Call = 30 * time.Second
	// Step is how long one change may take, from reading the policy to verifying; an operation that is not done by then
	// stays open in the journal.
	Step = 2 * time.Minute
	// Gcloud is how much is read of what the gcloud command prints.
	Gcloud = 1 << 20
)

// Shorten keeps what a server says from filling the screen.
func Shorten(text string) string {
	if len(text) <= Message {
		return text
	}
	return strings.ToValidUTF8(text[:Message], "") + "…"
}
