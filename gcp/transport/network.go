package transport

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/proxy"

	"whopulls/files"
	"whopulls/gcp/limits"
	"whopulls/guard"
)

// Network is the way from this machine to Google Cloud. The zero value uses the system's certificate authorities and the
// proxy of the environment.
type Network struct {
	Proxy     *url.URL            // http, https or socks5; nil: HTTPS_PROXY and NO_PROXY decide
	Roots     *x509.CertPool      // the authorities to trust; nil: the system's
	Endpoints map[string]*url.URL // by the first label of an API's host, such as run; http only to this machine
	Universe  string              // empty: googleapis.com
}

// Google's own universe, and the port of its hosts.
const (
	DefaultUniverse = "googleapis.com"
	httpsPort       = "443"
)

// ParseProxy makes a URL of gcloud's proxy properties. It is nil if kind, address and port are all empty.
func ParseProxy(kind, address, port, user, password string) (*url.URL, error) {
	if kind == "" && address == "" && port == "" {
		return nil, nil
	}
	for _, p := range [][2]string{{"proxy/type", kind}, {"proxy/address", address}, {"proxy/port", port}} {
		if p[1] == "" {
			return nil, fmt.Errorf("%s is missing: a proxy needs all of proxy/type, proxy/address and proxy/port", p[0])
		}
	}
	schemes := map[string]string{"http": "http", "http_no_tunnel": "http", "socks5": "socks5"}
	scheme, ok := schemes[kind]
	if !ok {
		return nil, fmt.Errorf("proxy/type %q is not supported; whopulls takes http, http_no_tunnel and socks5", kind)
	}
	if number, err := strconv.Atoi(port); err != nil || number < 1 || number >= 1<<16 {
		return nil, fmt.Errorf("proxy/port %q is not a port", port)
	}
	p := &url.URL{Scheme: scheme, Host: net.JoinHostPort(address, port)}
	if user != "" {
		p.User = url.UserPassword(user, password)
	}
	return p, nil
}

// ParseEndpoint parses an endpoint override. It accepts http only if nothing leaves this machine, because tokens go there.
func ParseEndpoint(text string, proxyURL *url.URL) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, fmt.Errorf("%q is not an endpoint; write it as https://HOST/", text)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		return nil, fmt.Errorf("the endpoint %q has a path, which whopulls can't put before all its calls", text)
	case u.Scheme == "http" && !isLoopback(u.Hostname()) && (proxyURL == nil || !isLoopback(proxyURL.Hostname())):
		return nil, fmt.Errorf("the endpoint %q would carry access tokens unencrypted over a network", text)
	}
	return u, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// LoadRoots reads the certificate authorities to trust from a PEM file.
func LoadRoots(file string) (*x509.CertPool, error) {
	content, err := files.Read(file, 16<<20)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("%s holds no certificate", file)
	}
	return roots, nil
}

// endpoint is the server that answers for an API.
type endpoint struct {
	address   string // HOST:PORT
	authority string // the host name that the server is asked for
	plaintext bool   // without encryption
}

// endpoint returns the server for one of Google's hosts, such as run.googleapis.com.
func (n Network) endpoint(host string) endpoint {
	label, domain, _ := strings.Cut(host, ".")
	if u := n.Endpoints[label]; u != nil {
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": httpsPort}[u.Scheme]
		}
		return endpoint{net.JoinHostPort(u.Hostname(), port), u.Host, u.Scheme == "http"}
	}
	if n.Universe != "" && domain == DefaultUniverse {
		host = label + "." + n.Universe
	}
	return endpoint{net.JoinHostPort(host, httpsPort), host, false}
}

// Domain is the universe's domain.
func (n Network) Domain() string { return cmp.Or(n.Universe, DefaultUniverse) }

// Address is the URL to which calls for a Google host go.
func (n Network) Address(host string) string {
	to := n.endpoint(host)
	scheme := "https"
	if to.plaintext {
		scheme = "http"
	}
	return scheme + "://" + to.authority + "/"
}

// Hosts are the Google hosts that the program calls.
func Hosts() []string {
	return []string{hostRegistry, hostRun, HostResourceManager, hostIAM, hostServiceUsage, hostOrgPolicy, hostTroubleshooter, hostCloudAsset, hostIAMCredentials}
}

