package transport

import (
	"bufio"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/credentials"
)

func TestParseProxy(t *testing.T) {
	for _, c := range []struct{ kind, address, port, user, want string }{
		{"", "", "", "", ""},
		{"http", "proxy.example.com", "3128", "", "http://proxy.example.com:3128"},
		{"http_no_tunnel", "::1", "3128", "", "http://[::1]:3128"},
		{"socks5", "127.0.0.1", "1080", "me", "socks5://me:p%40ss@127.0.0.1:1080"},
		{"socks4", "127.0.0.1", "1080", "", "error"},
		{"http", "", "3128", "", "error"},
	} {
		t.Run(cmp.Or(c.kind, "none")+" "+c.address, func(t *testing.T) {
			got, err := ParseProxy(c.kind, c.address, c.port, c.user, "p@ss")
			text := ""
			if got != nil {
				text = got.String()
			}
			if (err != nil) != (c.want == "error") || (err == nil && text != c.want) {
				t.Errorf("%+v: %q, %v", c, text, err)
			}
		})
	}
}

func TestParseEndpoint(t *testing.T) {
	here := &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}
	for _, c := range []struct {
		text    string
		through *url.URL
		want    endpoint
		ok      bool
	}{
		{"https://run-private.p.googleapis.com/", nil, endpoint{"run-private.p.googleapis.com:443", "run-private.p.googleapis.com", false}, true},
		{"http://127.0.0.1:4711/", nil, endpoint{"127.0.0.1:4711", "127.0.0.1:4711", true}, true},
		{"http://run.sandbox.test/", here, endpoint{"run.sandbox.test:80", "run.sandbox.test", true}, true},
		{"http://run.sandbox.test/", nil, endpoint{}, false},
		{"http://10.0.0.1/", &url.URL{Scheme: "http", Host: "proxy.example.com:80"}, endpoint{}, false},
		{"https://example.com/prefix/", nil, endpoint{}, false},
		{"run.googleapis.com", nil, endpoint{}, false},
		{"ftp://run.googleapis.com/", nil, endpoint{}, false},
	} {
		t.Run(fmt.Sprint(c.text, " ", c.ok), func(t *testing.T) {
			u, err := ParseEndpoint(c.text, c.through)
			if (err == nil) != c.ok {
				t.Errorf("%s: %v", c.text, err)
				return
			}
			if err == nil {
				n := Network{Endpoints: map[string]*url.URL{"run": u}}
				if got := n.endpoint(hostRun); got != c.want {
					t.Errorf("%s: %+v", c.text, got)
				}
				if got := n.endpoint(hostIAM); got.authority != hostIAM {
					t.Errorf("next to %s: %+v", c.text, got)
				}
			}
		})
	}
}

// A tunnel carries what both sides say, from the first byte on, which may come with the proxy's answer.
func TestTunnel(t *testing.T) {
	for answer, want := range map[string]string{
		"HTTP/1.1 200 OK\r\nVia: x\r\n\r\nhello":                                  "hello",
		"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n": "refuses to connect",
		"what?\r\n": "malformed",
	} {
		t.Run(want, func(t *testing.T) {
			asked := make(chan *http.Request, 1)
			through := serveOnce(t, func(conn net.Conn) {
				req, err := http.ReadRequest(bufio.NewReader(conn))
				if err == nil {
					asked <- req
					_, _ = conn.Write([]byte(answer))
				}
				_ = conn.Close()
			})
			through.User = url.UserPassword("me", "secret")
			conn, err := Network{Proxy: through}.dial(t.Context(), "run.googleapis.com:443")
			var got string
			if err != nil {
				got = err.Error()
			} else {
				said, _ := io.ReadAll(conn)
				got = string(said)
				_ = conn.Close()
			}
			req := <-asked
			if !strings.Contains(got, want) || strings.Contains(got, "secret") {
				t.Errorf("%q: got %q", answer, got)
			}
			if user, password, _ := proxyAuth(req); req.Method != http.MethodConnect || req.Host != "run.googleapis.com:443" || user != "me" || password != "secret" {
				t.Errorf("the proxy was asked %s %s as %q", req.Method, req.Host, user)
			}
		})
	}
}

func proxyAuth(r *http.Request) (user, password string, ok bool) {
	r.Header.Set("Authorization", r.Header.Get("Proxy-Authorization"))
	return r.BasicAuth()
}

// serveOnce serves one connection.
func serveOnce(t *testing.T, serve func(net.Conn)) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		if conn, err := l.Accept(); err == nil {
			serve(conn)
		}
	}()
	return &url.URL{Scheme: "http", Host: l.Addr().String()}
}

// A SOCKS proxy is given the name, and looks it up itself.
func TestSocks(t *testing.T) {
	named := make(chan string, 1)
	through := serveOnce(t, func(conn net.Conn) {
		defer conn.Close()
		hello := make([]byte, 3)
		if _, err := io.ReadFull(conn, hello); err != nil {
			return
		}
		_, _ = conn.Write([]byte{5, 0})
		head := make([]byte, 5) // version, connect, reserved, type of address, its length
		if _, err := io.ReadFull(conn, head); err != nil || head[3] != 3 {
			return
		}
		name := make([]byte, int(head[4])+2)
		if _, err := io.ReadFull(conn, name); err != nil {
			return
		}
		named <- string(name[:head[4]])
		_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		_, _ = conn.Write([]byte("hello"))
	})
	through.Scheme = "socks5"
	conn, err := Network{Proxy: through}.dial(t.Context(), "run.googleapis.com:443")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	said, _ := io.ReadAll(conn)
	if got := <-named; got != "run.googleapis.com" || string(said) != "hello" {
		t.Errorf("the proxy was asked for %q and said %q", got, said)
	}
}

