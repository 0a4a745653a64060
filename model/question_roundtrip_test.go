package model_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/garble"
)

// drawQuestion draws a question in which every field may hold something: an image of any registry, or no image at all.
func drawQuestion(t *rapid.T) model.Question {
	texts := rapid.OneOf(rapid.SampledFrom([]string{"", arImage, otherImage + ":v9", gcrImage, "nginx", "ghcr.io/acme/web", " HTTPS://US-Docker.pkg.dev/p/r/i", "not an image", "host:1/"}),
		rapid.StringOfN(rapid.RuneFrom([]rune("aZ0.:/@-_ \n\u202eé界")), 0, 20, -1))
	return garble.Fill[model.Question](func() string { return texts.Draw(t, "text") }, func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") })
}

// A question that was written down is the same question.
func TestQuestionsAreReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		want := drawQuestion(r)
		text, err := json.Marshal(want)
		if err != nil {
			r.Fatal(err)
		}
		var got model.Question
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			r.Fatalf("%s\nbecame %+v, %v, not %+v", text, got, err, want)
		}
	})
}

// In JSON the image is its reference, as files of earlier versions have it.
func TestQuestionHasItsImageAsAText(t *testing.T) {
	for text, want := range map[string]model.Image{
		`{"project":"p","image":"` + arImage + `:v1"}`: model.ImageOf(arImage + ":v1"),
		`{"project":"p","image":"nginx"}`:              model.ImageOf("nginx"),
		`{"project":"p","image":"not an image"}`:       {Text: "not an image", Path: "not an image", Registry: model.ForeignRegistry},
		`{"project":"p"}`:                              {},
	} {
		t.Run(text, func(t *testing.T) {
			var q model.Question
			if err := json.Unmarshal([]byte(text), &q); err != nil || q.Image != want {
				t.Fatalf("the image is %+v, %v", q.Image, err)
			}
			if again, err := json.Marshal(q); err != nil || string(again) != text {
				t.Errorf("it is written as %s, %v", again, err)
			}
		})
	}
	var q model.Question
	if err := json.Unmarshal([]byte(`{"image":{"Text":"nginx"}}`), &q); err == nil || !strings.Contains(err.Error(), "image") {
		t.Errorf("an object is read as %+v, %v", q.Image, err)
	}
}
