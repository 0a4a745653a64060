package signs

import "strings"

// InLocale is the set that a locale can show, by the first variable that is set, in the order of POSIX (locale, "Environment
// Variables"). It reports whether any is set: POSIX takes the C locale without one.
func InLocale(lookup func(name string) (string, bool)) (set Set, known bool) {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale, _ := lookup(name); locale != "" {
			if showsSigns(locale) {
				return Set{}, true
			}
			return ASCII, true
		}
	}
	return ASCII, false
}

// showsSigns reads the encoding of a locale, as in ja_JP.UTF-8@variant. One that names none may be in UTF-8: that of C is not.
func showsSigns(locale string) bool {
	locale, _, _ = strings.Cut(strings.ToLower(locale), "@")
	language, encoding, named := strings.Cut(locale, ".")
	if !named {
		return language != "c" && language != "posix"
	}
	return encoding == "utf-8" || encoding == "utf8"
}
