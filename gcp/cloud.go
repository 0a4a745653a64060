package gcp

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"whopulls/gcp/journal"
	"whopulls/gcp/limits"
	"whopulls/gcp/signin"
	"whopulls/model"
)

// Target says which cloud is meant and who calls. The zero value is Google with Application Default Credentials.
type Target struct {
	Sandbox      string       // HOST:PORT of a sandbox; empty: Google's own endpoints
	Account      model.Member // with a sandbox: the member that calls; empty: the sandbox's own caller
	SignIn       signin.Asked // at Google: who calls; its Client is made here
	Network      Network      // at Google: the way there
	QuotaProject string       // x-goog-user-project; empty: of a person's calls, the project that is being asked about
	OwnQuota     bool         // without a QuotaProject, send none at all (billing/quota_project LEGACY)
	Project      string       // the consumer project, where it is known from the beginning
	Later        bool         // at Google: sign in when the first call is made; until then nobody knows who calls
	UserAgent    string
	Journal      string // the folder of the journal; without one nothing can be changed
	Cache        string // a folder where facts that change rarely are kept for other commands; empty: in memory only

	// Wait waits until the quota of deny policies is free again, which a strict question does, or until ctx ends; it may
	// tell somebody meanwhile, and nothing of it remains when Read returns. Nil waits without a word.
	Wait func(ctx context.Context, until time.Time) error

	// Log hears of every attempt of a call when it ended, of several at the same time. Nil: nobody.
	Log func(Call)
}

// Cloud is a way to one Google Cloud, Google's or a sandbox's. It is safe for use by several goroutines.
type Cloud struct {
	clients *clients
	rest    *http.Client
	nobody  *http.Client // for the requests without credentials
	pace    pace
	caller  model.Fact[model.Member]
	account *signin.Account // nil in a sandbox
	asker   string          // who calls, as it was asked for: known before anybody signs in
	world   string
	origin  string
	kept    *cache
	targets *targets
	journal string // its folder
	run     string // of the changes that name none
	wait    func(ctx context.Context, until time.Time) error

	searches, assetLists *window // Cloud Asset Inventory's quotas
}

// Dial makes a Cloud. Its connections begin to open, and nobody waits for them; a sandbox is asked who it is, and at
// Google the caller signs in.
// Without credentials it answers ErrNotSignedIn, without a sandbox at the address ErrUnreachable; both carry a Hint.
func Dial(ctx context.Context, t Target) (*Cloud, error) {
	if t.Sandbox != "" {
		return dialSandbox(ctx, t, sandboxPace)
	}
	if domain := t.Network.Domain(); domain != defaultUniverse {
		return nil, otherUniverse(domain)
	}
	return dialGoogle(ctx, t, googlePace)
}

func dialSandbox(ctx context.Context, t Target, p pace) (*Cloud, error) {
	w := toSandbox(t, newTraffic(p, t.Log))
	info, err := introduction(ctx, w.rest, t.Sandbox)
	if err != nil {
		w.rest.CloseIdleConnections()
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
	c.asker = info.Caller
	c.world, c.origin = clean(info.World), "sandbox:"+clean(info.ID)
	return c, nil
}

func dialGoogle(ctx context.Context, t Target, p pace) (*Cloud, error) {
	who := &signer{in: func(ctx context.Context) (*signin.Account, error) {
		account, _, err := SignIn(ctx, t)
		return account, err
	}}
	c, err := newCloud(ctx, toGoogle(t, newTraffic(p, t.Log), who), t, p)
	if err != nil {
		return nil, err
	}
	c.origin = "google:" + t.Network.Domain()
	c.asker = keyOf(t.SignIn.Account, t.SignIn.KeyFile, t.SignIn.TokenFile, t.SignIn.Folder, strings.Join(t.SignIn.Impersonate, ","))
	if t.Later {
		c.caller = model.Unread[model.Member](model.Gap{Reason: "nobody signed in yet"})
		return c, nil
	}
	if c.account, err = who.get(ctx); err != nil { // while the connections open
		_ = c.Close() // why nobody signed in is what is told
		return nil, err
	}
	c.caller = c.account.Caller
	return c, nil
}

// SignIn signs in at Google without opening anything else; the attempts tell which ways were looked at, also when it
// fails: then with ErrNotSignedIn or ErrUnreachable.
func SignIn(ctx context.Context, t Target) (*signin.Account, []signin.Attempt, error) {
	asked, transport := t.SignIn, t.Network.transport()
	asked.Universe, asked.Client = t.Network.Universe, &http.Client{Transport: newTraffic(googlePace, t.Log).over(overridden{transport, t.Network})}
	defer transport.CloseIdleConnections()
	account, attempts, err := signin.In(asking(ctx), asked)
	var trouble *signin.Trouble
	if errors.As(err, &trouble) {
		is := ErrNotSignedIn
		if trouble.Unreachable {
			is = ErrUnreachable
		}
		return nil, attempts, &hinted{is, clean(trouble.Why), trouble.Next}
	}
	return account, attempts, err
}

func newCloud(ctx context.Context, w way, t Target, p pace) (*Cloud, error) {
	p.step = min(p.step, limits.Step)
	clients, err := newClients(ctx, w)
	if err != nil {
		w.rest.CloseIdleConnections()
		return nil, err
	}
	clients.open()
	c := &Cloud{clients: clients, rest: w.rest, nobody: w.nobody, pace: p, kept: newCache(t.Cache), wait: t.Wait, targets: &targets{}, journal: t.Journal, run: journal.NewID()}
	c.searches, c.assetLists = &window{most: p.searches}, &window{most: p.assets}
	if c.wait == nil {
		c.wait = waitUntil
	}
	return c, nil
}

// Close gives every connection back. Calls under way fail.
func (c *Cloud) Close() error {
	err := c.clients.close()
	c.rest.CloseIdleConnections()
	return err
}

// Caller is who calls, or why that is not known.
func (c *Cloud) Caller() model.Fact[model.Member] { return c.caller }

// Differs is the account that flag, environment or configuration name where the credentials are another's; empty where
// they agree, or where it is not known.
func (c *Cloud) Differs() string {
	if c.account == nil {
		return ""
	}
	return c.account.Differs
}

// Via is who impersonates the caller; empty where nobody does.
func (c *Cloud) Via() string {
	if c.account == nil {
		return ""
	}
	return c.account.Via
}

// Instead says what makes the account that Differs names call.
func (c *Cloud) Instead() string {
	if c.account == nil {
		return ""
	}
	return c.account.Instead
}

// Account is who signed in, and how; nil in a sandbox.
func (c *Cloud) Account() *signin.Account { return c.account }

// World is the name of the sandbox's world, empty at Google.
func (c *Cloud) World() string { return c.world }

// Origin tells one cloud from another for as long as it lives: google:UNIVERSE or sandbox:ID.
func (c *Cloud) Origin() string { return c.origin }
