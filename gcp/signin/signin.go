// Package signin finds out who calls Google Cloud, and gets their tokens: from gcloud, from Application Default
// Credentials, or from a file, in an order that it can explain. It keeps no token anywhere.
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

// Asked is what flags, variables and gcloud's configuration say about who calls.
type Asked struct {
	TokenFile   string   // holds an access token (auth/access_token_file)
	TokenFrom   string   // what names that file: the variable, or a configuration
	Override    string   // what sets auth/credential_file_override, by which gcloud takes credentials from a file; empty: nothing
	KeyFile     string   // GOOGLE_APPLICATION_CREDENTIALS
	Account     string   // that a flag, a variable or the configuration names; empty: none does
	Insisted    bool     // the account was given by --account
	Impersonate []string // the last one is called as; those before it each stand surety for the next
	Folder      string   // gcloud's, with its Application Default Credentials; empty: none
	Universe    string   // empty: googleapis.com
	Gcloud      Gcloud   // nil: there is no gcloud
	Client      *http.Client
}

// Way is how somebody signed in.
type Way string

// The ways, in the words that whopulls info uses.
const (
	ByTokenFile   Way = "access-token file"
	ByGcloud      Way = "gcloud"
	ByKeyFile     Way = "GOOGLE_APPLICATION_CREDENTIALS"
	ByADCFile     Way = "Application Default Credentials"
	ByMetadata    Way = "metadata server"
	byNone        Way = "none"
	defaultDomain     = "googleapis.com"
)

// Attempt is a way that was looked at, and what came of it.
type Attempt struct {
	Way    Way    `json:"way"`
	Result string `json:"result"`
}

// Account is who signed in. Its credentials refresh themselves before they run out.
type Account struct {
	Credentials *auth.Credentials
	Caller      model.Fact[model.Member] // by the credential or by Google's word on its token, never by a property
	Way         Way
	Source      string       // the file, or the account that gcloud was asked for
	Kind        string       // of the credential, for people: user, service account key
	User        bool         // a person's credentials, whose quota is a project's of their choice
	Via         string       // who impersonates, by their name or what their credentials come from; empty: nobody does
	Differs     string       // the account that was named, where the credential is another's
	Instead     string       // what makes that one call; empty where the credential is its own
	again       model.Advice // what signs in anew
	explain     func(ctx context.Context, err error) error
	watch       func(ctx context.Context, a *Account, token *auth.Token) error // looks at each token; nil: nobody does
}

// Token is a token that is still good. Its error is a *Trouble, or that of ctx.
func (a *Account) Token(ctx context.Context) (*auth.Token, error) {
	token, err := a.Credentials.Token(ctx)
	switch {
	case err != nil && a.explain != nil:
		return nil, a.explain(ctx, err)
	case err == nil && a.watch != nil:
		err = a.watch(ctx, a, token)
	}
	return token, err
}

// Carries is the project whose quota a person's credentials bring with them; empty: none.
func (a *Account) Carries(ctx context.Context) string {
	if !a.User {
		return ""
	}
	project, err := a.Credentials.QuotaProjectID(ctx)
	if err != nil {
		return ""
	}
	return project
}

// Rejected says that Google did not accept a token of the account, and what to do.
func (a *Account) Rejected(why string) *Trouble {
	return &Trouble{Why: "the sign-in by " + string(a.Way) + " was not accepted: " + why, Next: []model.Advice{a.again, nextSandbox}}
}

// Trouble is why nobody is signed in, and what to do. Its message is one clause without a dot.
type Trouble struct {
	Why         string
	Next        []model.Advice
	Unreachable bool // Google could not be asked
}

// Error says why.
func (t *Trouble) Error() string { return t.Why }

// Hint says what to do next, a thing in each line: a command, or words with a command behind a colon.
func (t *Trouble) Hint() string { return strings.Join(model.AdviceLines(t.Next), "\n") }

// Nexts says the same, with the commands apart.
func (t *Trouble) Nexts() []model.Advice { return t.Next }

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
var nextSandbox = model.Advice{Words: "or, without an account:", Command: "whopulls --sandbox"}

// leads are words that lead to gcloud's login.
func leads(words string) model.Advice { return model.Advice{Words: words, Command: loginGcloud} }

// WaysOut are the two commands that sign in, and the sandbox as a third way.
func WaysOut() []model.Advice {
	return []model.Advice{{Command: loginGcloud}, {Words: "or, for Application Default Credentials:", Command: loginADC}, nextSandbox}
}

