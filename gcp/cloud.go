// Package gcp reads from Google Cloud the facts of a model.Situation, lists what a user can pick, and performs a
// model.Step. Its calls go through package transport.
//
// The same code speaks to Google and to a sandbox. They differ in where a connection goes and who calls
// (transport/route.go). Perform is the only function that changes anything.
package gcp

import (
	"context"
	"net/http"
	"strings"
	"time"

	"whopulls/gcp/cache"
	"whopulls/gcp/journal"
	"whopulls/gcp/limits"
	"whopulls/gcp/share"
	"whopulls/gcp/signin"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// Options says which cloud is meant and who calls. The zero value is Google with Application Default Credentials.
type Options struct {
	Sandbox        string            // HOST:PORT of a sandbox; empty: Google's own endpoints
	Account        model.Member      // with a sandbox: the member that calls; empty: the sandbox's own caller
	SignIn         signin.Options    // at Google: who calls; its Client is made here
	Network        transport.Network // at Google: the way there
	QuotaProject   string            // x-goog-user-project; empty: of a person's calls, the project that is being asked about
	NoQuotaProject bool              // without a QuotaProject, send none at all (billing/quota_project LEGACY)
	Project        string            // the consumer project, where it is known from the beginning
	LazySignIn     bool              // at Google: sign in when the first call is made; until then nobody knows who calls
	UserAgent      string
	JournalFolder  string // the folder of the journal; without one nothing can be changed
	// MakeJournalFolder is called before the journal is first written. Nil: the journal makes its folder itself.
	MakeJournalFolder func() error
	CacheFolder       string // a folder where facts that change rarely are kept for other commands; empty: in memory only

	// WaitForQuota waits until the quota of deny policies is free again, or until ctx ends. A strict question
	// waits. It may show a notice while it waits, and must remove it before Read returns. Nil: it waits
	// silently.
	WaitForQuota func(ctx context.Context, until time.Time) error

	// LogCall hears of every attempt of a call when it ended, of several at the same time. Nil: nobody.
	LogCall func(transport.Call)

	// OnRetry hears of every call that is sent again, of several at the same time. What it gives is called when that is over. Nil:
	// nobody hears of it.
	OnRetry func(transport.Retry) (over func())
}

// route is what the calls need to know.
func (t Options) route() transport.Options {
	return transport.Options{Sandbox: t.Sandbox, Account: string(t.Account), Network: t.Network, QuotaProject: t.QuotaProject,
		NoQuotaProject: t.NoQuotaProject, Project: t.Project, UserAgent: t.UserAgent}
}

// Cloud is a way to one Google Cloud, Google's or a sandbox's. It is safe for use by several goroutines.
type Cloud struct {
	clients         *transport.Clients
	rest            *http.Client
	anonymous       *http.Client // for the requests without credentials
	timing          timing
	caller          model.Fact[model.Member]
	account         *signin.Account // nil in a sandbox
	requestedCaller string          // who calls, as it was asked for: known before anybody signs in
	world           string
	origin          string
	now             func() time.Time // the clock
	cache           *cache.Store
	projects        *projectCache
	journalFolder   string       // its folder
	makeFolder      func() error // makes that; nil: the journal does
	runID           string       // of the changes that name none
	waitForQuota    func(ctx context.Context, until time.Time) error
	shared          *share.Calls[taskResult] // of a ReadAll: the calls that its readings make once for all; nil: each reading makes its own

	searchQuota, assetQuota *rateLimiter // Cloud Asset Inventory's quotas
}

// Dial makes a Cloud. Its connections begin to open, and nobody waits for them; a sandbox is asked who it is, and at
// Google the caller signs in.
// Without credentials it answers ErrNotSignedIn, without a sandbox at the address ErrUnreachable; both carry a Hint.
func Dial(ctx context.Context, t Options) (*Cloud, error) {
	if t.Sandbox != "" {
		return dialSandbox(ctx, t, sandboxTiming)
	}
	if domain := t.Network.Domain(); domain != transport.DefaultUniverse {
		return nil, transport.UnsupportedUniverseError(domain)
	}
	return dialGoogle(ctx, t, googleTiming)
}

// traffic is what every call of a connection goes through.
func (t Options) traffic(p timing) *transport.Traffic {
	all := transport.NewTraffic(p.calls, t.LogCall)
	all.OnRetry = t.OnRetry
	return all
}

func dialSandbox(ctx context.Context, t Options, p timing) (*Cloud, error) {
	w := transport.RouteToSandbox(t.route(), t.traffic(p))
	info, err := transport.FetchSandboxInfo(ctx, w.REST, t.Sandbox)
	if err != nil {
		w.REST.CloseIdleConnections()
		return nil, err
	}
	if t.Account != "" {
		info.Caller = string(t.Account)
	}
	c, err := newCloud(ctx, w, t, p)
	if err != nil {
		return nil, err
	}
	c.caller = model.Known(model.Member(clean(info.Caller)))
	c.requestedCaller = info.Caller
	c.world, c.origin = clean(info.World), "sandbox:"+clean(info.ID)
	return c, nil
}

func dialGoogle(ctx context.Context, t Options, p timing) (*Cloud, error) {
	signIn := transport.NewLazySignIn(t.Network, t.SignIn, t.LogCall)
	c, err := newCloud(ctx, transport.RouteToGoogle(t.route(), t.traffic(p), signIn), t, p)
	if err != nil {
		return nil, err
	}
	c.origin = "google:" + t.Network.Domain()
	c.requestedCaller = cache.Key(t.SignIn.Account, t.SignIn.KeyFile, t.SignIn.TokenFile, t.SignIn.GcloudFolder, strings.Join(t.SignIn.Impersonate, ","))
	if t.LazySignIn {
		c.caller = model.Unread[model.Member](model.Gap{Reason: "nobody signed in yet", Cause: model.GapFailed})
		return c, nil
	}
	if c.account, err = signIn.Get(ctx); err != nil { // while the connections open
		_ = c.Close() // the failed sign-in is the error to report
		return nil, err
	}
	c.caller = c.account.Caller
	return c, nil
}

// SignIn signs in at Google without opening anything else. The attempts say which credentials were tried, also when it
// fails: then with ErrNotSignedIn or ErrUnreachable.
func SignIn(ctx context.Context, t Options) (*signin.Account, []signin.Attempt, error) {
	return transport.SignIn(ctx, t.Network, t.SignIn, t.LogCall)
}

func newCloud(ctx context.Context, w transport.Route, t Options, p timing) (*Cloud, error) {
	p.stepTimeout = min(p.stepTimeout, limits.StepTime)
	clients, err := transport.NewClients(ctx, w)
	if err != nil {
		w.REST.CloseIdleConnections()
		return nil, err
	}
	clients.Connect()
	c := &Cloud{clients: clients, rest: w.REST, anonymous: w.Anonymous, timing: p, now: time.Now, waitForQuota: t.WaitForQuota, projects: &projectCache{}, journalFolder: t.JournalFolder, makeFolder: t.MakeJournalFolder, runID: journal.NewID()}
	c.cache = cache.New(t.CacheFolder, func() time.Time { return c.now() })
	c.searchQuota, c.assetQuota = &rateLimiter{perMinute: p.searchesPerMinute}, &rateLimiter{perMinute: p.assetPagesPerMinute}
	if c.waitForQuota == nil {
		c.waitForQuota = waitUntil
	}
	return c, nil
}

// Close gives every connection back. Calls under way fail.
func (c *Cloud) Close() error {
	err := c.clients.Close()
	c.rest.CloseIdleConnections()
	return err
}

// Caller is who calls, or why that is not known.
func (c *Cloud) Caller() model.Fact[model.Member] { return c.caller }

// MismatchedAccount is the account that flag, environment or configuration name where the credentials are
// another's; empty if they agree, or where it is not known.
func (c *Cloud) MismatchedAccount() string {
	if c.account == nil {
		return ""
	}
	return c.account.MismatchedAccount
}

// ImpersonatedBy is who impersonates the caller; empty if nobody does.
func (c *Cloud) ImpersonatedBy() string {
	if c.account == nil {
		return ""
	}
	return c.account.ImpersonatedBy
}

// MismatchHint says what makes the account that Differs names call.
func (c *Cloud) MismatchHint() string {
	if c.account == nil {
		return ""
	}
	return c.account.MismatchHint
}

// Account is who signed in, and how; nil in a sandbox.
func (c *Cloud) Account() *signin.Account { return c.account }

// World is the name of the sandbox's world, empty at Google.
func (c *Cloud) World() string { return c.world }

// Origin tells one cloud from another for as long as it lives: google:UNIVERSE or sandbox:ID.
func (c *Cloud) Origin() string { return c.origin }
