package sandbox

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// weather is what can happen to a call on its way: it waits, and it may meet a
// fault. Which one is drawn from the seed, from what the call says and from how
// often it was made before, and not from the order of different calls: the
// n-th of equal calls fares the same in each run, whatever ran beside it.
type weather struct {
	hold            <-chan struct{}
	latency, jitter time.Duration
	rate            float64
	seed            int64

	mu   sync.Mutex
	made map[uint64]uint64 // how often each call was made, by its hash
}

// fault is what a call meets in place of its answer. All of them come before
// anything is done, except lost: there the whole call is done, a write too,
// and the connection breaks before the answer. Over gRPC a broken connection
// ends the one stream, which clients see as INTERNAL.
type fault int

const (
	fine       fault = iota
	exhausted        // 429 RESOURCE_EXHAUSTED
	away             // 503 UNAVAILABLE
	reset            // the connection breaks
	lost             // the connection breaks after the call was done
	concurrent       // 409 ABORTED, of setIamPolicy alone
)

// faultErrors are the faults that have an answer.
var faultErrors = map[fault]error{
	exhausted: status.Error(codes.ResourceExhausted, "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'. (The sandbox's weather.)"),
	away:      status.Error(codes.Unavailable, "The service is currently unavailable. (The sandbox's weather.)"),
	concurrent: status.Error(codes.Aborted, "There were concurrent policy changes. "+
		"Please retry the whole read-modify-write with exponential backoff. (The sandbox's weather.)"),
}

func newWeather(o Options) *weather {
	return &weather{
		hold: o.Hold, latency: o.Latency, jitter: o.Jitter, rate: o.FaultRate, seed: o.Seed,
		made: map[uint64]uint64{},
	}
}

// checkWeather refuses options that mean nothing.
func checkWeather(o Options) error {
	switch {
	case o.Latency < 0 || o.Jitter < 0 || o.Propagation < 0:
		return fmt.Errorf("the sandbox cannot wait a negative time (latency %s, jitter %s, propagation %s)", o.Latency, o.Jitter, o.Propagation)
	case !(o.FaultRate >= 0 && o.FaultRate <= 1): // NaN is neither
		return fmt.Errorf("the sandbox's fault rate %v is not between 0 and 1", o.FaultRate)
	}
	return nil
}

// draw decides how long a call waits and what it meets.
func (w *weather) draw(r *http.Request) (wait time.Duration, met fault) {
	if w.jitter == 0 && w.rate == 0 {
		return w.latency, fine
	}
	dice := rand.New(rand.NewPCG(uint64(w.seed), w.number(r)))
	wait = w.latency
	if w.jitter > 0 {
		wait += time.Duration(dice.Int64N(int64(w.jitter)))
	}
	if dice.Float64() >= w.rate {
		return wait, fine
	}
	kinds := []fault{exhausted, away, reset, lost}
	if setsPolicy(r.URL.Path) {
		kinds = append(kinds, concurrent)
	}
	return wait, kinds[dice.IntN(len(kinds))]
}

// number tells this call from all others: a hash of what it says and of how
// often that was said before.
func (w *weather) number(r *http.Request) uint64 {
	h := fnv.New64a()
	p, region := productOf(r.Host)
	for _, part := range []string{string(p), region, r.Method, r.URL.EscapedPath(), r.URL.RawQuery,
		r.Header.Get("X-Goog-Request-Params"), r.Header.Get("Authorization")} {
		h.Write([]byte(part + "\x00"))
	}
	same := h.Sum64()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made[same]++
	h.Write(binary.BigEndian.AppendUint64(nil, w.made[same]))
	return h.Sum64()
}

func setsPolicy(path string) bool {
	return strings.HasSuffix(path, "/SetIamPolicy") || strings.HasSuffix(path, ":setIamPolicy")
}

// pause holds the answer back as the options ask; false when the call is over
// before that.
func (w *weather) pause(ctx context.Context, wait time.Duration) bool {
	if w.hold != nil {
		select {
		case <-w.hold:
		case <-ctx.Done():
			return false
		}
	}
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// strike makes a call meet its fault. do does the call for an answer that
// nobody will see. It does not return from a broken connection.
func strike(w http.ResponseWriter, r *http.Request, met fault, e *Entry, do func(http.ResponseWriter)) {
	switch met {
	case lost:
		do(&recorder{header: http.Header{}, code: http.StatusOK})
		e.Outcome = outcomeLost
		panic(http.ErrAbortHandler)
	case reset:
		e.Outcome = outcomeReset
		panic(http.ErrAbortHandler)
	}
	err := faultErrors[met]
	e.Outcome = word(status.Code(err))
	if isGRPC(r) {
		writeGRPCError(w, err)
		return
	}
	writeError(w, err)
}

// writeGRPCError is a gRPC answer without a message.
func writeGRPCError(w http.ResponseWriter, err error) {
	st := status.Convert(err)
	w.Header().Set("Content-Type", "application/grpc")
	w.Header().Set("Grpc-Status", strconv.Itoa(int(st.Code())))
	w.Header().Set("Grpc-Message", st.Message()) // plain ASCII without percent signs: needs no escapes
	w.WriteHeader(http.StatusOK)
}
