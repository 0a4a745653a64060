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

	"whopulls/model"
)

// refused says why a way that there is gave no token: expired, refused, or nobody answered.
func (s *signing) refused(ctx context.Context, w Way, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	again := s.again(w)
	switch text := told(err); {
	case strings.Contains(text, "gcloud crashed"):
		return &Trouble{Why: text, Unreachable: true, Next: []string{"gcloud itself fails, whatever asks it; whopulls info shows what is set, and where"}}
	case unanswered(err, text):
		return &Trouble{Why: "no token could be had (" + string(w) + "): " + text, Unreachable: true, Next: []string{NetworkAdvice(text)}}
	case reauthentication(text):
		return &Trouble{Why: "the organization asks to sign in again from time to time, and it is time (" + string(w) + ")",
			Next: []string{again, nextSandbox}}
	case expired(text):
		return &Trouble{Why: "the login has expired or was revoked (" + string(w) + ")", Next: []string{again, nextSandbox}}
	case w == ByTokenFile:
		return &Trouble{Why: "the access token that " + s.tokenFrom() + " names can't be had: " + text,
			Next: []string{"correct " + s.tokenFrom() + ", or take it away and sign in: " + nextGcloud, nextSandbox}}
	default:
		return &Trouble{Why: "no token could be had (" + string(w) + "): " + text, Next: []string{again, nextSandbox}}
	}
}

// again is how to sign in anew by a way.
func (s *signing) again(w Way) string {
	switch w {
	case ByGcloud:
		if strings.HasSuffix(s.Account, ".gserviceaccount.com") { // they have no login
			return "gcloud auth activate-service-account " + shellescape.Quote(s.Account) + " --key-file=FILE"
		}
		return nextGcloud + " " + shellescape.Quote(s.Account)
	case ByTokenFile:
		return "put a new token into " + s.TokenFile + ", or " + s.withoutTokenFile() + " and sign in: " + nextGcloud
	case ByKeyFile: // that command makes a file elsewhere, which the variable keeps from being looked at
		return "renew the file that " + varKeyFile + " names, or unset it and sign in: " + nextGcloud
	}
	return nextADC
}

// NetworkAdvice is what to do about an error of the network, by its text.
func NetworkAdvice(text string) string {
	switch {
	case strings.Contains(text, "x509:"), strings.Contains(text, "certificate verify failed"):
		return "name the certificates of your network's authority: gcloud config set core/custom_ca_certs_file FILE"
	case strings.Contains(text, "proxy"):
		return "check the proxy (whopulls info shows what is set, and where), then try again"
	}
	return "check the network and the proxy settings, then try again"
}

// expired tells the words of a login that ran out or was taken back (RFC 6749 section 5.2).
func expired(text string) bool { return strings.Contains(text, "invalid_grant") }

// reauthentication tells the words of an organization's session length (Workspace, "Set session length for Google Cloud
// services").
func reauthentication(text string) bool {
	return strings.Contains(text, "invalid_rapt") || strings.Contains(text, "Reauthentication")
}

var networkWords = regexp.MustCompile(`(?i)can't connect to the proxy|certificate verify failed|connection (refused|error|reset|aborted)|unable to find the server|max retries|timed out|proxyerror|sslerror`)

func unanswered(err error, text string) bool {
	var network net.Error
	var file *fs.PathError // whose cause passes for an error of the network
	var said Said
	switch {
	case errors.As(err, &file):
		return false
	case errors.As(err, &said):
		return networkWords.MatchString(text)
	case errors.As(err, &network):
		return true
	}
	var refused *auth.Error
	return errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode >= http.StatusInternalServerError
}

// told is an error in one line. Of what gcloud says the advice is left out: whopulls gives its own.
func told(err error) string {
	text := err.Error()
	var said Said
	if errors.As(err, &said) {
		text, _, _ = strings.Cut(text, "Please run:")
		text = inPlainWords(strings.TrimPrefix(strings.TrimSpace(text), "ERROR: (gcloud.config.config-helper) "))
	}
	return strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".")
}

// pythonHost is where gcloud could not get, as its libraries tell it.
var pythonHost = regexp.MustCompile(`HTTPSConnectionPool\(host='([^']+)'`)

// inPlainWords tells what gcloud says of a network, or of its own crash, without the inside of its libraries.
func inPlainWords(text string) string {
	host := pythonHost.FindStringSubmatch(text)
	crash, _, crashed := strings.Cut(text, "If you would like to report")
	switch {
	case crashed:
		return strings.TrimPrefix(strings.TrimSpace(crash), "ERROR: ")
	case host != nil && strings.Contains(text, "ProxyError"):
		return "gcloud can't connect to the proxy on the way to " + host[1]
	case host != nil && strings.Contains(text, "SSLError"):
		return "gcloud does not trust the certificate of " + host[1] + " (certificate verify failed)"
	case host != nil:
		return "gcloud can't reach " + host[1] + " (max retries exceeded)"
	}
	return text
}

// impersonate puts the chain of --impersonate-service-account on top.
func (s *signing) impersonate(ctx context.Context, base *found) (*found, error) {
	if len(s.Impersonate) == 0 {
		return base, nil
	}
	client, err := s.signed(base.Credentials)
	if err != nil {
		return nil, err
	}
	last := len(s.Impersonate) - 1
	target := s.Impersonate[last]
	creds, err := impersonate.NewCredentials(&impersonate.CredentialsOptions{TargetPrincipal: target, Delegates: s.Impersonate[:last],
		Scopes: []string{Scope}, Client: client, Credentials: base.Credentials})
	if err != nil {
		return nil, &Trouble{Why: "service account " + target + " can't be impersonated: " + told(err), Next: WaysOut()}
	}
	f := &found{Account: base.Account}
	f.watch = nil // of the one who impersonates
	f.Credentials, f.User = s.credentials(creds), false
	f.Via, f.Differs, f.Instead = base.Source, "", ""
	if base.Caller.Read() {
		f.Via = nameOf(base.Caller.Value)
	}
	f.explain = func(ctx context.Context, err error) error { return s.notImpersonated(ctx, target, err) }
	if f.token, err = f.Token(ctx); err != nil {
		return nil, err
	}
	member, err := memberOf(target)
	if err != nil {
		return nil, err
	}
	f.Caller = model.Known(member)
	return f, nil
}

// signed is a client that calls as the one who impersonates.
func (s *signing) signed(base *auth.Credentials) (*http.Client, error) {
	return httptransport.NewClient(&httptransport.Options{Credentials: base, BaseRoundTripper: s.Client.Transport, UniverseDomain: s.Universe})
}

// notImpersonated: the library tells the status in its text only.
func (s *signing) notImpersonated(ctx context.Context, target string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	text := told(err)
	if strings.Contains(text, "status code 403") || strings.Contains(text, "status code 404") {
		need := "roles/iam.serviceAccountTokenCreator on " + target
		if chain := strings.Join(s.Impersonate, " -> "); len(s.Impersonate) > 1 {
			need = "roles/iam.serviceAccountTokenCreator on each of " + chain + ", for the one before it"
		}
		return &Trouble{Why: "service account " + target + " is not there, or you may not impersonate it",
			Next: []string{"you need " + need, "or leave out --impersonate-service-account (CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT, auth/impersonate_service_account)"}}
	}
	if unanswered(err, text) {
		return &Trouble{Why: "service account " + target + " can't be impersonated: " + text, Unreachable: true, Next: []string{NetworkAdvice(text)}}
	}
	return &Trouble{Why: "service account " + target + " can't be impersonated: " + text, Next: WaysOut()}
}
