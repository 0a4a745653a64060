package view

import (
	"bytes"
	"testing"
	"time"

	"whopulls/model"
)

// One binding at a time gives the same bytes as the whole list.
func TestStaleJSONIsTheSame(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	hostile := model.StaleBinding{Member: "user:a\"[]\n\x1b<b>@example.com", Reason: "[]", Gaps: []model.Gap{}, Evidence: []model.Use{{Image: "[]"}}}
	for name, list := range map[string]model.StaleList{
		"no binding":     {Bindings: []model.StaleBinding{}, Gaps: []model.Gap{}},
		"one binding":    {Bindings: []model.StaleBinding{hostile}, Gaps: []model.Gap{{Reason: "[]"}}},
		"three bindings": {Bindings: []model.StaleBinding{hostile, {Role: "r"}, hostile}, Indexed: &at, Notes: []string{"[]"}},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := EncodeJSON(list)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := StaleJSON(&got, list); err != nil || got.String() != string(want) {
				t.Errorf("%v\n%s\nwant\n%s", err, got.String(), want)
			}
		})
	}
}
