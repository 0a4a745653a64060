package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"iter"
	"sort"
)

// position is where a thing stands among the others of its list: things are in the
// order of their places, and a thing keeps its own while others come and go.
// So a page token, which holds the place to continue from, finds its place again
// after any write, and nothing has to be kept between two pages.
type position [5]uint32

// list goes through its things from a place on until visit says to stop. fits
// is false for one that is looked at and does not belong to the answer.
type list[T any] func(from position, visit func(at position, item T, fits bool) bool)

// maxScanned is how many things a page looks at. A page of a list with few that
// fit may be short, or empty, and say that there is more, as Google's may.
const maxScanned = 20_000

// readPage reads one page of a list. scope names the list (method, parent,
// filter): a token only continues with the list that it came from.
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

// all goes through everything in a list that fits.
func all[T any](of list[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		of(position{}, func(_ position, item T, fits bool) bool { return !fits || yield(item) })
	}
}

// listOf is the list of things that stay where they are.
func listOf[T any](things []T) list[T] {
	return listFiltered(things, func(T) bool { return true })
}

// listFiltered is the list of those among them that fit.
func listFiltered[T any](things []T, fits func(T) bool) list[T] {
	return func(from position, visit func(position, T, bool) bool) {
		for i := int(from[0]); i < len(things); i++ {
			if !visit(position{uint32(i)}, things[i], fits(things[i])) {
				return
			}
		}
	}
}

// listOrdered is the list of things that come and go, by a number that each keeps
// and that grows along the list.
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

// filterList is the list of those that fit more closely.
func filterList[T any](of list[T], fits func(T) bool) list[T] {
	return func(from position, visit func(position, T, bool) bool) {
		of(from, func(at position, item T, so bool) bool { return visit(at, item, so && fits(item)) })
	}
}

// mapList is the list of what those that fit are turned into.
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

// flatMapList is the list of what lies in each of the outer things, up to as deep as
// a place has numbers.
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

// A token holds a checksum of its scope and the place to continue from.
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
		if encodePageToken(at, scope) == token { // so it is one of ours, whole
			return at, nil
		}
	}
	return position{}, invalid("Page token is not valid for this request.")
}
