package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
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

// infoOptions are the flags of info.
type infoOptions struct {
	options.ProjectFlag
	options.CloudFlags
	options.FormatFlag
}

func (o *infoOptions) add(c *cobra.Command) {
	o.AddProject(c)
	o.AddCloud(c)
	o.AddFormat(c, tableFormats)
}

// parse understands what it can, and gives the first error with it.
func (o *infoOptions) parse(in options.CommandLine) (options.Session, error) {
	in.Tolerant = true
	s, err := o.Session(in, o.FormatFlag, tableFormats, o.Project, "")
	if err == nil {
		_, err = options.ConsumerProject(s.Config)
	}
	return s, err
}

func newInfo(p *program) *cobra.Command {
	var o infoOptions
	c := &cobra.Command{
		Use: "info", Short: "Show who calls, how they signed in, and what is configured",
		Long: infoLong, Example: infoExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, configErr := o.parse(p.commandLine(c))
			configErr = p.start(r, configErr)
			if r.Config == nil || r.Format == "" {
				return configErr
			}
			return p.info(c.Context(), r, configErr)
		},
	}
	o.add(c)
	return c
}

// info shows what there is; configErr is what of it can't be used, in which case nobody signs in.
func (p *program) info(ctx context.Context, r options.Session, configErr error) error {
	d := view.InfoDocument{Config: r.Config.All(), Origins: propertyOrigins(r.Config), Configuration: view.InfoConfiguration{Name: r.Config.Name, Origin: r.Config.Origin, Folder: r.Config.Folder, File: r.Config.File},
		Files: p.fileInfos(r), Versions: view.InfoVersions{Build: view.Build(p.build), Gcloud: gcloudVersion(p.io.Gcloud), GcloudProgram: p.io.Gcloud}, Network: networkOf(r)}
	end := console.StatusDone
	if configErr != nil {
		body := view.ErrorDocumentOf(connect.AsUserError(configErr)).Error
		d.Error, d.Attempts, end = &body, []view.InfoAttempt{}, body.Status
	} else if err := p.describeCaller(ctx, r, &d); err != nil {
		return err
	}
	if r.Format.IsDocument() {
		if err := writeDocument(p.io.Out, r.Format, d); err != nil {
			return err
		}
		return console.Exit(end)
	}
	out := p.io.OutPrinter()
	view.Info(out, d)
	if out.Err != nil {
		return out.Err
	}
	return console.Exit(end)
}

// describeCaller signs in and says how it went; not being signed in is an answer here.
func (p *program) describeCaller(ctx context.Context, r options.Session, d *view.InfoDocument) error {
	if r.Target.IsSandbox() {
		return p.describeSandboxCaller(ctx, r, d)
	}
	account, attempts, err := gcp.SignIn(ctx, connect.DialOptions(r.Target, p.build.userAgent()))
	d.Attempts, d.Account.Named = attemptsOf(attempts), r.Target.Google.ConfiguredAccount.Text
	if ctx.Err() != nil {
		return interruptedOr(ctx, err)
	}
	if err != nil {
		body := view.ErrorDocumentOf(connect.AsUserError(err)).Error
		d.Error = &body
		return nil
	}
	d.SignedIn = true
	d.Account.Way, d.Account.Source, d.Account.Kind, d.Account.ImpersonatedBy = string(account.Method), account.Source, account.Kind, account.ImpersonatedBy
	d.Account.Differs, d.Account.QuotaProject = account.MismatchedAccount != "", r.Target.QuotaProject
	if d.Account.QuotaProject == "" && !r.Target.Google.OwnQuota {
		d.Account.QuotaProject = account.QuotaProject(ctx)
	}
	setCaller(&d.Account, account.Caller)
	return nil
}

func (p *program) describeSandboxCaller(ctx context.Context, r options.Session, d *view.InfoDocument) error {
	c, err := p.dial(ctx, r.Target, p.build.userAgent())
	if err != nil {
		if errors.Is(err, transport.ErrUnreachable) {
			body := view.ErrorDocumentOf(connect.AsUserError(err)).Error
			d.Error = &body
			return nil
		}
		return interruptedOr(ctx, err)
	}
	d.SignedIn, d.Account.Way, d.Account.Source = true, "sandbox", r.Target.SandboxName()
	setCaller(&d.Account, c.Caller())
	return c.Close()
}

// attemptsOf are the ways to sign in that were tried.
func attemptsOf(attempts []signin.Attempt) []view.InfoAttempt {
	if attempts == nil { // null in JSON
		return nil
	}
	all := make([]view.InfoAttempt, 0, len(attempts))
	for _, a := range attempts {
		all = append(all, view.InfoAttempt{Method: string(a.Method), Result: a.Result})
	}
	return all
}

func setCaller(a *view.InfoAccount, caller model.Fact[model.Member]) {
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

func networkOf(r options.Session) view.InfoNetwork {
	n := view.InfoNetwork{Universe: r.Target.Google.Network.Domain(), CACerts: r.Config.Text(gcloud.CACerts), Endpoints: map[string]string{}}
	if r.Target.IsSandbox() {
		return view.InfoNetwork{Endpoints: map[string]string{"all": r.Target.SandboxName()}}
	}
	if proxy, fromEnvironment := r.Target.Google.Network.EffectiveProxy(); proxy != nil {
		n.Proxy, n.ProxyFrom = proxy.Redacted(), r.Config.Get(gcloud.ProxyAddress).Origin
		if fromEnvironment {
			n.ProxyFrom = "HTTPS_PROXY"
		}
	}
	for _, host := range transport.Hosts() {
		api, _, _ := strings.Cut(host, ".")
		n.Endpoints[api] = r.Target.Google.Network.Address(host)
	}
	return n
}

// fileInfos are those that whopulls reads and writes, apart from the configuration.
func (p *program) fileInfos(r options.Session) []view.InfoFile {
	var files []view.InfoFile
	add := func(what, path string) {
		if path != "" {
			_, err := os.Stat(path)
			files = append(files, view.InfoFile{What: what, Path: path, Exists: err == nil})
		}
	}
	add("configuration", r.Config.File)
	add("credentials", r.Target.Google.SignIn.KeyFile)
	add("settings", p.io.Settings)
	if state := options.StateFolder(); state != "" {
		add("journal", filepath.Join(state, "journal.jsonl"))
	}
	add("cache", r.Target.CacheFolder())
	return files
}

// gcloudVersion reads the version next to the program; empty if the installation is arranged in another way.
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
