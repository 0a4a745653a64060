package sandbox

import (
	"fmt"
	"strings"

	"al.essio.dev/pkg/shellescape"
)

// overriddenAPIs are the APIs whose endpoints gcloud finds here. The host doesn't have to resolve: the proxy
// setting sends every request to the sandbox.
var overriddenAPIs = []string{
	"artifactregistry", "cloudresourcemanager", "run", "iam", "serviceusage", "cloudasset", "policytroubleshooter", "orgpolicy",
}

// Env gives lines for a POSIX shell that point whopulls and gcloud at the sandbox. tokenFile holds the caller
// (Caller, or another member); gcloud reads its access token from there. "" leaves that line out. The
// function's caller writes the file.
func (s *Server) Env(tokenFile string) string {
	host, port, _ := strings.Cut(s.Addr(), ":")
	var b strings.Builder
	set := func(name, value string) {
		fmt.Fprintf(&b, "export %s=%s\n", name, shellescape.Quote(value))
	}
	set("WHOPULLS_SANDBOX", s.Addr())
	set("CLOUDSDK_PROXY_TYPE", "http_no_tunnel")
	set("CLOUDSDK_PROXY_ADDRESS", host)
	set("CLOUDSDK_PROXY_PORT", port)
	for _, api := range overriddenAPIs {
		set("CLOUDSDK_API_ENDPOINT_OVERRIDES_"+strings.ToUpper(api), "http://"+api+".sandbox.test/")
	}
	if tokenFile != "" {
		set("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", tokenFile)
	}
	b.WriteString("unset CLOUDSDK_CORE_PROJECT\n")
	return b.String()
}
