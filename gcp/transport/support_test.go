package transport

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
)

// shortCalls keeps every wait too short to notice.
var shortCalls = Timing{CallTimeout: 10 * time.Second, MaxAttempts: 3, RetryDelay: time.Millisecond, MaxRetryDelay: 5 * time.Millisecond}

// tryLonger tries with longer and longer times. What has to fit into a short time does so on an idle machine, and on a
// busy one into a longer one; what never fits is a fault.
func tryLonger(t *testing.T, first time.Duration, try func(time.Duration) error) {
	t.Helper()
	for d := first; ; d *= 4 {
		err := try(d)
		if err == nil {
			return
		}
		if d > 2*time.Second {
			t.Fatal(err)
		}
	}
}

// invoker is the end of a chain of interceptors that calls nobody.
func invoker(answer func() error) grpc.UnaryInvoker {
	return func(context.Context, string, any, any, *grpc.ClientConn, ...grpc.CallOption) error { return answer() }
}
