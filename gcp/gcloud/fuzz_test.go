package gcloud

import (
	"fmt"
	"strings"
	"testing"
)

// A short file can't set millions of properties by way of its defaults.
func TestDefaultsOfManySections(t *testing.T) {
	var b strings.Builder
	b.WriteString("[DEFAULT]\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "k%d=x\n", i)
	}
	few := b.String() + "[core]\nproject=p\n"
	if all, err := parse([]byte(few)); err != nil || all[Project] != "p" || all["core/k2999"] != "x" {
		t.Errorf("%d, %v", len(all), err)
	}
	for i := range 3000 {
		fmt.Fprintf(&b, "[s%d]\n", i)
	}
	if all, err := parse([]byte(b.String())); err == nil {
		t.Errorf("%d properties", len(all))
	}
}

// Whatever stands in gcloud's files, they are read or refused; each property is of a section, and shown without the mark
// that stands before values meanwhile.
func FuzzConfiguration(f *testing.F) {
	for _, text := range []string{twoConfigurations["configurations/config_work"], twoConfigurations["sdk/properties"], "[DEFAULT]\na=b\n[core]\n", "[core\n", "=\n", "[core]\nproject = a\n b\n\n c\n", "[core]\r\nproject = %(x)s %%\r\n",
		"[\x01DEFAULT]\na=b\n[x]\n", "\ufeff[core]\nproject=p\n", "[core]\n`project` = \"\"\"a\n", "[core]\nproject\n", "[]\na:b", "[a/b]\nc=d"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := parse(text)
		if err != nil {
			_ = err.Error() // only that there is one
			return
		}
		for p, value := range all {
			if section, _, ok := strings.Cut(string(p), "/"); !ok || strings.HasPrefix(value, valueMark) && !strings.Contains(string(text), valueMark) {
				t.Errorf("%q of %q is %q", p, section, value)
			}
		}
		c := &Configuration{Name: "x", environment: Environment{Lookup: lookupIn(nil)}, flags: map[Property]Value{}, files: []propertyFile{{"f", all}}}
		for _, p := range knownProperties {
			_ = c.Get(p)
		}
		_, _ = c.Bool(DisablePrompts) // only that it comes back
		if shown := c.All(); shown["proxy"]["password"] != "" && shown["proxy"]["password"] != "(hidden)" {
			t.Errorf("the password is shown: %q", shown["proxy"]["password"])
		}
	})
}
