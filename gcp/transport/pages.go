package transport

import (
	"context"
	"crypto/sha256"
	"iter"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// PageSize is how many entries a page has, where Google's APIs let the caller say.
const PageSize = 500

// FetchPage asks for one page of a list, of that size and by the token that the page before named, and gives the token of the
// next one; empty: there is none. Google's gRPC clients have it as InternalFetch of their iterators. These themselves are
// not used: where page after page is empty, they ask on without a word.
type FetchPage[P any] func(size int, token string) (entries []P, next string, err error)

// EachPage goes through the pages of a list, as the server cut them, up to the limits. An error ends it, after all that
// came before.
func EachPage[P any](ctx context.Context, list func(context.Context) FetchPage[P]) iter.Seq2[[]P, error] {
	return func(yield func([]P, error) bool) {
		ctx, cancel := context.WithTimeout(withListBudget(ctx), limits.ListTime)
		defer cancel()
		getPage, guard, listed := list(ctx), PageGuard{}, 0
		for token := ""; ; {
			entries, next, err := getPage(PageSize, token)
			if err != nil {
				yield(nil, listError(ctx, err))
				return
			}
			if !yield(entries, nil) || next == "" {
				return
			}
			if listed += len(entries); listed > limits.ListEntries {
				yield(nil, LimitErrorf("the list has more than %d entries", limits.ListEntries))
				return
			}
			if err := guard.Advance(next); err != nil {
				yield(nil, err)
				return
			}
			token = next
		}
	}
}

// listError tells a list whose time is over from a call whose time is.
func listError(ctx context.Context, err error) error {
	if ctx.Err() == context.DeadlineExceeded {
		return LimitErrorf("the list has no end within %s", limits.ListTime)
	}
	return err
}

// PageGuard are the pages of a list so far.
type PageGuard struct {
	seen  map[[sha256.Size]byte]bool // digests of tokens
	pages int
}

// Advance turns to the page of that token, unless the list goes round in circles or on for ever.
func (t *PageGuard) Advance(token string) error {
	digest := sha256.Sum256([]byte(token))
	if t.seen[digest] {
		return LimitErrorf("the list comes back to a page that it had already")
	}
	if t.pages++; t.pages >= limits.Pages {
		return LimitErrorf("the list has more than %d pages", limits.Pages)
	}
	if t.seen == nil {
		t.seen = map[[sha256.Size]byte]bool{}
	}
	t.seen[digest] = true
	return nil
}

// ListPages hands a list over as the server cut it, each page as soon as it is there.
func ListPages[P, T any](ctx context.Context, list func(context.Context) FetchPage[P], convert func(P) (T, bool)) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for entries, err := range EachPage(ctx, list) {
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

// ReadAll reads a list to its end, of which there may be so many entries at most; a part of it is nothing.
func ReadAll[P any](ctx context.Context, limit int, list func(context.Context) FetchPage[P]) (all []P, err error) {
	for entries, err := range EachPage(ctx, list) {
		if err != nil {
			return nil, err
		}
		if all = append(all, entries...); len(all) > limit {
			return nil, LimitErrorf("the list has more than %d entries", limit)
		}
	}
	return all, nil
}
