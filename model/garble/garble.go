// Package garble is for tests: it puts nonsense in the place of every sentence in a value. What code decides by has to be
// the same after it.
package garble

import "reflect"

// sentences are the fields that are written for people, whatever the struct.
var sentences = map[string]bool{"Message": true, "Reason": true, "Why": true, "Title": true, "Caution": true, "Next": true, "Text": true,
	"Words": true, "Summary": true, "Advice": true}

// Nonsense stands in the place of a sentence. It begins as a command would and ends as nothing does.
const Nonsense = "gcloud ⁂ Repository is there: ⁂"

// Of gives a copy of a value in which every sentence that is not empty is nonsense.
func Of[T any](v T) T {
	return copied(reflect.ValueOf(&v).Elem(), false).Interface().(T)
}

// copied copies what can be set; fields that are not exported stay as they are.
func copied(v reflect.Value, said bool) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		if said && v.String() != "" {
			out.SetString(Nonsense)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				out.Field(i).Set(copied(v.Field(i), sentences[f.Name]))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(copied(v.Elem(), said))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(copied(v.Index(i), said))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, copied(v.MapIndex(key), said))
			}
		}
	}
	return out
}
