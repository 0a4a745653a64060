package gcp

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"whopulls/model"
)

// source is one of the lists that make up a whole.
type source[T any] struct {
	ask   ask
	pages func(context.Context) iter.Seq2[model.ListPage[T], error]
}

// ended says what becomes of a list that failed: a gap, or an error when nothing further can be asked.
func (a ask) ended(ctx context.Context, err error) ([]model.Gap, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("the list was interrupted: %w", context.Cause(ctx))
	}
	if broke := broken(err); broke != nil {
		return nil, broke
	}
	return []model.Gap{a.gap(troubleOf(err))}, nil
}

// part is what comes out of a source: a page, or the error that ended it.
type part[T any] struct {
	page model.ListPage[T]
	ask  ask
	err  error
}

// sideBySide runs the sources at the same time and hands their pages on as they arrive. A source that fails becomes a
// gap; when all of them failed as one that nobody can reach, that is the error.
func sideBySide[T any](ctx context.Context, sources []source[T]) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		running, cancel := context.WithCancel(ctx)
		parts := start(running, sources)
		defer func() { // also when the one who takes the pages has enough
			cancel()
			for range parts {
			}
		}()
		var failed []part[T]
		for p := range parts {
			if p.err != nil {
				failed = append(failed, p)
			} else if !yield(p.page, nil) {
				return
			}
		}
		finish(ctx, failed, len(sources), yield)
	}
}

// start gives the channel of all parts, closed when every source ended.
func start[T any](ctx context.Context, sources []source[T]) <-chan part[T] {
	parts := make(chan part[T])
	go func() {
		defer close(parts)
		var all sync.WaitGroup
		for _, s := range sources {
			all.Go(func() { s.run(ctx, parts) })
		}
		all.Wait()
	}()
	return parts
}

func (s source[T]) run(ctx context.Context, parts chan<- part[T]) {
	for page, err := range s.pages(ctx) {
		select {
		case parts <- part[T]{page: page, ask: s.ask, err: err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// finish tells of the sources that failed.
func finish[T any](ctx context.Context, failed []part[T], sources int, yield func(model.ListPage[T], error) bool) {
	if ctx.Err() != nil {
		_, err := ask{}.ended(ctx, ctx.Err())
		yield(model.ListPage[T]{}, err)
		return
	}
	var gaps []model.Gap
	var last error
	broke := 0
	for _, f := range failed {
		if err := broken(f.err); err != nil {
			broke, last = broke+1, err
		}
		gaps = append(gaps, f.ask.gap(troubleOf(f.err)))
	}
	switch {
	case last != nil && broke == sources:
		yield(model.ListPage[T]{}, last)
	case len(gaps) > 0:
		yield(model.ListPage[T]{Gaps: gaps}, nil)
	}
}
