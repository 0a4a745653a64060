// Package signin finds out who calls Google Cloud, and gets their tokens. They come from gcloud, from
// Application Default Credentials, or from a file, in an order that it can explain. It keeps no token
// anywhere.
package signin

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"cloud.google.com/go/auth"

	"whopulls/model"
)

// Scope is what tokens are asked for; IAM decides the rest.
const Scope = "https://www.googleapis.com/auth/cloud-platform"

// Options is what flags, variables and gcloud's configuration say about who calls.
type Options struct {
	TokenFile       string   // holds an access token (auth/access_token_file)
	TokenFileOrigin string   // what names that file: the variable, or a configuration
	OverrideOrigin  string   // what sets auth/credential_file_override, by which gcloud takes credentials from a file; empty: nothing
	KeyFile         string   // GOOGLE_APPLICATION_CREDENTIALS
	Account         string   // that a flag, a variable or the configuration names; empty: none does
	AccountFromFlag bool     // the account was given by --account
	Impersonate     []string // the delegation chain; the last account is the one impersonated
	GcloudFolder    string   // gcloud's, with its Application Default Credentials; empty: none
	Universe        string   // empty: googleapis.com
	Gcloud          Gcloud   // nil: there is no gcloud
	Client          *http.Client
}

// Method is how somebody signed in.
type Method string

// The ways, in the words that whopulls info uses.
const (
	ByTokenFile   Method = "access-token file"
	ByGcloud      Method = "gcloud"
	ByKeyFile     Method = "GOOGLE_APPLICATION_CREDENTIALS"
	ByADCFile     Method = "Application Default Credentials"
	ByMetadata    Method = "metadata server"
	byNone        Method = "none"
	defaultDomain        = "googleapis.com"
)

// Attempt is a way that was looked at, and what came of it.
type Attempt struct {
	Method Method `json:"way"`
	Result string `json:"result"`
}

// Account is who signed in. Its credentials refresh themselves before they run out.
type Account struct {
	Credentials       *auth.Credentials
	Caller            model.Fact[model.Member] // by the credential or by Google's word on its token, never by a property
	Method            Method
	Source            string       // the file, or the account that gcloud was asked for
	Kind              string       // of the credential, for people: user, service account key
	User              bool         // a person's credentials, whose quota is a project's of their choice
	ImpersonatedBy    string       // who impersonates, by their name or what their credentials come from; empty: nobody does
	MismatchedAccount string       // the account that was named, where the credential is another's
	MismatchHint      string       // what makes that one call; empty if the credential is its own
	signInAgain       model.Advice // what signs in again
	explainError      func(ctx context.Context, err error) error
	checkToken        func(ctx context.Context, a *Account, token *auth.Token) error // looks at each token; nil: nobody does
}

// Token is a token that is still good. Its error is a *Trouble, or that of ctx.
func (a *Account) Token(ctx context.Context) (*auth.Token, error) {
	token, err := a.Credentials.Token(ctx)
	switch {
	case err != nil && a.explainError != nil:
		return nil, a.explainError(ctx, err)
	case err == nil && a.checkToken != nil:
		err = a.checkToken(ctx, a, token)
	}
	return token, err
}

// QuotaProject is the project whose quota a person's credentials bring with them; empty: none.
func (a *Account) QuotaProject(ctx context.Context) string {
	if !a.User {
		return ""
	}
	project, err := a.Credentials.QuotaProjectID(ctx)
	if err != nil {
		return ""
	}
	return project
}

// RejectedError says that Google did not accept a token of the account, and what to do.
func (a *Account) RejectedError(why string) *Error {
	return &Error{Why: "the sign-in by " + string(a.Method) + " was not accepted: " + why, Next: []model.Advice{a.signInAgain, nextSandbox}}
}

// Error is why nobody is signed in, and what to do. Its message is one clause without a dot.
type Error struct {
	Why         string
	Next        []model.Advice
	Unreachable bool // Google could not be asked
}

// Error says why.
func (t *Error) Error() string { return t.Why }

// Hint says what to do next, a thing in each line: a command, or words with a command behind a colon.
func (t *Error) Hint() string { return strings.Join(model.AdviceLines(t.Next), "\n") }

// Nexts says the same, with the commands apart.
func (t *Error) Nexts() []model.Advice { return t.Next }

// The variables that come before gcloud.
const (
	varKeyFile   = "GOOGLE_APPLICATION_CREDENTIALS"
	varTokenFile = "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"
)