// In signs in: it looks at the ways in order, gets a first token by the first that there is, and finds out whose it is.
// The attempts come back in each case. The error is a *Trouble, or that of ctx.
func In(ctx context.Context, asked Asked) (*Account, []Attempt, error) {
	s := &signing{Asked: asked}
	found, err := s.find(ctx)
	if err == nil {
		err = s.name(ctx, found)
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

// signing is one run of In.
type signing struct {
	Asked
	attempts []Attempt
}

// found is an account whose name may still have to be asked for.
type found struct {
	Account
	mu    sync.Mutex // guards token
	token *auth.Token
	named func(ctx context.Context) (model.Member, error) // nil: the caller is known already
}

func (s *signing) note(w Way, result string) { s.attempts = append(s.attempts, Attempt{w, result}) }

// find takes the first way that there is. A way that was asked for and fails ends the search: calling as somebody else
// would be worse than not calling.
func (s *signing) find(ctx context.Context) (*found, error) {
	for _, way := range []func(context.Context) (*found, error){s.byKeyFile, s.byTokenFile, s.byGcloud, s.byADCFile, s.byMetadata} {
		f, err := way(ctx)
		if err != nil || f != nil {
			return f, err
		}
	}
	return nil, s.nobody()
}

// nobody says that no way led anywhere.
func (s *signing) nobody() error {
	why := "no account is active in gcloud"
	if s.Account != "" {
		why = "gcloud holds no credentials for " + s.Account
	}
	if s.Gcloud == nil {
		why = "gcloud is not installed, or not on the PATH"
	}
	t := &Trouble{Why: why + ", and there are no Application Default Credentials", Next: WaysOut()}
	if s.Insisted {
		t.Next[0] = s.again(ByGcloud)
	}
	if s.Gcloud == nil {
		t.Next[0] = model.Advice{Words: "install gcloud (https://cloud.google.com/sdk/docs/install) or put it on the PATH, then:", Command: t.Next[0].Command}
	}
	return t
}

// first gets the first token of a way, so that what is wrong with it is told before anything else is tried.
func (s *signing) first(ctx context.Context, f *found) (*found, error) {
	f.again = s.again(f.Way)
	f.explain = func(ctx context.Context, err error) error { return s.refused(ctx, f.Way, err) }
	token, err := f.Token(ctx)
	if err != nil {
		s.note(f.Way, err.Error())
		return nil, err
	}
	f.token = token
	s.note(f.Way, "signed in with "+f.Source)
	return f, nil
}

// name finds out whose the token is. That nobody says so is a gap, and no error.
func (s *signing) name(ctx context.Context, f *found) error {
	if f.named != nil {
		member, err := f.named(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			f.Caller = unnamed(told(err))
		default:
			f.Caller = model.Known(member)
		}
	}
	switch {
	case s.Account == "", f.Caller.Read() && strings.EqualFold(s.Account, nameOf(f.Caller.Value)):
		return nil
	case !f.Caller.Read() && (!s.Insisted || f.Way == ByGcloud): // gcloud itself keeps them under that name
		return nil
	case s.Insisted:
		return s.notInsisted(f)
	}
	f.Differs, f.Instead = s.Account, s.instead(f.Way)
	return nil
}

// notInsisted: whoever gives --account is called as by no other, nor by somebody of whom nobody knows who it is.
func (s *signing) notInsisted(f *found) error {
	whose, other := "nobody knows the owner", ""
	if f.Caller.Read() {
		whose, other = "the owner is "+nameOf(f.Caller.Value), " to call as "+nameOf(f.Caller.Value)
	}
	next := []model.Advice{s.again(ByGcloud), {Words: "or leave out --account" + other}, nextSandbox}
	why := fmt.Sprintf("gcloud holds no credentials for %s, and of those that there are (%s) %s", s.Account, f.Way, whose)
	switch f.Way {
	case ByTokenFile: // nobody asked gcloud
		why, next[0] = fmt.Sprintf("the access token that %s names is not that of %s: %s", s.tokenFrom(), s.Account, whose), model.Advice{Words: s.withoutTokenFile() + ", which comes first"}
	case ByGcloud:
		why = fmt.Sprintf("what gcloud keeps under the name %s are another's credentials: %s", s.Account, whose)
		if s.Override != "" {
			why = fmt.Sprintf("gcloud takes credentials from a file in the place of those of %s: %s", s.Account, whose)
			next[0] = model.Advice{Words: s.withoutOverride()}
		}
	}
	return &Trouble{Why: why, Next: next}
}

// instead says what to do to call as the account that is named: what came before it must give way.
func (s *signing) instead(w Way) string {
	switch w {
	case ByKeyFile:
		return "to call as that account: --account=" + s.Account + ", or unset " + varKeyFile
	case ByTokenFile:
		return "to call as that account: " + s.withoutTokenFile()
	case ByGcloud:
		if s.Override != "" {
			return "gcloud takes credentials from a file instead; to call as that account: " + s.withoutOverride()
		}
		return "gcloud keeps another's credentials under that name; to renew them: " + s.again(w).String()
	}
	return "to call as that account: " + s.again(ByGcloud).String()
}

// overridden is the property by which gcloud takes credentials from a file, whatever the account.
const overridden = "auth/credential_file_override"

func (s *signing) withoutOverride() string {
	return "take " + overridden + " away (" + s.Override + ")"
}

// tokenFrom is what names the file with the access token.
func (s *signing) tokenFrom() string {
	if s.TokenFrom == "" || s.TokenFrom == varTokenFile {
		return varTokenFile
	}
	return "auth/access_token_file (" + s.TokenFrom + ")"
}

// withoutTokenFile is how to call by something else.
func (s *signing) withoutTokenFile() string {
	if from := s.tokenFrom(); from != varTokenFile {
		return "take away " + from
	}
	return "unset " + varTokenFile
}

// nameOf is how gcloud calls a member: an e-mail, or the whole of a federated identity.
func nameOf(m model.Member) string {
	if m.Email() != "" {
		return m.Email()
	}
	return string(m)
}

func unnamed(why string) model.Fact[model.Member] {
	return model.Unread[model.Member](model.Gap{
		Reason: "who is signed in could not be found out (" + why + "); name the deployer with --deployer"})
}

// memberOf makes a member of an e-mail address that Google gave. Service accounts are told by their domain (IAM,
// "Service account types").
func memberOf(email string) (model.Member, error) {
	kind := "user:"
	if at := strings.LastIndexByte(email, '@'); at > 0 && strings.HasSuffix(email[at:], ".gserviceaccount.com") {
		kind = "serviceAccount:"
	}
	return model.ParseMember(kind + email)
}

func (s *signing) universe() string {
	if s.Universe == "" {
		return defaultDomain
	}
	return s.Universe
}

// Chain takes the value of --impersonate-service-account apart, and refuses what is no list of e-mails.
func Chain(value string) ([]string, error) {
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
