package options

import (
	"fmt"
	"testing"

	"whopulls/cmd/console"
	language "whopulls/model/words"
	"whopulls/settings"
)

func TestLanguageOfTheLocale(t *testing.T) {
	for _, c := range []struct {
		variables map[string]string
		want      language.Language
	}{
		{nil, language.English},
		{map[string]string{"LANG": "ja_JP.UTF-8"}, language.Japanese},
		{map[string]string{"LANG": "ja_JP.utf8"}, language.Japanese},
		{map[string]string{"LANG": "ja"}, language.Japanese},
		{map[string]string{"LANG": "ja-JP"}, language.Japanese},
		{map[string]string{"LANG": "JA_JP.UTF-8@modifier"}, language.Japanese},
		{map[string]string{"LANG": "ja_JP.eucJP"}, language.English},
		{map[string]string{"LANG": "ja_JP.SJIS"}, language.English},
		{map[string]string{"LANG": "jam_JM.UTF-8"}, language.English},
		{map[string]string{"LANG": "C"}, language.English},
		{map[string]string{"LANG": "C.UTF-8"}, language.English},
		{map[string]string{"LANG": "de_DE.UTF-8"}, language.English},
		{map[string]string{"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "C"}, language.English},
		{map[string]string{"LANG": "C", "LC_MESSAGES": "ja_JP.UTF-8"}, language.Japanese},
		{map[string]string{"LANG": "C", "LC_MESSAGES": "C", "LC_ALL": "ja_JP.UTF-8"}, language.Japanese},
		{map[string]string{"LC_MESSAGES": "ja_JP.UTF-8", "LC_ALL": "POSIX"}, language.English},
		{map[string]string{"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, language.Japanese},
	} {
		t.Run(fmt.Sprint(c.variables), func(t *testing.T) {
			s := console.Streams{Lookup: func(name string) (string, bool) { v, ok := c.variables[name]; return v, ok }}
			if got := localeLanguage(s); got != c.want {
				t.Errorf("%v: %s, not %s", c.variables, got, c.want)
			}
		})
	}
}

// The settings go before the locale, and --lang before both.
func TestTheLanguageOfTheSettings(t *testing.T) {
	japan := console.Streams{Lookup: func(name string) (string, bool) { return "ja_JP.UTF-8", name == "LANG" }}
	for _, c := range []struct {
		name     string
		settings language.Language
		flag     string
		want     language.Language
	}{
		{"the locale", "", "", language.Japanese},
		{"the settings", language.English, "", language.English},
		{"the flag", language.English, "ja", language.Japanese},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Session{Settings: settings.Settings{Language: c.settings}}
			if got, err := r.ParseLanguage(japan, c.flag); got != c.want || err != nil {
				t.Errorf("%s (%v), not %s", got, err, c.want)
			}
		})
	}
}
