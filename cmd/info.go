package cmd

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/view"
	"whopulls/files"
	"whopulls/gcp"
	"whopulls/gcp/gcloud"
	"whopulls/gcp/signin"
	"whopulls/gcp/transport"
	"whopulls/model"
)

const infoLong = `Shows who calls Google Cloud and how they signed in, which gcloud configuration
is in use and what it holds, where calls go, and which files whopulls reads and
writes.

whopulls signs in with the first of these that exists:

  1. the credentials that GOOGLE_APPLICATION_CREDENTIALS names (not where
     --account is given)
  2. the access token in the file of CLOUDSDK_AUTH_ACCESS_TOKEN_FILE
  3. gcloud, for the account of --account, CLOUDSDK_CORE_ACCOUNT or the active
     configuration, where gcloud holds credentials for it
  4. Application Default Credentials: the file that gcloud auth
     application-default login makes, else the metadata server

--impersonate-service-account applies on top of each.

Exit code: 0, signed in or not; 2 if a setting can't be used; the output
names it.`

const infoExample = `  # who am I here, and why?
  whopulls info

  # who am I in the sandbox?
  whopulls info --sandbox

  # for a script
  whopulls info --format=json`

func newInfo(p *program) *cobra.Command {
	f := flags{tolerant: true}
	c := &cobra.Command{
		Use: "info", Short: "Tell who calls, how they signed in, and what is configured",
		Long: infoLong, Example: infoExample, Args: refuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, configErr := f.parse(c, p, tableFormats)
			if r.config == nil || r.format == "" {
				return configErr
			}
			return p.info(c.Context(), r, configErr)
		},
	}
	f.addProject(c)
	f.addTarget(c)
	f.addFormat(c, tableFormats)
	return c
}

// infoDocument is what info says to programs.
type infoDocument struct {
	SignedIn      bool                         `json:"signedIn"`
	Account       accountInfo                  `json:"account"`
	Attempts      []signin.Attempt             `json:"attempts"`
	Error         *view.ErrorBody              `json:"error,omitempty"` // why nobody is signed in
	Configuration configurationInfo            `json:"configuration"`
	Config        map[string]map[string]string `json:"config"`  // as gcloud config list --format=json prints it
	Origins       map[string]map[string]string `json:"origins"` // what set each
	Network       networkInfo                  `json:"network"`
	Files         []fileInfo                   `json:"files"`
	Versions      versionsInfo                 `json:"versions"`
}

type accountInfo struct {
	Member         *model.Member `json:"member"` // null: nobody, or it is not known who
	Reason         string        `json:"reason,omitempty"`
	Way            signin.Method `json:"way,omitempty"`
	Source         string        `json:"source,omitempty"`
	Kind           string        `json:"kind,omitempty"`
	ImpersonatedBy string        `json:"via,omitempty"`   // who impersonates
	Named          string        `json:"named,omitempty"` // the account that flag, variable or configuration name
	Differs        bool          `json:"differs"`
	QuotaProject   string        `json:"quotaProject,omitempty"`
}

type configurationInfo struct {
	Name   string `json:"name"`
	Origin string `json:"origin,omitempty"`
	Folder string `json:"folder,omitempty"`
	File   string `json:"file,omitempty"`
}

type networkInfo struct {
	Universe  string            `json:"universe"`
	Proxy     string            `json:"proxy,omitempty"`
	ProxyFrom string            `json:"proxyFrom,omitempty"` // what names it
	CACerts   string            `json:"caCerts,omitempty"`
	Endpoints map[string]string `json:"endpoints"` // by API
}

type fileInfo struct {
	What   string `json:"what"`
	Path   string `json:"path"`
	Exists bool   `json:"there"`
}

type versionsInfo struct {
	Build
	Gcloud        string `json:"gcloud,omitempty"`
	GcloudProgram string `json:"gcloudProgram,omitempty"`
}

// info tells what there is; wrong is what of it can't be used, in which case nobody signs in.
func (p *program) info(ctx context.Context, r request, configErr error) error {
	d := infoDocument{Config: r.config.All(), Origins: propertyOrigins(r.config), Configuration: configurationInfo{r.config.Name, r.config.Origin, r.config.Folder, r.config.File},
		Files: p.fileInfos(r), Versions: versionsInfo{p.build, gcloudVersion(p.io.Gcloud), p.io.Gcloud}, Network: networkOf(r)}
	end := console.StatusDone
	if configErr != nil {
		body := view.ErrorDocumentOf(asUserError(configErr)).Error
		d.Error, d.Attempts, end = &body, []signin.Attempt{}, body.Status
	} else if err := p.describeCaller(ctx, r, &d); err != nil {
		return err
	}
	if r.format.isDocument() {
		if err := writeDocument(p.io.Out, r.format, d); err != nil {
			return err
		}
		return console.Exit(end)
	}
	out := p.io.OutPrinter()
	viewInfo(out, d)
	if out.Err != nil {
		return out.Err
	}
	return console.Exit(end)
}

