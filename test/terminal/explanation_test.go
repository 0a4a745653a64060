//go:build e2e

package terminal

import "testing"

// A line is explained in the language of the locale, and a request is read on the screen before it is sent.
func TestTerminalExplainsALine(t *testing.T) {
	binary := buildBinary(t)
	for locale, words := range map[string][]string{"en": {"What is this?", "Why is it needed?", "What to do"},
		"ja": {"これは何ですか？", "なぜ必要ですか？", "どうすればよいですか？"}} {
		t.Run(locale, func(t *testing.T) {
			eachSize(t, func(t *testing.T, size string, open func(command string) *terminal) {
				term := open("env LC_ALL=" + locale + ".UTF-8 " + binary + articleFlags)
				term.showsMap()
				term.press("e")
				compareScreen(t, size+"-explain-"+locale, term.shows(append(words, "╭ Explain: pull the image", "▸ fix: 1 step", "copy the link")...))
				term.press("Escape")
				term.shows("enter fix: 1 step")
				term.press("x")
				term.shows("▸ request for a colleague", "rights for a time")
				term.press("Enter", "Down", "Down", "Enter")
				term.shows("╭ request for a colleague", "Let myproject-a run", "▸ to a file")
				for range 30 { // to the end, in the smaller window too
					term.press("NPage")
				}
				term.shows("gcloud pam grants create", "--entitlement=ENTITLEMENT_NAME")
			})
		})
	}
}
