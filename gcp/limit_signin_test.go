package gcp

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/googletest"
	"whopulls/gcp/limits"
	"whopulls/gcp/sandbox"
	"whopulls/gcp/signin"
	"whopulls/gcp/transport"
)

// harmfulAnswers are ways in which a service that gives or explains tokens can do harm.
var harmfulAnswers = map[string]http.HandlerFunc{
	"a text": func(w http.ResponseWriter, r *http.Request) {
		writeForever(w, r, 200, `{"access_token":"`+strings.Repeat("x", 1<<14), 0)
	},
	"objects":   func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 200, "[{},{},{},{},", 0) },
	"a refusal": func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 400, strings.Repeat("x", 1<<14), 0) },
	"a fault":   func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 503, strings.Repeat("x", 1<<14), 0) },
	"dribbled":  func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 200, " ", 5*time.Millisecond) },
	"headers": func(w http.ResponseWriter, _ *http.Request) {
		for i := range 100 {
			w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 1<<16))
		}
	},
}

// tokenServices are the calls of a sign-in, by where they go, with what somebody has who makes them; named is one without
// which only the caller's name is not known.
var tokenServices = map[string]struct {
	path   string
	named  bool
	signIn func(dir string) signin.Options
}{
	"oauth2.googleapis.com/token":     {"/token", false, func(dir string) signin.Options { return signin.Options{KeyFile: dir + "/user.json"} }},
	"oauth2.googleapis.com/tokeninfo": {"/tokeninfo", true, func(dir string) signin.Options { return signin.Options{KeyFile: dir + "/user.json"} }},
	"sts.googleapis.com/token":        {"/v1/token", false, func(dir string) signin.Options { return signin.Options{KeyFile: dir + "/wif.json"} }},
	"sts.googleapis.com/introspect":   {"/v1/introspect", true, func(dir string) signin.Options { return signin.Options{KeyFile: dir + "/wif.json"} }},
	"iamcredentials.googleapis.com": {":generateAccessToken", false, func(dir string) signin.Options {
		return signin.Options{KeyFile: dir + "/user.json", Impersonate: []string{"ci@myproject-a.iam.gserviceaccount.com"}}
	}},
}

// No service that a sign-in asks fills the memory or is waited for beyond the time of a call, whatever it answers. Without
// a token nobody is signed in; without a name that is a gap.
func TestTokenServicesWithoutEnd(t *testing.T) {
	setLimit(t, &limits.Body, 1<<20)
	setLimit(t, &limits.Entries, 10_000)
	setLimit(t, &limits.Headers, 1<<17)
	world, err := sandbox.Load("article")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	g, err := googletest.Start(sandbox.Options{World: world}, dir, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	if err := os.WriteFile(filepath.Join(dir, "subject"), []byte("repo:x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]any{"user.json": googletest.UserFile("user:dev@example.com"), "wif.json": googletest.FederatedFile(filepath.Join(dir, "subject"), "")} {
		if _, err := g.WriteJSON(name, content); err != nil {
			t.Fatal(err)
		}
	}
	for service, s := range tokenServices {
		host, _, _ := strings.Cut(service, "/")
		for about, answer := range harmfulAnswers {
			t.Run(service+" "+about, func(t *testing.T) {
				g.AnswerWith(func(r *http.Request) http.HandlerFunc {
					if r.Host == host && strings.HasSuffix(r.URL.Path, s.path) {
						return answer
					}
					return nil
				})
				retryLonger(t, 200*time.Millisecond, func(call time.Duration) error {
					old := limits.CallTime
					limits.CallTime = call
					defer func() { limits.CallTime = old }()
					return checkEndlessSignIn(Options{SignIn: s.signIn(dir), Network: networkTo(t, g)}, t, service+", "+about, s.named, call)
				})
			})
		}
	}
}

// checkEndlessSignIn signs in and looks at how that ended.
func checkEndlessSignIn(target Options, t *testing.T, about string, named bool, call time.Duration) (late error) {
	t.Helper()
	var account *signin.Account
	var err error
	began := time.Now()
	memory := measureAlloc(func() { account, _, err = SignIn(t.Context(), target) })
	if took := time.Since(began); took > 6*call+time.Second {
		return fmt.Errorf("%s: it took %s, and a call may take %s", about, took, call)
	}
	switch {
	case memory > 200<<20:
		t.Errorf("%s: it took %d MB", about, memory>>20)
	case named && (err != nil || account.Caller.Read()):
		if err != nil && call < time.Second {
			return fmt.Errorf("%s: %w", about, err) // the machine may be too busy for the other calls
		}
		t.Errorf("%s: %+v, %v", about, account, err)
	case !named && (err == nil || !errors.Is(err, transport.ErrNotSignedIn) && !errors.Is(err, transport.ErrUnreachable)):
		t.Errorf("%s: %v", about, err)
	case err != nil && len(err.Error()) > 3*limits.Message:
		t.Errorf("%s: the error has %d characters", about, len(err.Error()))
	}
	return nil
}

// A metadata server is held to the same.
func TestMetadataServerWithoutEnd(t *testing.T) {
	for about, answer := range harmfulAnswers {
		if about == "dribbled" { // the library's own look takes seconds
			continue
		}
		t.Run(about, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Metadata-Flavor", "Google")
				answer(w, r)
			}))
			t.Cleanup(server.Close)
			t.Setenv("GCE_METADATA_HOST", server.Listener.Addr().String())
			var err error
			memory := measureAlloc(func() {
				_, _, err = SignIn(t.Context(), Options{SignIn: signin.Options{GcloudFolder: t.TempDir()}})
			})
			if err == nil || memory > 200<<20 || len(err.Error()) > 3*limits.Message {
				t.Errorf("%s: %d MB, %.300v", about, memory>>20, err)
			}
		})
	}
}
