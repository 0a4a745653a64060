package failure

import (
	"slices"
	"strings"
)

// A text beyond long is read around its signs only: a whole build log holds a failure in a few lines of many.
const (
	long   = 128 << 10
	around = 4 << 10   // bytes kept on each side of a sign
	most   = 192 << 10 // bytes kept in all, the last ones: what failed stands at the end of a log
)

// signs are words of which each message that is known holds one.
var signs = []string{"permission", "denied", "not found", "not exist", "unauth", "forbidden", "disabled", "not enabled", "policy", "unknown",
	"image path", "failed", "quota", "exceed", "service agent", "error"}

type window struct{ from, to int }

// relevant keeps of a long text what stands around its signs. The pieces are kept apart by an ellipsis, so that no name
// is taken for whole that is not.
func relevant(text string) string {
	if len(text) <= long {
		return text
	}
	kept, left := []string{}, most
	for _, w := range slices.Backward(merge(windows(lower(text)), len(text))) {
		from := max(w.from, w.to-left)
		kept = append(kept, text[from:w.to])
		if left -= w.to - from; left <= 0 {
			break
		}
	}
	slices.Reverse(kept)
	return strings.ToValidUTF8(strings.Join(kept, string(masked)+"\n\n"+string(masked)), "")
}

// lower is the text with ASCII's capitals turned small; unlike strings.ToLower it keeps every place.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func windows(text string) []window {
	var all []window
	for _, sign := range signs {
		for at := 0; ; {
			next := strings.Index(text[at:], sign)
			if next < 0 {
				break
			}
			at += next
			all = append(all, window{at - around, at + around})
			at = min(at+around/2, len(text)) // the next sign this near is covered
		}
	}
	slices.SortFunc(all, func(a, b window) int { return a.from - b.from })
	return all
}

// merge joins windows that overlap and keeps them inside the text.
func merge(all []window, length int) []window {
	var merged []window
	for _, w := range all {
		w.from, w.to = max(w.from, 0), min(w.to, length)
		if n := len(merged); n > 0 && w.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, w.to)
			continue
		}
		merged = append(merged, w)
	}
	return merged
}
