package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
)

// A web page on this machine reads nothing and changes nothing, on any path: neither by a cross-site request nor under a
// host name of its own that leads here. Programs send none of these headers.
func TestWebPagesAreRefused(t *testing.T) {
	s := start(t, sandbox.Options{})
	port := s.Addr()[strings.LastIndex(s.Addr(), ":"):]
	type headers map[string]string
	for _, test := range []struct {
		about  string
		host   string // empty: the address
		header headers
		want   bool // it is answered
	}{
		{"a program", "", nil, true},
		{"a program, by name", "localhost" + port, nil, true},
		{"a program, by IPv6", "[::1]" + port, nil, true},
		{"a program, to another address of loopback", "127.1.2.3" + port, nil, true},
		{"a program, to a host of Google's", "artifactregistry.googleapis.com", nil, true},
		{"a program, by an endpoint override", "artifactregistry.sandbox.test", nil, true},
		{"a person who typed the address", "", headers{"Sec-Fetch-Site": "none"}, true},
		{"the sandbox's own page", "", headers{"Sec-Fetch-Site": "same-origin", "Origin": "http://" + s.Addr()}, true},
		{"a page of another site", "", headers{"Sec-Fetch-Site": "cross-site"}, false},
		{"a page of the same site, on another port", "", headers{"Sec-Fetch-Site": "same-site"}, false},
		{"an origin", "", headers{"Origin": "https://evil.example"}, false},
		{"an origin of loopback on another port", "", headers{"Origin": "http://127.0.0.1:1"}, false},
		{"an opaque origin", "", headers{"Origin": "null"}, false},
		{"an empty origin", "", headers{"Origin": ""}, false},
		{"an origin of a host of Google's", "artifactregistry.googleapis.com", headers{"Origin": "https://artifactregistry.googleapis.com"}, false},
		{"a rebound name", "evil.example" + port, nil, false},
		{"a rebound name, with its own origin", "evil.example" + port, headers{"Origin": "http://evil.example" + port, "Sec-Fetch-Site": "same-origin"}, false},
		{"a name that begins like loopback", "127.0.0.1.evil.example" + port, nil, false},
		{"a name that ends like Google's", "evilgoogleapis.com", nil, false},
		{"an address of the network", "192.168.0.1" + port, nil, false},
		{"every address", "0.0.0.0" + port, nil, false},
	} {
		t.Run(test.about, func(t *testing.T) {
			for _, at := range []struct{ method, path, body string }{
				{http.MethodGet, "/sandbox", ""},
				{http.MethodGet, "/sandbox/log", ""},
				{http.MethodGet, "/v1/" + myrepo + ":getIamPolicy", ""},
				{http.MethodPost, "/v1/" + myrepo + ":setIamPolicy", `{"policy":{"version":3,"etag":"` + etagOf(t, s) + `"}}`},
			} {
				req, err := http.NewRequestWithContext(t.Context(), at.method, "http://"+s.Addr()+at.path, strings.NewReader(at.body))
				if err != nil {
					t.Fatal(err)
				}
				if req.Host = test.host; test.host == "" {
					req.Host = s.Addr()
				}
				if at.body != "" {
					req.Header.Set("Content-Type", "application/json")
				}
				for k, v := range test.header {
					req.Header[k] = []string{v}
				}
				before := etagOf(t, s)
				resp, err := http.DefaultTransport.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				said, _ := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				refused := resp.StatusCode == http.StatusForbidden && strings.Contains(string(said), "does not answer this request")
				if refused == test.want {
					t.Errorf("%s: %s %s is answered with %d: %s", test.about, at.method, at.path, resp.StatusCode, said)
				}
				if !test.want && etagOf(t, s) != before {
					t.Errorf("%s: %s changed the policy", test.about, at.path)
				}
			}
		})
	}
}

// Types that a page may send to any host without asking first don't change anything.
func TestSimpleContentTypesAreRefused(t *testing.T) {
	s := start(t, sandbox.Options{})
	for kind, want := range map[string]bool{"application/json": true, "application/json; charset=utf-8": true, "": true,
		"text/plain": false, "text/plain;charset=UTF-8": false, "TEXT/PLAIN": false, "application/x-www-form-urlencoded": false,
		"multipart/form-data; boundary=x": false, "text/plain; =": false} {
		t.Run(kind, func(t *testing.T) {
			before := etagOf(t, s)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.Addr()+"/v1/"+myrepo+":setIamPolicy",
				strings.NewReader(`{"policy":{"version":3,"etag":"`+before+`"}}`))
			if err != nil {
				t.Fatal(err)
			}
			if kind != "" {
				req.Header.Set("Content-Type", kind)
			}
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if changed := etagOf(t, s) != before; changed != want {
				t.Errorf("%q: changed %v, want %v (%d)", kind, changed, want, resp.StatusCode)
			}
		})
	}
}

// etagOf is that of myrepo's policy.
func etagOf(t *testing.T, s *sandbox.Server) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.Addr()+"/v1/"+myrepo+":getIamPolicy", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(said), `"etag":`)
	if !found {
		t.Fatalf("no etag: %s", said)
	}
	return strings.Split(rest, `"`)[1]
}
