package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"iter"
	"sort"
)

// position is the place of an item in its list. An item keeps its position while others are added and
// removed. A page token holds the position to continue from, so it stays valid after any write. Nothing has
// to be kept between two pages.
type position [5]uint32

// list visits its items from a position on, until visit returns false. fits is false for an item that does
// not belong in the answer.
type list[T any] func(from position, visit func(at position, item T, fits bool) bool)

// maxScanned is how many items a page looks at. If few items match, a page may be short or empty and still
// have a next page, as with Google.
const maxScanned = 20_000

// readPage reads one page of a list. scope names the list (method, parent, filter): a token continues only
// the list that it came from.
func readPage[T any](of list[T], size int32, token, scope string, most int32) (part []T, next string, err error) {
	if size < 0 {
		return nil, "", invalid("Page size %d must not be negative.", size)
	}
	if size == 0 || size > most {
		size = most
	}
	var from position
	if token != "" {
		if from, err = decodePageToken(token, scope); err != nil {
			return nil, "", err
		}
	}
	scanned := 0
	of(from, func(at position, item T, fits bool) bool {
		if scanned == maxScanned || (fits && len(part) == int(size)) {
			next = encodePageToken(at, scope)
			return false
		}
		scanned++
		if fits {
			part = append(part, item)
		}
		return true
	})
	return part, next, nil
}

// all visits every item of a list that matches.
func all[T any](of list[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		of(position{}, func(_ position, item T, fits bool) bool { return !fits || yield(item) })
	}
}

// listOf is a list whose items keep their index.
func listOf[T any](things []T) list[T] {
	return listFiltered(things, func(T) bool { return true })
}

// listFiltered is such a list without the items that don't match.
func listFiltered[T any](things []T, fits func(T) bool) list[T] {
	return func(from position, visit func(position, T, bool) bool) {
		for i := int(from[0]); i < len(things); i++ {
			if !visit(position{uint32(i)}, things[i], fits(things[i])) {
				return
			}
		}
	}
}

// listOrdered is a list whose items are added and removed. Each item keeps a number, and the numbers grow
// along the list.
func listOrdered[T any](things []T, order func(T) int, fits func(T) bool) list[T] {
	return func(from position, visit func(position, T, bool) bool) {
		first := sort.Search(len(things), func(i int) bool { return order(things[i]) >= int(from[0]) })
		for _, t := range things[first:] {
			if !visit(position{uint32(order(t))}, t, fits(t)) {
				return
			}
		}
	}
}

// filterList is a list without the items that don't match.
func filterList[T any](of list[T], fits func(T) bool) list[T] {
	return func(from position, visit func(position, T, bool) bool) {
		of(from, func(at position, item T, so bool) bool { return visit(at, item, so && fits(item)) })
	}
}

// mapList converts the matching items of a list.
func mapList[A, B any](of list[A], into func(A) B) list[B] {
	return func(from position, visit func(position, B, bool) bool) {
		of(from, func(at position, item A, fits bool) bool {
			var other B
			if fits {
				other = into(item)
			}
			return visit(at, other, fits)
		})
	}
}

// flatMapList lists the inner items of each outer item. A position holds one number for each level, which
// limits the depth.
func flatMapList[O, T any](outer list[O], inner func(O) list[T]) list[T] {
	return func(from position, visit func(position, T, bool) bool) {
		outer(from, func(at position, o O, fits bool) bool {
			if !fits {
				var none T
				return visit(at, none, false)
			}
			start, more := position{}, true
			if at[0] == from[0] {
				copy(start[:], from[1:])
			}
			inner(o)(start, func(within position, item T, fits bool) bool {
				copy(at[1:], within[:])
				more = visit(at, item, fits)
				return more
			})
			return more
		})
	}
}

// A token holds a checksum of its scope and the position to continue from.
func encodePageToken(at position, scope string) string {
	sum := sha256.Sum256([]byte(scope))
	raw := sum[:8:8]
	for _, n := range at {
		raw = binary.AppendUvarint(raw, uint64(n))
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodePageToken(token, scope string) (position, error) {
	var at position
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil && len(raw) > 8 {
		rest := raw[8:]
		for i := range at {
			n, read := binary.Uvarint(rest)
			at[i], rest = uint32(n), rest[max(read, 0):]
		}
		if encodePageToken(at, scope) == token { // the token is whole, and the sandbox made it
			return at, nil
		}
	}
	return position{}, invalid("Page token is not valid for this request.")
}