// The commands that sign in.
const (
	loginGcloud = "gcloud auth login"
	loginADC    = "gcloud auth application-default login"
)

// nextSandbox is the way out that is always there.
// inAppLogin is what to do inside the app, where flags are too late.
const inAppLogin = "choose another account or configuration ({palette})"

var nextSandbox = model.Advice{Words: "or, without an account:", Command: "whopulls --sandbox"}

// nextGcloudLogin are words that lead to gcloud's login.
func nextGcloudLogin(words string) model.Advice {
	return model.Advice{Words: words, Command: loginGcloud}
}

// NextSteps are the two commands that sign in, and the sandbox as a third way.
func NextSteps() []model.Advice {
	return []model.Advice{{Command: loginGcloud}, {Words: "or, for Application Default Credentials:", Command: loginADC}, nextSandbox}
}

// SignIn tries the ways to sign in, in order. It gets a token by the first one that exists, and finds out
// whose token it is. The attempts come back in each case. The error is a *Trouble, or that of ctx.
func SignIn(ctx context.Context, options Options) (*Account, []Attempt, error) {
	s := &signInRun{Options: options}
	found, err := s.findCredentials(ctx)
	if err == nil {
		err = s.findOwner(ctx, found)
	}
	if err == nil {
		found, err = s.impersonate(ctx, found)
	}
	if err != nil {
		return nil, s.attempts, err
	}
	account := found.Account
	return &account, s.attempts, nil
}

// signInRun is one run of In.
type signInRun struct {
	Options
	attempts []Attempt
}

// candidate is an account whose name may still have to be asked for.
type candidate struct {
	Account
	mu          sync.Mutex // guards token
	token       *auth.Token
	lookUpOwner func(ctx context.Context) (model.Member, error) // nil: the caller is known already
}

func (s *signInRun) addAttempt(w Method, result string) {
	s.attempts = append(s.attempts, Attempt{w, result})
}

// findCredentials takes the first way that there is. A way that was asked for and fails ends the search: calling as somebody else
// would be worse than not calling.
func (s *signInRun) findCredentials(ctx context.Context) (*candidate, error) {
	for _, way := range []func(context.Context) (*candidate, error){s.byKeyFile, s.byTokenFile, s.byGcloud, s.byADCFile, s.byMetadata} {
		f, err := way(ctx)
		if err != nil || f != nil {
			return f, err
		}
	}
	return nil, s.noCredentialsError()
}

// noCredentialsError says that no way led anywhere.
func (s *signInRun) noCredentialsError() error {
	why := "no account is active in gcloud"
	if s.Account != "" {
		why = "gcloud holds no credentials for " + s.Account
	}
	if s.Gcloud == nil {
		why = "gcloud is not installed, or not on the PATH"
	}
	t := &Error{Why: why + ", and there are no Application Default Credentials", Next: NextSteps()}
	if s.AccountFromFlag {
		t.Next[0] = s.signInAgain(ByGcloud)
	}
	if s.Gcloud == nil {
		t.Next[0] = model.Advice{Words: "install gcloud (https://cloud.google.com/sdk/docs/install) or put it on the PATH, then:", Command: t.Next[0].Command}
	}
	return t
}

// firstToken gets the first token of a way, so that what is wrong with it is reported before anything else is tried.
func (s *signInRun) firstToken(ctx context.Context, f *candidate) (*candidate, error) {
	f.signInAgain = s.signInAgain(f.Method)
	f.explainError = func(ctx context.Context, err error) error { return s.tokenError(ctx, f.Method, err) }
	token, err := f.Token(ctx)
	if err != nil {
		s.addAttempt(f.Method, err.Error())
		return nil, err
	}
	f.token = token
	s.addAttempt(f.Method, "signed in with "+f.Source)
	return f, nil
}

// findOwner finds out whose the token is. That nobody says so is a gap, and no error.
func (s *signInRun) findOwner(ctx context.Context, f *candidate) error {
	if f.lookUpOwner != nil {
		member, err := f.lookUpOwner(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			f.Caller = unknownCaller(userMessage(err))
		default:
			f.Caller = model.Known(member)
		}
	}
	switch {
	case s.Account == "", f.Caller.Read() && strings.EqualFold(s.Account, accountName(f.Caller.Value)):
		return nil
	case !f.Caller.Read() && (!s.AccountFromFlag || f.Method == ByGcloud): // gcloud itself keeps them under that name
		return nil
	case s.AccountFromFlag:
		return s.wrongAccountError(f)
	}
	f.MismatchedAccount, f.MismatchHint = s.Account, s.mismatchHint(f.Method)
	return nil
}

