package settings

import (
	"testing"

	"whopulls/text/signs"
)

// The signs are chosen, or those of the locale. The terminal is asked only where nothing else decides.
func TestSignsOfTheApp(t *testing.T) {
	for _, test := range []struct {
		when   When
		locale string
		want   signs.Set
		asks   bool
	}{
		{"", "ja_JP.UTF-8", signs.Set{}, true},
		{Auto, "en_US.UTF-8", signs.Set{}, true},
		{Auto, "C", signs.ASCII, false},
		{Always, "en_US.UTF-8", signs.ASCII, false},
		{Never, "ja_JP.UTF-8", signs.Set{}, false},
		{Never, "C", signs.Set{}, false},
	} {
		t.Run(string(test.when)+" in "+test.locale, func(t *testing.T) {
			lookup := func(name string) (string, bool) {
				if name != "LANG" {
					return "", false
				}
				return test.locale, true
			}
			if got := test.when.Signs(lookup); got != test.want {
				t.Errorf("the signs are %v", got)
			}
			if got := test.when.AsksWidth(lookup); got != test.asks {
				t.Errorf("it asks: %t", got)
			}
		})
	}
}
