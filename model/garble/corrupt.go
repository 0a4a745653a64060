package garble

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
)

// replacements are what is put instead of a value of JSON.
var replacements = []any{nil, "", "\x1b\x00/:@", -1, map[string]any{"": nil}, []any{nil}}

// Corruptions gives a document in JSON with each of its values in turn replaced by something else, a few things one after the
// other. A reader has to come back from each.
func Corruptions(document []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, replacement := range replacements {
			for n := 1; ; n++ {
				var whole any
				if err := json.Unmarshal(document, &whole); err != nil {
					panic(err)
				}
				left := n
				text, err := json.Marshal(replaceNth(whole, &left, replacement))
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

// replaceNth puts something else instead of one value, the nth that is met.
func replaceNth(value any, n *int, other any) any {
	if *n--; *n == 0 {
		return other
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			v[key] = replaceNth(v[key], n, other)
		}
	case []any:
		for i := range v {
			v[i] = replaceNth(v[i], n, other)
		}
	}
	return value
}
