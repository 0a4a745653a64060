package sandbox_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"

	"whopulls/gcp/sandbox"
)

func TestLog(t *testing.T) {
	var file bytes.Buffer
	s := start(t, sandbox.Options{Log: &file})
	ctx := t.Context()
	c := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, nobody)))(t)
	_, _ = c.GetProject(ctx, &crm.GetProjectRequest{Name: "projects/myproject-a"})
	address := "http://" + s.Addr()
	get(t, httpClient(dev), http.MethodGet, address+"/v3/projects/myproject-a?access_token=ya29.query")
	get(t, httpClient("ya29.secret"), http.MethodGet, address+"/v3/projects/myproject-a")
	get(t, httpClient(""), http.MethodGet, address+"/v3/projects/a%1b%5b31m")
	get(t, httpClient(""), http.MethodGet, address+"/sandbox")
	want := []string{
		"cloudresourcemanager google.cloud.resourcemanager.v3.Projects/GetProject projects/myproject-a user:nobody@example.com PERMISSION_DENIED",
		" GET /v3/projects/myproject-a projects/myproject-a user:dev@example.com OK",
		" GET /v3/projects/myproject-a projects/myproject-a  UNAUTHENTICATED",
		" GET /v3/projects/a%1b%5b31m projects/a\x1b[31m user:dev@example.com PERMISSION_DENIED",
	}
	var got []string
	for _, e := range s.Log() {
		got = append(got, strings.Join([]string{e.Product, e.Method, e.Resource, e.Caller, e.Outcome}, " "))
		if e.Time.IsZero() || e.Millis < 0 {
			t.Errorf("%+v took no time", e)
		}
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	_, served := get(t, httpClient(""), http.MethodGet, address+"/sandbox/log")
	if served != file.String() {
		t.Errorf("served\n%s\nwritten\n%s", served, file.String())
	}
	if strings.Contains(served, "ya29") || strings.ContainsAny(served, "\x1b\x7f\u0085\u202e") {
		t.Errorf("it shows what it must not:\n%s", served)
	}
	lines := bufio.NewScanner(strings.NewReader(served))
	for i := 0; lines.Scan(); i++ {
		var e sandbox.LogEntry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e != s.Log()[i] {
			t.Errorf("line %d: %s (%v)", i, lines.Text(), err)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestLogUnwritten checks that a log with gaps is reported.
func TestLogUnwritten(t *testing.T) {
	s := must(sandbox.Start(sandbox.Options{Log: fullDisk{}}))(t)
	get(t, httpClient(""), http.MethodGet, "http://"+s.Addr()+"/v3/projects/myproject-a")
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("closing says %v", err)
	}
}
