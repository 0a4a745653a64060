package sandbox

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// asStruct turns a message, or anything with JSON tags, into an asset's data, as its JSON would read. The
// detour through JSON text takes as long as the rest of a page. So it is only for messages, and for what is
// kept as JSON.
func asStruct(value any) (*structpb.Struct, error) {
	if m, ok := value.(proto.Message); ok {
		text, err := protojson.Marshal(m)
		if err != nil {
			return nil, err
		}
		data := &structpb.Struct{}
		return data, protojson.Unmarshal(text, data)
	}
	found, err := asValue(reflect.ValueOf(value))
	return found.GetStructValue(), err
}

// asValue gives nil for a value that JSON leaves out.
func asValue(v reflect.Value) (*structpb.Value, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil, nil
		}
		return asValue(v.Elem())
	case reflect.Struct:
		return asFields(v)
	case reflect.Map:
		return asMap(v)
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			found := &structpb.Value{}
			return found, protojson.Unmarshal(v.Bytes(), found)
		}
		return asList(v)
	case reflect.String:
		return structpb.NewStringValue(v.String()), nil
	case reflect.Bool:
		return structpb.NewBoolValue(v.Bool()), nil
	case reflect.Int64:
		return structpb.NewNumberValue(float64(v.Int())), nil
	}
	return structpb.NewValue(v.Interface())
}

func asList(v reflect.Value) (*structpb.Value, error) {
	list := &structpb.ListValue{Values: make([]*structpb.Value, 0, v.Len())}
	for i := range v.Len() {
		item, err := asValue(v.Index(i))
		if err != nil {
			return nil, err
		}
		list.Values = append(list.Values, item)
	}
	return structpb.NewListValue(list), nil
}

func asMap(v reflect.Value) (*structpb.Value, error) {
	fields := make(map[string]*structpb.Value, v.Len())
	for each := v.MapRange(); each.Next(); {
		value, err := asValue(each.Value())
		if err != nil {
			return nil, err
		}
		fields[each.Key().String()] = value
	}
	return structpb.NewStructValue(&structpb.Struct{Fields: fields}), nil
}

func asFields(v reflect.Value) (*structpb.Value, error) {
	plan := fieldsOf(v.Type())
	fields := make(map[string]*structpb.Value, len(plan))
	for _, f := range plan {
		inner := v.Field(f.index)
		if f.omitEmpty && isEmpty(inner) {
			continue
		}
		value, err := asValue(inner)
		if err != nil {
			return nil, err
		}
		if f.asString { // JSON's numbers can't hold 64 bits
			value = structpb.NewStringValue(strconv.FormatInt(inner.Int(), 10))
		}
		if value != nil {
			fields[f.name] = value
		}
	}
	return structpb.NewStructValue(&structpb.Struct{Fields: fields}), nil
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// taggedField is a field of a struct, as its JSON tag describes it.
type taggedField struct {
	index               int
	name                string
	omitEmpty, asString bool
}

var fieldCache sync.Map // reflect.Type -> []taggedField

func fieldsOf(t reflect.Type) []taggedField {
	if known, ok := fieldCache.Load(t); ok {
		return known.([]taggedField)
	}
	var plan []taggedField
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			plan = append(plan, taggedField{i, name, strings.Contains(options, "omitempty"), strings.Contains(options, "string")})
		}
	}
	fieldCache.Store(t, plan)
	return plan
}
