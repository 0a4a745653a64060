package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
)

// Entry is one call in the request log. The sandbox's own pages (/sandbox and
// /sandbox/log) are not in it.
type Entry struct {
	Time     time.Time `json:"time"`
	Product  string    `json:"product,omitempty"`  // "run"; empty when the host does not tell
	Method   string    `json:"method"`             // "google.cloud.run.v2.Jobs/GetJob", or "GET /v2/projects/…"
	Resource string    `json:"resource,omitempty"` // relative name, as far as path or headers tell
	Caller   string    `json:"caller,omitempty"`   // member; empty when the token names none
	Outcome  string    `json:"outcome"`            // OK, a code's name as PERMISSION_DENIED, RESET or ANSWER_LOST
	Millis   float64   `json:"millis"`             // how long it took, waiting included
}

// Outcomes that are no code.
const (
	outcomeReset = "RESET"       // the connection broke before anything was done
	outcomeLost  = "ANSWER_LOST" // it broke after everything was done
)

const (
	logMost  = 10_000 // entries that are kept; the oldest go first
	fieldMax = 512    // bytes of a text in an entry: callers choose them, and may choose long ones
)

// requestLog keeps the last entries and writes every one on.
type requestLog struct {
	mu     sync.Mutex
	kept   []Entry
	oldest int // in kept, once that is full
	out    io.Writer
	failed error // the first write that failed; nothing is written after it
}

func (l *requestLog) add(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) < logMost {
		l.kept = append(l.kept, e)
	} else {
		l.kept[l.oldest] = e
		l.oldest = (l.oldest + 1) % logMost
	}
	if l.out != nil && l.failed == nil {
		if _, err := l.out.Write(e.line()); err != nil {
			l.failed = fmt.Errorf("the request log cannot be written: %w", err)
		}
	}
}

// entries copies what is kept, the oldest first.
func (l *requestLog) entries() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]Entry{}, l.kept[l.oldest:]...), l.kept[:l.oldest]...)
}

func (l *requestLog) err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// line is the entry as JSON with a line end. A terminal can show it: JSON
// itself leaves DEL, the C1 controls and the marks that turn text around as
// they are.
func (e Entry) line() []byte {
	text, err := json.Marshal(e)
	if err != nil {
		panic("sandbox: an entry of the log cannot be encoded: " + err.Error()) // it is texts, a number and a time of today
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// newEntry notes what a request is. Of the Authorization header only a member
// is kept, and of the query nothing, for it can carry a token.
func newEntry(r *http.Request, caller string) Entry {
	p, _ := productOf(r.Host)
	e := Entry{Time: time.Now().UTC(), Product: short(string(p)), Caller: short(caller), Outcome: word(codes.Internal)}
	if isGRPC(r) {
		e.Method = short(strings.TrimPrefix(r.URL.Path, "/"))
		e.Resource = short(routedResource(r.Header.Get("X-Goog-Request-Params")))
		return e
	}
	e.Method = short(r.Method + " " + r.URL.EscapedPath())
	if m := versioned.FindStringSubmatch(r.URL.Path); m != nil {
		e.Resource = short(m[1])
	}
	return e
}

var versioned = regexp.MustCompile(`^/v\d\w*/((?:projects|folders|organizations|roles|policies)/[^:]+)`)

// routedResource reads the header in which Google's clients repeat the
// resource of a gRPC request, "name=projects%2Fp"; without it the request's
// own message would have to be decoded twice.
func routedResource(header string) string {
	values, err := url.ParseQuery(header)
	if err != nil {
		return ""
	}
	for _, name := range []string{"name", "resource", "parent"} {
		if v := values.Get(name); v != "" {
			return v
		}
	}
	for _, field := range values { // "project.name" and its like come alone
		return field[0]
	}
	return ""
}

// short cuts a text where a whole character ends.
func short(text string) string {
	if len(text) <= fieldMax {
		return text
	}
	end := fieldMax
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// finish completes the entry of a call and keeps it.
func (l *requestLog) finish(e *Entry) {
	e.Millis = float64(time.Since(e.Time).Microseconds()) / 1000
	l.add(*e)
}

// word spells a code as the APIs do.
func word(c codes.Code) string {
	switch c {
	case codes.OK:
		return "OK"
	case codes.Canceled:
		return "CANCELLED"
	}
	return statusName(c)
}

// grpcOutcome reads how a gRPC call ended from the headers that the server
// left; there is none when the client went away first.
func grpcOutcome(h http.Header) string {
	n, err := strconv.Atoi(h.Get("Grpc-Status"))
	if err != nil {
		return word(codes.Canceled)
	}
	return word(codes.Code(n))
}

// witness passes a REST answer on and keeps what an error says, since several
// codes share one HTTP status.
type witness struct {
	http.ResponseWriter
	code int
	body bytes.Buffer
}

func (w *witness) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *witness) Write(b []byte) (int, error) {
	if w.code >= http.StatusBadRequest {
		w.body.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

func (w *witness) outcome() string {
	if w.code < http.StatusBadRequest {
		return word(codes.OK)
	}
	var answer struct {
		Error struct{ Status string }
	}
	if err := json.Unmarshal(w.body.Bytes(), &answer); err != nil || answer.Error.Status == "" {
		return "HTTP_" + strconv.Itoa(w.code)
	}
	return answer.Error.Status
}

// showLog serves the kept entries, one JSON object in a line.
func (f *front) showLog(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		writeError(w, unserved(r))
		return
	}
	w.Header().Set("Content-Type", "application/jsonl; charset=UTF-8")
	for _, e := range f.log.entries() {
		if _, err := w.Write(e.line()); err != nil {
			return // a client that went away needs no answer
		}
	}
}
