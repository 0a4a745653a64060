package signin_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/googletest"
	"whopulls/gcp/sandbox"
	"whopulls/gcp/signin"
	"whopulls/model"
)

const (
	dev    = "user:dev@example.com"
	ci     = "ci@myproject-a.iam.gserviceaccount.com"
	puller = "puller@myproject-b.iam.gserviceaccount.com"

	isFederated = "principal://iam.googleapis.com/projects/111111111111/locations/global/workloadIdentityPools/pool/subject/repo:x"
)

// startGoogle starts the token services; client reaches them.
func startGoogle(t *testing.T, life time.Duration) (g *googletest.Google, client *http.Client) {
	t.Helper()
	world, err := sandbox.Load("article")
	if err != nil {
		t.Fatal(err)
	}
	if g, err = googletest.Start(sandbox.Options{World: world}, t.TempDir(), life); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	env := g.Env()
	pem, err := os.ReadFile(env["CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	through := &url.URL{Scheme: "http", Host: env["CLOUDSDK_PROXY_ADDRESS"] + ":" + env["CLOUDSDK_PROXY_PORT"]}
	return g, &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{Proxy: http.ProxyURL(through), TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

// fakeGcloud answers as gcloud config config-helper does, in the shape that gcloud 528 prints.
type fakeGcloud struct {
	g      *googletest.Google
	owners map[string]string // whose token comes, by account
	life   time.Duration     // of its tokens; an hour when 0
	stderr string            // in place of an answer, on standard error
	calls  int
}

func (f *fakeGcloud) run(_ context.Context, args ...string) ([]byte, error) {
	f.calls++
	account, named := strings.CutPrefix(args[len(args)-1], "--account=")
	if !named {
		account = ""
	}
	member, ok := f.owners[account]
	switch {
	case f.stderr != "":
		return nil, signin.GcloudError(f.stderr)
	case !ok:
		return nil, signin.GcloudError("ERROR: (gcloud.config.config-helper) Your current active account [" + account + "] does not have any valid credentials\nPlease run:\n\n  $ gcloud auth login\n")
	}
	return json.Marshal(map[string]any{"configuration": map[string]any{"active_configuration": "default"},
		"credential": map[string]any{"access_token": f.g.Token(member), "id_token": nil, "token_expiry": time.Now().Add(cmp.Or(f.life, time.Hour)).UTC().Format(time.RFC3339)}})
}

// writeJSON writes a file of credentials, or fails the test.
func writeJSON(t *testing.T, g *googletest.Google, name string, content any) string {
	t.Helper()
	path, err := g.WriteJSON(name, content)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func writeKey(t *testing.T, g *googletest.Google) string {
	t.Helper()
	content, err := googletest.KeyFile("myproject-a", ci)
	if err != nil {
		t.Fatal(err)
	}
	return writeJSON(t, g, "key.json", content)
}

func writeText(t *testing.T, g *googletest.Google, name, content string) string {
	t.Helper()
	path := filepath.Join(g.Dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every way, and which of them comes first.
func TestWays(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	g.AllowImpersonation(ci, dev)
	g.AllowImpersonation(puller, "serviceAccount:"+ci)
	g.AllowImpersonation(ci, isFederated)
	gcloud := &fakeGcloud{g: g, owners: map[string]string{"dev@example.com": dev, "other@example.com": "user:somebody@example.com",
		"": "serviceAccount:" + ci, isFederated: isFederated}}
	user, keyFile := writeJSON(t, g, "user.json", googletest.UserFile("user:adc@example.com")), writeKey(t, g)
	token := writeText(t, g, "token", g.Token("user:token@example.com")+"\n")
	subject := writeText(t, g, "subject", "repo:x")
	folder := t.TempDir()
	if err := os.Rename(writeJSON(t, g, "adc.json", googletest.UserFile("user:wellknown@example.com")), filepath.Join(folder, "application_default_credentials.json")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		about   string
		asked   signin.Options
		way     signin.Method
		caller  string // empty: nobody knows
		differs string
	}{
		{"GOOGLE_APPLICATION_CREDENTIALS comes first of all", signin.Options{KeyFile: user, TokenFile: token, Account: "dev@example.com", GcloudFolder: folder}, signin.ByKeyFile, "user:adc@example.com", "dev@example.com"},
		{"not where --account is given", signin.Options{KeyFile: user, Account: "dev@example.com", AccountFromFlag: true}, signin.ByGcloud, dev, ""},
		{"then the token's file", signin.Options{TokenFile: token, Account: "dev@example.com", GcloudFolder: folder}, signin.ByTokenFile, "user:token@example.com", "dev@example.com"},
		{"then gcloud", signin.Options{Account: "dev@example.com", GcloudFolder: folder}, signin.ByGcloud, dev, ""},
		{"gcloud's credentials are another's than their name says", signin.Options{Account: "other@example.com"}, signin.ByGcloud, "user:somebody@example.com", "other@example.com"},
		{"then the file in gcloud's folder", signin.Options{Account: "unknown@example.com", GcloudFolder: folder}, signin.ByADCFile, "user:wellknown@example.com", "unknown@example.com"},
		{"a service account's key", signin.Options{KeyFile: keyFile}, signin.ByKeyFile, "serviceAccount:" + ci, ""},
		{"a federated identity", signin.Options{KeyFile: writeJSON(t, g, "wif.json", googletest.FederatedFile(subject, ""))}, signin.ByKeyFile, isFederated, ""},
		{"a federated identity that acts as a service account", signin.Options{KeyFile: writeJSON(t, g, "wifsa.json", googletest.FederatedFile(subject, ci))}, signin.ByKeyFile, "serviceAccount:" + ci, ""},
		{"impersonation on top", signin.Options{Account: "dev@example.com", Impersonate: []string{ci}}, signin.ByGcloud, "serviceAccount:" + ci, ""},
		{"a chain of it", signin.Options{Account: "dev@example.com", Impersonate: []string{ci, puller}}, signin.ByGcloud, "serviceAccount:" + puller, ""},
		{"a federated identity that gcloud holds", signin.Options{Account: isFederated}, signin.ByGcloud, isFederated, ""},
		{"gcloud's credentials by a file, without an account", signin.Options{OverrideOrigin: "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"}, signin.ByGcloud, "serviceAccount:" + ci, ""},
		{"a token's file with a byte order mark", signin.Options{TokenFile: writeText(t, g, "bom", "\ufeff"+g.Token(dev)+"\r\n")}, signin.ByTokenFile, dev, ""},
		{"a token that does not say whose it is", signin.Options{TokenFile: writeText(t, g, "silent", g.TokenWithoutEmail(dev)), Account: "dev@example.com"}, signin.ByTokenFile, "", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			c.asked.Client, c.asked.Gcloud = client, gcloud.run
			account, attempts, err := signin.SignIn(t.Context(), c.asked)
			if err != nil {
				t.Errorf("%s: %v", c.about, err)
				return
			}
			if account.Method != c.way || account.MismatchedAccount != c.differs || len(attempts) == 0 {
				t.Errorf("%s: by %s, differs %q, attempts %v", c.about, account.Method, account.MismatchedAccount, attempts)
			}
			if got := account.Caller; string(got.Value) != c.caller || got.Read() != (c.caller != "") || (c.caller == "" && got.Gap.Reason == "") {
				t.Errorf("%s: the caller is %+v", c.about, got)
			}
			token, err := account.Credentials.Token(t.Context())
			if err != nil || token.Value == "" {
				t.Errorf("%s: the token is %v, %v", c.about, token, err)
			}
		})
	}
}

// The kind is that of the credentials, whatever the name that gcloud keeps them under: a person's alone have a quota that is
// anybody's.
func TestKindsOfGcloudsCredentials(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	gcloud := &fakeGcloud{g: g, owners: map[string]string{"dev@example.com": dev, "robot@example.com": "serviceAccount:" + ci, isFederated: isFederated}}
	for account, want := range map[string]string{"dev@example.com": "user", "robot@example.com": "service account", isFederated: "federated identity"} {
		t.Run(want, func(t *testing.T) {
			got, _, err := signin.SignIn(t.Context(), signin.Options{Account: account, Gcloud: gcloud.run, Client: client})
			if err != nil || got.Kind != want || got.User != (want == "user") {
				t.Errorf("%s: %+v, %v", account, got, err)
			}
		})
	}
}

// What Google does not accept is renewed the way it was had.
func TestRejected(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	token := writeText(t, g, "token", g.Token(dev))
	gcloud := &fakeGcloud{g: g, owners: map[string]string{"dev@example.com": dev}}
	for next, asked := range map[string]signin.Options{
		"put a new token into " + token + ", or unset CLOUDSDK_AUTH_ACCESS_TOKEN_FILE and sign in: gcloud auth login": {TokenFile: token},
		"gcloud auth login dev@example.com": {Account: "dev@example.com"},
	} {
		t.Run(cmp.Or(asked.Account, "a token's file"), func(t *testing.T) {
			asked.Client, asked.Gcloud = client, gcloud.run
			account, _, err := signin.SignIn(t.Context(), asked)
			if err != nil {
				t.Fatal(err)
			}
			if got := account.RejectedError("it is over"); got.Next[0].String() != next || !strings.HasSuffix(got.Why, "was not accepted: it is over") {
				t.Errorf("%q, next %q", got.Why, got.Next)
			}
		})
	}
}

// What is wrong is reported, with what to do, and never another way taken in its place.
func TestWhatIsWrong(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	user := writeJSON(t, g, "user.json", googletest.UserFile("user:adc@example.com"))
	folder := t.TempDir()
	if err := os.Rename(writeJSON(t, g, "adc.json", googletest.UserFile("user:wellknown@example.com")), filepath.Join(folder, "application_default_credentials.json")); err != nil {
		t.Fatal(err)
	}
	g.AllowImpersonation(ci, dev)
	token, silent := writeText(t, g, "token", g.Token(dev)), writeText(t, g, "silent", g.TokenWithoutEmail(dev))
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "application_default_credentials.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		about      string
		asked      signin.Options
		says       string // of gcloud
		why, next  string
		cannotTell bool // Google was not reached
	}{
		{about: "nothing at all", why: "no account is active in gcloud", next: "gcloud auth login\nor, for Application Default Credentials: gcloud auth application-default login\nor, without an account: whopulls --sandbox"},
		{about: "a file that is not there", asked: signin.Options{KeyFile: "/none.json", GcloudFolder: folder}, why: "/none.json", next: "correct GOOGLE_APPLICATION_CREDENTIALS, or unset it and sign in: gcloud auth login"},
		{about: "a file that is no JSON", asked: signin.Options{KeyFile: writeText(t, g, "bad", "{")}, why: "is no JSON", next: "correct GOOGLE_APPLICATION_CREDENTIALS"},
		{about: "a type that nobody knows", asked: signin.Options{KeyFile: writeText(t, g, "new", `{"type":"telepathy"}`)}, why: `type "telepathy"`, next: "correct GOOGLE_APPLICATION_CREDENTIALS"},
		{about: "an empty token file", asked: signin.Options{TokenFile: writeText(t, g, "empty", "\n"), GcloudFolder: folder}, why: "does not hold one access token", next: "correct CLOUDSDK_AUTH_ACCESS_TOKEN_FILE, or take it away and sign in: gcloud auth login"},
		{about: "a token file in UTF-16", asked: signin.Options{TokenFile: writeText(t, g, "utf16", "\xff\xfey\x00a\x00"), GcloudFolder: folder}, why: "in plain text (ASCII)", next: "correct CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"},
		{about: "a token file that a configuration names", asked: signin.Options{TokenFile: "/none", TokenFileOrigin: "gcloud's configuration work"}, why: "auth/access_token_file (gcloud's configuration work) names can't be had", next: "or take it away and sign in"},
		{about: "--account, and a configuration's token of somebody else", asked: signin.Options{Account: "boss@example.com", AccountFromFlag: true, TokenFile: token, TokenFileOrigin: "gcloud's configuration work"}, why: "is not that of boss@example.com: the owner is dev@example.com", next: "take away auth/access_token_file (gcloud's configuration work), which comes first"},
		{about: "a token file that is not there", asked: signin.Options{TokenFile: "/none", GcloudFolder: folder}, why: "no such file", next: "correct CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"},
		{about: "a broken file in gcloud's folder", asked: signin.Options{GcloudFolder: broken}, why: "is no JSON", next: "out of the way"},
		{about: "an expired login", asked: signin.Options{KeyFile: writeJSON(t, g, "expired.json", googletest.UserFile(googletest.ExpiredRefresh))}, why: "expired or was revoked", next: "renew the file that GOOGLE_APPLICATION_CREDENTIALS names"},
		{about: "a session that is over", asked: signin.Options{KeyFile: writeJSON(t, g, "rapt.json", googletest.UserFile(googletest.RaptRefresh))}, why: "sign in again", next: "renew the file that GOOGLE_APPLICATION_CREDENTIALS names"},
		{about: "gcloud's login expired", asked: signin.Options{Account: "dev@example.com", GcloudFolder: folder}, why: "expired or was revoked", next: "gcloud auth login dev@example.com",
			says: "ERROR: (gcloud.config.config-helper) There was a problem refreshing your current auth tokens: ('invalid_grant: Token has been expired or revoked.', {'error': 'invalid_grant'})\nPlease run:\n\n  $ gcloud auth login\n"},
		{about: "gcloud wants to be asked", asked: signin.Options{Account: "dev@example.com", GcloudFolder: folder}, why: "sign in again", next: "gcloud auth login dev@example.com",
			says: "ERROR: (gcloud.config.config-helper) There was a problem reauthenticating while refreshing your current auth tokens: Reauthentication failed. cannot prompt during non-interactive execution.\n"},
		{about: "gcloud finds no network", asked: signin.Options{Account: "dev@example.com", GcloudFolder: folder}, why: "gcloud can't reach oauth2.googleapis.com", next: "network", cannotTell: true,
			says: "ERROR: gcloud crashed (TransportError): HTTPSConnectionPool(host='oauth2.googleapis.com', port=443): Max retries exceeded with url: /token\n"},
		{about: "gcloud finds no proxy", asked: signin.Options{Account: "dev@example.com", GcloudFolder: folder}, why: "gcloud can't connect to the proxy on the way to oauth2.googleapis.com", next: "check the proxy", cannotTell: true,
			says: "ERROR: (gcloud.config.config-helper) There was a problem refreshing your current auth tokens: HTTPSConnectionPool(host='oauth2.googleapis.com', port=443): Max retries exceeded with url: /token (Caused by ProxyError('Unable to connect to proxy', NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed')))\nPlease run:\n\n  $ gcloud auth login\n"},
		{about: "gcloud crashes", asked: signin.Options{Account: "dev@example.com", GcloudFolder: folder}, why: "gcloud crashed (TypeError): quote_from_bytes() expected bytes", next: "gcloud itself fails", cannotTell: true,
			says: "ERROR: gcloud crashed (TypeError): quote_from_bytes() expected bytes\n\nIf you would like to report this issue, please run the following command:\n  gcloud feedback\n"},
		{about: "--account, and only somebody else's credentials", asked: signin.Options{Account: "unknown@example.com", AccountFromFlag: true, GcloudFolder: folder}, why: "the owner is wellknown@example.com", next: "gcloud auth login unknown@example.com"},
		{about: "--account, and a token of somebody else", asked: signin.Options{Account: "boss@example.com", AccountFromFlag: true, TokenFile: token}, why: "is not that of boss@example.com: the owner is dev@example.com", next: "unset CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"},
		{about: "--account, and a token of an unknown account", asked: signin.Options{Account: "boss@example.com", AccountFromFlag: true, TokenFile: silent}, why: "nobody knows the owner", next: "unset CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"},
		{about: "--account behind an impersonation", asked: signin.Options{Account: "boss@example.com", AccountFromFlag: true, TokenFile: token, Impersonate: []string{ci}}, why: "is not that of boss@example.com", next: "unset CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"},
		{about: "impersonation that is not allowed", asked: signin.Options{KeyFile: user, Impersonate: []string{ci}}, why: "you may not impersonate it", next: "roles/iam.serviceAccountTokenCreator on " + ci},
		{about: "a chain that is not allowed", asked: signin.Options{KeyFile: user, Impersonate: []string{ci, puller}}, why: puller, next: "on each of " + ci + " -> " + puller},
	} {
		t.Run(c.about, func(t *testing.T) {
			gcloud := &fakeGcloud{g: g, stderr: c.says}
			c.asked.Client, c.asked.Gcloud = client, gcloud.run
			account, _, err := signin.SignIn(t.Context(), c.asked)
			var trouble *signin.Error
			if !errors.As(err, &trouble) {
				t.Errorf("%s: %+v, %v", c.about, account, err)
				return
			}
			if !strings.Contains(trouble.Why, c.why) || !strings.Contains(trouble.Hint(), c.next) || trouble.Unreachable != c.cannotTell {
				t.Errorf("%s: %q, next %q, unreachable %v", c.about, trouble.Why, trouble.Hint(), trouble.Unreachable)
			}
		})
	}
}

// Nobody answers: that says nothing about the sign-in.
func TestUnreachable(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	user := writeJSON(t, g, "user.json", googletest.UserFile(dev))
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err := signin.SignIn(t.Context(), signin.Options{KeyFile: user, Client: client})
	var trouble *signin.Error
	if !errors.As(err, &trouble) || !trouble.Unreachable {
		t.Errorf("got %v", err)
	}
}

// A token is made again before it runs out, and not for each call.
func TestRefresh(t *testing.T) {
	for _, life := range []time.Duration{time.Hour, 2 * time.Minute} { // two minutes are less than what is kept in hand
		t.Run(fmt.Sprint(life), func(t *testing.T) {
			g, client := startGoogle(t, life)
			gcloud := &fakeGcloud{g: g, owners: map[string]string{"dev@example.com": dev}, life: life}
			account, _, err := signin.SignIn(t.Context(), signin.Options{Account: "dev@example.com", Gcloud: gcloud.run, Client: client})
			if err != nil {
				t.Fatal(err)
			}
			for range 5 {
				if _, err := account.Credentials.Token(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if gcloud.calls != 1 {
				t.Errorf("tokens of %v: gcloud was called %d times", life, gcloud.calls)
			}
		})
	}
	g, client := startGoogle(t, time.Hour)
	gcloud := &fakeGcloud{g: g, owners: map[string]string{"dev@example.com": dev}, life: 2 * time.Second}
	account, _, err := signin.SignIn(t.Context(), signin.Options{Account: "dev@example.com", Gcloud: gcloud.run, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); gcloud.calls < 2; {
		token, err := account.Credentials.Token(t.Context())
		if err != nil || !time.Now().Before(deadline) {
			t.Fatalf("no new token was made: %v, %v", token, err)
		}
	}
}

// A token of somebody else in the same file is used by nobody.
func TestTokenFileChangesHands(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	file := writeText(t, g, "token", g.Token(dev))
	account, _, err := signin.SignIn(t.Context(), signin.Options{TokenFile: file, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	renewed := g.Token(dev)
	writeText(t, g, "token", renewed)
	if token, err := account.Token(t.Context()); err != nil || token.Value != renewed {
		t.Errorf("a token that was renewed: %v, %v", token, err)
	}
	writeText(t, g, "token", g.Token("user:other@example.com"))
	var trouble *signin.Error
	if _, err := account.Token(t.Context()); !errors.As(err, &trouble) || !strings.Contains(trouble.Why, "is that of other@example.com by now") {
		t.Errorf("another's token: %v", err)
	}
}

// A gcloud that does not answer says nothing about the sign-in.
func TestGcloudDoesNotAnswer(t *testing.T) {
	_, client := startGoogle(t, time.Hour)
	slow := func(context.Context, ...string) ([]byte, error) {
		return nil, fmt.Errorf("gcloud gave no answer within 30s: %w", context.DeadlineExceeded)
	}
	var trouble *signin.Error
	_, _, err := signin.SignIn(t.Context(), signin.Options{Account: "dev@example.com", Gcloud: slow, Client: client})
	if !errors.As(err, &trouble) || !trouble.Unreachable {
		t.Errorf("got %v", err)
	}
}

func TestInterrupted(t *testing.T) {
	_, client := startGoogle(t, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	gcloud := func(ctx context.Context, _ ...string) ([]byte, error) { return nil, ctx.Err() }
	if _, _, err := signin.SignIn(ctx, signin.Options{Account: "dev@example.com", Gcloud: gcloud, Client: client}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestChain(t *testing.T) {
	got, err := signin.ParseChain(ci + ", " + puller)
	if err != nil || len(got) != 2 || got[1] != puller {
		t.Errorf("%v, %v", got, err)
	}
	var input *model.InputError
	if _, err := signin.ParseChain("ci"); !errors.As(err, &input) {
		t.Errorf("got %v", err)
	}
}
