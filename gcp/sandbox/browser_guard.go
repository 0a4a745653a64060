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

// simpleContentTypes are the content types that a web page may send to any host without asking it first (Fetch Standard,
// CORS-safelisted request-header).
var simpleContentTypes = []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

// rejectBrowserRequest gives the error for a request that a web page may have sent, nil for any other. The sandbox listens on
// loopback without a password, so every page that a person on this machine opens could read its log and write its
// policies: by a cross-site request, or under a host name of its own that it leads to 127.0.0.1 (DNS rebinding).
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

// isOwnHost reports whether a Host names the sandbox: this machine, or Google's hosts in whose place it answers.
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

// servedDomains are those of Google's APIs and registries, and the one that endpoint overrides put in their place.
var servedDomains = []string{"googleapis.com", "gcr.io", "pkg.dev", "sandbox.test"}

// isOwnOrigin reports whether a request has no Origin, as that of every program, or the sandbox's own.
func isOwnOrigin(r *http.Request) bool {
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		return true
	}
	origin, err := url.Parse(values[0])
	return err == nil && len(values) == 1 && origin.Scheme == "http" && origin.Host == r.Host
}

// hasSimpleContentType reports whether a request that changes something carries a type that needs no leave.
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
