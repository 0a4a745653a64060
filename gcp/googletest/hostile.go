package googletest

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// Hostile is a server in front of a sandbox that answers as the sandbox does, but for one way of doing harm.
type Hostile struct {
	Addr           string
	modify         func(*http.Response) error
	server         *http.Server
	rewritesTokens bool // pages have tokens of our own, which the sandbox does not know
	changesErrors  bool // what is no answer of an API's, or a refusal, is changed too
	tokens         atomic.Int64
	writes         atomic.Int64
}

// Attacks are what a Hostile can do: answers without end, answers that come for ever, and policies without an etag.
var Attacks = []string{"pages", "token", "empty", "bodies", "texts", "dribble", "headers", "members", "bindings", "etag", "operations"}

// StartHostile serves in front of the sandbox at that address.
func StartHostile(sandbox, attack string) (*Hostile, error) {
	h := &Hostile{rewritesTokens: slices.Contains([]string{"pages", "token", "empty"}, attack), changesErrors: slices.Contains(PoisonAttacks, attack)}
	attacks := map[string]func(*http.Response) error{"pages": h.pages, "token": h.token, "empty": h.empty, "bodies": h.bodies, "texts": texts, "dribble": dribble,
		"headers": headers, "members": policies(members), "bindings": policies(bindings), "etag": policies(etag), "operations": operations, //nolint:bodyclose // the proxy that changes an answer passes it on
		"words": poisoner{}.modifyResponse, "names": poisoner{all: true}.modifyResponse} //nolint:bodyclose // the proxy that changes an answer passes it on
	if h.modify = attacks[attack]; h.modify == nil {
		return nil, fmt.Errorf("a hostile server can't do %q", attack)
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h.Addr = listener.Addr().String()
	both := new(http.Protocols)
	both.SetHTTP1(true)
	both.SetUnencryptedHTTP2(true)
	h.server = &http.Server{Handler: h.handler(sandbox), Protocols: both}
	go func() { _ = h.server.Serve(listener) }() // ends with Close
	return h, nil
}

// Close ends it.
func (h *Hostile) Close() error { return h.server.Close() }

// Writes is how many writes of policies came.
func (h *Hostile) Writes() int64 { return h.writes.Load() }

func (h *Hostile) handler(sandbox string) http.Handler {
	only := new(http.Protocols)
	only.SetUnencryptedHTTP2(true)
	plain := &http.Transport{}
	pass := func(transport http.RoundTripper) *httputil.ReverseProxy {
		return &httputil.ReverseProxy{FlushInterval: -1, Transport: transport, ModifyResponse: h.modifyResponse,
			ErrorLog: log.New(io.Discard, "", 0), // clients go away, as they should
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(&url.URL{Scheme: "http", Host: sandbox})
				r.Out.Host = r.In.Host
				r.Out.Header.Del("Accept-Encoding")
				if h.rewritesTokens {
					firstPage(r.Out)
				}
			}}
	}
	ofGRPC, ofREST := pass(&http.Transport{Protocols: only}), pass(plain)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(strings.ToLower(r.URL.Path), "setiampolicy") {
			h.writes.Add(1)
		}
		if strings.Contains(r.URL.Path, "roubleshoot") { // a second opinion would do without the policies
			http.NotFound(w, r)
			return
		}
		if r.ProtoMajor == 2 {
			ofGRPC.ServeHTTP(w, r)
			return
		}
		ofREST.ServeHTTP(w, r)
	})
}

func (h *Hostile) modifyResponse(resp *http.Response) error {
	if !h.changesErrors && (resp.Request.URL.Path == "/sandbox" || resp.StatusCode != http.StatusOK) {
		return nil
	}
	return h.modify(resp)
}

func isGRPC(resp *http.Response) bool {
	return strings.HasPrefix(resp.Header.Get("Content-Type"), "application/grpc")
}

// frameSize is what is before a message of gRPC: a flag and its length.
const frameSize = 5

