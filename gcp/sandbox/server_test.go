package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/sandbox"
)

// get asks over plain HTTP; proxied goes through the sandbox as a proxy.
func get(t *testing.T, c *http.Client, method, address string) (int, string) {
	t.Helper()
	r := must(http.NewRequestWithContext(t.Context(), method, address, nil))(t)
	answer := must(c.Do(r))(t)
	defer answer.Body.Close()
	return answer.StatusCode, string(must(io.ReadAll(answer.Body))(t))
}

func TestIntroduction(t *testing.T) {
	s := start(t, sandbox.Options{Caller: "user:other@example.com"})
	_, body := get(t, httpClient(""), http.MethodGet, "http://"+s.Addr()+"/sandbox")
	var who map[string]string
	if err := json.Unmarshal([]byte(body), &who); err != nil {
		t.Fatal(err)
	}
	if who["id"] != s.ID() || who["world"] != "article" || who["caller"] != "user:other@example.com" {
		t.Errorf("it says %s", body)
	}
	if other := start(t, sandbox.Options{}); other.ID() == s.ID() {
		t.Error("two sandboxes have one id")
	}
}

// TestProxy sends requests in absolute form, as gcloud does through a proxy.
func TestProxy(t *testing.T) {
	s := start(t, sandbox.Options{})
	c := httpClient(dev)
	c.Transport.(*bearerTransport).base.(*http.Transport).Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: s.Addr()})
	for _, q := range []struct {
		method, address string
		code            int
		text            string
	}{
		{"GET", "http://run.sandbox.test/v1/projects/myproject-a/locations/-/services?alt=json&prettyPrint=false", 200, `"web-us"`},
		{"GET", "http://us-central1-run.sandbox.test/apis/serving.knative.dev/v1/namespaces/myproject-a/services?alt=json", 200, `"web-us"`},
		{"GET", "http://run.sandbox.test/v1/projects/myproject-a/locations", 200, `"asia-northeast1"`},
		{"POST", "http://cloudresourcemanager.sandbox.test/v1/projects/myproject-a:getAncestry", 200, `"100000000001"`},
		{"POST", "http://run.sandbox.test/v1/projects/myproject-a:getAncestry", 501, `"UNIMPLEMENTED"`},
		{"GET", "http://secretmanager.sandbox.test/v1/projects/myproject-a/secrets", 501, `/v1/projects/myproject-a/secrets`},
		{"GET", "http://run.sandbox.test/v1/projects/no-such/locations/-/services", 403, `"IAM_PERMISSION_DENIED"`},
	} {
		t.Run(q.method+" "+q.address, func(t *testing.T) {
			if code, body := get(t, c, q.method, q.address); code != q.code || !strings.Contains(body, q.text) {
				t.Errorf("%s %s: %d %s, want %d with %s", q.method, q.address, code, body, q.code, q.text)
			}
		})
	}
	if code, body := get(t, c, "GET", "http://us-central1-run.sandbox.test/apis/serving.knative.dev/v1/namespaces/myproject-a/services"); code != 200 || strings.Contains(body, `"hello"`) {
		t.Errorf("a regional host shows its region alone, here %d %s", code, body)
	}
}

func TestTokens(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	code, body := get(t, httpClient("ya29.secret"), "GET", "http://"+s.Addr()+"/v1/projects/myproject-a/locations")
	if code != http.StatusUnauthorized || !strings.Contains(body, "UNAUTHENTICATED") || strings.Contains(body, "ya29") {
		t.Errorf("a token that is no member: %d %s", code, body)
	}
	c := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, "ya29.secret")))(t)
	_, err := c.GetProject(ctx, &crm.GetProjectRequest{Name: "projects/myproject-a"})
	wantCode(t, "over gRPC", err, codes.Unauthenticated)
	group := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, "group:platform@example.com")))(t)
	_, err = group.GetProject(ctx, &crm.GetProjectRequest{Name: "projects/myproject-a"})
	wantCode(t, "a group makes no calls", err, codes.Unauthenticated)
}

// TestUnserved holds that nothing is answered with an empty success.
func TestUnserved(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	wrong := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, arHost, "")))(t)
	_, err := wrong.GetProject(ctx, &crm.GetProjectRequest{Name: "projects/myproject-a"})
	wantCode(t, "another product's host", err, codes.Unimplemented)
	none := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, "storage.googleapis.com", "")))(t)
	_, err = none.GetProject(ctx, &crm.GetProjectRequest{Name: "projects/myproject-a"})
	wantCode(t, "a product that is not served", err, codes.Unimplemented)
	plain := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, "", "")))(t)
	must(plain.GetProject(ctx, &crm.GetProjectRequest{Name: "projects/myproject-a"}))(t)
	_, err = plain.CreateProject(ctx, &crm.CreateProjectRequest{Project: &crm.Project{}})
	wantCode(t, "a method that is not served", err, codes.Unimplemented)
	if code, body := get(t, httpClient(""), http.MethodDelete, "http://"+s.Addr()+"/v3/projects/myproject-a"); code != 501 || !strings.Contains(body, "/v3/projects/myproject-a") {
		t.Errorf("got %d %s", code, body)
	}
}

