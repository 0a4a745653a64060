package sandbox

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"google.golang.org/grpc/codes"

	"whopulls/gcp/sandbox/world"
)

// product is the part of Google Cloud that a host name stands for, as the
// first part of its API's name: "run" of run.googleapis.com.
type product string

const (
	anyProduct      product = "" // the host does not tell: the path alone decides
	artifacts       product = "artifactregistry"
	resourceManager product = "cloudresourcemanager"
	run             product = "run"
	iam             product = "iam"
	serviceUsage    product = "serviceusage"
	orgPolicy       product = "orgpolicy"
	troubleshooting product = "policytroubleshooter"
	cloudAsset      product = "cloudasset"
	imageRegistry   product = "registry" // hosts that images are pulled from, with a protocol of their own
)

var products = []product{artifacts, resourceManager, run, iam, serviceUsage, orgPolicy, troubleshooting, cloudAsset}

// productOf reads a Host or :authority. Beside the global names there are
// regional ones: asia-northeast1-run.googleapis.com (its region is given too)
// and artifactregistry.asia-northeast1.rep.googleapis.com. gcloud's endpoint
// overrides put NAME.sandbox.test in their place. A product that the sandbox
// does not serve comes back as it is, so that nothing else answers for it.
func productOf(host string) (p product, region string) {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if world.IsRegistryHost(host) {
		return imageRegistry, ""
	}
	if !strings.HasSuffix(host, ".googleapis.com") && !strings.HasSuffix(host, ".sandbox.test") {
		return anyProduct, ""
	}
	label, _, _ := strings.Cut(host, ".")
	if i := strings.LastIndex(label, "-"); i > 0 && slices.Contains(products, product(label[i+1:])) {
		return product(label[i+1:]), label[:i]
	}
	return product(label), ""
}

// front is the one handler behind the port: it lets the weather have its way,
// then passes a request on by protocol, host and path, and logs how it went.
type front struct {
	server      *Server
	rest        []route
	transcoders map[product]*transcoder
	weather     *weather
	log         *requestLog
	busy        sync.RWMutex // read-held by each call under way, so that Close can wait for them
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.busy.RLock()
	defer f.busy.RUnlock()
	if err := fromBrowser(r); err != nil {
		writeError(w, err)
		return
	}
	switch r.URL.Path {
	case "/sandbox":
		f.introduce(w, r)
		return
	case "/sandbox/log":
		f.showLog(w, r)
		return
	}
	who, err := f.callerOf(r)
	e := newEntry(r, who)
	defer f.log.finish(&e) // before the answer's end goes out: who has the answer finds the entry
	r = r.WithContext(withCaller(r.Context(), who, err))
	wait, met := f.weather.draw(r)
	if !f.weather.pause(r.Context(), wait) {
		e.Outcome = word(codes.Canceled)
		return
	}
	if met != fine {
		strike(w, r, met, &e, func(w http.ResponseWriter) { f.pass(w, r) })
		return
	}
	e.Outcome = f.pass(w, r)
}

// callerOf is who makes a call. Without a token it is the sandbox's own caller,
// but on a registry, where it is nobody, as with Google's.
func (f *front) callerOf(r *http.Request) (string, error) {
	header := r.Header.Get("Authorization")
	if p, _ := productOf(r.Host); p == imageRegistry {
		return registryCaller(header)
	}
	return callerOf(header, f.server.caller)
}

func isGRPC(r *http.Request) bool {
	return r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc")
}

// pass has the request answered and says how that went.
func (f *front) pass(w http.ResponseWriter, r *http.Request) (outcome string) {
	p, region := productOf(r.Host)
	if isGRPC(r) {
		f.serveGRPC(w, r, p)
		return grpcOutcome(w.Header())
	}
	seen := &witness{ResponseWriter: w}
	switch err := callerError(r.Context()); {
	case p == imageRegistry:
		f.server.cloud.serveRegistry(seen, r)
	case err != nil:
		writeError(seen, err)
	default:
		f.serveREST(seen, r, p, region)
	}
	return seen.outcome()
}

// introduce tells a client what it is pointed at. It never waits and needs no
// token.
func (f *front) introduce(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		writeError(w, unserved(r))
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_ = json.NewEncoder(w).Encode(map[string]string{ // a client that went away needs no answer
		"id": f.server.id, "world": f.server.world.Name, "caller": f.server.caller,
	})
}

func (f *front) serveGRPC(w http.ResponseWriter, r *http.Request, p product) {
	server := f.server.grpc[p]
	if server == nil {
		server = f.server.grpc[nothing]
	}
	server.ServeHTTP(w, r)
}
