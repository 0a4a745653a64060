package signin

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"cloud.google.com/go/auth"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// Gcloud runs gcloud with arguments. Its error is what gcloud wrote on standard error, where it wrote anything.
type Gcloud func(ctx context.Context, args ...string) (stdout []byte, err error)

// GcloudError is a failure in gcloud's own words.
type GcloudError string

// Error is what gcloud wrote.
func (e GcloudError) Error() string { return string(e) }

const (
	gcloudTimeout = 30 * time.Second
	// Tokens live for an hour. gcloud is asked again in the last minutes, and then makes a new one.
	refreshEarly = 4 * time.Minute
	minExpiry    = "--min-expiry=5m"
)

// NewGcloud runs the program as gcloud, in the environment of this process; it never prompts, and
// impersonates nobody: that comes on top here. configuration is the value of --configuration, empty if it was
// not given.
func NewGcloud(program, configuration string) Gcloud {
	return func(ctx context.Context, args ...string) ([]byte, error) {
		limited, cancel := context.WithTimeout(ctx, gcloudTimeout)
		defer cancel()
		if configuration != "" {
			args = append(args, "--configuration="+configuration)
		}
		c := exec.CommandContext(limited, program, args...)
		c.Env = append(os.Environ(), "CLOUDSDK_CORE_DISABLE_PROMPTS=1", "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT=",
			"CLOUDSDK_CORE_VERBOSITY=error", "CLOUDSDK_CORE_LOG_HTTP=false")
		c.WaitDelay = time.Second
		isolateProcess(c)
		var stdout, stderr limitedBuffer
		c.Stdout, c.Stderr = &stdout, &stderr
		err := c.Run()
		switch {
		case stdout.overflowed || stderr.overflowed:
			return nil, fmt.Errorf("gcloud prints more than %d bytes, which is no answer", limits.GcloudOutput)
		case err == nil || ctx.Err() != nil:
			return stdout.Bytes(), err
		case limited.Err() != nil:
			return nil, fmt.Errorf("gcloud gave no answer within %s: %w", gcloudTimeout, limited.Err())
		case stderr.Len() > 0:
			return nil, GcloudError(stderr.String())
		}
		return nil, err
	}
}

// limitedBuffer is the beginning of what a command prints; one that prints on finds that nobody reads it.
type limitedBuffer struct {
	bytes.Buffer
	overflowed bool
}

// Write keeps what there is room for.
func (h *limitedBuffer) Write(p []byte) (int, error) {
	if h.overflowed = h.overflowed || h.Len()+len(p) > limits.GcloudOutput; h.overflowed {
		return 0, io.ErrShortWrite
	}
	return h.Buffer.Write(p)
}

// byGcloud asks gcloud for a token of the account, if gcloud holds credentials for it.
func (s *signInRun) byGcloud(ctx context.Context) (*candidate, error) {
	switch {
	case s.Account == "" && s.OverrideOrigin == "":
		s.addAttempt(ByGcloud, "no account is named by flag, variable or configuration")
		return nil, nil
	case s.Gcloud == nil:
		s.addAttempt(ByGcloud, "gcloud is not installed, or not on the PATH")
		return nil, nil
	}
	helper := &configHelper{gcloud: s.Gcloud, account: s.Account}
	_, err := helper.Token(ctx)
	var said GcloudError
	if errors.As(err, &said) && strings.Contains(string(said), "does not have any valid credentials") {
		s.addAttempt(ByGcloud, "gcloud holds no credentials for "+s.Account)
		return nil, nil
	}
	f := &candidate{Account: Account{Method: ByGcloud, Source: cmp.Or(s.Account, overrideProperty), Kind: gcloudKind(s.Account),
		Credentials: s.credentials(&primedProvider{first: helper.token, err: err, next: helper})}}
	f.User = f.Kind == kindUser
	f.lookUpOwner = func(ctx context.Context) (model.Member, error) {
		member, err := s.gcloudOwner(ctx, helper)
		if err == nil { // gcloud may keep other credentials under the account's name
			f.Kind = gcloudKind(accountName(member))
			f.User = f.Kind == kindUser
		}
		return member, err
	}
	return s.firstToken(ctx, f)
}

