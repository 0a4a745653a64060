package gcp

import (
	"context"
	"crypto/sha256"
	"iter"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// fetch asks for one page of a list, of that size and by the token that the page before named, and gives the token of the
// next one; empty: there is none. Google's gRPC clients have it as InternalFetch of their iterators. These themselves are
// not used: where page after page is empty, they ask on without a word.
type fetch[P any] func(size int, token string) (entries []P, next string, err error)

// turning goes through the pages of a list, as the server cut them, up to the limits. An error ends it, after all that
// came before.
func turning[P any](ctx context.Context, list func(context.Context) fetch[P]) iter.Seq2[[]P, error] {
	return func(yield func([]P, error) bool) {
		ctx, cancel := context.WithTimeout(budgeted(ctx), limits.ListTime)
		defer cancel()
		ask, turns, listed := list(ctx), turns{}, 0
		for token := ""; ; {
			entries, next, err := ask(pageSize, token)
			if err != nil {
				yield(nil, late(ctx, err))
				return
			}
			if !yield(entries, nil) || next == "" {
				return
			}
			if listed += len(entries); listed > limits.Listed {
				yield(nil, cutf("the list has more than %d entries", limits.Listed))
				return
			}
			if err := turns.to(next); err != nil {
				yield(nil, err)
				return
			}
			token = next
		}
	}
}

// late tells a list whose time is over from a call whose time is.
func late(ctx context.Context, err error) error {
	if ctx.Err() == context.DeadlineExceeded {
		return cutf("the list has no end within %s", limits.ListTime)
	}
	return err
}

// turns are the pages of a list so far.
type turns struct {
	seen  map[[sha256.Size]byte]bool // digests of tokens
	pages int
}

// to turns to the page of that token, unless the list goes round in circles or on for ever.
func (t *turns) to(token string) error {
	digest := sha256.Sum256([]byte(token))
	if t.seen[digest] {
		return cutf("the list comes back to a page that it had already")
	}
	if t.pages++; t.pages >= limits.Pages {
		return cutf("the list has more than %d pages", limits.Pages)
	}
	if t.seen == nil {
		t.seen = map[[sha256.Size]byte]bool{}
	}
	t.seen[digest] = true
	return nil
}

// pages hands a list over as the server cut it, each page as soon as it is there.
func pages[P, T any](ctx context.Context, list func(context.Context) fetch[P], convert func(P) (T, bool)) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for entries, err := range turning(ctx, list) {
			var page model.ListPage[T]
			for _, entry := range entries {
				if item, ok := convert(entry); ok {
					page.Items = append(page.Items, item)
				}
			}
			if (err != nil || len(page.Items) > 0) && !yield(page, err) {
				return
			}
		}
	}
}

// whole reads a list to its end, of which there may be so many entries at most; a part of it is nothing.
func whole[P any](ctx context.Context, most int, list func(context.Context) fetch[P]) (all []P, err error) {
	for entries, err := range turning(ctx, list) {
		if err != nil {
			return nil, err
		}
		if all = append(all, entries...); len(all) > most {
			return nil, cutf("the list has more than %d entries", most)
		}
	}
	return all, nil
}
