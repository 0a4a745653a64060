package sandbox

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
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
)

var products = []product{artifacts, resourceManager, run, iam, serviceUsage, orgPolicy}

// productOf reads a Host or :authority. Beside the global names there are
// regional ones: asia-northeast1-run.googleapis.com (its region is given too)
// and artifactregistry.asia-northeast1.rep.googleapis.com. gcloud's endpoint
// overrides put NAME.sandbox.test in their place. A product that the sandbox
// does not serve comes back as it is, so that nothing else answers for it.
func productOf(host string) (p product, region string) {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
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

// front is the one handler behind the port: it waits as the options say, then
// passes a request on by protocol, host and path.
type front struct {
	server      *Server
	rest        []route
	transcoders map[product]*transcoder
	latency     time.Duration
	hold        <-chan struct{}
	busy        sync.RWMutex // read-held by each call under way, so that Close can wait for them
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.busy.RLock()
	defer f.busy.RUnlock()
	if r.URL.Path == "/sandbox" {
		f.introduce(w, r)
		return
	}
	if !f.wait(r.Context()) {
		return
	}
	caller, err := callerOf(r.Header.Get("Authorization"), f.server.caller)
	p, region := productOf(r.Host)
	if r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
		f.serveGRPC(w, r.WithContext(withCaller(r.Context(), caller, err)), p)
		return
	}
	if err != nil {
		writeError(w, err)
		return
	}
	f.serveREST(w, r.WithContext(withCaller(r.Context(), caller, nil)), p, region)
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

// wait holds the answer back as the options ask; false when the call is over
// before that.
func (f *front) wait(ctx context.Context) bool {
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			return false
		}
	}
	if f.latency <= 0 {
		return true
	}
	timer := time.NewTimer(f.latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (f *front) serveGRPC(w http.ResponseWriter, r *http.Request, p product) {
	server := f.server.grpc[p]
	if server == nil {
		server = f.server.grpc[nothing]
	}
	server.ServeHTTP(w, r)
}
