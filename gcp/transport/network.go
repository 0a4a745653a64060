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
)

// Network is what lies between this machine and Google Cloud. The zero value is the system's own: its trusted
// authorities, and the proxy of the environment.
type Network struct {
	Proxy     *url.URL            // http, https or socks5; nil: as HTTPS_PROXY and its like say
	Roots     *x509.CertPool      // the authorities to trust; nil: the system's
	Endpoints map[string]*url.URL // by the first label of an API's host: run; http only towards this machine
	Universe  string              // empty: googleapis.com
}

const (
	DefaultUniverse = "googleapis.com"
	httpsPort       = "443"
)

// ParseProxy makes an address of gcloud's three proxy properties; all of them empty make none.
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
		return nil, fmt.Errorf("proxy/port %q is no port", port)
	}
	p := &url.URL{Scheme: scheme, Host: net.JoinHostPort(address, port)}
	if user != "" {
		p.User = url.UserPassword(user, password)
	}
	return p, nil
}

// ParseEndpoint reads an endpoint override. One in plain text is taken only where nothing leaves this machine, because
// tokens go there.
func ParseEndpoint(text string, proxyURL *url.URL) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, fmt.Errorf("%q is no endpoint: it is written as https://HOST/", text)
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

// LoadRoots reads the authorities to trust, in PEM, from a file.
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

// endpoint is where the calls to an API go.
type endpoint struct {
	address   string // HOST:PORT
	authority string // the host's name as it is told there
	plaintext bool   // without encryption
}

// endpoint of an API by Google's name for its host: run.googleapis.com.
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

// Address is where calls to Google's host go, as a URL.
func (n Network) Address(host string) string {
	to := n.endpoint(host)
	scheme := "https"
	if to.plaintext {
		scheme = "http"
	}
	return scheme + "://" + to.authority + "/"
}

// Hosts are Google's hosts that are called.
func Hosts() []string {
	return []string{hostRegistry, hostRun, HostResourceManager, hostIAM, hostServiceUsage, hostOrgPolicy, hostTroubleshooter, hostCloudAsset, hostIAMCredentials}
}

// EffectiveProxy is the proxy on the way to Google; nil: there is none. That it comes from the environment, and no setting of
// gcloud names one, is told beside it.
func (n Network) EffectiveProxy() (proxyURL *url.URL, fromEnvironment bool) {
	if n.Proxy != nil {
		return n.Proxy, false
	}
	proxyURL, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: HostResourceManager}})
	return proxyURL, err == nil && proxyURL != nil
}

// transport is the way of REST calls.
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

// proxyFor is the proxy to a host. What is on this machine is reached without: a proxy elsewhere would be handed what was
// not to leave it.
func (n Network) proxyFor(host string) *url.URL {
	if isLoopback(host) {
		return nil
	}
	return n.Proxy
}

// dial opens a connection for gRPC, through the proxy where there is one.
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

// tunnel asks an HTTP proxy to pass everything on (RFC 9110 section 9.3.6).
func (n Network) tunnel(ctx context.Context, proxyURL *url.URL, address string) (conn net.Conn, err error) {
	at := proxyURL.Host
	if proxyURL.Port() == "" {
		at = net.JoinHostPort(proxyURL.Hostname(), map[string]string{"http": "80", "https": httpsPort}[proxyURL.Scheme])
	}
	if conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", at); err != nil {
		return nil, fmt.Errorf("the proxy %s can't be reached: %w", proxyURL.Redacted(), err)
	}
	raw := conn
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() }) // what waits for the proxy fails then
	defer func() {
		if !stop() {
			err = fmt.Errorf("the proxy %s gave no answer: %w", proxyURL.Redacted(), ctx.Err())
		}
		if err != nil {
			_ = conn.Close() // what it says is no more than err
		}
	}()
	if proxyURL.Scheme == "https" {
		conn = tls.Client(conn, &tls.Config{RootCAs: n.Roots, ServerName: proxyURL.Hostname(), MinVersion: tls.VersionTLS12})
	}
	return conn, requestTunnel(conn, proxyURL, address)
}

// requestTunnel makes the request for a tunnel and reads the answer, and not a byte more.
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
	_ = resp.Body.Close() // of a CONNECT there is none
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy %s refuses to connect to %s: %s", proxyURL.Host, address, resp.Status)
	}
	return nil
}

// overrideTransport is the way of those who sign in: to the endpoint that stands in for an API, and everywhere else as asked.
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

// oneByteConn reads a byte at a time, so that a reader with a buffer takes nothing that comes after what it was asked for.
type oneByteConn struct{ net.Conn }

// Read reads at most one byte.
func (s oneByteConn) Read(p []byte) (int, error) { return s.Conn.Read(p[:min(len(p), 1)]) }