// The kinds of credentials that gcloud holds, by the names of their accounts.
const (
	kindUser      = "user"
	kindService   = "service account"
	kindFederated = "federated identity"
)

func gcloudKind(account string) string {
	switch {
	case strings.HasSuffix(account, ".gserviceaccount.com"):
		return kindService
	case isFederated(account):
		return kindFederated
	}
	return kindUser
}

func isFederated(account string) bool { return strings.HasPrefix(account, "principal://") }

// gcloudOwner prefers the ID token that came with the access token: it needs no further call.
func (s *signInRun) gcloudOwner(ctx context.Context, helper *configHelper) (model.Member, error) {
	if email := emailFromIDToken(helper.idToken); email != "" {
		return memberFromEmail(email)
	}
	if isFederated(s.Account) {
		return s.introspect(ctx, "", helper.token.Value)
	}
	return s.tokenInfo(ctx, helper.token.Value)
}

// configHelper gets tokens from gcloud config config-helper, which is made for other programs.
type configHelper struct {
	gcloud  Gcloud
	account string
	token   *auth.Token // the last one
	idToken string
}

// Token asks gcloud, which refreshes the token when it is about to run out.
func (h *configHelper) Token(ctx context.Context) (*auth.Token, error) {
	args := []string{"config", "config-helper", "--format=json", minExpiry}
	if h.account != "" {
		args = append(args, "--account="+h.account)
	}
	out, err := h.gcloud(ctx, args...)
	if err != nil {
		return nil, err
	}
	var output struct {
		Credential struct {
			Access string    `json:"access_token"`
			ID     string    `json:"id_token"`
			Expiry time.Time `json:"token_expiry"`
		} `json:"credential"`
	}
	if err := json.Unmarshal(out, &output); err != nil {
		return nil, errors.New("the output of gcloud config config-helper can't be parsed: " + err.Error())
	}
	if output.Credential.Access == "" {
		return nil, errors.New("gcloud config config-helper gave no access token")
	}
	h.idToken = output.Credential.ID
	h.token = &auth.Token{Value: output.Credential.Access, Type: "Bearer", Expiry: output.Credential.Expiry}
	return h.token, nil
}

// primedProvider hands over the answer that is there already, then asks.
type primedProvider struct {
	first *auth.Token
	err   error
	next  auth.TokenProvider
}

// Token gives the first answer once.
func (o *primedProvider) Token(ctx context.Context) (*auth.Token, error) {
	if token, err := o.first, o.err; token != nil || err != nil {
		o.first, o.err = nil, nil
		return token, err
	}
	return o.next.Token(ctx)
}

// credentials make a new token before the old one runs out, and wait for it.
func (s *signInRun) credentials(p auth.TokenProvider) *auth.Credentials {
	return auth.NewCredentials(&auth.CredentialsOptions{
		TokenProvider:          auth.NewCachedTokenProvider(shortLivedProvider{p}, &auth.CachedTokenProviderOptions{ExpireEarly: refreshEarly, DisableAsyncRefresh: true}),
		UniverseDomainProvider: auth.CredentialsPropertyFunc(func(context.Context) (string, error) { return s.universe(), nil }),
	})
}

// shortLivedProvider keeps tokens that live shorter than what is kept in hand from being made again for each call: they serve half
// of their life.
type shortLivedProvider struct{ auth.TokenProvider }

// Token puts the end of a short life so far off that it is refreshed in time.
func (p shortLivedProvider) Token(ctx context.Context) (*auth.Token, error) {
	token, err := p.TokenProvider.Token(ctx)
	if err != nil || token.Expiry.IsZero() {
		return token, err
	}
	if left := time.Until(token.Expiry); left > 0 && left < 2*refreshEarly {
		short := *token
		short.Expiry = time.Now().Add(left/2 + refreshEarly)
		return &short, nil
	}
	return token, nil
}

// emailFromIDToken reads the e-mail of an ID token from Google's own tools. It does not check the signature,
// because nothing depends on it.
func emailFromIDToken(idToken string) string {
	parts := strings.Split(idToken, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	var claims struct {
		Email string `json:"email"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	return claims.Email
}
