package garble

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
)

// others are what is put in the place of a value of JSON.
var others = []any{nil, "", "\x1b\x00/:@", -1, map[string]any{"": nil}, []any{nil}}

// Damaged gives a document in JSON with each of its values in turn replaced by something else, a few things one after the
// other. A reader has to come back from each.
func Damaged(document []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, other := range others {
			for n := 1; ; n++ {
				var whole any
				if err := json.Unmarshal(document, &whole); err != nil {
					panic(err)
				}
				left := n
				text, err := json.Marshal(damaged(whole, &left, other))
				if err != nil {
					panic(err)
				}
				if left > 0 {
					break // there are no more values
				}
				if !yield(text) {
					return
				}
			}
		}
	}
}

// damaged puts something else in the place of one value, the nth that is met.
func damaged(value any, n *int, other any) any {
	if *n--; *n == 0 {
		return other
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			v[key] = damaged(v[key], n, other)
		}
	case []any:
		for i := range v {
			v[i] = damaged(v[i], n, other)
		}
	}
	return value
}
