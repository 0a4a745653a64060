package gcp

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

func wantHint(t *testing.T, err, is error) {
	t.Helper()
	var hint interface{ Hint() string }
	if !errors.Is(err, is) || !errors.As(err, &hint) || hint.Hint() == "" {
		t.Errorf("got %v; want an error of kind %q that says what to do next", err, is)
	}
}

func TestDialWithoutASandboxThere(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	_ = closed.Close() // only its number was wanted
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	for _, a := range []string{address, other.Listener.Addr().String(), "nonsense"} {
		_, err := dialSandbox(t.Context(), Target{Sandbox: a}, testPace)
		wantHint(t, err, ErrUnreachable)
	}
}

func TestDialWithoutCredentials(t *testing.T) {
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", t.TempDir()+"/none.json")
	_, err := Dial(t.Context(), Target{})
	wantHint(t, err, ErrNotSignedIn)
}

func TestDialGoogleOpensNothing(t *testing.T) {
	key := t.TempDir() + "/adc.json"
	writeFile(t, key, `{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}`)
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", key)
	c, err := Dial(t.Context(), Target{QuotaProject: "myproject-a", UserAgent: "whopulls/test"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Caller().State != model.FactGap || c.World() != "" || !strings.HasPrefix(c.Origin(), "google:") {
		t.Errorf("caller %+v, world %q, origin %q", c.Caller(), c.World(), c.Origin())
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestSandboxIntroducesItself(t *testing.T) {
	s := startSandbox(t, sandbox.Options{}, article)
	c := dialTest(t, Target{Sandbox: s.Addr()})
	if c.Caller() != model.Known(model.Member("user:dev@example.com")) || c.World() != article || c.Origin() != "sandbox:"+s.ID() {
		t.Errorf("caller %+v, world %q, origin %q", c.Caller(), c.World(), c.Origin())
	}
	named := dialTest(t, Target{Sandbox: s.Addr(), Account: "user:shop-lead@example.com"})
	if named.Caller().Value != "user:shop-lead@example.com" {
		t.Errorf("caller %+v", named.Caller())
	}
}

// The environment must not lead a sandbox's calls, gRPC or REST, anywhere else.
func TestSandboxIgnoresTheEnvironment(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	t.Setenv("NO_PROXY", "")
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere")
	t.Setenv("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "example.com")
	c := articleCloud(t, "")
	if d := model.Diagnose(mustRead(t, c, articleQuestion)); d.Verdict != model.Missing {
		t.Errorf("verdict %s", d.Verdict)
	}
}

func TestHeadersReachTheServer(t *testing.T) {
	seen := make(chan http.Header, 1)
	f := &fake{rest: map[string]http.HandlerFunc{"/v1/projects/myproject-a:getAncestry": func(w http.ResponseWriter, r *http.Request) {
		if r.Host != hostProjects {
			t.Errorf("Host is %s", r.Host)
		}
		seen <- r.Header.Clone()
		reply(w, map[string]any{})
	}}}
	c := dialTest(t, Target{Sandbox: f.start(t).addr, Account: "user:a@example.com", QuotaProject: "myproject-q", UserAgent: "whopulls/1"})
	if _, err := c.ancestry(t.Context(), "myproject-a"); err != nil {
		t.Fatal(err)
	}
	h := <-seen
	if h.Get("Authorization") != "Bearer user:a@example.com" || h.Get("X-Goog-User-Project") != "myproject-q" || h.Get("User-Agent") != "whopulls/1" {
		t.Errorf("headers %v", h)
	}
}
