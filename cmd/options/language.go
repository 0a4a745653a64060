package options

import (
	"cmp"
	"slices"
	"strings"

	"whopulls/cmd/console"
	language "whopulls/model/words"
)

// FlagLang asks for a language.
const FlagLang = "lang"

// ParseLanguage is the language that --lang asks for, else that of the session.
func (r Session) ParseLanguage(s console.Streams, value string) (language.Language, error) {
	if value == "" {
		return r.Language(s), nil
	}
	asked := language.Language(value)
	if !slices.Contains(language.Languages, asked) {
		return "", console.UsageError("--"+FlagLang+"="+value+" is not known", "it is one of "+JoinNames(language.Languages))
	}
	return asked, nil
}

// Language is that of the settings, else that of the locale.
func (r Session) Language(s console.Streams) language.Language {
	return cmp.Or(r.Settings.Language, localeLanguage(s))
}

// localeLanguage is that of the locale, by the first variable that is set, in the order of POSIX (locale, "Environment Variables").
// What whopulls writes is UTF-8: of a locale in another encoding it is English, most of which can be read there.
func localeLanguage(s console.Streams) language.Language {
	for _, variable := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := s.Env(variable); locale != "" {
			return parseLocale(locale)
		}
	}
	return language.English
}

func parseLocale(locale string) language.Language {
	locale, _, _ = strings.Cut(strings.ToLower(locale), "@")
	locale, encoding, _ := strings.Cut(locale, ".")
	name, _, _ := strings.Cut(strings.ReplaceAll(locale, "-", "_"), "_")
	if name == string(language.Japanese) && slices.Contains([]string{"", "utf8"}, strings.ReplaceAll(encoding, "-", "")) {
		return language.Japanese
	}
	return language.English
}
