package gcloud

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/ini.v1"
)

// Property is a property of gcloud by its full name: section/name.
type Property string

// The properties that whopulls reads; their meaning is gcloud's (gcloud topic configurations; gcloud config set --help).
const (
	Project                Property = "core/project"
	Account                Property = "core/account"
	Universe               Property = "core/universe_domain"
	CACerts                Property = "core/custom_ca_certs_file"
	DisablePrompts         Property = "core/disable_prompts"
	Verbosity              Property = "core/verbosity"
	LogHTTP                Property = "core/log_http"
	Region                 Property = "run/region"
	Location               Property = "artifacts/location"
	QuotaProject           Property = "billing/quota_project"
	Impersonate            Property = "auth/impersonate_service_account"
	TokenFile              Property = "auth/access_token_file"
	CredentialFileOverride Property = "auth/credential_file_override"
	ScreenReader           Property = "accessibility/screen_reader"
	ProxyType              Property = "proxy/type"
	ProxyAddress           Property = "proxy/address"
	ProxyPort              Property = "proxy/port"
	ProxyUser              Property = "proxy/username"
	ProxyPassword          Property = "proxy/password"
	ProxyRDNS              Property = "proxy/rdns"
)

// Endpoint is the property that puts another address instead of an API's, by the first label of its host:
// run.
func Endpoint(api string) Property { return Property("api_endpoint_overrides/" + api) }

// isSecret reports whether the value may not be shown.
func (p Property) isSecret() bool { return p == ProxyPassword }

// Variable is the environment variable that comes before the property: CLOUDSDK_RUN_REGION.
func (p Property) Variable() string {
	return "CLOUDSDK_" + strings.ToUpper(strings.ReplaceAll(string(p), "/", "_"))
}

func (p Property) split() (section, name string) {
	section, name, _ = strings.Cut(string(p), "/")
	return section, name
}

// Value is what a property is set to, and where. The zero value is not set.
type Value struct {
	Text   string
	Origin string // --project, CLOUDSDK_CORE_PROJECT, or "configuration work"
	Set    bool
}

type propertyFile struct {
	file       string
	properties map[Property]string
}

// SetFlag sets a property by a flag, which overrides everything else. A flag that was not given changes nothing.
func (c *Configuration) SetFlag(p Property, flag, value string) {
	if value != "" {
		c.flags[p] = Value{value, flag, true}
	}
}

// Get looks a property up: in the flag, the variable, the configuration, then the installation. As in gcloud,
// an empty variable hides the configuration's value.
func (c *Configuration) Get(p Property) Value {
	if v, ok := c.flags[p]; ok {
		return v
	}
	if text, ok := c.environment.Lookup(p.Variable()); ok {
		return Value{text, p.Variable(), true}
	}
	for i := len(c.files) - 1; i >= 0; i-- {
		if text, ok := c.files[i].properties[p]; ok {
			return Value{text, c.describeFile(c.files[i].file), true}
		}
	}
	return Value{}
}

// Text is the property's value; empty if it is not set.
func (c *Configuration) Text(p Property) string { return c.Get(p).Text }

func (c *Configuration) describeFile(file string) string {
	if file == c.File {
		return "gcloud's configuration " + c.Name
	}
	return file
}

// Bool reads a property that is true or false, in gcloud's spellings; one that is not set is false.
func (c *Configuration) Bool(p Property) (bool, error) {
	v := c.Get(p)
	switch strings.ToLower(v.Text) {
	case "true", "1", "on", "yes", "y":
		return true, nil
	case "", "false", "0", "off", "no", "n", "none":
		return false, nil
	}
	return false, &Error{fmt.Sprintf("%s is neither true nor false: %q (%s)", p, v.Text, v.Origin), "set it to true or false, or take it away"}
}

// All is everything that is set, by section and name, in the shape of gcloud config list --format=json. Of the
// environment it has the properties that this package names; secrets are hidden.
func (c *Configuration) All() map[string]map[string]string {
	all := map[string]map[string]string{}
	put := func(p Property, text string) {
		section, name := p.split()
		if p.isSecret() && text != "" {
			text = "(hidden)"
		}
		if all[section] == nil {
			all[section] = map[string]string{}
		}
		all[section][name] = text
	}
	for _, f := range c.files {
		for p, text := range f.properties {
			put(p, text)
		}
	}
	for _, p := range knownProperties {
		if v := c.Get(p); v.Set {
			put(p, v.Text)
		}
	}
	return all
}