// readMessage reads the message of a gRPC answer; ok is false if there is none.
func readMessage(resp *http.Response) (text []byte, ok bool, err error) {
	body, err := io.ReadAll(resp.Body)
	if err != nil || len(body) < frameSize {
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return nil, false, err
	}
	return body[frameSize:], true, nil
}

// setMessage makes a text the message of a gRPC answer.
func setMessage(resp *http.Response, text []byte) {
	frame := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(text)))
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(frame), bytes.NewReader(text)))
	resp.ContentLength = -1
	resp.Header.Del("Content-Length")
}

// firstPage asks the sandbox for the first page of a list, whichever is asked for here.
func firstPage(r *http.Request) {
	query := r.URL.Query()
	query.Del("continue")
	query.Del("pageToken")
	r.URL.RawQuery = query.Encode()
	m := methodByPath(r.URL.Path)
	if m == nil || m.Input().Fields().ByName("page_token") == nil {
		return
	}
	body, err := io.ReadAll(r.Body)
	kind, found := protoregistry.GlobalTypes.FindMessageByName(m.Input().FullName())
	if err == nil && found == nil && len(body) >= frameSize {
		asked := kind.New()
		if proto.Unmarshal(body[frameSize:], asked.Interface()) == nil {
			asked.Clear(asked.Descriptor().Fields().ByName("page_token"))
			text, _ := proto.Marshal(asked.Interface()) // it was one before
			body = append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(text))), text...)
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), -1
	r.Header.Del("Content-Length")
}

// methodOutput describes what a gRPC method answers with.
func methodOutput(path string) protoreflect.MessageDescriptor {
	if m := methodByPath(path); m != nil {
		return m.Output()
	}
	return nil
}

// methodByPath describes a gRPC method by its path.
func methodByPath(path string) protoreflect.MethodDescriptor {
	service, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return nil
	}
	return found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name))
}

func (h *Hostile) pages(resp *http.Response) error {
	return setPageToken(resp, fmt.Sprint("fresh-", h.tokens.Add(1)), false)
}

func (h *Hostile) token(resp *http.Response) error { return setPageToken(resp, "again", false) }

func (h *Hostile) empty(resp *http.Response) error {
	return setPageToken(resp, fmt.Sprint("fresh-", h.tokens.Add(1)), true)
}

