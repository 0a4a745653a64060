// Package googletest is for tests only: Google's host names on this machine. A proxy accepts connections to
// them and speaks TLS with a certificate authority of its own. It answers for the token services. It forwards
// everything else to a sandbox, as the member whose token the call has. So a program meets
// https://run.googleapis.com as it is, with a proxy, an authority and tokens that run out.
package googletest

import (
	"context"
	"crypto/tls"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"whopulls/gcp/sandbox"
)

// Google is a running pretence of Google's hosts.
type Google struct {
	Dir              string // with ca.pem and the credentials that Write makes
	Sandbox          *sandbox.Server
	tokens           *tokens
	proxy            *http.Server
	hosts            *http.Server
	metadata         *http.Server
	tunnels          *connListener
	mu               sync.Mutex
	quotaProjects    map[string]int // calls, by the project in x-goog-user-project
	redirect         string         // the host that every call but gRPC is redirected to; empty: none is
	redirectedTokens []string       // the credentials that came to that host
	override         func(*http.Request) http.HandlerFunc
	proxyAddr        string
	metadataAddr     string
	authority
}

// Start serves a world until Close; dir gets ca.pem. Tokens live for the given time.
func Start(o sandbox.Options, dir string, life time.Duration) (*Google, error) {
	server, err := sandbox.Start(o)
	if err != nil {
		return nil, err
	}
	g := &Google{Dir: dir, Sandbox: server, tokens: newTokens(life, dir), tunnels: newConnListener(), quotaProjects: map[string]int{}}
	if g.authority, err = newAuthority(); err == nil {
		err = os.WriteFile(filepath.Join(dir, "ca.pem"), g.pem, 0o600)
	}
	if err == nil {
		err = g.serve()
	}
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return g, nil
}

func (g *Google) serve() error {
	var listen net.ListenConfig
	proxy, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	meta, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, proxy.Close())
	}
	g.proxyAddr, g.metadataAddr = proxy.Addr().String(), meta.Addr().String()
	g.proxy = &http.Server{Handler: http.HandlerFunc(g.handleConnect)}
	g.metadata = &http.Server{Handler: g.tokens.metadata()}
	g.hosts = &http.Server{Handler: g.hostHandler(), TLSConfig: &tls.Config{Certificates: []tls.Certificate{g.leaf}, MinVersion: tls.VersionTLS12}}
	go func() { _ = g.proxy.Serve(proxy) }() // each ends with Close
	go func() { _ = g.metadata.Serve(meta) }()
	go func() { _ = g.hosts.ServeTLS(g.tunnels, "", "") }()
	return nil
}

// Close ends it all.
func (g *Google) Close() error {
	return errors.Join(g.proxy.Close(), g.metadata.Close(), g.hosts.Close(), g.Sandbox.Close())
}

// MetadataAddr is the address for GCE_METADATA_HOST.
func (g *Google) MetadataAddr() string { return g.metadataAddr }

// QuotaProjects gives the projects whose quota the calls used; the empty name where a call named none.
func (g *Google) QuotaProjects() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Sorted(maps.Keys(g.quotaProjects))
}

// AnswerWith has calls answered by what it gives for them, or as always where that is nil.
func (g *Google) AnswerWith(answer func(*http.Request) http.HandlerFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.override = answer
}

// answerOverride answers a call that is to be answered so.
func (g *Google) answerOverride(w http.ResponseWriter, r *http.Request) bool {
	g.mu.Lock()
	harm := g.override
	g.mu.Unlock()
	if harm == nil {
		return false
	}
	answer := harm(r)
	if answer != nil {
		answer(w, r)
	}
	return answer != nil
}

// Redirect answers every call but gRPC with a redirect to another host.
func (g *Google) Redirect(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.redirect = host
}

// RedirectedTokens are the Authorization headers that came to that host, one for each call.
func (g *Google) RedirectedTokens() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.redirectedTokens)
}

