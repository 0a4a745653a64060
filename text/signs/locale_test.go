package signs

import "testing"

func TestInLocale(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		want      Set
		known     bool
	}{
		{"none is set", nil, ASCII, false},
		{"empty ones", map[string]string{"LC_ALL": "", "LANG": ""}, ASCII, false},
		{"C", map[string]string{"LANG": "C"}, ASCII, true},
		{"C in UTF-8", map[string]string{"LANG": "C.UTF-8"}, Set{}, true},
		{"Japanese", map[string]string{"LANG": "ja_JP.UTF-8"}, Set{}, true},
		{"Japanese of old", map[string]string{"LANG": "ja_JP.eucJP"}, ASCII, true},
		{"no encoding is named", map[string]string{"LC_ALL": "ja"}, Set{}, true},
		{"no encoding, a variant", map[string]string{"LANG": "de_DE@euro"}, Set{}, true},
		{"POSIX", map[string]string{"LANG": "POSIX"}, ASCII, true},
		{"a variant", map[string]string{"LANG": "de_DE.utf8@euro"}, Set{}, true},
		{"LC_ALL goes first", map[string]string{"LC_ALL": "POSIX", "LC_CTYPE": "en_US.UTF-8", "LANG": "en_US.UTF-8"}, ASCII, true},
		{"LC_CTYPE goes before LANG", map[string]string{"LC_CTYPE": "en_US.UTF-8", "LANG": "C"}, Set{}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, known := InLocale(func(name string) (string, bool) { value, ok := test.variables[name]; return value, ok })
			if set != test.want || known != test.known {
				t.Errorf("%v, %v", set, known)
			}
		})
	}
}