// EffectiveProxy returns the proxy on the way to Google, nil without one, and whether it comes from the environment
// instead of gcloud's settings.
func (n Network) EffectiveProxy() (proxyURL *url.URL, fromEnvironment bool) {
	if n.Proxy != nil {
		return n.Proxy, false
	}
	proxyURL, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: HostResourceManager}})
	return proxyURL, err == nil && proxyURL != nil
}

// transport carries REST calls.
func (n Network) transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.MaxResponseHeaderBytes = MaxInFlight, limits.Headers
	t.TLSClientConfig = n.tls()
	if n.Proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) { return n.proxyFor(r.URL.Hostname()), nil }
	}
	return t
}

func (n Network) tls() *tls.Config {
	return &tls.Config{RootCAs: n.Roots, MinVersion: tls.VersionTLS12}
}

// proxyFor returns the proxy for a host. This machine needs none: a proxy would see what must not leave the machine.
func (n Network) proxyFor(host string) *url.URL {
	if isLoopback(host) {
		return nil
	}
	return n.Proxy
}

// dial opens a connection for gRPC, through the proxy if there is one.
func (n Network) dial(ctx context.Context, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	proxyURL := n.proxyFor(host)
	if n.Proxy == nil {
		if proxyURL, err = http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: address}}); err != nil {
			return nil, err
		}
	}
	switch {
	case proxyURL == nil:
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	case strings.HasPrefix(proxyURL.Scheme, "socks5"):
		d, err := proxy.FromURL(proxyURL, proxy.Direct)
		if err != nil {
			return nil, err
		}
		return d.(proxy.ContextDialer).DialContext(ctx, "tcp", address)
	}
	return n.tunnel(ctx, proxyURL, address)
}

// tunnel opens a tunnel through an HTTP proxy with CONNECT (RFC 9110, 9.3.6).
func (n Network) tunnel(ctx context.Context, proxyURL *url.URL, address string) (conn net.Conn, err error) {
	at := proxyURL.Host
	if proxyURL.Port() == "" {
		at = net.JoinHostPort(proxyURL.Hostname(), map[string]string{"http": "80", "https": httpsPort}[proxyURL.Scheme])
	}
	if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", at); err != nil {
		return nil, fmt.Errorf("the proxy %s can't be reached: %w", proxyURL.Redacted(), err)
	}
	raw := conn
	stop := context.AfterFunc(ctx, guard.Func(func() { _ = raw.Close() })) // ends what waits for the proxy
	defer func() {
		if !stop() {
			err = fmt.Errorf("the proxy %s gave no answer: %w", proxyURL.Redacted(), ctx.Err())
		}
		if err != nil {
			_ = conn.Close() // err says more
		}
	}()
	if proxyURL.Scheme == "https" {
		conn = tls.Client(conn, &tls.Config{RootCAs: n.Roots, ServerName: proxyURL.Hostname(), MinVersion: tls.VersionTLS12})
	}
	return conn, requestTunnel(conn, proxyURL, address)
}

// requestTunnel sends CONNECT and reads the answer, and not a byte beyond it.
func requestTunnel(conn net.Conn, proxyURL *url.URL, address string) error {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if u := proxyURL.User; u != nil {
		password, _ := u.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err := req.Write(conn); err != nil {
		return err
	}
	resp, err := http.ReadResponse(bufio.NewReader(io.LimitReader(oneByteConn{conn}, limits.Headers)), req)
	if err != nil {
		return err
	}
	_ = resp.Body.Close() // the answer to CONNECT has no body
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy %s refuses to connect to %s: %s", proxyURL.Host, address, resp.Status)
	}
	return nil
}

// overrideTransport sends the requests of a sign-in to the endpoint overrides, and all others where they ask to go.
type overrideTransport struct {
	base    http.RoundTripper
	network Network
}

// RoundTrip sends the request.
func (o overrideTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	label, domain, _ := strings.Cut(req.URL.Hostname(), ".")
	if o.network.Endpoints[label] == nil || domain != DefaultUniverse {
		return o.base.RoundTrip(req)
	}
	to := o.network.endpoint(req.URL.Hostname())
	out := req.Clone(req.Context())
	out.URL.Host, out.Host = to.address, to.authority
	if to.plaintext {
		out.URL.Scheme = "http"
	}
	return o.base.RoundTrip(out)
}

// oneByteConn reads one byte at a time, so that a buffered reader takes nothing beyond what it needs.
type oneByteConn struct{ net.Conn }

// Read reads at most one byte.
func (s oneByteConn) Read(p []byte) (int, error) { return s.Conn.Read(p[:min(len(p), 1)]) }
