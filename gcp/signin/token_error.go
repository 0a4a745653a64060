package signin

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"regexp"
	"strings"

	"al.essio.dev/pkg/shellescape"
	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials/impersonate"
	"cloud.google.com/go/auth/httptransport"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// tokenError says why a way that there is gave no token: expired, refused, or nobody answered.
func (s *signInRun) tokenError(ctx context.Context, w Method, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	again := s.signInAgain(w)
	text, heard := userMessage(err), rawMessage(err)
	switch {
	case isGcloudCrash(heard):
		return &Error{Why: text, Unreachable: true, Next: []model.Advice{{Words: "gcloud itself fails, whatever asks it; whopulls info shows what is set, and where"}}}
	case isNetworkFailure(err, heard):
		return &Error{Why: "no token could be had (" + string(w) + "): " + text, Unreachable: true, Next: []model.Advice{NetworkAdvice(heard)}}
	case isReauthentication(heard):
		return &Error{Why: "the organization asks to sign in again from time to time, and it is time (" + string(w) + ")",
			Next: []model.Advice{again, nextSandbox}}
	case isExpiredLogin(heard):
		return &Error{Why: "the login has expired or was revoked (" + string(w) + ")", Next: []model.Advice{again, nextSandbox}}
	case w == ByTokenFile:
		return &Error{Why: "the access token that " + s.tokenFileOrigin() + " names can't be had: " + text,
			Next: []model.Advice{nextGcloudLogin("correct " + s.tokenFileOrigin() + ", or take it away and sign in:"), nextSandbox}}
	default:
		return &Error{Why: "no token could be had (" + string(w) + "): " + text, Next: []model.Advice{again, nextSandbox}}
	}
}

// signInAgain is how to sign in again by a way.
func (s *signInRun) signInAgain(w Method) model.Advice {
	switch w {
	case ByGcloud:
		if strings.HasSuffix(s.Account, ".gserviceaccount.com") { // they have no login
			return model.Advice{Command: "gcloud auth activate-service-account " + shellescape.Quote(s.Account) + " --key-file=FILE"}
		}
		return model.Advice{Command: loginGcloud + " " + shellescape.Quote(s.Account)}
	case ByTokenFile:
		return nextGcloudLogin("put a new token into " + s.TokenFile + ", or " + s.removeTokenFileHint() + " and sign in:")
	case ByKeyFile: // that command makes a file elsewhere, which the variable keeps from being looked at
		return nextGcloudLogin("renew the file that " + varKeyFile + " names, or unset it and sign in:")
	}
	return model.Advice{Command: loginADC}
}

// NetworkAdvice is what to do about an error of the network, by what the network's own libraries said about it.
func NetworkAdvice(text string) model.Advice {
	switch {
	case strings.Contains(text, "x509:"), strings.Contains(text, "certificate verify failed"):
		return model.Advice{Words: "name the certificates of your network's authority:", Command: "gcloud config set core/custom_ca_certs_file FILE"}
	case strings.Contains(text, "proxy"):
		return model.Advice{Words: "check the proxy (whopulls info shows what is set, and where), then try again"}
	}
	return model.Advice{Words: "check the network and the proxy settings, then try again"}
}

// isExpiredLogin tells the words of a login that ran out or was taken back (RFC 6749 section 5.2).
func isExpiredLogin(text string) bool { return strings.Contains(text, "invalid_grant") }

// isReauthentication tells the words of an organization's session length (Workspace, "Set session length for Google Cloud
// services").
func isReauthentication(text string) bool {
	return strings.Contains(text, "invalid_rapt") || strings.Contains(text, "Reauthentication")
}

var networkPattern = regexp.MustCompile(`(?i)can't connect to the proxy|certificate verify failed|connection (refused|error|reset|aborted)|unable to find the server|max retries|timed out|proxyerror|sslerror`)

func isNetworkFailure(err error, text string) bool {
	var network net.Error
	var file *fs.PathError // whose cause passes for an error of the network
	var said GcloudError
	switch {
	case errors.As(err, &file):
		return false
	case errors.As(err, &said):
		return networkPattern.MatchString(text)
	case errors.As(err, &network):
		return true
	}
	var refused *auth.Error
	return errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode >= http.StatusInternalServerError
}

// rawMessage is what gcloud or a library said, to be decided on. Of gcloud's words the advice is left out: it names what may
// not be at fault.
func rawMessage(err error) string {
	text := err.Error()
	var said GcloudError
	if errors.As(err, &said) {
		text, _, _ = strings.Cut(text, "Please run:")
	}
	return text
}

