// Package pattern compiles regular expressions when they are first used. Hundreds of them would cost every start of the
// program some forty milliseconds, and most commands need none.
package pattern

import (
	"regexp"
	"sync"
)

// Pattern gives a regular expression, and compiles it the first time.
type Pattern func() *regexp.Regexp

// Lazy is the pattern of a form. A form that is wrong panics at the first use, so a test compiles each.
func Lazy(form string) Pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(form) })
}
