package failure

import (
	"slices"
	"strings"
)

// A text beyond long is read around its signs only: a whole build log holds a failure in a few lines of many.
const (
	longText      = 128 << 10
	excerptMargin = 4 << 10   // bytes kept on each side of a sign
	maxExcerpts   = 192 << 10 // bytes kept in all, the last ones: what failed stands at the end of a log
)

// keywords are words of which each message that is known holds one.
var keywords = []string{"permission", "denied", "not found", "not exist", "unauth", "forbidden", "disabled", "not enabled", "policy", "unknown",
	"image path", "failed", "quota", "exceed", "service agent", "error"}

type excerpt struct{ from, to int }

// relevantExcerpts keeps of a long text what stands around its signs. The pieces are kept apart by an ellipsis, so that no name
// is taken for whole that is not.
func relevantExcerpts(text string) string {
	if len(text) <= longText {
		return text
	}
	kept, left := []string{}, maxExcerpts
	for _, w := range slices.Backward(mergeExcerpts(excerpts(lowerASCII(text)), len(text))) {
		from := max(w.from, w.to-left)
		kept = append(kept, text[from:w.to])
		if left -= w.to - from; left <= 0 {
			break
		}
	}
	slices.Reverse(kept)
	return strings.ToValidUTF8(strings.Join(kept, string(ellipsis)+"\n\n"+string(ellipsis)), "")
}

// lowerASCII is the text with ASCII's capitals turned small; unlike strings.ToLower it keeps every place.
func lowerASCII(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func excerpts(text string) []excerpt {
	var all []excerpt
	for _, keyword := range keywords {
		for at := 0; ; {
			next := strings.Index(text[at:], keyword)
			if next < 0 {
				break
			}
			at += next
			all = append(all, excerpt{at - excerptMargin, at + excerptMargin})
			at = min(at+excerptMargin/2, len(text)) // the next sign this near is covered
		}
	}
	slices.SortFunc(all, func(a, b excerpt) int { return a.from - b.from })
	return all
}

// mergeExcerpts joins windows that overlap and keeps them inside the text.
func mergeExcerpts(all []excerpt, length int) []excerpt {
	var merged []excerpt
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
