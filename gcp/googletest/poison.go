package googletest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"
)

// Poison is text that a terminal would obey or nobody would see. It has a title, colours in two spellings, a
// bell, a line break, text that runs backwards, and marks without width.
const Poison = "\x1b]2;PWNED\a\x1b[31m\u009b31m\x7f\r\nPWNED\u2028\u202e\u2066\u200f\u200b\ufeff\u3164"

// PoisonAttacks are the ways of a Hostile that put the Poison into what is only said, and into names, identities and roles too.
var PoisonAttacks = []string{"words", "names"}

// needed are the texts that an answer must have, and named those by which things are found.
var (
	requiredFields = []string{"next_page_token", "nextPageToken", "continue", "etag", "type_url", "kind", "apiVersion", "@type"}
	nameFields     = []string{"name", "project_id", "projectId", "parent", "email", "role", "members", "permissions", "included_permissions", "uri", "tags", "service_account",
		"serviceAccountName", "image", "location_id", "namespace", "type", "id", "reason", "domain", "caller", "format", "cloud.googleapis.com/location"}
)

// poisoner changes the texts of answers.
type poisoner struct{ all bool }

// skips reports whether a field is left as it is.
func (p poisoner) skips(field string) bool {
	return slices.Contains(requiredFields, field) || !p.all && slices.Contains(nameFields, field)
}

func (p poisoner) modifyResponse(resp *http.Response) error {
	if isGRPC(resp) {
		return p.poisonGRPC(resp)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var document any
	if json.Unmarshal(body, &document) == nil {
		if body, err = json.Marshal(p.poisonJSON(document, "")); err != nil {
			return err
		}
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Set("Content-Length", fmt.Sprint(len(body)))
	return nil
}

// poisonJSON poisons the texts in a document.
func (p poisoner) poisonJSON(value any, field string) any {
	switch v := value.(type) {
	case string:
		if v != "" && !p.skips(field) {
			return v + Poison
		}
	case []any:
		for i := range v {
			v[i] = p.poisonJSON(v[i], field)
		}
	case map[string]any:
		for key := range v {
			v[key] = p.poisonJSON(v[key], key)
		}
	}
	return value
}

func (p poisoner) poisonGRPC(resp *http.Response) error {
	text, ok, err := readMessage(resp)
	if err != nil {
		return err
	}
	p.poisonError(resp.Header)
	p.poisonError(resp.Trailer)
	out := methodOutput(resp.Request.URL.Path)
	if !ok || out == nil {
		return nil
	}
	if kind, err := protoregistry.GlobalTypes.FindMessageByName(out.FullName()); err == nil { // another one is passed on as it came
		if text, err = p.poisonMessage(kind.New(), text); err != nil {
			return err
		}
	}
	setMessage(resp, text)
	return nil
}

// poisonMessage poisons one message in its wire format.
func (p poisoner) poisonMessage(m protoreflect.Message, text []byte) ([]byte, error) {
	if err := proto.Unmarshal(text, m.Interface()); err != nil {
		return nil, err
	}
	p.poisonProto(m)
	return proto.Marshal(m.Interface())
}

// poisonError poisons why a call failed, in words and in details.
func (p poisoner) poisonError(header http.Header) {
	const words, details = "Grpc-Message", "Grpc-Status-Details-Bin"
	if said := header.Get(words); said != "" {
		header.Set(words, said+percentEncode(Poison))
	}
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(header.Get(details), "="))
	if status := new(spb.Status); err == nil && len(data) > 0 && proto.Unmarshal(data, status) == nil {
		p.poisonProto(status.ProtoReflect())
		if data, err = proto.Marshal(status); err == nil {
			header.Set(details, base64.RawStdEncoding.EncodeToString(data))
		}
	}
}

// percentEncode writes a text as gRPC writes one into a header.
func percentEncode(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// poisonProto poisons the texts in a message.
func (p poisoner) poisonProto(m protoreflect.Message) {
	if detail, ok := m.Interface().(*anypb.Any); ok {
		if inner, err := detail.UnmarshalNew(); err == nil {
			p.poisonProto(inner.ProtoReflect())
			_ = detail.MarshalFrom(inner) // it was one before
		}
		return
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		text, message := f.Kind() == protoreflect.StringKind && !p.skips(string(f.Name())), f.Message() != nil
		switch {
		case f.IsList():
			for i := range v.List().Len() {
				if entry := v.List().Get(i); text {
					v.List().Set(i, protoreflect.ValueOfString(entry.String()+Poison))
				} else if message {
					p.poisonProto(entry.Message())
				}
			}
		case f.IsMap():
			p.poisonMap(f, v.Map())
		case text:
			m.Set(f, protoreflect.ValueOfString(v.String()+Poison))
		case message:
			p.poisonProto(v.Message())
		}
		return true
	})
}

// poisonMap poisons the values of a map.
func (p poisoner) poisonMap(f protoreflect.FieldDescriptor, entries protoreflect.Map) {
	entries.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		switch {
		case f.MapValue().Kind() == protoreflect.StringKind && !p.skips(key.String()):
			entries.Set(key, protoreflect.ValueOfString(value.String()+Poison))
		case f.MapValue().Message() != nil:
			p.poisonProto(value.Message())
		}
		return true
	})
}
