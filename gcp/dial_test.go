package gcp

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/googletest"
	"whopulls/gcp/sandbox"
	"whopulls/gcp/signin"
	"whopulls/gcp/transport"
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
	for about, a := range map[string]string{"nobody": address, "another server": other.Listener.Addr().String(), "no address": "nonsense"} {
		t.Run(about, func(t *testing.T) {
			_, err := dialSandbox(t.Context(), Options{Sandbox: a}, testTiming)
			wantHint(t, err, transport.ErrUnreachable)
		})
	}
}

func TestDialWithoutCredentials(t *testing.T) {
	_, err := Dial(t.Context(), Options{SignIn: signin.Options{KeyFile: t.TempDir() + "/none.json"}})
	wantHint(t, err, transport.ErrNotSignedIn)
}

// Through the proxy, under the authority of the test, with tokens: Google's endpoints as they are.
func dialGoogleTest(t *testing.T, refresh string, change func(*Options)) (*Cloud, *googletest.Google, error) {
	t.Helper()
	world, err := sandbox.Load(article)
	if err != nil {
		t.Fatal(err)
	}
	g, err := googletest.Start(sandbox.Options{World: world}, t.TempDir(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	key, err := g.WriteJSON("adc.json", googletest.UserFile(refresh))
	if err != nil {
		t.Fatal(err)
	}
	target := Options{SignIn: signin.Options{KeyFile: key}, UserAgent: "whopulls/test", Network: networkTo(t, g)}
	if change != nil {
		change(&target)
	}
	c, err := Dial(t.Context(), target)
	if err == nil {
		t.Cleanup(func() { _ = c.Close() })
	}
	return c, g, err
}

func networkTo(t *testing.T, g *googletest.Google) transport.Network {
	t.Helper()
	env := g.Env()
	through, err := transport.ParseProxy(env["CLOUDSDK_PROXY_TYPE"], env["CLOUDSDK_PROXY_ADDRESS"], env["CLOUDSDK_PROXY_PORT"], "", "")
	if err != nil {
		t.Fatal(err)
	}
	roots, err := transport.LoadRoots(env["CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	return transport.Network{Proxy: through, Roots: roots}
}

func TestDialGoogle(t *testing.T) {
	c, g, err := dialGoogleTest(t, "user:dev@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Caller() != model.Known(model.Member("user:dev@example.com")) || c.World() != "" || c.Origin() != "google:googleapis.com" {
		t.Errorf("caller %+v, world %q, origin %q", c.Caller(), c.World(), c.Origin())
	}
	s, err := c.Read(t.Context(), articleJobQuestion, model.PlanOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := model.Diagnose(s); d.Verdict != model.Missing {
		t.Errorf("the verdict is %s", d.Verdict)
	}
	if g.TokensIssued("user:dev@example.com") != 1 {
		t.Errorf("%d tokens were issued", g.TokensIssued("user:dev@example.com"))
	}
}

var articleJobQuestion = model.Question{Project: "myproject-a", Workload: &model.WorkloadName{Kind: model.Job, Region: "asia-northeast1", Name: "myjob"}}

// Whose quota a call uses, as gcloud has it (billing/quota_project): a person's calls that of the project they ask about.
func TestQuotaProject(t *testing.T) {
	for _, c := range []struct {
		about, refresh string
		change         func(*Options)
		want           string
	}{
		{"a person's, about a project", "user:dev@example.com", nil, "myproject-a"},
		{"one that was asked for", "user:dev@example.com", func(t *Options) { t.QuotaProject = "myproject-b" }, "myproject-b"},
		{"none at all, as that was asked for", "user:dev@example.com", func(t *Options) { t.NoQuotaProject = true }, ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			cloud, g, err := dialGoogleTest(t, c.refresh, c.change)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cloud.Read(t.Context(), articleJobQuestion, model.PlanOptions{}, nil); err != nil {
				t.Errorf("%s: %v", c.about, err)
			}
			if got := g.QuotaProjects(); !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: calls used the quota of %q", c.about, got)
			}
		})
	}
}

func TestQuotaProjectOfTheCredentials(t *testing.T) {
	for want, content := range map[string]func(*googletest.Google) any{
		"myproject-b": func(*googletest.Google) any {
			file := googletest.UserFile("user:dev@example.com")
			file["quota_project_id"] = "myproject-b"
			return file
		},
		"": func(*googletest.Google) any {
			file, err := googletest.KeyFile("myproject-a", "ci@myproject-a.iam.gserviceaccount.com")
			if err != nil {
				t.Fatal(err)
			}
			return file
		},
	} {
		t.Run(cmp.Or(want, "none"), func(t *testing.T) {
			_, g, err := dialGoogleTest(t, "user:dev@example.com", nil)
			if err != nil {
				t.Fatal(err)
			}
			key, err := g.WriteJSON("own.json", content(g))
			if err != nil {
				t.Fatal(err)
			}
			own, err := Dial(t.Context(), Options{SignIn: signin.Options{KeyFile: key}, Network: networkTo(t, g)})
			if err != nil {
				t.Fatal(err)
			}
			defer own.Close()
			if _, err := own.Read(t.Context(), articleJobQuestion, model.PlanOptions{}, nil); err != nil {
				t.Error(err)
			}
			if got := g.QuotaProjects(); !slices.Equal(got, []string{want}) {
				t.Errorf("calls used the quota of %q, not %q", got, want)
			}
		})
	}
}

func TestOtherUniverses(t *testing.T) {
	_, err := Dial(t.Context(), Options{Network: transport.Network{Universe: "universe.example"}})
	var hint interface{ Hint() string }
	if err == nil || !strings.Contains(err.Error(), "universe.example is not supported") || !errors.As(err, &hint) {
		t.Errorf("got %v", err)
	}
}

func TestExpiredLoginIsTold(t *testing.T) {
	for refresh, want := range map[string]string{googletest.ExpiredRefresh: "expired or was revoked", googletest.RaptRefresh: "asks to sign in again"} {
		t.Run(refresh, func(t *testing.T) {
			_, _, err := dialGoogleTest(t, refresh, nil)
			wantHint(t, err, transport.ErrNotSignedIn)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", refresh, err)
			}
		})
	}
}

func TestSandboxIntroducesItself(t *testing.T) {
	s := startSandbox(t, sandbox.Options{}, article)
	c := dialTest(t, Options{Sandbox: s.Addr()})
	if c.Caller() != model.Known(model.Member("user:dev@example.com")) || c.World() != article || c.Origin() != "sandbox:"+s.ID() {
		t.Errorf("caller %+v, world %q, origin %q", c.Caller(), c.World(), c.Origin())
	}
	named := dialTest(t, Options{Sandbox: s.Addr(), Account: "user:shop-lead@example.com"})
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
	f := &fakeServer{rest: map[string]http.HandlerFunc{"/v1/projects/myproject-a:getAncestry": func(w http.ResponseWriter, r *http.Request) {
		if r.Host != transport.HostResourceManager {
			t.Errorf("Host is %s", r.Host)
		}
		seen <- r.Header.Clone()
		writeReply(w, map[string]any{})
	}}}
	c := dialTest(t, Options{Sandbox: f.start(t).addr, Account: "user:a@example.com", QuotaProject: "myproject-q", UserAgent: "whopulls/1"})
	if _, err := c.ancestry(t.Context(), "myproject-a"); err != nil {
		t.Fatal(err)
	}
	h := <-seen
	if h.Get("Authorization") != "Bearer user:a@example.com" || h.Get("X-Goog-User-Project") != "myproject-q" || h.Get("User-Agent") != "whopulls/1" {
		t.Errorf("headers %v", h)
	}
}

// A redirect is not followed, by any call that carries a token or asks for one: it could lead anywhere.
func TestNoTokenFollowsARedirect(t *testing.T) {
	c, g, err := dialGoogleTest(t, "user:dev@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	const elsewhere = "elsewhere.googleapis.com"
	g.Redirect(elsewhere)
	s, err := c.Read(t.Context(), articleJobQuestion, model.PlanOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ancestry := s.Ancestry["myproject-a"]
	if ancestry.State != model.FactGap || !strings.Contains(ancestry.Gap.Reason, elsewhere) {
		t.Errorf("the ancestry, a REST call, reads %+v", ancestry)
	}
	step := model.Step{ID: "1", Kind: model.StepCreateAgent, Resource: model.APIResource("myproject-a", model.RunService)}
	c.journalFolder = t.TempDir()
	if out := mustPerform(t, c, step); out.State != model.StepFailed {
		t.Errorf("the agent's creation, a REST call that writes: %+v", out)
	}
	_, again, err := dialGoogleTest(t, "user:dev@example.com", func(target *Options) {
		_, attempts, err := SignIn(t.Context(), Options{SignIn: target.SignIn, Network: networkTo(t, g)})
		if err == nil {
			t.Errorf("somebody signed in by a redirect: %+v", attempts)
		}
	})
	if err != nil || len(again.RedirectedTokens()) > 0 || len(g.RedirectedTokens()) > 0 {
		t.Errorf("%v, calls that went elsewhere with %q", err, g.RedirectedTokens())
	}
}

// A token is put on requests to the hosts that it was made for, and on no others.
func TestTokenForItsHostsAlone(t *testing.T) {
	c, g, err := dialGoogleTest(t, "user:dev@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	g.Redirect("elsewhere.googleapis.com") // which notes what comes to it
	for _, address := range []string{"https://elsewhere.googleapis.com/", "https://example.com/", "https://run.googleapis.com.example.com/"} {
		t.Run(address, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp, err := c.rest.Do(req); err == nil {
				_ = resp.Body.Close()
				t.Errorf("%s was called", address)
			}
		})
	}
	if len(g.RedirectedTokens()) > 0 {
		t.Errorf("a token went along: %q", g.RedirectedTokens())
	}
}
