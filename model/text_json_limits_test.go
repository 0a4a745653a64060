package model

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckJSON(t *testing.T) {
	for about, c := range map[string]struct {
		text string
		ok   bool
	}{
		"empty": {"", true}, "no JSON": {"}}]]", true}, "few": {`[{},{},"a,b,c,d,e,f,g,h,[[[["]`, true}, "an escape": {`["\",,,,,,,,,,,,","\\"]`, true},
		"objects": {"[" + strings.Repeat("{},", 20) + "{}]", false}, "numbers": {"[" + strings.Repeat("0,", 20) + "0]", false}, "behind an escape": {`["\\",0,0,0,0,0,0,0,0,0,0,0]`, false},
		"depth": {strings.Repeat("[", 5), true}, "too deep": {strings.Repeat("[", maxJSONDepth+1), false}, "objects too deep": {strings.Repeat(`{"a":`, maxJSONDepth+1), false},
	} {
		t.Run(about, func(t *testing.T) {
			most := 10
			if strings.Contains(about, "deep") {
				most = 1 << 20
			}
			if err := CheckJSONLimits([]byte(c.text), most); (err == nil) != c.ok {
				t.Errorf("%s: %v", about, err)
			}
		})
	}
}

// What passes has no more values than were allowed, whatever its texts hold.
func TestCheckJSONCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := map[string][]string{}
		for range rapid.IntRange(0, 5).Draw(t, "keys") {
			document[rapid.String().Draw(t, "key")] = rapid.SliceOfN(rapid.StringOf(rapid.SampledFrom([]rune(`a,"\[]{}`))), 0, 5).Draw(t, "values")
		}
		count := 1
		for _, values := range document {
			count += 1 + max(1, len(values))
		}
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckJSONLimits(text, count+1); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
