package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"iter"
	"sort"
)

// place is where a thing stands among the others of its list: things are in the
// order of their places, and a thing keeps its own while others come and go.
// So a page token, which holds the place to go on from, finds its place again
// after any write, and nothing has to be kept between two pages.
type place [5]uint32

// list goes through its things from a place on until visit says to stop. fits
// is false for one that is looked at and does not belong to the answer.
type list[T any] func(from place, visit func(at place, item T, fits bool) bool)

// lookMost is how many things a page looks at. A page of a list with few that
// fit may be short, or empty, and say that there is more, as Google's may.
const lookMost = 20_000

// page reads one page of a list. scope names the list (method, parent,
// filter): a token only goes on with the list that it came from.
func page[T any](of list[T], size int32, token, scope string, most int32) (part []T, next string, err error) {
	if size < 0 {
		return nil, "", invalid("Page size %d must not be negative.", size)
	}
	if size == 0 || size > most {
		size = most
	}
	var from place
	if token != "" {
		if from, err = readToken(token, scope); err != nil {
			return nil, "", err
		}
	}
	looked := 0
	of(from, func(at place, item T, fits bool) bool {
		if looked == lookMost || (fits && len(part) == int(size)) {
			next = makeToken(at, scope)
			return false
		}
		looked++
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
		of(place{}, func(_ place, item T, fits bool) bool { return !fits || yield(item) })
	}
}

// items is the list of things that stay where they are.
func items[T any](things []T) list[T] {
	return filtered(things, func(T) bool { return true })
}

// filtered is the list of those among them that fit.
func filtered[T any](things []T, fits func(T) bool) list[T] {
	return func(from place, visit func(place, T, bool) bool) {
		for i := int(from[0]); i < len(things); i++ {
			if !visit(place{uint32(i)}, things[i], fits(things[i])) {
				return
			}
		}
	}
}

// ordered is the list of things that come and go, by a number that each keeps
// and that grows along the list.
func ordered[T any](things []T, order func(T) int, fits func(T) bool) list[T] {
	return func(from place, visit func(place, T, bool) bool) {
		first := sort.Search(len(things), func(i int) bool { return order(things[i]) >= int(from[0]) })
		for _, t := range things[first:] {
			if !visit(place{uint32(order(t))}, t, fits(t)) {
				return
			}
		}
	}
}

// refined is the list of those that fit more closely.
func refined[T any](of list[T], fits func(T) bool) list[T] {
	return func(from place, visit func(place, T, bool) bool) {
		of(from, func(at place, item T, so bool) bool { return visit(at, item, so && fits(item)) })
	}
}

// mapped is the list of what those that fit are turned into.
func mapped[A, B any](of list[A], into func(A) B) list[B] {
	return func(from place, visit func(place, B, bool) bool) {
		of(from, func(at place, item A, fits bool) bool {
			var other B
			if fits {
				other = into(item)
			}
			return visit(at, other, fits)
		})
	}
}

// nested is the list of what lies in each of the outer things, up to as deep as
// a place has numbers.
func nested[O, T any](outer list[O], inner func(O) list[T]) list[T] {
	return func(from place, visit func(place, T, bool) bool) {
		outer(from, func(at place, o O, fits bool) bool {
			if !fits {
				var none T
				return visit(at, none, false)
			}
			start, more := place{}, true
			if at[0] == from[0] {
				copy(start[:], from[1:])
			}
			inner(o)(start, func(within place, item T, fits bool) bool {
				copy(at[1:], within[:])
				more = visit(at, item, fits)
				return more
			})
			return more
		})
	}
}

// A token holds a checksum of its scope and the place to go on from.
func makeToken(at place, scope string) string {
	sum := sha256.Sum256([]byte(scope))
	raw := sum[:8:8]
	for _, n := range at {
		raw = binary.AppendUvarint(raw, uint64(n))
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readToken(token, scope string) (place, error) {
	var at place
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil && len(raw) > 8 {
		rest := raw[8:]
		for i := range at {
			n, read := binary.Uvarint(rest)
			at[i], rest = uint32(n), rest[max(read, 0):]
		}
		if makeToken(at, scope) == token { // so it is one of ours, whole
			return at, nil
		}
	}
	return place{}, invalid("Page token is not valid for this request.")
}