// userMessage is an error in one line, for people. Of what gcloud says the advice is left out: whopulls gives its own.
func userMessage(err error) string {
	text := rawMessage(err)
	var said GcloudError
	if errors.As(err, &said) {
		text = plainGcloudMessage(strings.TrimPrefix(strings.TrimSpace(text), "ERROR: (gcloud.config.config-helper) "))
	}
	return limits.Shorten(strings.TrimSuffix(strings.Join(strings.Fields(text), " "), "."))
}

// isGcloudCrash tells a fault of gcloud's own from a network that it did not get through.
func isGcloudCrash(heard string) bool {
	_, _, reported := strings.Cut(heard, "If you would like to report")
	return strings.Contains(heard, "gcloud crashed") && (reported || !pythonHostPattern.MatchString(heard))
}

// pythonHostPattern is where gcloud could not get, as its libraries tell it.
var pythonHostPattern = regexp.MustCompile(`HTTPSConnectionPool\(host='([^']+)'`)

// plainGcloudMessage says what gcloud says about a network, or of its own crash, without the inside of its libraries.
func plainGcloudMessage(text string) string {
	host := pythonHostPattern.FindStringSubmatch(text)
	crash, _, crashed := strings.Cut(text, "If you would like to report")
	switch {
	case crashed:
		return strings.TrimPrefix(strings.TrimSpace(crash), "ERROR: ")
	case host != nil && strings.Contains(text, "ProxyError"):
		return "gcloud can't connect to the proxy on the way to " + host[1]
	case host != nil && strings.Contains(text, "SSLError"):
		return "gcloud does not trust the certificate of " + host[1] + ""
	case host != nil:
		return "gcloud can't reach " + host[1] + ""
	}
	return text
}

// impersonate puts the chain of --impersonate-service-account on top.
func (s *signInRun) impersonate(ctx context.Context, base *candidate) (*candidate, error) {
	if len(s.Impersonate) == 0 {
		return base, nil
	}
	client, err := s.impersonatorClient(base.Credentials)
	if err != nil {
		return nil, err
	}
	last := len(s.Impersonate) - 1
	target := s.Impersonate[last]
	creds, err := impersonate.NewCredentials(&impersonate.CredentialsOptions{TargetPrincipal: target, Delegates: s.Impersonate[:last],
		Scopes: []string{Scope}, Client: client, Credentials: base.Credentials})
	if err != nil {
		return nil, &Error{Why: "service account " + target + " can't be impersonated: " + userMessage(err), Next: NextSteps()}
	}
	f := &candidate{Account: base.Account}
	f.checkToken = nil // of the one who impersonates
	f.Credentials, f.User = s.credentials(creds), false
	f.ImpersonatedBy, f.MismatchedAccount, f.MismatchHint = base.Source, "", ""
	if base.Caller.Read() {
		f.ImpersonatedBy = accountName(base.Caller.Value)
	}
	f.explainError = func(ctx context.Context, err error) error { return s.impersonationError(ctx, target, err) }
	if f.token, err = f.Token(ctx); err != nil {
		return nil, err
	}
	member, err := memberFromEmail(target)
	if err != nil {
		return nil, err
	}
	f.Caller = model.Known(member)
	return f, nil
}

// impersonatorClient is a client that calls as the one who impersonates.
func (s *signInRun) impersonatorClient(base *auth.Credentials) (*http.Client, error) {
	return httptransport.NewClient(&httptransport.Options{Credentials: base, BaseRoundTripper: s.Client.Transport, UniverseDomain: s.Universe})
}

// impersonationError: the library tells the status in its text only.
func (s *signInRun) impersonationError(ctx context.Context, target string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	text, heard := userMessage(err), rawMessage(err)
	if strings.Contains(heard, "status code 403") || strings.Contains(heard, "status code 404") {
		need := "roles/iam.serviceAccountTokenCreator on " + target
		if chain := strings.Join(s.Impersonate, " -> "); len(s.Impersonate) > 1 {
			need = "roles/iam.serviceAccountTokenCreator on each of " + chain + ", for the one before it"
		}
		return &Error{Why: "service account " + target + " is not there, or you may not impersonate it",
			Next: []model.Advice{{Words: "you need " + need}, {Words: "or leave out --impersonate-service-account (CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT, auth/impersonate_service_account)", InApp: "or " + inAppLogin}}}
	}
	if isNetworkFailure(err, heard) {
		return &Error{Why: "service account " + target + " can't be impersonated: " + text, Unreachable: true, Next: []model.Advice{NetworkAdvice(heard)}}
	}
	return &Error{Why: "service account " + target + " can't be impersonated: " + text, Next: NextSteps()}
}