// wrongAccountError: with --account, neither another account nor an unknown one makes the calls.
func (s *signInRun) wrongAccountError(f *candidate) error {
	whose, other := "nobody knows the owner", ""
	if f.Caller.Read() {
		whose, other = "the owner is "+accountName(f.Caller.Value), " to call as "+accountName(f.Caller.Value)
	}
	next := []model.Advice{s.signInAgain(ByGcloud), {Words: "or leave out --account" + other, InApp: "or " + inAppLogin}, nextSandbox}
	why := fmt.Sprintf("gcloud holds no credentials for %s, and of those that there are (%s) %s", s.Account, f.Method, whose)
	switch f.Method {
	case ByTokenFile: // nobody asked gcloud
		why, next[0] = fmt.Sprintf("the access token that %s names is not that of %s: %s", s.tokenFileOrigin(), s.Account, whose), model.Advice{Words: s.removeTokenFileHint() + ", which comes first"}
	case ByGcloud:
		why = fmt.Sprintf("what gcloud keeps under the name %s are another's credentials: %s", s.Account, whose)
		if s.OverrideOrigin != "" {
			why = fmt.Sprintf("gcloud takes credentials from a file instead of those of %s: %s", s.Account, whose)
			next[0] = model.Advice{Words: s.removeOverrideHint()}
		}
	}
	return &Error{Why: why, Next: next}
}

// mismatchHint says what to do to call as the account that is named: what came before it must give way.
func (s *signInRun) mismatchHint(w Method) string {
	switch w {
	case ByKeyFile:
		return "to call as that account: --account=" + s.Account + ", or unset " + varKeyFile
	case ByTokenFile:
		return "to call as that account: " + s.removeTokenFileHint()
	case ByGcloud:
		if s.OverrideOrigin != "" {
			return "gcloud takes credentials from a file instead; to call as that account: " + s.removeOverrideHint()
		}
		return "gcloud keeps another's credentials under that name; to renew them: " + s.signInAgain(w).String()
	}
	return "to call as that account: " + s.signInAgain(ByGcloud).String()
}

// overrideProperty is the property by which gcloud takes credentials from a file, whatever the account.
const overrideProperty = "auth/credential_file_override"

func (s *signInRun) removeOverrideHint() string {
	return "take " + overrideProperty + " away (" + s.OverrideOrigin + ")"
}

// tokenFileOrigin is what names the file with the access token.
func (s *signInRun) tokenFileOrigin() string {
	if s.TokenFileOrigin == "" || s.TokenFileOrigin == varTokenFile {
		return varTokenFile
	}
	return "auth/access_token_file (" + s.TokenFileOrigin + ")"
}

// removeTokenFileHint is how to call by something else.
func (s *signInRun) removeTokenFileHint() string {
	if from := s.tokenFileOrigin(); from != varTokenFile {
		return "take away " + from
	}
	return "unset " + varTokenFile
}

// accountName is how gcloud calls a member: an e-mail, or the whole of a federated identity.
func accountName(m model.Member) string {
	if m.Email() != "" {
		return m.Email()
	}
	return string(m)
}

func unknownCaller(why string) model.Fact[model.Member] {
	return model.Unread[model.Member](model.Gap{
		Cause: model.GapFailed, Reason: "who is signed in could not be found out (" + why + ")", Next: "name the deployer with --deployer", NextInApp: inAppLogin})
}

// memberFromEmail makes a member of an e-mail address that Google gave. Service accounts are reported by their domain (IAM,
// "Service account types").
func memberFromEmail(email string) (model.Member, error) {
	kind := "user:"
	if at := strings.LastIndexByte(email, '@'); at > 0 && strings.HasSuffix(email[at:], ".gserviceaccount.com") {
		kind = "serviceAccount:"
	}
	return model.ParseMember(kind + email)
}

func (s *signInRun) universe() string {
	if s.Universe == "" {
		return defaultDomain
	}
	return s.Universe
}

// ParseChain takes the value of --impersonate-service-account apart, and refuses what is no list of e-mails.
func ParseChain(value string) ([]string, error) {
	if value == "" {
		return nil, nil
	}
	chain := strings.Split(value, ",")
	for i, account := range chain {
		chain[i] = strings.TrimSpace(account)
		if _, err := model.ParseAccountEmail(chain[i]); err != nil {
			return nil, err
		}
	}
	return slices.Clip(chain), nil
}
