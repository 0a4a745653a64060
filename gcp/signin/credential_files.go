package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"

	"whopulls/files"
	"whopulls/model"
)

// byTokenFile takes the token that a file holds; anyone who writes the file keeps it fresh, so it is read for each call.
func (s *signInRun) byTokenFile(ctx context.Context) (*candidate, error) {
	if s.TokenFile == "" {
		return nil, nil
	}
	f := &candidate{Account: Account{Method: ByTokenFile, Source: s.TokenFile, Kind: "access token",
		Credentials: auth.NewCredentials(&auth.CredentialsOptions{TokenProvider: tokenFile(s.TokenFile),
			UniverseDomainProvider: auth.CredentialsPropertyFunc(func(context.Context) (string, error) { return s.universe(), nil })})}}
	f.lookUpOwner = func(ctx context.Context) (model.Member, error) { return s.tokenInfo(ctx, f.token.Value) }
	f.checkToken = func(ctx context.Context, a *Account, token *auth.Token) error { return s.checkOwner(ctx, a, f, token) }
	return s.firstToken(ctx, f)
}

// checkOwner refuses a token of another account than the first token in the file. The reads and the journal
// would otherwise belong to somebody else.
func (s *signInRun) checkOwner(ctx context.Context, a *Account, f *candidate, token *auth.Token) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.token == nil || token.Value == f.token.Value || !a.Caller.Read() {
		return nil
	}
	owner, err := s.tokenInfo(ctx, token.Value)
	switch {
	case err != nil:
		return &Error{Why: "whose the new token in " + s.TokenFile + " is could not be found out: " + userMessage(err), Unreachable: true, Next: []model.Advice{NetworkAdvice(rawMessage(err))}}
	case owner != a.Caller.Value:
		return &Error{Why: fmt.Sprintf("the token in %s is that of %s by now, and was that of %s", s.TokenFile, accountName(owner), accountName(a.Caller.Value)),
			Next: []model.Advice{{Words: "run whopulls again, to call as " + accountName(owner)}, nextSandbox}}
	}
	f.token = token
	return nil
}

// maxCredentialFile is far more than a token or a key comes to.
const maxCredentialFile = 1 << 20

// tokenFile is the path of a file with an access token.
type tokenFile string

// Token reads the file.
func (t tokenFile) Token(context.Context) (*auth.Token, error) {
	content, err := files.Read(string(t), maxCredentialFile)
	if err != nil {
		return nil, err
	}
	token := strings.TrimSpace(strings.TrimPrefix(string(content), byteOrderMark))
	if token == "" || strings.ContainsFunc(token, isInvalidInToken) {
		return nil, errors.New("the file does not hold one access token and nothing else, in plain text (ASCII)")
	}
	return &auth.Token{Value: token, Type: "Bearer"}, nil
}

// byteOrderMark is what some editors, and PowerShell, begin a text in UTF-8 with.
const byteOrderMark = "\ufeff"

// isInvalidInToken says what stands in no token (RFC 6750 section 2.1): blanks, controls, and whatever is not ASCII.
func isInvalidInToken(r rune) bool { return r <= ' ' || r > '~' }

// byKeyFile comes first of all, unless an account was asked for by --account.
func (s *signInRun) byKeyFile(ctx context.Context) (*candidate, error) {
	if s.KeyFile == "" || s.AccountFromFlag {
		return nil, nil
	}
	return s.fromFile(ctx, ByKeyFile, s.KeyFile)
}

// adcName is what gcloud auth application-default login writes into gcloud's folder.
const adcName = "application_default_credentials.json"

// byADCFile takes the file of Application Default Credentials; GOOGLE_APPLICATION_CREDENTIALS names it, or it
// is in gcloud's folder.
func (s *signInRun) byADCFile(ctx context.Context) (*candidate, error) {
	if s.KeyFile != "" {
		return s.fromFile(ctx, ByKeyFile, s.KeyFile)
	}
	if s.GcloudFolder == "" {
		s.addAttempt(ByADCFile, "gcloud's folder is not known")
		return nil, nil
	}
	file := filepath.Join(s.GcloudFolder, adcName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		s.addAttempt(ByADCFile, "there is no "+file)
		return nil, nil
	}
	return s.fromFile(ctx, ByADCFile, file)
}

// keyFile has the fields of a credentials file that are read here. The library reads the file on its own.
type keyFile struct {
	Type         string `json:"type"`
	ClientEmail  string `json:"client_email"`
	Impersonates string `json:"service_account_impersonation_url"`
	TokenInfo    string `json:"token_info_url"`
	Quota        string `json:"quota_project_id"`
}

// credentialKinds names the types of files for people.
var credentialKinds = map[string]string{
	string(credentials.ServiceAccount): "service account key", string(credentials.AuthorizedUser): "user",
	string(credentials.ExternalAccount): "workload identity federation", string(credentials.ExternalAccountAuthorizedUser): "workforce identity federation",
	string(credentials.ImpersonatedServiceAccount): "impersonated service account", string(credentials.GDCHServiceAccount): "GDCH service account",
}

func (s *signInRun) fromFile(ctx context.Context, w Method, file string) (*candidate, error) {
	fail := func(why string) (*candidate, error) {
		s.addAttempt(w, why)
		next := []model.Advice{{Words: "make new ones:", Command: loginADC}, {Words: "or take " + file + " out of the way"}, nextSandbox}
		if w == ByKeyFile {
			next = []model.Advice{nextGcloudLogin("correct " + varKeyFile + ", or unset it and sign in:"), nextSandbox}
		}
		return nil, &Error{Why: fmt.Sprintf("the credentials of %s can't be used: %s", w, why), Next: next}
	}
	content, err := files.Read(file, maxCredentialFile)
	if err != nil {
		return fail(err.Error())
	}
	var key keyFile
	if err := json.Unmarshal(content, &key); err != nil {
		return fail(file + " is no JSON: " + err.Error())
	}
	kind, known := credentialKinds[key.Type]
	if !known {
		return fail(fmt.Sprintf("%s holds credentials of the type %q, which is not known here", file, key.Type))
	}
	creds, err := credentials.NewCredentialsFromJSON(credentials.CredType(key.Type), content, &credentials.DetectOptions{
		Scopes: []string{Scope}, Client: s.Client, EarlyTokenRefresh: refreshEarly, DisableAsyncRefresh: true, UniverseDomain: s.Universe})
	if err != nil {
		return fail(file + ": " + err.Error())
	}
	f := &candidate{Account: Account{Method: w, Source: file, Kind: kind, User: key.Type == string(credentials.AuthorizedUser), Credentials: creds}}
	s.setOwnerLookup(f, key)
	return s.firstToken(ctx, f)
}

// setOwnerLookup says how the owner of a file is found out: by the file where it says so, else by Google's word on its token.
func (s *signInRun) setOwnerLookup(f *candidate, key keyFile) {
	f.lookUpOwner = func(ctx context.Context) (model.Member, error) {
		switch {
		case key.Impersonates != "":
			// …/projects/-/serviceAccounts/EMAIL:generateAccessToken
			return memberFromEmail(strings.TrimSuffix(path.Base(key.Impersonates), ":generateAccessToken"))
		case key.ClientEmail != "":
			return memberFromEmail(key.ClientEmail)
		case f.User:
			return s.tokenInfo(ctx, f.token.Value)
		case strings.HasPrefix(key.Type, "external_account"):
			return s.introspect(ctx, key.TokenInfo, f.token.Value)
		}
		return "", errors.New("nothing in the credentials names their owner")
	}
}
