// Package garble is for tests: it puts nonsense instead of every sentence in a value. What code decides by
// has to be the same after it.
package garble

import (
	"encoding"
	"reflect"
)

// sentenceFields are the fields that are written for people, whatever the struct.
var sentenceFields = map[string]bool{"Message": true, "Reason": true, "Why": true, "Title": true, "Caution": true, "Next": true, "Text": true,
	"Words": true, "Summary": true, "Advice": true}

// Nonsense stands instead of a sentence. It begins as a command would and ends as nothing does.
const Nonsense = "gcloud ⁂ Repository is there: ⁂"

// Sentences gives a copy of a value in which every sentence that is not empty is nonsense.
func Sentences[T any](v T) T {
	return MapTexts(v, func(text reflect.Value, field string) string {
		if sentenceFields[field] && text.String() != "" {
			return Nonsense
		}
		return text.String()
	})
}

// MapTexts gives a copy of a value in which every text is what change makes of it; field names the field that it stands in.
// The keys of maps stay as they are.
func MapTexts[T any](v T, change func(text reflect.Value, field string) string) T {
	return mapValue(reflect.ValueOf(&v).Elem(), "", change).Interface().(T)
}

// mapText changes a value that is one text in JSON, and reports whether it is one.
func mapText(v reflect.Value, field string, change func(reflect.Value, string) string) bool {
	one, ok := oneText(v)
	if !ok {
		return false
	}
	before, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return false
	}
	text := string(before)
	return one.UnmarshalText([]byte(change(reflect.ValueOf(text), field))) == nil
}

// mapValue copies what can be set; fields that are not exported stay as they are.
func mapValue(v reflect.Value, field string, change func(reflect.Value, string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	if mapText(out, field, change) {
		return out
	}
	switch v.Kind() {
	case reflect.String:
		out.SetString(change(v, field))
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				out.Field(i).Set(mapValue(v.Field(i), f.Name, change))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(mapValue(v.Elem(), field, change))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(mapValue(v.Index(i), field, change))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, mapValue(v.MapIndex(key), field, change))
			}
		}
	}
	return out
}
