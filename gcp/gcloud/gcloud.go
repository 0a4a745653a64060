// Package gcloud reads what the gcloud command line has configured: its folder, the active configuration, properties and
// their environment variables. It never writes there, and starts no gcloud.
package gcloud

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"whopulls/files"
)

// The names that gcloud itself knows (its topic "gcloud topic configurations").
const (
	defaultName = "default"
	noneName    = "NONE" // the configuration that holds nothing
	filePrefix  = "config_"
	varFolder   = "CLOUDSDK_CONFIG"
	varActive   = "CLOUDSDK_ACTIVE_CONFIG_NAME"
)

var validName = regexp.MustCompile(`^[a-z][-a-z0-9]*$`)

// Environment is where to look: environment variables and what depends on the system. FromProcess gives this process's own.
type Environment struct {
	Lookup  func(name string) (string, bool)
	Home    string // the user's; empty: unknown
	System  string // as in runtime.GOOS
	Program string // the gcloud that would be run, by its whole path, symbolic links resolved; empty: none
}

// FromProcess is the place of this process; program is the gcloud that the shell would run, empty if there is
// none.
func FromProcess(lookup func(name string) (string, bool), program string) Environment {
	home, _ := os.UserHomeDir()                                                       // without one, gcloud's folder must be given by CLOUDSDK_CONFIG
	if resolved, err := filepath.EvalSymlinks(program); err == nil && program != "" { // of no path it makes this folder
		program = resolved
	}
	return Environment{Lookup: lookup, Home: home, System: runtime.GOOS, Program: program}
}

func (p Environment) value(name string) string {
	value, _ := p.Lookup(name)
	return value
}

// Folder is where gcloud keeps its configurations and credentials: CLOUDSDK_CONFIG, else the system's own place. Empty
// when neither is known.
func (p Environment) Folder() string {
	switch {
	case p.value(varFolder) != "":
		return p.value(varFolder)
	case p.System == "windows" && p.value("APPDATA") != "":
		return filepath.Join(p.value("APPDATA"), "gcloud")
	case p.System == "windows" && p.value("SystemDrive") != "":
		return p.value("SystemDrive") + `\gcloud`
	case p.System == "windows":
		return `C:\gcloud`
	case p.Home != "":
		return filepath.Join(p.Home, ".config", "gcloud")
	}
	return ""
}

// Error is a configuration that can't be used: what is wrong, and what to do next.
type Error struct{ message, hint string }

// Error says what is wrong and where.
func (e *Error) Error() string { return e.message }

// Hint says what to do next.
func (e *Error) Hint() string { return e.hint }

// Configuration is the active configuration with everything that overrides or completes it: flags before variables before the
// configuration's file before the file of the installation.
type Configuration struct {
	Name        string // "NONE" holds nothing
	Origin      string // what named it: --configuration, CLOUDSDK_ACTIVE_CONFIG_NAME, a file; empty: nothing did
	Folder      string
	File        string // of the configuration; it need not be there
	environment Environment
	flags       map[Property]Value
	files       []propertyFile // later ones count more
}

