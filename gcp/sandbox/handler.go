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

// product is the part of Google Cloud that a host name belongs to. It is the first part of the API's name:
// "run" of run.googleapis.com.
type product string

const (
	anyProduct           product = "" // the host does not say: the path alone decides
	artifactRegistry     product = "artifactregistry"
	resourceManager      product = "cloudresourcemanager"
	cloudRun             product = "run"
	iam                  product = "iam"
	serviceUsage         product = "serviceusage"
	orgPolicy            product = "orgpolicy"
	policyTroubleshooter product = "policytroubleshooter"
	cloudAsset           product = "cloudasset"
	imageRegistry        product = "registry" // hosts that serve images, with a protocol of their own
)

var products = []product{artifactRegistry, resourceManager, cloudRun, iam, serviceUsage, orgPolicy, policyTroubleshooter, cloudAsset}

// productOf reads a Host or :authority. In addition to global names there are regional ones:
// asia-northeast1-run.googleapis.com (then it gives the region too) and
// artifactregistry.asia-northeast1.rep.googleapis.com. gcloud's endpoint overrides use NAME.sandbox.test
// instead. A product that the sandbox does not serve is returned unchanged, so that no other product answers
// for it.
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

// handler is the one handler behind the port. It injects faults, routes a request by protocol, host and path,
// and logs the outcome.
type handler struct {
	server      *Server
	routes      []route
	transcoders map[product]*transcoder
	faults      *faultInjector
	log         *requestLog
	inFlight    sync.RWMutex // each call under way holds a read lock, so that Close can wait for them
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.inFlight.RLock()
	defer h.inFlight.RUnlock()
	if err := rejectBrowserRequest(r); err != nil {
		writeError(w, err)
		return
	}
	switch r.URL.Path {
	case "/sandbox":
		h.serveInfo(w, r)
		return
	case "/sandbox/log":
		h.serveLog(w, r)
		return
	}
	who, err := h.identifyCaller(r)
	e := newLogEntry(r, who)
	defer h.log.finish(&e) // before the answer ends: a client that has the answer finds the entry
	r = r.WithContext(withCaller(r.Context(), who, err))
	wait, injected := h.faults.draw(r)
	if !h.faults.delay(r.Context(), wait) {
		e.Outcome = outcomeOf(codes.Canceled)
		return
	}
	if injected != noFault {
		inject(w, r, injected, &e, func(w http.ResponseWriter) { h.serve(w, r) })
		return
	}
	e.Outcome = h.serve(w, r)
}

// identifyCaller gives the caller of a request. Without a token it is the sandbox's own caller. On a registry
// it is then nobody, as on Google's registries.
func (h *handler) identifyCaller(r *http.Request) (string, error) {
	header := r.Header.Get("Authorization")
	if p, _ := productOf(r.Host); p == imageRegistry {
		return parseRegistryCaller(header)
	}
	return parseCaller(header, h.server.caller)
}

func isGRPC(r *http.Request) bool {
	return r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc")
}

// serve answers the request and gives the outcome.
func (h *handler) serve(w http.ResponseWriter, r *http.Request) (outcome string) {
	p, region := productOf(r.Host)
	if isGRPC(r) {
		h.serveGRPC(w, r, p)
		return grpcOutcome(w.Header())
	}
	recorder := &statusRecorder{ResponseWriter: w}
	switch err := callerError(r.Context()); {
	case p == imageRegistry:
		h.server.core.serveRegistry(recorder, r)
	case err != nil:
		writeError(recorder, err)
	default:
		h.serveREST(recorder, r, p, region)
	}
	return recorder.outcome()
}

// serveInfo tells a client which sandbox it is talking to. It never waits and needs no token.
func (h *handler) serveInfo(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		writeError(w, unimplemented(r))
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_ = json.NewEncoder(w).Encode(map[string]string{ // a client that went away needs no answer
		"id": h.server.id, "world": h.server.world.Name, "caller": h.server.caller,
	})
}

func (h *handler) serveGRPC(w http.ResponseWriter, r *http.Request, p product) {
	server := h.server.grpc[p]
	if server == nil {
		server = h.server.grpc[noProduct]
	}
	server.ServeHTTP(w, r)
}
