package transport

import (
	"context"
	"crypto/sha256"
	"iter"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// PageSize is the number of entries that a page should have, for APIs that let the caller choose.
const PageSize = 500

// FetchPage reads one page of a list and returns the token of the next one, empty after the last. In Google's gRPC
// clients it is the iterators' InternalFetch. The iterators are not used: they read empty pages without end.
type FetchPage[P any] func(size int, token string) (entries []P, next string, err error)

// EachPage yields the pages of a list, as the server divides them, up to the limits. An error ends the list.
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

// listError tells a list that took too long from a call that did.
func listError(ctx context.Context, err error) error {
	if ctx.Err() == context.DeadlineExceeded {
		return LimitErrorf("the list did not end within %s", limits.ListTime)
	}
	return err
}

// PageGuard watches that a list comes to an end.
type PageGuard struct {
	seen  map[[sha256.Size]byte]bool // digests of tokens
	pages int
}

// Advance records the token of the next page. It fails if the list repeats itself or has too many pages.
func (t *PageGuard) Advance(token string) error {
	digest := sha256.Sum256([]byte(token))
	if t.seen[digest] {
		return LimitErrorf("the list returned the same page twice")
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

// ListPages yields each page as soon as it is read, converted.
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

// ReadAll reads a whole list of at most limit entries. It returns nothing of a list that fails.
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
