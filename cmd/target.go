package cmd

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// target is the Google Cloud that a command talks to: Google's, a sandbox that is running, or one of its own.
type target struct {
	address string // of a running sandbox
	world   string // of a sandbox to run: a built-in world's name or a file
	account model.Member
	billing string
	waits   *countdown // tells of waits for a quota; nil: nobody
}

// title names the sandbox for people; it is empty at Google.
func (t target) title() string {
	if t.address == "" && t.world == "" {
		return ""
	}
	return "sandbox " + t.address + t.world
}

// sandboxed tells whether the target is not Google's.
func (t target) sandboxed() bool { return t.title() != "" }

func (f *flags) target(s streams) (target, error) {
	value, origin := f.sandbox, "--sandbox"
	if value == "" {
		value, origin = s.env("WHOPULLS_SANDBOX"), "WHOPULLS_SANDBOX"
	}
	t := target{billing: f.billingProject}
	if value != "" {
		if err := t.sandbox(value, origin); err != nil {
			return t, err
		}
	}
	if err := checkBilling(t.billing); err != nil {
		return t, err
	}
	var err error
	t.account, err = f.caller(s, t)
	return t, err
}

func checkBilling(project string) error {
	if project == "" {
		return nil
	}
	return model.CheckProject(project)
}

// caller reads the account. The variable is a credential setting, and those don't count in the sandbox.
func (f *flags) caller(s streams, t target) (model.Member, error) {
	account := f.account
	if account == "" && !t.sandboxed() {
		account = s.env("CLOUDSDK_CORE_ACCOUNT")
	}
	if account == "" {
		return "", nil
	}
	return parseCaller(account)
}

// parseCaller takes one identity: a group or a set calls nobody.
func parseCaller(given string) (model.Member, error) {
	m, err := model.ParseMember(given)
	if err == nil && (m.Type() == "group" || m.Type() == "principalSet") {
		return "", usage(fmt.Sprintf("account %q: it is not one identity, and only one can call", given),
			"write it as user:EMAIL or serviceAccount:EMAIL")
	}
	return m, err
}

// sandbox reads the value of --sandbox.
func (t *target) sandbox(value, origin string) error {
	if isAddress(value) {
		t.address = value
		return nil
	}
	t.world = value
	return checkWorld(value, origin)
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

// checkWorld refuses a name that is neither a built-in world's nor a file's. What a file holds is judged on loading.
func checkWorld(value, origin string) error {
	names := worldNames()
	extension := filepath.Ext(value)
	if slices.Contains(names, value) || isPath(value) || extension == ".yaml" || extension == ".yml" {
		return nil
	}
	if info, err := os.Stat(value); err == nil && info.Mode().IsRegular() {
		return nil
	}
	return usage(fmt.Sprintf("%s names no world: %q", origin, value),
		append(alike(value, names), "the built-in worlds are "+strings.Join(names, ", "), "or give a world file (.yaml), or the HOST:PORT of a running sandbox")...)
}

func worldNames() []string {
	var names []string
	for _, w := range sandbox.Worlds() {
		names = append(names, w.Name)
	}
	return names
}