// answerRedirect answers a call that is redirected, or that was.
func (g *Google) answerRedirect(w http.ResponseWriter, r *http.Request) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.redirect == "" || r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc"):
		return false
	case r.Host == g.redirect:
		g.redirectedTokens = append(g.redirectedTokens, r.Header.Get("Authorization"))
		writeJSON(w, http.StatusOK, map[string]any{})
	default:
		http.Redirect(w, r, "https://"+g.redirect+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	}
	return true
}

// Env are the variables that lead gcloud and whopulls here, and away from what the user of this machine has.
func (g *Google) Env() map[string]string {
	host, port, _ := net.SplitHostPort(g.proxyAddr)
	return map[string]string{"CLOUDSDK_PROXY_TYPE": "http", "CLOUDSDK_PROXY_ADDRESS": host, "CLOUDSDK_PROXY_PORT": port,
		"CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE": filepath.Join(g.Dir, "ca.pem"), "CLOUDSDK_CONFIG": filepath.Join(g.Dir, "gcloud"),
		"GOOGLE_APPLICATION_CREDENTIALS": "", "WHOPULLS_SANDBOX": "", "NO_GCE_CHECK": "true"}
}

// handleConnect is the proxy: it takes tunnels to Google's hosts and to nowhere else.
func (g *Google) handleConnect(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.Host)
	if r.Method != http.MethodConnect || err != nil || !strings.HasSuffix(host, ".googleapis.com") {
		http.Error(w, "this proxy only leads to Google's hosts", http.StatusForbidden)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		_ = conn.Close()
		return
	}
	g.tunnels.deliver(conn)
}

// hostHandler answers for each host name.
func (g *Google) hostHandler() http.Handler {
	services := map[string]http.Handler{"oauth2.googleapis.com": g.tokens.oauth(), "sts.googleapis.com": g.tokens.sts(),
		"iamcredentials.googleapis.com": g.tokens.iamCredentials()}
	apis := g.sandboxHandler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.answerRedirect(w, r) || g.answerOverride(w, r) {
			return
		}
		if service, ok := services[r.Host]; ok {
			service.ServeHTTP(w, r)
			return
		}
		apis.ServeHTTP(w, r)
	})
}

// sandboxHandler forwards calls, gRPC and REST alike, as the member whose token they have. It refuses a bad
// token as Google does.
func (g *Google) sandboxHandler() http.Handler {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	pass := &httputil.ReverseProxy{FlushInterval: -1, Transport: &http.Transport{Protocols: protocols},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: g.Sandbox.Addr()})
			r.Out.Host = r.In.Host
		}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		member, ok := g.tokens.memberOf(r)
		if !ok {
			unauthenticated(w, r)
			return
		}
		g.mu.Lock()
		g.quotaProjects[r.Header.Get("X-Goog-User-Project")]++
		g.mu.Unlock()
		r.Header.Set("Authorization", "Bearer "+member)
		pass.ServeHTTP(w, r)
	})
}

func unauthenticated(w http.ResponseWriter, r *http.Request) {
	const message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Grpc-Status", "16")
		w.Header().Set("Grpc-Message", message)
		return
	}
	writeJSON(w, http.StatusUnauthorized, map[string]any{"error": map[string]any{"code": 401, "message": message, "status": "UNAUTHENTICATED"}})
}

// connListener is a listener whose connections are handed to it.
type connListener struct {
	conns chan net.Conn
	ctx   context.Context
	end   context.CancelFunc
	once  sync.Once
}

func newConnListener() *connListener {
	h := &connListener{conns: make(chan net.Conn)}
	h.ctx, h.end = context.WithCancel(context.Background())
	return h
}

func (h *connListener) deliver(c net.Conn) {
	select {
	case h.conns <- c:
	case <-h.ctx.Done():
		_ = c.Close()
	}
}

// Accept waits for a connection.
func (h *connListener) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close ends the waiting.
func (h *connListener) Close() error {
	h.once.Do(h.end)
	return nil
}

// Addr is no address.
func (h *connListener) Addr() net.Addr { return &net.TCPAddr{} }