// TestHold sees that an answer comes only once the test lets it.
func TestHold(t *testing.T) {
	hold := make(chan struct{})
	s := start(t, sandbox.Options{Hold: hold})
	get(t, httpClient(""), http.MethodGet, "http://"+s.Addr()+"/sandbox") // never held
	c := must(resourcemanager.NewProjectsClient(t.Context(), dial(t, s, crmHost, "")))(t)
	c.CallOptions.GetProject = nil
	impatient, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.GetProject(impatient, &crm.GetProjectRequest{Name: "projects/myproject-a"})
	wantCode(t, "a held call", err, codes.DeadlineExceeded)
	answered := make(chan error, 1)
	go func() {
		_, err := c.GetProject(t.Context(), &crm.GetProjectRequest{Name: "projects/myproject-a"})
		answered <- err
	}()
	close(hold)
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

// TestCloseEndsHeldCalls sees that Close waits for nobody.
func TestCloseEndsHeldCalls(t *testing.T) {
	s := must(sandbox.Start(sandbox.Options{Hold: make(chan struct{})}))(t)
	c := must(resourcemanager.NewProjectsClient(t.Context(), dial(t, s, crmHost, "")))(t)
	c.CallOptions.GetProject = nil
	answered := make(chan error, 1)
	go func() {
		_, err := c.GetProject(t.Context(), &crm.GetProjectRequest{Name: "projects/myproject-a"})
		answered <- err
	}()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-answered; err == nil {
		t.Error("a call to a closed sandbox must fail")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestLatency(t *testing.T) {
	const latency = 30 * time.Millisecond
	s := start(t, sandbox.Options{Latency: latency})
	before := time.Now()
	get(t, httpClient(""), http.MethodGet, "http://"+s.Addr()+"/v1/projects/myproject-a/locations")
	if took := time.Since(before); took < latency {
		t.Errorf("the answer took %s, want at least %s", took, latency)
	}
}

func TestStartRefuses(t *testing.T) {
	if _, err := sandbox.Start(sandbox.Options{Caller: "dev"}); err == nil || !strings.Contains(err.Error(), "user:dev@example.com") {
		t.Errorf("got %v", err)
	}
	if _, err := sandbox.Start(sandbox.Options{Port: 70000}); err == nil || !strings.Contains(err.Error(), "--port") {
		t.Errorf("got %v", err)
	}
}

func TestEnv(t *testing.T) {
	s := start(t, sandbox.Options{})
	env := s.Env("/tmp/it's here")
	for _, line := range []string{
		"export WHOPULLS_SANDBOX=" + s.Addr() + "\n", "export CLOUDSDK_PROXY_TYPE=http_no_tunnel\n", "export CLOUDSDK_PROXY_ADDRESS=127.0.0.1\n",
		"export CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN=http://run.sandbox.test/\n",
		"export CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDASSET=http://cloudasset.sandbox.test/\n",
		"export CLOUDSDK_API_ENDPOINT_OVERRIDES_POLICYTROUBLESHOOTER=http://policytroubleshooter.sandbox.test/\n",
		`export CLOUDSDK_AUTH_ACCESS_TOKEN_FILE='/tmp/it'"'"'s here'` + "\n", "unset CLOUDSDK_CORE_PROJECT\n",
	} {
		t.Run(line, func(t *testing.T) {
			if !strings.Contains(env, line) {
				t.Errorf("%q is not in\n%s", line, env)
			}
		})
	}
	if strings.Contains(s.Env(""), "TOKEN_FILE") {
		t.Error("without a file there is no line about it")
	}
}

// Whatever the folder is called, a shell that reads the lines has the names whole, and runs nothing.
func TestEnvIsReadBack(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell here")
	}
	s := start(t, sandbox.Options{})
	for _, name := range []string{"it's", `"a"`, "$(touch pwned)", "`touch pwned`", "a\nb", "a;touch pwned", "-n", `a\`, "~", "é\u202e", "\x1b[2J", "a b  c", "*", "!x", "#", "\xff", "'", "''\n\t"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "env")
			if err := os.WriteFile(file, []byte(s.Env(name)), 0o600); err != nil {
				t.Fatal(err)
			}
			c := exec.Command(shell, "-euc", `. ./env; printf '%s|%s' "$WHOPULLS_SANDBOX" "$CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"`)
			c.Dir = dir
			out, err := c.CombinedOutput()
			if want := s.Addr() + "|" + name; err != nil || string(out) != want {
				t.Errorf("%q: %q, %v; want %q", name, out, err, want)
			}
			if left, _ := os.ReadDir(dir); len(left) != 1 {
				t.Errorf("%q: something ran: %v", name, left)
			}
		})
	}
}
