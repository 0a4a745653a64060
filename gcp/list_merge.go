package gcp

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"whopulls/gcp/transport"
	"whopulls/guard"
	"whopulls/model"
)

// listSource is one of the lists that make up a whole.
type listSource[T any] struct {
	operation operation
	pages     func(context.Context) iter.Seq2[model.ListPage[T], error]
}

// gapOrError says what becomes of a list that failed: a gap, or an error when nothing further can be asked.
func (a operation) gapOrError(ctx context.Context, err error) ([]model.Gap, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("the list was interrupted: %w", context.Cause(ctx))
	}
	if broke := transport.AsConnectionError(err); broke != nil {
		return nil, broke
	}
	return []model.Gap{a.gap(transport.ParseError(err))}, nil
}

// sourcePage is what comes out of a source: a page, or the error that ended it.
type sourcePage[T any] struct {
	page      model.ListPage[T]
	operation operation
	err       error
}

// mergeLists runs the sources at the same time and hands their pages on as they arrive. A source that fails becomes a
// gap; when all of them failed as one that nobody can reach, that is the error.
func mergeLists[T any](ctx context.Context, sources []listSource[T]) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		running, cancel := context.WithCancel(ctx)
		parts := startSources(running, sources)
		defer func() { // also when the one who takes the pages has enough
			cancel()
			for range parts {
			}
		}()
		var failed []sourcePage[T]
		for p := range parts {
			if p.err != nil {
				failed = append(failed, p)
			} else if !yield(p.page, nil) {
				return
			}
		}
		reportFailures(ctx, failed, len(sources), yield)
	}
}

// startSources gives the channel of all parts, closed when every source ended.
func startSources[T any](ctx context.Context, sources []listSource[T]) <-chan sourcePage[T] {
	parts := make(chan sourcePage[T])
	guard.Go(func() {
		defer close(parts)
		var all sync.WaitGroup
		for _, s := range sources {
			all.Go(guard.Func(func() { s.run(ctx, parts) }))
		}
		all.Wait()
	})
	return parts
}

func (s listSource[T]) run(ctx context.Context, parts chan<- sourcePage[T]) {
	for page, err := range s.pages(ctx) {
		select {
		case parts <- sourcePage[T]{page: page, operation: s.operation, err: err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// reportFailures reports the sources that failed.
func reportFailures[T any](ctx context.Context, failed []sourcePage[T], sources int, yield func(model.ListPage[T], error) bool) {
	if ctx.Err() != nil {
		_, err := operation{}.gapOrError(ctx, ctx.Err())
		yield(model.ListPage[T]{}, err)
		return
	}
	var gaps []model.Gap
	var last error
	broke := 0
	for _, f := range failed {
		if err := transport.AsConnectionError(f.err); err != nil {
			broke, last = broke+1, err
		}
		gaps = append(gaps, f.operation.gap(transport.ParseError(f.err)))
	}
	switch {
	case last != nil && broke == sources:
		yield(model.ListPage[T]{}, last)
	case len(gaps) > 0:
		yield(model.ListPage[T]{Gaps: gaps}, nil)
	}
}