// Load reads the configuration; flag is the value of --configuration, empty if it was not given. A
// configuration that was asked for and is not there is an Error: its project would silently be another one.
func Load(p Environment, flag string) (*Configuration, error) {
	c := &Configuration{Folder: p.Folder(), environment: p, flags: map[Property]Value{}}
	if err := c.findName(flag); err != nil {
		return nil, err
	}
	if c.Name != noneName && c.Folder != "" {
		c.File = filepath.Join(c.Folder, "configurations", filePrefix+c.Name)
	}
	for _, file := range []string{p.installationFile(), c.File} {
		if err := c.loadFile(file); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// FromVariables is a configuration of flags and variables alone: its files speak of the real Google Cloud, where a sandbox is
// meant.
func FromVariables(lookup func(name string) (string, bool)) *Configuration {
	return &Configuration{Name: noneName, environment: Environment{Lookup: lookup}, flags: map[Property]Value{}}
}

// installationFile is the file of the properties that hold for everybody who uses the installation: it is next to bin.
func (p Environment) installationFile() string {
	if !filepath.IsAbs(p.Program) { // the working directory may hold anybody's program
		return ""
	}
	return filepath.Join(filepath.Dir(filepath.Dir(p.Program)), "properties")
}

// findName finds the active configuration's.
func (c *Configuration) findName(flag string) error {
	file := ""
	if c.Folder != "" { // else the file would be looked for in the working directory, where it is anybody's
		file = filepath.Join(c.Folder, "active_config")
	}
	for _, given := range []struct{ name, origin string }{
		{flag, "--configuration"}, {c.environment.value(varActive), varActive},
	} {
		if given.name != "" {
			c.Name, c.Origin = given.name, given.origin
			return c.checkName()
		}
	}
	activated, err := firstLine(file)
	if err != nil {
		return err // another configuration may be another account: it is not guessed
	}
	c.Name = defaultName
	if isKnownName(activated) { // gcloud, too, ignores an activator file that was damaged
		c.Name, c.Origin = activated, file
	}
	return nil
}

func isKnownName(name string) bool { return name == noneName || validName.MatchString(name) }

// checkName refuses a name that is not valid, or that no configuration has.
func (c *Configuration) checkName() error {
	if !isKnownName(c.Name) {
		return &Error{fmt.Sprintf("%s: %q is not a valid name of a gcloud configuration", c.Origin, c.Name),
			"its names are made of small letters, digits and hyphens, and begin with a letter; " + c.describeOthers()}
	}
	if c.Name == noneName || slices.Contains(c.Names(), c.Name) {
		return nil
	}
	return &Error{fmt.Sprintf("%s names the gcloud configuration %s, which does not exist", c.Origin, c.Name), c.describeOthers()}
}

// describeOthers lists the other configurations.
func (c *Configuration) describeOthers() string {
	names := c.Names()
	if len(names) == 0 {
		return "there is none yet in " + c.Folder + "; gcloud config configurations create makes one"
	}
	return "in " + c.Folder + " there are: " + strings.Join(names, ", ")
}

// Names are the configurations in the folder, in the order of their names.
func (c *Configuration) Names() []string {
	if c.Folder == "" {
		return nil
	}
	entries, _ := os.ReadDir(filepath.Join(c.Folder, "configurations")) // a folder that is not there holds none
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutPrefix(e.Name(), filePrefix); ok && validName.MatchString(name) {
			names = append(names, name)
		}
	}
	return names
}

// ByConfiguration is what the configurations in the folder set a property to, by their names. One that can't be read says nothing.
func (c *Configuration) ByConfiguration(p Property) map[string]string {
	all := map[string]string{}
	for _, name := range c.Names() {
		content, err := files.Read(filepath.Join(c.Folder, "configurations", filePrefix+name), maxFileSize)
		if err != nil {
			continue
		}
		if properties, err := parse(content); err == nil && properties[p] != "" {
			all[name] = properties[p]
		}
	}
	return all
}

// Accounts are those that gcloud holds credentials for, in the order of their names. For each gcloud keeps a folder with a file for
// programs that can't ask gcloud, and removes it at sign-out (its core/credentials/store.py and core/config.py).
func (c *Configuration) Accounts() []string {
	if c.Folder == "" {
		return nil
	}
	folder := filepath.Join(c.Folder, "legacy_credentials")
	entries, _ := os.ReadDir(folder) // a folder that is not there holds none
	var accounts []string
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(folder, e.Name(), "adc.json")); err == nil && strings.Contains(e.Name(), "@") {
			accounts = append(accounts, e.Name())
		}
	}
	return accounts
}

// maxFileSize is far more than a configuration comes to.
const maxFileSize = 1 << 20

func firstLine(file string) (string, error) {
	content, err := readOptional(file)
	line, _, _ := strings.Cut(string(content), "\n")
	return strings.TrimSpace(line), err
}

// readOptional is what a file holds. One that is not there, or has no place to be, holds nothing.
func readOptional(file string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	content, err := files.Read(file, maxFileSize)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{"gcloud's configuration can't be read: " + err.Error(), "make the file readable, or choose another by --configuration"}
	}
	return content, nil
}

// loadFile adds a file's properties. A file that is not there says nothing.
func (c *Configuration) loadFile(file string) error {
	content, err := readOptional(file)
	if err != nil || content == nil {
		return err
	}
	properties, err := parse(content)
	if err != nil {
		return &Error{file + ": " + err.Error(), "correct the file (gcloud config list shows whether gcloud can read it), or choose another with --configuration"}
	}
	c.files = append(c.files, propertyFile{file, properties})
	return nil
}