// APIs are the APIs whose endpoints can be overridden, by the first label of their hosts.
var apis = []string{"artifactregistry", "cloudresourcemanager", "run", "iam", "serviceusage", "orgpolicy", "policytroubleshooter",
	"cloudasset", "iamcredentials"}

var knownProperties = append([]Property{Project, Account, Universe, CACerts, DisablePrompts, Verbosity, LogHTTP, Region, Location, QuotaProject,
	Impersonate, TokenFile, CredentialFileOverride, ScreenReader, ProxyType, ProxyAddress, ProxyPort, ProxyUser, ProxyPassword, ProxyRDNS}, endpointProperties()...)

func endpointProperties() []Property {
	all := make([]Property, len(apis))
	for i, api := range apis {
		all[i] = Endpoint(api)
	}
	return all
}

// EndpointOverrides are the endpoints that are overridden, by the first label of the API's host.
func (c *Configuration) EndpointOverrides() map[string]Value {
	found := map[string]Value{}
	for _, api := range apis {
		if v := c.Get(Endpoint(api)); v.Text != "" {
			found[api] = v
		}
	}
	return found
}

// iniOptions is how gcloud's files are written: Python's configparser reads them there.
var iniOptions = ini.LoadOptions{InsensitiveKeys: true, IgnoreInlineComment: true, IgnoreContinuation: true,
	PreserveSurroundedQuote: true, AllowPythonMultilineValues: true, SkipUnrecognizableLines: false, KeyValueDelimiters: "=:"}

// valueMark stands before each value while the library reads it, which would take some of their first signs for quotes.
const valueMark = "\x01"

// defaultSection is the section whose properties hold for every other one in the file.
const defaultSection = "DEFAULT"

// maxProperties is far more than gcloud has. What stands in the section of defaults counts once for each other section,
// so that a short file could hold millions.
const maxProperties = 10_000

var (
	propertyPattern     = regexp.MustCompile(`^([^\s#;\[=:][^=:]*[=:])[ \t]*`)
	continuationPattern = regexp.MustCompile(`\n[ \t]+`)
)

// normalize rewrites a file so that the library reads it as configparser does. A value is taken literally. An
// empty line does not end a value, and an indented line continues the one before. The section of defaults is
// a section like any other.
func normalize(content []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(content) {
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			continue
		case bytes.HasPrefix(line, []byte("["+defaultSection+"]")):
			line = append([]byte("["+valueMark), line[1:]...)
		default:
			line = propertyPattern.ReplaceAll(line, []byte("${1}"+valueMark))
		}
		out.Write(line)
	}
	return out.Bytes()
}

func parse(content []byte) (map[Property]string, error) {
	file, err := ini.LoadSources(iniOptions, normalize(content))
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), valueMark, ""))
	}
	if keys := file.Section(ini.DefaultSection).Keys(); len(keys) > 0 {
		return nil, fmt.Errorf("the property %s is in no section", strconv.Quote(keys[0].Name()))
	}
	common := file.Section(valueMark + defaultSection).Keys()
	if len(common)*len(file.Sections()) > maxProperties {
		return nil, fmt.Errorf("its section %s sets more than %d properties in all the others", defaultSection, maxProperties)
	}
	properties := map[Property]string{}
	add := func(section string, keys []*ini.Key) {
		for _, key := range keys {
			// configparser writes a percent sign twice.
			value := continuationPattern.ReplaceAllString(strings.TrimPrefix(key.Value(), valueMark), "\n")
			properties[Property(section+"/"+key.Name())] = strings.ReplaceAll(value, "%%", "%")
		}
	}
	for _, section := range file.Sections() {
		if name := section.Name(); name != valueMark+defaultSection && name != ini.DefaultSection {
			add(name, common)
			add(name, section.Keys())
		}
	}
	return properties, nil
}
