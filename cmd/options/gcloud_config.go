package options

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/gcp/signin"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// googleOptions is how Google itself is reached: who calls, by which way. It is empty in a sandbox, which overrides every
// endpoint, proxy and credential setting.
type googleOptions struct {
	SignIn            signin.Options
	ConfiguredAccount gcloud.Value // the account that flag, variable or configuration name
	Network           transport.Network
	OwnQuota          bool
	Project           string
}

// loadConfig reads gcloud's configuration with the flags on top. In a sandbox only flags and variables count: the files
// speak of the real Google Cloud, and its projects are not in the sandbox.
func (f CloudFlags) loadConfig(s console.Streams, t Target, project, region string) (*gcloud.Configuration, error) {
	c := gcloud.FromVariables(s.Lookup)
	if !t.IsSandbox() {
		loaded, err := gcloud.Load(GcloudEnvironment(s), f.Configuration)
		if err != nil {
			return c, configFailure(err)
		}
		c = loaded
	}
	c.SetFlag(gcloud.Project, "--project", project)
	c.SetFlag(gcloud.Region, "--region", region)
	c.SetFlag(gcloud.Account, "--account", f.Account)
	c.SetFlag(gcloud.QuotaProject, "--billing-project", f.BillingProject)
	c.SetFlag(gcloud.Impersonate, "--"+FlagImpersonate, f.Impersonate)
	return c, nil
}

// GcloudEnvironment is where gcloud keeps its configuration, as this process sees it.
func GcloudEnvironment(s console.Streams) gcloud.Environment {
	p := gcloud.FromProcess(s.Lookup, s.Gcloud)
	p.Home = s.Home
	return p
}

// configFailure makes a usage failure of what is wrong with gcloud's configuration, with its advice.
func configFailure(err error) error {
	var configErr *gcloud.Error
	if !errors.As(err, &configErr) {
		return err
	}
	return console.UsageError(configErr.Error(), configErr.Hint())
}

// readConfig reads from the configuration who calls, and the way there.
func (g *googleOptions) readConfig(f CloudFlags, c *gcloud.Configuration, s console.Streams) error {
	g.Project, g.ConfiguredAccount = c.Text(gcloud.Project), c.Get(gcloud.Account)
	if err := g.readNetwork(c); err != nil {
		return err
	}
	chain, err := signin.ParseChain(c.Text(gcloud.Impersonate))
	if err != nil {
		return err
	}
	token := c.Get(gcloud.TokenFile)
	g.SignIn = signin.Options{TokenFile: token.Text, TokenFileOrigin: token.Origin, KeyFile: s.Env("GOOGLE_APPLICATION_CREDENTIALS"),
		Account: g.ConfiguredAccount.Text, AccountFromFlag: f.Account != "", Impersonate: chain, GcloudFolder: c.Folder}
	if override := c.Get(gcloud.CredentialFileOverride); override.Text != "" {
		g.SignIn.OverrideOrigin = override.Origin
	}
	if s.Gcloud != "" {
		g.SignIn.Gcloud = signin.NewGcloud(s.Gcloud, f.Configuration)
	}
	return nil
}

func (g *googleOptions) readNetwork(c *gcloud.Configuration) (err error) {
	g.Network.Universe = c.Text(gcloud.Universe)
	proxy, err := transport.ParseProxy(c.Text(gcloud.ProxyType), c.Text(gcloud.ProxyAddress), c.Text(gcloud.ProxyPort),
		c.Text(gcloud.ProxyUser), c.Text(gcloud.ProxyPassword))
	if err != nil {
		return console.UsageError(err.Error()+setBy(c, gcloud.ProxyType, gcloud.ProxyAddress, gcloud.ProxyPort), "correct them, or take all three away; whopulls info shows everything that is set")
	}
	g.Network.Proxy = proxy
	if file := c.Get(gcloud.CACerts); file.Text != "" {
		if g.Network.Roots, err = transport.LoadRoots(file.Text); err != nil {
			return console.UsageError(fmt.Sprintf("%s (%s): %s", gcloud.CACerts, file.Origin, err), "name a file of certificates in PEM, or take the setting away")
		}
	}
	g.Network.Endpoints = map[string]*url.URL{}
	for api, v := range c.EndpointOverrides() {
		if g.Network.Endpoints[api], err = transport.ParseEndpoint(v.Text, proxy); err != nil {
			return console.UsageError(fmt.Sprintf("%s (%s): %s", gcloud.Endpoint(api), v.Origin, err), "correct it, or take it away; whopulls info shows everything that is set")
		}
	}
	return nil
}

// setBy says what set the properties that are set.
func setBy(c *gcloud.Configuration, properties ...gcloud.Property) string {
	var origins []string
	for _, p := range properties {
		if v := c.Get(p); v.Text != "" {
			origins = append(origins, fmt.Sprintf("%s is set by %s", p, v.Origin))
		}
	}
	if len(origins) == 0 {
		return ""
	}
	return " (" + strings.Join(origins, ", ") + ")"
}

func isBareID(name string) bool { return !strings.Contains(name, "/") }

// ParseRepository takes a name alone for one of the consumer project, in the location that is configured.
func ParseRepository(name string, c *gcloud.Configuration) (model.RepositoryName, error) {
	location, project := c.Text(gcloud.Location), c.Text(gcloud.Project)
	if bare := (model.RepositoryName{Project: project, Location: location, ID: name}); isBareID(name) && location != "" && project != "" {
		return model.ParseRepository(bare.String())
	}
	r, err := model.ParseRepository(name)
	if err != nil && isBareID(name) {
		return r, console.UsageError(fmt.Sprintf("--repository=%s is the name alone", name),
			"write it as projects/PROJECT/locations/LOCATION/repositories/"+name+", or set artifacts/location and it is one of the consumer project")
	}
	return r, err
}
