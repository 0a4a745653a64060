package signs

import "strings"

// InLocale is the set that a locale can show, by the first variable that is set, in the order of POSIX (locale, "Environment
// Variables"). It reports whether any is set: POSIX takes the C locale without one.
func InLocale(lookup func(name string) (string, bool)) (set Set, known bool) {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale, _ := lookup(name); locale != "" {
			if isUTF8(locale) {
				return Set{}, true
			}
			return ASCII, true
		}
	}
	return ASCII, false
}

// isUTF8 reads the encoding of a locale, as in ja_JP.UTF-8@variant.
func isUTF8(locale string) bool {
	locale, _, _ = strings.Cut(strings.ToLower(locale), "@")
	_, encoding, _ := strings.Cut(locale, ".")
	return encoding == "utf-8" || encoding == "utf8"
}