// setPageToken puts the token of a further page into an answer that is a list, and takes the entries out.
func setPageToken(resp *http.Response, token string, empty bool) error {
	if isGRPC(resp) {
		return setPageTokenGRPC(resp, token, empty)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var list map[string]any
	if json.Unmarshal(body, &list) == nil && list["kind"] != nil && strings.HasSuffix(fmt.Sprint(list["kind"]), "List") {
		list["metadata"] = map[string]any{"continue": token}
		if empty {
			delete(list, "items")
		}
		if body, err = json.Marshal(list); err != nil {
			return err
		}
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Set("Content-Length", fmt.Sprint(len(body)))
	return nil
}

func setPageTokenGRPC(resp *http.Response, token string, empty bool) error {
	out := methodOutput(resp.Request.URL.Path)
	if out == nil || out.Fields().ByName("next_page_token") == nil {
		return nil
	}
	text, ok, err := readMessage(resp)
	if err != nil || !ok {
		return err
	}
	if empty {
		text = nil
	}
	text = protowire.AppendTag(text, out.Fields().ByName("next_page_token").Number(), protowire.BytesType)
	setMessage(resp, protowire.AppendString(text, token))
	return nil
}

// endlessBody is a body that never ends: it sends a piece at a time until nobody reads it.
type endlessBody struct {
	chunk []byte
	wait  time.Duration
	ended chan struct{}
}

// Read gives a further piece.
func (f *endlessBody) Read(p []byte) (int, error) {
	select {
	case <-f.ended:
		return 0, io.EOF
	case <-time.After(f.wait):
		return copy(p, f.chunk), nil
	}
}

// Close ends the body.
func (f *endlessBody) Close() error {
	close(f.ended)
	return nil
}

// setEndlessBody gives an answer a body that begins like this and never ends.
func setEndlessBody(resp *http.Response, begin string, chunk string, wait time.Duration) {
	_ = resp.Body.Close() // it is not what is sent
	f := &endlessBody{[]byte(chunk), wait, make(chan struct{})}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(strings.NewReader(begin), f), f}
	resp.ContentLength = -1
	resp.Header.Del("Content-Length")
}

// longFrame begins a message of 1 GB.
const longFrame = "\x00\x40\x00\x00\x00"

// bodies have no end: in gRPC a message that is longer than any, in REST objects.
func (h *Hostile) bodies(resp *http.Response) error {
	if isGRPC(resp) {
		setEndlessBody(resp, longFrame, strings.Repeat("\n\x00", 1<<13), 0)
		return nil
	}
	setEndlessBody(resp, `{"items":[{}`, strings.Repeat(",{}", 1<<12), 0)
	return nil
}

// texts have no end.
func texts(resp *http.Response) error {
	if isGRPC(resp) {
		setEndlessBody(resp, longFrame, strings.Repeat("x", 1<<14), 0)
		return nil
	}
	setEndlessBody(resp, `{"items":["`, strings.Repeat("x", 1<<14), 0)
	return nil
}

// dribble gives a byte now and then.
func dribble(resp *http.Response) error {
	begin, piece := " ", " "
	if isGRPC(resp) {
		begin, piece = "\x00\x00\x00\x10\x00", "\x00"
	}
	setEndlessBody(resp, begin, piece, 100*time.Millisecond)
	return nil
}

// headers are larger than the answer.
func headers(resp *http.Response) error {
	for i := range 64 {
		resp.Header.Set(fmt.Sprint("X-Filler-", i), strings.Repeat("x", 1<<16))
	}
	return nil
}

// policies changes each policy that is read, and the first that an index finds.
func policies(change func(p *iampb.Policy, most int)) func(*http.Response) error {
	return func(resp *http.Response) error {
		var answer proto.Message
		policy, found := &iampb.Policy{}, &assetpb.SearchAllIamPoliciesResponse{}
		switch path := resp.Request.URL.Path; {
		case !isGRPC(resp):
			return nil
		case strings.HasSuffix(path, "/GetIamPolicy"):
			answer = policy
		case strings.HasSuffix(path, "/SearchAllIamPolicies"):
			answer = found
		default:
			return nil
		}
		text, ok, err := readMessage(resp)
		if err != nil || !ok {
			return err
		}
		if err := proto.Unmarshal(text, answer); err != nil {
			return err
		}
		most := 2_000_000
		if len(found.Results) > 0 { // of which smaller pages are asked for again and again
			policy, most = found.Results[0].Policy, 100_000
		}
		change(policy, most)
		if text, err = proto.Marshal(answer); err != nil {
			return err
		}
		setMessage(resp, text)
		return nil
	}
}

func members(p *iampb.Policy, most int) {
	b := &iampb.Binding{Role: "roles/artifactregistry.reader"}
	for i := range most {
		b.Members = append(b.Members, fmt.Sprintf("user:u%d@example.com", i))
	}
	p.Bindings = append(p.Bindings, b)
}

func bindings(p *iampb.Policy, most int) {
	for i := range most / 10 {
		p.Bindings = append(p.Bindings, &iampb.Binding{Role: fmt.Sprintf("projects/p/roles/r%d", i), Members: []string{"allUsers"}})
	}
}

func etag(p *iampb.Policy, _ int) { p.Etag = nil }

// operations are never done.
func operations(resp *http.Response) error {
	if isGRPC(resp) {
		if out := methodOutput(resp.Request.URL.Path); out == nil || out.FullName() != "google.longrunning.Operation" {
			return nil
		}
		_, _, err := readMessage(resp)
		setMessage(resp, protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "operations/never"))
		return err
	}
	if strings.Contains(resp.Request.URL.Path, "generateServiceIdentity") || strings.Contains(resp.Request.URL.Path, "/operations/") {
		body := `{"name":"operations/never"}`
		_ = resp.Body.Close() // it is not what is sent
		resp.Body, resp.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		resp.Header.Set("Content-Length", fmt.Sprint(len(body)))
	}
	return nil
}