// What is on this machine is reached without the proxy: one elsewhere would be handed the token.
func TestNoProxyForThisMachine(t *testing.T) {
	asked := make(chan string, 4)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Header.Get("Authorization") }))
	defer elsewhere.Close()
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer here.Close()
	through, err := url.Parse(elsewhere.URL)
	if err != nil {
		t.Fatal(err)
	}
	n := Network{Proxy: through}
	resp, err := (&http.Client{Transport: n.transport()}).Get(here.URL)
	if err != nil || resp.StatusCode != http.StatusNoContent {
		t.Errorf("got %v, %v", resp, err)
	}
	conn, err := n.dial(t.Context(), here.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if len(asked) > 0 {
		t.Errorf("the proxy was asked %d times", len(asked))
	}
}

// An override of the API that impersonates counts for every sign-in.
func TestSignInGoesToTheOverride(t *testing.T) {
	asked := make(chan string, 4)
	here := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Host + r.URL.Path }))
	defer here.Close()
	to, err := ParseEndpoint(here.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := Network{Endpoints: map[string]*url.URL{"iamcredentials": to}}
	client := &http.Client{Transport: overrideTransport{n.transport(), n}}
	if _, err := client.Post("https://iamcredentials.googleapis.com/v1/x", "text/plain", nil); err != nil {
		t.Fatal(err)
	}
	if got := <-asked; got != to.Host+"/v1/x" {
		t.Errorf("%s was asked", got)
	}
}

// A POST that may change something is sent once, whatever comes back.
func TestNoRESTWriteIsSentTwice(t *testing.T) {
	sent := 0
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { sent++; w.WriteHeader(http.StatusServiceUnavailable) }))
	defer busy.Close()
	quick := shortCalls
	quick.RetryDelay = time.Millisecond
	client := &http.Client{Transport: NewTraffic(quick, nil).WrapREST(http.DefaultTransport)}
	for _, c := range []struct {
		ctx    context.Context
		method string
		want   int
	}{{t.Context(), http.MethodPost, 1}, {t.Context(), http.MethodPut, 1}, {WithCallOptions(t.Context(), CallOptions{ReadOnly: true}), http.MethodPost, quick.MaxAttempts}, {t.Context(), http.MethodGet, quick.MaxAttempts}} {
		t.Run(fmt.Sprintf("%s %d times", c.method, c.want), func(t *testing.T) {
			sent = 0
			req, err := http.NewRequestWithContext(c.ctx, c.method, busy.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Do(req); err != nil || sent != c.want {
				t.Errorf("%s was sent %d times, not %d: %v", c.method, sent, c.want, err)
			}
		})
	}
}

func TestLoadRoots(t *testing.T) {
	file := t.TempDir() + "/none.pem"
	if _, err := LoadRoots(file); err == nil {
		t.Error("a file that is not there was read")
	}
	if err := os.WriteFile(file, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadRoots(file); err == nil || !strings.Contains(err.Error(), "holds no certificate") {
		t.Errorf("got %v", err)
	}
}

// A proxy that says nothing is given up when the call's time is over.
func TestSilentProxy(t *testing.T) {
	silent := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	through, err := url.Parse(silent.URL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(silent.Certificate())
	tryLonger(t, 50*time.Millisecond, func(patience time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		_, err := Network{Proxy: through, Roots: roots}.dial(ctx, "run.googleapis.com:443")
		if want := "the proxy " + silent.URL + " gave no answer: context deadline exceeded"; !errors.Is(err, context.DeadlineExceeded) || err.Error() != want {
			return fmt.Errorf("got %w, want %s", err, want)
		}
		return nil
	})
}

// A proxy without a port is at its scheme's own.
func TestProxyWithoutAPort(t *testing.T) {
	_, err := Network{Proxy: &url.URL{Scheme: "http", Host: "127.0.0.1"}}.dial(t.Context(), "run.googleapis.com:443")
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:80") {
		t.Errorf("got %v", err)
	}
}

// A server that can't prove who it is gets no request: neither by REST, nor by gRPC, nor a proxy that is asked for a
// tunnel. One under an authority that was named does, for its own name alone.
func TestTLSIsVerified(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would log the handshakes that fail
	server.StartTLS()
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	trusting := x509.NewCertPool()
	trusting.AddCert(server.Certificate())
	for _, test := range []struct {
		about string
		host  string // the certificate is for example.com and 127.0.0.1
		roots *x509.CertPool
		want  bool
	}{
		{"its host and issuer", "127.0.0.1", trusting, true},
		{"the system's roots", "127.0.0.1", nil, false},
		{"no roots", "127.0.0.1", x509.NewCertPool(), false},
		{"another host", "localhost", trusting, false},
	} {
		t.Run(test.about, func(t *testing.T) {
			network := Network{Roots: test.roots}
			client := &http.Client{Transport: network.transport()}
			resp, err := client.Get("https://" + net.JoinHostPort(test.host, port))
			if err == nil {
				_ = resp.Body.Close()
			}
			client.CloseIdleConnections()
			if (err == nil) != test.want {
				t.Errorf("REST to %s: %v", test.host, err)
			}
			raw, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = credentials.NewTLS(network.tls()).ClientHandshake(t.Context(), test.host, raw)
			_ = raw.Close()
			if (err == nil) != test.want {
				t.Errorf("gRPC to %s: %v", test.host, err)
			}
			through := Network{Roots: test.roots, Proxy: &url.URL{Scheme: "https", Host: net.JoinHostPort(test.host, port)}}
			conn, err := through.dial(t.Context(), "run.googleapis.com:443")
			if err == nil {
				_ = conn.Close()
			}
			if (err == nil) != test.want {
				t.Errorf("a tunnel by %s: %v", test.host, err)
			}
		})
	}
}
