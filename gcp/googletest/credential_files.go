package googletest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
)

const tokenURL = "https://oauth2.googleapis.com/token"

// WriteJSON puts a file of JSON into the folder and gives its path.
func (g *Google) WriteJSON(name string, content any) (string, error) {
	text, err := json.MarshalIndent(content, "", " ")
	if err != nil {
		return "", err
	}
	file := filepath.Join(g.Dir, name)
	return file, os.WriteFile(file, text, 0o600)
}

// UserFile is a file as gcloud auth application-default login writes it; the refresh token is the member itself.
func UserFile(refresh string) map[string]string {
	return map[string]string{"type": "authorized_user", "client_id": "id", "client_secret": "secret", "refresh_token": refresh,
		"account": "", "universe_domain": "googleapis.com"}
}

// KeyFile is a service account's key.
func KeyFile(project, email string) (map[string]string, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return map[string]string{"type": "service_account", "project_id": project, "private_key_id": "k1", "client_email": email, "client_id": "1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": tokenURL, "universe_domain": "googleapis.com"}, nil
}

// FederatedFile is a configuration of workload identity federation whose subject token is in a file. email is
// the service account that it impersonates; empty: none.
func FederatedFile(subject, email string) map[string]any {
	file := map[string]any{"type": "external_account", "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
		"audience":  "//iam.googleapis.com/projects/111111111111/locations/global/workloadIdentityPools/pool/providers/github",
		"token_url": "https://sts.googleapis.com/v1/token", "token_info_url": "https://sts.googleapis.com/v1/introspect",
		"credential_source": map[string]string{"file": subject}, "universe_domain": "googleapis.com"}
	if email != "" {
		file["service_account_impersonation_url"] = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/" + email + ":generateAccessToken"
	}
	return file
}