// describeCaller signs in and says how it went; not being signed in is an answer here.
func (p *program) describeCaller(ctx context.Context, r request, d *infoDocument) error {
	if r.target.isSandbox() {
		return p.describeSandboxCaller(ctx, r, d)
	}
	account, attempts, err := gcp.SignIn(ctx, r.target.dialOptions(p.build.userAgent()))
	d.Attempts, d.Account.Named = attempts, r.target.google.configuredAccount.Text
	if ctx.Err() != nil {
		return interruptedOr(ctx, err)
	}
	if err != nil {
		body := view.ErrorDocumentOf(asUserError(err)).Error
		d.Error = &body
		return nil
	}
	d.SignedIn = true
	d.Account.Way, d.Account.Source, d.Account.Kind, d.Account.ImpersonatedBy = account.Method, account.Source, account.Kind, account.ImpersonatedBy
	d.Account.Differs, d.Account.QuotaProject = account.MismatchedAccount != "", r.target.quotaProject
	if d.Account.QuotaProject == "" && !r.target.google.ownQuota {
		d.Account.QuotaProject = account.QuotaProject(ctx)
	}
	d.Account.setCaller(account.Caller)
	return nil
}

func (p *program) describeSandboxCaller(ctx context.Context, r request, d *infoDocument) error {
	c, err := p.dial(ctx, r.target, p.build.userAgent())
	if err != nil {
		if errors.Is(err, transport.ErrUnreachable) {
			body := view.ErrorDocumentOf(asUserError(err)).Error
			d.Error = &body
			return nil
		}
		return interruptedOr(ctx, err)
	}
	d.SignedIn, d.Account.Way, d.Account.Source = true, "sandbox", r.target.sandboxName()
	d.Account.setCaller(c.Caller())
	return c.Close()
}

func (a *accountInfo) setCaller(caller model.Fact[model.Member]) {
	if caller.Read() {
		a.Member = &caller.Value
		return
	}
	a.Reason = caller.Gap.Reason
}

// propertyOrigins says for each property that whopulls reads what set it.
func propertyOrigins(c *gcloud.Configuration) map[string]map[string]string {
	all := c.All()
	for section, properties := range all {
		for name := range properties {
			properties[name] = c.Get(gcloud.Property(section + "/" + name)).Origin
		}
	}
	return all
}

func networkOf(r request) networkInfo {
	n := networkInfo{Universe: r.target.google.network.Domain(), CACerts: r.config.Text(gcloud.CACerts), Endpoints: map[string]string{}}
	if r.target.isSandbox() {
		return networkInfo{Endpoints: map[string]string{"all": r.target.sandboxName()}}
	}
	if proxy, fromEnvironment := r.target.google.network.EffectiveProxy(); proxy != nil {
		n.Proxy, n.ProxyFrom = proxy.Redacted(), r.config.Get(gcloud.ProxyAddress).Origin
		if fromEnvironment {
			n.ProxyFrom = "HTTPS_PROXY"
		}
	}
	for _, host := range transport.Hosts() {
		api, _, _ := strings.Cut(host, ".")
		n.Endpoints[api] = r.target.google.network.Address(host)
	}
	return n
}

// fileInfos are those that whopulls reads and writes, beside the configuration's own.
func (p *program) fileInfos(r request) []fileInfo {
	var files []fileInfo
	add := func(what, path string) {
		if path != "" {
			_, err := os.Stat(path)
			files = append(files, fileInfo{what, path, err == nil})
		}
	}
	add("configuration", r.config.File)
	add("credentials", r.target.google.signIn.KeyFile)
	add("settings", p.io.Settings)
	if state := stateFolder(); state != "" {
		add("journal", filepath.Join(state, "journal.jsonl"))
	}
	add("cache", cacheFolder(r.target))
	return files
}

// gcloudVersion reads the version beside the program; empty where the installation is arranged in another way.
func gcloudVersion(program string) string {
	real, err := filepath.EvalSymlinks(program)
	if err != nil || program == "" { // of no path it makes this folder
		return ""
	}
	version, err := files.Read(filepath.Join(filepath.Dir(filepath.Dir(real)), "VERSION"), 1<<10)
	if err != nil || len(version) > 64 {
		return ""
	}
	return strings.TrimSpace(string(version))
}

// sortedKeys gives the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
