package googletest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// oauth is oauth2.googleapis.com: refresh tokens and signed assertions become access tokens; tokeninfo tells whose one is.
func (t *tokens) oauth() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", t.handleToken)
	mux.HandleFunc("POST /tokeninfo", func(w http.ResponseWriter, r *http.Request) {
		owner, ok := t.owner(r.FormValue("access_token"))
		switch {
		case !ok || strings.HasPrefix(owner.member, "principal"):
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_token", "error_description": "Invalid Value"})
		case owner.withoutEmail:
			writeJSON(w, http.StatusOK, map[string]string{"azp": "1", "scope": "https://www.googleapis.com/auth/cloud-platform"})
		default:
			writeJSON(w, http.StatusOK, map[string]string{"azp": "1", "email": emailOf(owner.member), "email_verified": "true"})
		}
	})
	return mux
}

// The refresh tokens that get none, and how Google says so.
const (
	ExpiredRefresh = "expired"
	RaptRefresh    = "rapt"
)

// handleToken takes refresh tokens, which here are the members themselves, and assertions of service accounts.
func (t *tokens) handleToken(w http.ResponseWriter, r *http.Request) {
	switch r.FormValue("grant_type") {
	case "refresh_token":
		t.handleRefresh(w, r.FormValue("refresh_token"))
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		if email := issuer(r.FormValue("assertion")); email != "" {
			t.writeToken(w, "serviceAccount:"+email, nil)
			return
		}
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
	default:
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
	}
}

func (t *tokens) handleRefresh(w http.ResponseWriter, refresh string) {
	_, err := os.Stat(filepath.Join(t.dir, "revoked"))
	switch {
	case refresh == ExpiredRefresh, err == nil:
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
	case refresh == RaptRefresh:
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_subtype": "invalid_rapt",
			"error_description": "reauth related error (invalid_rapt)", "error_uri": "https://support.google.com/a/answer/9368756"})
	case !strings.Contains(refresh, ":"):
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "Bad Request"})
	default:
		t.writeToken(w, refresh, map[string]any{"id_token": idToken(emailOf(refresh))})
	}
}

func (t *tokens) writeToken(w http.ResponseWriter, member string, more map[string]any) {
	token, _ := t.issue(member, false)
	body := map[string]any{"access_token": token, "expires_in": int(t.life.Seconds()), "token_type": "Bearer",
		"scope": "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/cloud-platform"}
	for k, v := range more {
		body[k] = v
	}
	writeJSON(w, http.StatusOK, body)
}

// issuer reads who signed an assertion; whether they did is not looked at.
func issuer(assertion string) string {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Issuer string `json:"iss"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	return claims.Issuer
}

// sts is sts.googleapis.com: the subject token is taken for the name of the federated identity.
func (t *tokens) sts() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/token", func(w http.ResponseWriter, r *http.Request) {
		pool := strings.TrimPrefix(r.FormValue("audience"), "//iam.googleapis.com/")
		pool, _, _ = strings.Cut(pool, "/providers/")
		subject := strings.TrimSpace(r.FormValue("subject_token"))
		if subject == ExpiredRefresh {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "ID Token issued at 1 is stale to sign-in."})
			return
		}
		t.writeToken(w, "principal://iam.googleapis.com/"+pool+"/subject/"+subject, map[string]any{
			"issued_token_type": "urn:ietf:params:oauth:token-type:access_token"})
	})
	mux.HandleFunc("POST /v1/introspect", func(w http.ResponseWriter, r *http.Request) {
		owner, ok := t.owner(r.FormValue("token"))
		if !ok {
			writeJSON(w, http.StatusOK, map[string]any{"active": false})
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"active": true, "username": owner.member})
	})
	return mux
}

// iamCredentials is iamcredentials.googleapis.com: the caller, and each delegate for the next, must have been allowed.
func (t *tokens) iamCredentials() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, ok := t.memberOf(r)
		target, called := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/v1/projects/-/serviceAccounts/"), ":generateAccessToken")
		var body struct {
			Delegates []string `json:"delegates"`
		}
		if !ok || !called || json.NewDecoder(r.Body).Decode(&body) != nil {
			unauthenticated(w, r)
			return
		}
		chain := []string{}
		for _, d := range body.Delegates {
			chain = append(chain, strings.TrimPrefix(d, "projects/-/serviceAccounts/"))
		}
		for _, account := range append(chain, target) {
			if !t.mayImpersonate(account, caller) {
				writeJSON(w, http.StatusForbidden, map[string]any{"error": map[string]any{"code": 403, "status": "PERMISSION_DENIED",
					"message": "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."}})
				return
			}
			caller = "serviceAccount:" + account
		}
		token, until := t.issue(caller, false)
		writeJSON(w, http.StatusOK, map[string]string{"accessToken": token, "expireTime": until.UTC().Format(time.RFC3339)})
	})
}

func (t *tokens) mayImpersonate(account, member string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Contains(t.impersonators[account], member)
}

// machineAccount is the service account of the machine whose metadata server this is.
const machineAccount = "111111111111-compute@developer.gserviceaccount.com"

// metadata is a machine's metadata server.
func (t *tokens) metadata() http.Handler {
	mux := http.NewServeMux()
	const account = "/computeMetadata/v1/instance/service-accounts/default/"
	mux.HandleFunc("GET "+account+"token", func(w http.ResponseWriter, _ *http.Request) { t.writeToken(w, "serviceAccount:"+machineAccount, nil) })
	mux.HandleFunc("GET "+account+"email", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(machineAccount)) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Metadata-Flavor", "Google")
		if r.URL.Path != "/" && r.Header.Get("Metadata-Flavor") != "Google" {
			http.Error(w, "the header Metadata-Flavor is missing", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
