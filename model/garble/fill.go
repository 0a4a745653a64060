package garble

import (
	"encoding"
	"reflect"
	"time"
)

// Fill makes a value of a type in which every exported field that its JSON keeps holds something. text
// gives what stands in texts, and number how long lists are and what numbers are, from 0 up to most. A list
// is nil if it is empty, since JSON with omitempty knows no other.
func Fill[T any](text func() string, number func(most int) int) T {
	f := filler{text, number}
	var v T
	f.fill(reflect.ValueOf(&v).Elem(), 0)
	return v
}

// filler fills values.
type filler struct {
	text   func() string
	number func(most int) int
}

const (
	maxEntries = 2  // of a list
	maxDepth   = 12 // values within each other: a type may hold itself
)

var timeType = reflect.TypeFor[time.Time]()

func (f filler) fill(v reflect.Value, depth int) {
	if depth > maxDepth || f.fillByText(v) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text())
	case reflect.Bool:
		v.SetBool(f.number(1) == 1)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(f.number(1 << 20)))
	case reflect.Float64:
		v.SetFloat(float64(f.number(1 << 20)))
	case reflect.Struct:
		f.fillStruct(v, depth)
	case reflect.Pointer:
		if f.number(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), depth+1)
		}
	case reflect.Slice:
		for range f.number(maxEntries) {
			entry := reflect.New(v.Type().Elem()).Elem()
			f.fill(entry, depth+1)
			v.Set(reflect.Append(v, entry))
		}
	case reflect.Map:
		for range f.number(maxEntries) {
			f.addEntry(v, depth)
		}
	}
}

// fillByText fills a value that is one text in JSON, and reports whether it could.
func (f filler) fillByText(v reflect.Value) bool {
	one, ok := oneText(v)
	return ok && one.UnmarshalText([]byte(f.text())) == nil
}

// oneText gives a value as one that JSON has as a text.
func oneText(v reflect.Value) (encoding.TextUnmarshaler, bool) {
	if v.Type() == timeType || !v.CanAddr() {
		return nil, false
	}
	one, ok := v.Addr().Interface().(encoding.TextUnmarshaler)
	return one, ok
}

func (f filler) fillStruct(v reflect.Value, depth int) {
	if v.Type() == timeType {
		v.Set(reflect.ValueOf(time.Unix(int64(f.number(1<<31)), 0).UTC()))
		return
	}
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() && field.Tag.Get("json") != "-" {
			f.fill(v.Field(i), depth+1)
		}
	}
}

// addEntry adds an entry to a map.
func (f filler) addEntry(v reflect.Value, depth int) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	f.fill(key, depth+1)
	f.fill(value, depth+1)
	v.SetMapIndex(key, value)
}
