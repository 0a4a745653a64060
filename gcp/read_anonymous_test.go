package gcp

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"whopulls/gcp/limits"
	"whopulls/gcp/transport"
	"whopulls/model"
)

const someDigest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// startRegistry answers as one; asked counts what reached it.
func startRegistry(t *testing.T, handle http.HandlerFunc) (c *Cloud, asked *atomic.Int32, calls *[]transport.Call) {
	asked, calls = new(atomic.Int32), new([]transport.Call)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		for _, header := range []string{"Authorization", "Cookie", "X-Goog-User-Project"} {
			if r.Header.Get(header) != "" {
				t.Errorf("the request has %s: %s", header, r.Header.Get(header))
			}
		}
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	address := strings.TrimPrefix(server.URL, "http://")
	route := transport.RouteToSandbox(transport.Options{Sandbox: address, Account: "user:dev@example.com", QuotaProject: "myproject-a"}, transport.NewTraffic(transport.SandboxTiming, func(call transport.Call) { *calls = append(*calls, call) }))
	t.Cleanup(route.Anonymous.CloseIdleConnections)
	return &Cloud{anonymous: route.Anonymous}, asked, calls
}

// anonymousFact is the fact that a request without credentials gives.
func anonymousFact(ctx context.Context, c *Cloud, reference string) model.Fact[model.ImageFact] {
	r := &readRun{situation: model.NewSituation(model.Question{}, time.Now())}
	c.anonymousTask(parsed(reference))(ctx).apply(r)
	return r.situation.Anonymous[parsed(reference).String()]
}

func TestAnonymousRequest(t *testing.T) {
	for reference, want := range map[string]string{
		"asia-northeast1-docker.pkg.dev/p1/r1/a/b:v1":    "asia-northeast1-docker.pkg.dev /v2/p1/r1/a/b/manifests/v1",
		"gcr.io/p1/app:latest":                           "gcr.io /v2/p1/app/manifests/latest",
		"eu.gcr.io/example.com/p1/app@" + someDigest:     "eu.gcr.io /v2/example.com/p1/app/manifests/" + someDigest,
		"us-docker.pkg.dev/example.com/p1/r1/app:latest": "us-docker.pkg.dev /v2/example.com/p1/r1/app/manifests/latest",
	} {
		t.Run(reference, func(t *testing.T) {
			var got string
			c, _, calls := startRegistry(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.Host + " " + r.URL.Path
				w.Header().Set("Docker-Content-Digest", someDigest)
			})
			if f := anonymousFact(t.Context(), c, reference); !f.Read() || f.Value.Digest != someDigest || got != want {
				t.Errorf("%s: asked for %q, want %q; the fact is %+v", reference, got, want, f)
			}
			if len(*calls) != 1 || !strings.HasPrefix((*calls)[0].Method, "GET https://"+strings.Replace(want, " ", "", 1)) {
				t.Errorf("%s: the log has %+v", reference, *calls)
			}
		})
	}
}

// Whatever is no manifest proves nothing: it is not asked for again, and not followed.
func TestAnonymousRequestProvesNothing(t *testing.T) {
	const reference = "us-docker.pkg.dev/p1/r1/app:latest"
	for name, handle := range map[string]http.HandlerFunc{
		"401":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"404":      http.NotFound,
		"500":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"503":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"204":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"cookie": func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			w.WriteHeader(http.StatusForbidden)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, asked, _ := startRegistry(t, handle)
			if f := anonymousFact(t.Context(), c, reference); f.State != model.FactGap || f.Gap.Need != "" {
				t.Errorf("%s: the fact is %+v", name, f)
			}
			if asked.Load() != 1 {
				t.Errorf("%s: asked %d times", name, asked.Load())
			}
		})
	}
	c, asked, _ := startRegistry(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Docker-Content-Digest", "sha256:9f86") })
	if f := anonymousFact(t.Context(), c, reference); !f.Read() || f.Value.Digest != "" {
		t.Errorf("an odd digest: the fact is %+v", f)
	}
	for _, other := range []string{"nginx", "ghcr.io/a/b", "mirror.gcr.io/library/nginx", "quay.io/a/b", "docker.us-central1.rep.pkg.dev/p1/r1/app"} {
		t.Run(other, func(t *testing.T) {
			if f := anonymousFact(t.Context(), c, other); f.State != model.FactGap || asked.Load() != 1 {
				t.Errorf("%s was asked: %+v", other, f)
			}
		})
	}
}

// What a registry sends apart from its status is not taken: no body without end, and no headers beyond every measure.
func TestAnonymousAnswersWithoutEnd(t *testing.T) {
	const reference = "us-docker.pkg.dev/p1/r1/app:latest"
	setLimit(t, &limits.Headers, 1<<16)
	for name, handle := range map[string]http.HandlerFunc{
		"a body": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Docker-Content-Digest", someDigest)
			writeForever(w, r, http.StatusOK, strings.Repeat("x", 1<<14), 0)
		},
		"a refusal": func(w http.ResponseWriter, r *http.Request) {
			writeForever(w, r, http.StatusUnauthorized, strings.Repeat("x", 1<<14), 0)
		},
		"headers": func(w http.ResponseWriter, _ *http.Request) {
			for i := range 64 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 1<<14))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, _ := startRegistry(t, handle)
			var f model.Fact[model.ImageFact]
			memory := measureAlloc(func() { f = anonymousFact(t.Context(), c, reference) })
			if f.Read() != (name == "a body") || memory > 100<<20 || len(f.Gap.Reason) > 2*limits.Message {
				t.Errorf("%s: %d MB, %.500v", name, memory>>20, f)
			}
		})
	}
}

// A registry that does not answer holds nothing up for long.
func TestAnonymousRequestHasItsTime(t *testing.T) {
	release := make(chan struct{})
	c, _, _ := startRegistry(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-release:
		}
	})
	t.Cleanup(func() { close(release) })
	began := time.Now()
	if f := anonymousFact(t.Context(), c, "us-docker.pkg.dev/p1/r1/app"); f.State != model.FactGap || time.Since(began) < anonymousTimeout {
		t.Errorf("after %v the fact is %+v", time.Since(began), f)
	}
}
