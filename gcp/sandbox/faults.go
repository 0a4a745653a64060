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

// faultInjector makes calls wait and fail. The fault is drawn from the seed, the call's content and how often
// the call was made before. The order of different calls plays no part. The n-th of equal calls meets the
// same fault in each run.
type faultInjector struct {
	hold            <-chan struct{}
	latency, jitter time.Duration
	rate            float64
	seed            int64

	mu         sync.Mutex
	callCounts map[uint64]uint64 // how often each call was made, by its hash
}

// fault is what a call gets instead of its answer. All faults but answerLost happen before anything is done.
// With answerLost the whole call is done, even a write, and the connection breaks before the answer. Over
// gRPC a broken connection ends one stream, and clients see INTERNAL.
type fault int

const (
	noFault         fault = iota
	quotaExhausted        // 429 RESOURCE_EXHAUSTED
	unavailable           // 503 UNAVAILABLE
	connectionReset       // the connection breaks
	answerLost            // the connection breaks after the call was done
	etagConflict          // 409 ABORTED, for setIamPolicy only
)

// faultErrors are the faults that have an answer.
var faultErrors = map[fault]error{
	quotaExhausted: status.Error(codes.ResourceExhausted, "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'. (The sandbox's weather.)"),
	unavailable:    status.Error(codes.Unavailable, "The service is currently unavailable. (The sandbox's weather.)"),
	etagConflict: status.Error(codes.Aborted, "There were concurrent policy changes. "+
		"Please retry the whole read-modify-write with exponential backoff. (The sandbox's weather.)"),
}

func newFaultInjector(o Options) *faultInjector {
	return &faultInjector{
		hold: o.Hold, latency: o.Latency, jitter: o.Jitter, rate: o.FaultRate, seed: o.Seed,
		callCounts: map[uint64]uint64{},
	}
}

// checkOptions refuses options that make no sense.
func checkOptions(o Options) error {
	switch {
	case o.Latency < 0 || o.Jitter < 0 || o.Propagation < 0:
		return fmt.Errorf("the sandbox cannot wait a negative time (latency %s, jitter %s, propagation %s)", o.Latency, o.Jitter, o.Propagation)
	case !(o.FaultRate >= 0 && o.FaultRate <= 1): // NaN is neither
		return fmt.Errorf("the sandbox's fault rate %v is not between 0 and 1", o.FaultRate)
	}
	return nil
}

// draw decides how long a call waits and which fault it gets.
func (f *faultInjector) draw(r *http.Request) (wait time.Duration, injected fault) {
	if f.jitter == 0 && f.rate == 0 {
		return f.latency, noFault
	}
	dice := rand.New(rand.NewPCG(uint64(f.seed), f.callHash(r)))
	wait = f.latency
	if f.jitter > 0 {
		wait += time.Duration(dice.Int64N(int64(f.jitter)))
	}
	if dice.Float64() >= f.rate {
		return wait, noFault
	}
	kinds := []fault{quotaExhausted, unavailable, connectionReset, answerLost}
	if setsPolicy(r.URL.Path) {
		kinds = append(kinds, etagConflict)
	}
	return wait, kinds[dice.IntN(len(kinds))]
}

// callHash identifies a call: it is a hash of the call's content and of how often the same call was made
// before.
func (f *faultInjector) callHash(r *http.Request) uint64 {
	h := fnv.New64a()
	p, region := productOf(r.Host)
	for _, part := range []string{string(p), region, r.Method, r.URL.EscapedPath(), r.URL.RawQuery,
		r.Header.Get("X-Goog-Request-Params"), r.Header.Get("Authorization")} {
		h.Write([]byte(part + "\x00"))
	}
	same := h.Sum64()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.callCounts[same]++
	h.Write(binary.BigEndian.AppendUint64(nil, f.callCounts[same]))
	return h.Sum64()
}

func setsPolicy(path string) bool {
	return strings.HasSuffix(path, "/SetIamPolicy") || strings.HasSuffix(path, ":setIamPolicy")
}

// delay waits as the options say. It gives false if the call ends before that.
func (f *faultInjector) delay(ctx context.Context, wait time.Duration) bool {
	if f.hold != nil {
		select {
		case <-f.hold:
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

// inject makes a call fail. do makes the call for an answer that nobody will see. After a broken connection
// inject does not return.
func inject(w http.ResponseWriter, r *http.Request, injected fault, e *LogEntry, do func(http.ResponseWriter)) {
	switch injected {
	case answerLost:
		do(&bufferedResponse{header: http.Header{}, code: http.StatusOK})
		e.Outcome = outcomeLost
		panic(http.ErrAbortHandler)
	case connectionReset:
		e.Outcome = outcomeReset
		panic(http.ErrAbortHandler)
	}
	err := faultErrors[injected]
	e.Outcome = outcomeOf(status.Code(err))
	if isGRPC(r) {
		writeGRPCError(w, err)
		return
	}
	writeError(w, err)
}

// writeGRPCError writes a gRPC answer without a message.
func writeGRPCError(w http.ResponseWriter, err error) {
	st := status.Convert(err)
	w.Header().Set("Content-Type", "application/grpc")
	w.Header().Set("Grpc-Status", strconv.Itoa(int(st.Code())))
	w.Header().Set("Grpc-Message", st.Message()) // plain ASCII without percent signs: needs no escapes
	w.WriteHeader(http.StatusOK)
}
