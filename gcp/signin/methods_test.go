package signin_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/signin"
)

// Without gcloud the ways out begin with it.
func TestWithoutGcloud(t *testing.T) {
	_, client := startGoogle(t, time.Hour)
	var trouble *signin.Error
	_, _, err := signin.SignIn(t.Context(), signin.Options{Account: "dev@example.com", Client: client, GcloudFolder: t.TempDir()})
	if !errors.As(err, &trouble) || !strings.Contains(trouble.Why, "gcloud is not installed, or not on the PATH") || len(trouble.Next) != 3 ||
		!strings.HasPrefix(trouble.Next[0].Words, "install gcloud") || trouble.Next[0].Command != "gcloud auth login" {
		t.Errorf("%v: %q", err, trouble.Next)
	}
}

// A metadata server that fails says nothing about who is signed in; one that has no service account does.
func TestMetadataServerInTrouble(t *testing.T) {
	_, client := startGoogle(t, time.Hour)
	for code, unreachable := range map[int]bool{http.StatusInternalServerError: true, http.StatusForbidden: false, http.StatusNotFound: false} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Metadata-Flavor", "Google")
				w.WriteHeader(code)
			}))
			t.Cleanup(server.Close)
			t.Setenv("GCE_METADATA_HOST", server.Listener.Addr().String())
			var trouble *signin.Error
			_, _, err := signin.SignIn(t.Context(), signin.Options{Client: client, GcloudFolder: t.TempDir()})
			if !errors.As(err, &trouble) || trouble.Unreachable != unreachable || strings.Contains(trouble.Why, "metadata server") != unreachable {
				t.Errorf("%d: %v", code, err)
			}
		})
	}
}

func TestMetadataServer(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	t.Setenv("GCE_METADATA_HOST", g.MetadataAddr())
	account, _, err := signin.SignIn(t.Context(), signin.Options{Client: client, GcloudFolder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if account.Method != signin.ByMetadata || account.Caller.Value != "serviceAccount:111111111111-compute@developer.gserviceaccount.com" {
		t.Errorf("%+v", account)
	}
}

// Where gcloud takes credentials from a file, a new login would change nothing.
func TestOverriddenCredentials(t *testing.T) {
	g, client := startGoogle(t, time.Hour)
	gcloud := &fakeGcloud{g: g, owners: map[string]string{"dev@example.com": "serviceAccount:" + ci}}
	asked := signin.Options{Account: "dev@example.com", OverrideOrigin: "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", Gcloud: gcloud.run, Client: client}
	const next = "take auth/credential_file_override away (CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE)"
	account, _, err := signin.SignIn(t.Context(), asked)
	if err != nil || account.MismatchedAccount != "dev@example.com" || !strings.HasSuffix(account.MismatchHint, next) || account.User {
		t.Errorf("%+v, %v", account, err)
	}
	asked.AccountFromFlag = true
	var trouble *signin.Error
	if _, _, err = signin.SignIn(t.Context(), asked); !errors.As(err, &trouble) || trouble.Next[0].String() != next || !strings.Contains(trouble.Why, "from a file") {
		t.Errorf("%v: %q", err, trouble)
	}
}

// gcloud runs in this environment, but for what would make it ask, impersonate somebody or log requests with their tokens;
// a configuration is given only where one was asked for.
func TestGcloudRunsAloneAndSilently(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	program := filepath.Join(t.TempDir(), "gcloud")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$@\"\nenv\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT": "ci@p.iam.gserviceaccount.com",
		"CLOUDSDK_CORE_LOG_HTTP": "true", "CLOUDSDK_CORE_VERBOSITY": "debug", "CLOUDSDK_CORE_DISABLE_PROMPTS": "0", "CLOUDSDK_CORE_PROJECT": "kept"} {
		t.Setenv(name, value)
	}
	for configuration, args := range map[string]string{"": "auth list", "work": "auth list --configuration=work"} {
		t.Run(cmp.Or(configuration, "empty"), func(t *testing.T) {
			out, err := signin.NewGcloud(program, configuration)(t.Context(), "auth", "list")
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			if err != nil || lines[0] != args {
				t.Errorf("%q: called with %q, %v", configuration, lines[0], err)
			}
			for _, want := range []string{"CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT=", "CLOUDSDK_CORE_LOG_HTTP=false", "CLOUDSDK_CORE_VERBOSITY=error",
				"CLOUDSDK_CORE_DISABLE_PROMPTS=1", "CLOUDSDK_CORE_PROJECT=kept"} {
				if !slices.Contains(lines, want) {
					t.Errorf("%q: without %s in\n%s", configuration, want, out)
				}
			}
		})
	}
}
