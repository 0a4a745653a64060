package transport

import (
	"cmp"
	"context"
	"sync/atomic"

	"whopulls/gcp/limits"
)

// CallOptions say how a call is made. They travel in its context, because Google's clients pass on nothing else.
type CallOptions struct {
	Project      string // bears the quota, where neither the caller nor the credentials name a project
	ReadOnly     bool   // marks a POST that changes nothing: it may be sent again
	NoRetry      bool   // marks a write: it is sent once
	NoQuotaRetry bool   // ends the call when a quota is used up: another attempt would only use up more
	NoLog        bool   // marks a call that asks no API: neither end logs it
	OverLimit    bool   // refuses the call: the answer needs more facts than limits.Facts

	listBudget *atomic.Int64 // the bytes left for the pages of one list; nil: the call is not a page
}

type callOptionsKey struct{}

// WithCallOptions adds options to those that ctx has already.
func WithCallOptions(ctx context.Context, o CallOptions) context.Context {
	old := callOptionsOf(ctx)
	o.Project, o.listBudget = cmp.Or(o.Project, old.Project), cmp.Or(o.listBudget, old.listBudget)
	o.ReadOnly, o.NoRetry, o.NoQuotaRetry = o.ReadOnly || old.ReadOnly, o.NoRetry || old.NoRetry, o.NoQuotaRetry || old.NoQuotaRetry
	o.NoLog, o.OverLimit = o.NoLog || old.NoLog, o.OverLimit || old.OverLimit
	return context.WithValue(ctx, callOptionsKey{}, o)
}

func callOptionsOf(ctx context.Context) CallOptions {
	o, _ := ctx.Value(callOptionsKey{}).(CallOptions)
	return o
}

// withListBudget marks the pages of one list, which share limits.ListBytes.
func withListBudget(ctx context.Context) context.Context {
	left := &atomic.Int64{}
	left.Store(limits.ListBytes)
	return WithCallOptions(ctx, CallOptions{listBudget: left})
}
