package sandbox

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// simpleContentTypes are the content types that a web page may send to any host without a preflight request
// (Fetch Standard, CORS-safelisted request-header).
var simpleContentTypes = []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

// rejectBrowserRequest gives an error if a web page may have sent the request, else nil. The sandbox listens
// on loopback without a password. So every page that somebody opens on this machine could read its log and
// write its policies. The page could send a cross-site request, or point a host name of its own to 127.0.0.1
// (DNS rebinding).
func rejectBrowserRequest(r *http.Request) error {
	var why string
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case !isOwnHost(r.Host):
		why = "the host " + r.Host + " is neither this machine nor one of Google's names"
	case !isOwnOrigin(r):
		why = "it comes from a page of " + r.Header.Get("Origin")
	case site != "" && site != "same-origin" && site != "none":
		why = "it comes from another site's page"
	case hasSimpleContentType(r):
		why = "its content type is one that any page may send; send application/json"
	default:
		return nil
	}
	return status.Error(codes.PermissionDenied, "The sandbox does not answer this request: "+why+".")
}

// isOwnHost reports whether a Host names the sandbox: this machine, or a Google host that the sandbox stands
// in for.
func isOwnHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || slices.ContainsFunc(servedDomains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) })
}

// servedDomains are the domains of Google's APIs and registries, and the domain that endpoint overrides use
// instead.
var servedDomains = []string{"googleapis.com", "gcr.io", "pkg.dev", "sandbox.test"}

// isOwnOrigin reports whether a request has no Origin, like every program's request, or the sandbox's own.
func isOwnOrigin(r *http.Request) bool {
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		return true
	}
	origin, err := url.Parse(values[0])
	return err == nil && len(values) == 1 && origin.Scheme == "http" && origin.Host == r.Host
}

// hasSimpleContentType reports whether a request that changes something has a content type that needs no
// preflight request.
func hasSimpleContentType(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return false
	}
	return slices.ContainsFunc(r.Header.Values("Content-Type"), func(value string) bool {
		kind, _, err := mime.ParseMediaType(value)
		if err != nil {
			kind, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(value)), ";")
		}
		return slices.Contains(simpleContentTypes, strings.TrimSpace(kind))
	})
}
