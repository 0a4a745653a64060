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
	"unicode/utf8"

	"google.golang.org/grpc/codes"

	"whopulls/text"
)

// LogEntry is one call in the request log. Calls of the sandbox's own pages (/sandbox and /sandbox/log) are
// not logged.
type LogEntry struct {
	Time     time.Time `json:"time"`
	Product  string    `json:"product,omitempty"`  // "run"; empty if the host does not say
	Method   string    `json:"method"`             // "google.cloud.run.v2.Jobs/GetJob", or "GET /v2/projects/…"
	Resource string    `json:"resource,omitempty"` // relative name, as far as path or headers show it
	Caller   string    `json:"caller,omitempty"`   // member; empty if the token names none
	Outcome  string    `json:"outcome"`            // OK, a code's name such as PERMISSION_DENIED, RESET or ANSWER_LOST
	Millis   float64   `json:"millis"`             // how long it took, including waits
}

// Outcomes that are not codes.
const (
	outcomeReset = "RESET"       // the connection broke before anything was done
	outcomeLost  = "ANSWER_LOST" // it broke after everything was done
)

const (
	maxLogEntries = 10_000 // the number of entries kept; the oldest are dropped first
	maxFieldBytes = 512    // bytes of a text in an entry: callers choose them, and they may be long
)

// requestLog keeps the latest entries, and writes every entry to the log of the options.
type requestLog struct {
	mu       sync.Mutex
	ring     []LogEntry
	oldest   int // index into kept, once that is full
	out      io.Writer
	writeErr error // the first write that failed; after it nothing is written
}

func (l *requestLog) add(e LogEntry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < maxLogEntries {
		l.ring = append(l.ring, e)
	} else {
		l.ring[l.oldest] = e
		l.oldest = (l.oldest + 1) % maxLogEntries
	}
	if l.out != nil && l.writeErr == nil {
		if _, err := l.out.Write(e.jsonLine()); err != nil {
			l.writeErr = fmt.Errorf("the request log cannot be written: %w", err)
		}
	}
}

// entries copies the kept entries, the oldest first.
func (l *requestLog) entries() []LogEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]LogEntry{}, l.ring[l.oldest:]...), l.ring[:l.oldest]...)
}

func (l *requestLog) err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.writeErr
}

// jsonLine gives the entry as a line of JSON that is safe on a terminal.
func (e LogEntry) jsonLine() []byte {
	line, err := json.Marshal(e)
	if err != nil {
		panic("sandbox: an entry of the log cannot be encoded: " + err.Error()) // it holds texts, a number and the current time
	}
	return append(text.EscapeJSON(line), '\n')
}

// newLogEntry describes a request. It keeps only the member of the Authorization header, and nothing of the
// query, which may hold a token.
func newLogEntry(r *http.Request, caller string) LogEntry {
	p, _ := productOf(r.Host)
	e := LogEntry{Time: time.Now().UTC(), Product: truncate(string(p)), Caller: truncate(caller), Outcome: outcomeOf(codes.Internal)}
	if isGRPC(r) {
		e.Method = truncate(strings.TrimPrefix(r.URL.Path, "/"))
		e.Resource = truncate(resourceFromParams(r.Header.Get("X-Goog-Request-Params")))
		return e
	}
	e.Method = truncate(r.Method + " " + r.URL.EscapedPath())
	if m := versionedPath.FindStringSubmatch(r.URL.Path); m != nil {
		e.Resource = truncate(m[1])
	}
	return e
}

var versionedPath = regexp.MustCompile(`^/v\d\w*/((?:projects|folders|organizations|roles|policies)/[^:]+)`)

// resourceFromParams reads the header in which Google's clients repeat the resource of a gRPC request,
// "name=projects%2Fp". Without it the request's message would have to be decoded twice.
func resourceFromParams(header string) string {
	values, err := url.ParseQuery(header)
	if err != nil {
		return ""
	}
	for _, name := range []string{"name", "resource", "parent"} {
		if v := values.Get(name); v != "" {
			return v
		}
	}
	for _, field := range values { // "project.name" and similar keys have one value
		return field[0]
	}
	return ""
}

// truncate cuts a text between characters.
func truncate(text string) string {
	if len(text) <= maxFieldBytes {
		return text
	}
	end := maxFieldBytes
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// finish completes the entry of a call and keeps it.
func (l *requestLog) finish(e *LogEntry) {
	e.Millis = float64(time.Since(e.Time).Microseconds()) / 1000
	l.add(*e)
}

// outcomeOf writes a code as the APIs do.
func outcomeOf(c codes.Code) string {
	switch c {
	case codes.OK:
		return "OK"
	case codes.Canceled:
		return "CANCELLED"
	}
	return codeName(c)
}

// grpcOutcome reads the outcome of a gRPC call from the response headers. There is no outcome if the client
// went away first.
func grpcOutcome(h http.Header) string {
	n, err := strconv.Atoi(h.Get("Grpc-Status"))
	if err != nil {
		return outcomeOf(codes.Canceled)
	}
	return outcomeOf(codes.Code(n))
}

// statusRecorder forwards a REST answer. It keeps the content of an error, since several codes share one HTTP
// status.
type statusRecorder struct {
	http.ResponseWriter
	code      int
	errorBody bytes.Buffer
}

func (w *statusRecorder) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusRecorder) Write(b []byte) (int, error) {
	if w.code >= http.StatusBadRequest {
		w.errorBody.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusRecorder) outcome() string {
	if w.code < http.StatusBadRequest {
		return outcomeOf(codes.OK)
	}
	var answer struct {
		Error struct{ Status string }
	}
	if err := json.Unmarshal(w.errorBody.Bytes(), &answer); err != nil || answer.Error.Status == "" {
		return "HTTP_" + strconv.Itoa(w.code)
	}
	return answer.Error.Status
}

// serveLog serves the kept entries, one JSON object per line.
func (h *handler) serveLog(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		writeError(w, unimplemented(r))
		return
	}
	w.Header().Set("Content-Type", "application/jsonl; charset=UTF-8")
	for _, e := range h.log.entries() {
		if _, err := w.Write(e.jsonLine()); err != nil {
			return // a client that went away needs no answer
		}
	}
}
