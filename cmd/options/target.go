package options

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// Target is the Google Cloud that a command talks to: Google's, a sandbox that is running, or one of its own.
type Target struct {
	Address      string       // of a running sandbox
	World        string       // of a sandbox to run: a built-in world's name or a file
	Account      model.Member // who calls, in a sandbox
	QuotaProject string
	Google       googleOptions
	LazySignIn   bool                                // sign in only if it comes to a call
	Countdown    *console.Countdown                  // shows waits for a quota; nil: nobody
	CallLog      *callLog                            // hears of every attempt of a call; nil: nobody
	OnRetry      func(transport.Retry) (over func()) // hears of every call that is sent again; nil: nobody
}

// SandboxName names the sandbox for people; it is empty at Google.
func (t Target) SandboxName() string {
	if t.Address == "" && t.World == "" {
		return ""
	}
	return "sandbox " + t.Address + t.World
}

// IsSandbox reports whether the target is not Google's.
func (t Target) IsSandbox() bool { return t.SandboxName() != "" }

// ResolveTarget finds out which cloud is meant, and from which configuration everything else is taken.
func (f CloudFlags) ResolveTarget(s console.Streams, project, region string) (Target, *gcloud.Configuration, error) {
	value, origin := f.Sandbox, "--sandbox"
	if value == "" {
		value, origin = s.Env("WHOPULLS_SANDBOX"), "WHOPULLS_SANDBOX"
	}
	t := Target{}
	if value != "" {
		if err := t.setSandbox(value, origin); err != nil {
			return t, gcloud.FromVariables(s.Lookup), err
		}
	}
	if !t.IsSandbox() {
		var err error
		if f.Account, err = normalizeAccount(f.Account); err != nil {
			return t, gcloud.FromVariables(s.Lookup), err
		}
	}
	c, err := f.loadConfig(s, t, project, region)
	if err != nil {
		return t, c, err
	}
	if err := t.setQuotaProject(c); err != nil {
		return t, c, err
	}
	if !t.IsSandbox() {
		err = t.Google.readConfig(f, c, s)
		return t, c, err
	}
	if f.Account != "" { // the variable is a credential setting, and those don't count in the sandbox
		t.Account, err = ParseCaller(f.Account)
	}
	return t, c, err
}

// normalizeAccount reads an account as gcloud writes it, or as a member.
func normalizeAccount(account string) (string, error) {
	kind, _, typed := strings.Cut(account, ":")
	switch {
	case account == "", strings.HasPrefix(account, "principal:"):
		return account, nil
	case typed && kind != "":
		m, err := ParseCaller(account)
		if err != nil {
			return account, err
		}
		return console.MemberName(m), nil
	case !strings.Contains(account, "@"):
		return account, console.UsageError(fmt.Sprintf("account %q is not an email address", account), "gcloud auth list shows the accounts that gcloud holds")
	}
	return account, nil
}

// setQuotaProject takes the project whose quota the calls use; gcloud has three words instead of one.
func (t *Target) setQuotaProject(c *gcloud.Configuration) error {
	switch project := c.Text(gcloud.QuotaProject); project {
	case "", "CURRENT_PROJECT", "CURRENT_PROJECT_WITH_FALLBACK":
	case "LEGACY":
		t.Google.OwnQuota = true
	default:
		t.QuotaProject = project
		return model.ValidateProject(project)
	}
	return nil
}

// ParseCaller takes one identity: a group or a set calls nobody.
func ParseCaller(given string) (model.Member, error) {
	m, err := model.ParseMember(given)
	if err == nil && (m.Type() == "group" || m.Type() == "principalSet") {
		return "", console.UsageError(fmt.Sprintf("account %q: it is not one identity, and only one can call", given),
			"write it as user:EMAIL or serviceAccount:EMAIL")
	}
	return m, err
}

// setSandbox reads the value of --sandbox.
func (t *Target) setSandbox(value, origin string) error {
	if isAddress(value) {
		t.Address = value
		return nil
	}
	t.World = value
	return ValidateWorld(value, origin, "or give a world file (.yaml), or the HOST:PORT of a running sandbox")
}

// isAddress tells HOST:PORT from a world.
func isAddress(value string) bool {
	host, port, err := net.SplitHostPort(value)
	if err != nil || host == "" || isPath(host) {
		return false
	}
	number, err := strconv.Atoi(port)
	return err == nil && number > 0 && number < 1<<16
}

func isPath(value string) bool { return strings.ContainsAny(value, `/`+string(filepath.Separator)) }

// ValidateWorld refuses a name that is neither a built-in world's nor a file's. What a file holds is judged
// on loading. Otherwise says what else may stand instead of a name.
func ValidateWorld(value, origin, alternative string) error {
	names := WorldNames()
	extension := filepath.Ext(value)
	if slices.Contains(names, value) || isPath(value) || extension == ".yaml" || extension == ".yml" {
		return nil
	}
	if info, err := os.Stat(value); err == nil && info.Mode().IsRegular() {
		return nil
	}
	return console.UsageError(fmt.Sprintf("%s names no world: %q", origin, value),
		append(DidYouMean(value, names), "the built-in worlds are "+strings.Join(names, ", "), alternative)...)
}

// WorldNames are the names of the built-in worlds.
func WorldNames() []string {
	var names []string
	for _, w := range sandbox.Worlds() {
		names = append(names, w.Name)
	}
	return names
}
