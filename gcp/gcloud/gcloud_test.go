package gcloud

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func lookupIn(v map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { value, ok := v[name]; return value, ok }
}

func TestFolder(t *testing.T) {
	for _, c := range []struct {
		system, home string
		variables    map[string]string
		want         string
	}{
		{"linux", "/home/dev", nil, filepath.Join("/home/dev", ".config", "gcloud")},
		{"darwin", "/Users/dev", nil, filepath.Join("/Users/dev", ".config", "gcloud")},
		{"linux", "", nil, ""},
		{"linux", "/home/dev", map[string]string{"CLOUDSDK_CONFIG": "/elsewhere", "APPDATA": "/app"}, "/elsewhere"},
		{"windows", `C:\Users\dev`, map[string]string{"APPDATA": `C:\Users\dev\AppData\Roaming`}, filepath.Join(`C:\Users\dev\AppData\Roaming`, "gcloud")},
		{"windows", `C:\Users\dev`, map[string]string{"SystemDrive": "D:"}, `D:\gcloud`},
		{"windows", `C:\Users\dev`, nil, `C:\gcloud`},
	} {
		t.Run(fmt.Sprintf("%s %s %v", c.system, c.home, c.variables), func(t *testing.T) {
			if got := (Environment{Lookup: lookupIn(c.variables), Home: c.home, System: c.system}).Folder(); got != c.want {
				t.Errorf("%s with %v: %q, not %q", c.system, c.variables, got, c.want)
			}
		})
	}
}

// writeConfiguration makes a folder of gcloud with files, and a place that leads there.
func writeConfiguration(t *testing.T, files, environment map[string]string) Environment {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]string{"CLOUDSDK_CONFIG": dir}
	for k, v := range environment {
		all[k] = v
	}
	return Environment{Lookup: lookupIn(all), System: "linux", Program: filepath.Join(dir, "sdk", "bin", "gcloud")}
}

var twoConfigurations = map[string]string{
	"active_config":                 "work",
	"configurations/config_default": "[core]\nproject = from-default\naccount = default@example.com\n",
	"configurations/config_work":    "[core]\nproject = from-work\n\n[run]\nRegion = asia-northeast1\n[proxy]\npassword = 100%%; # all of it\n",
	"sdk/properties":                "[core]\ndisable_usage_reporting = True\nproject = from-installation\n",
}

func TestPrecedence(t *testing.T) {
	for _, c := range []struct {
		about, flag string
		environment map[string]string
		project     string // --project
		want        Value
	}{
		{"the activated configuration", "", nil, "", Value{"from-work", "gcloud's configuration work", true}},
		{"--configuration", "default", map[string]string{"CLOUDSDK_ACTIVE_CONFIG_NAME": "work"}, "", Value{"from-default", "gcloud's configuration default", true}},
		{"the variable that names one", "", map[string]string{"CLOUDSDK_ACTIVE_CONFIG_NAME": "default"}, "", Value{"from-default", "gcloud's configuration default", true}},
		{"the property's variable", "", map[string]string{"CLOUDSDK_CORE_PROJECT": "from-variable"}, "", Value{"from-variable", "CLOUDSDK_CORE_PROJECT", true}},
		{"the flag", "", map[string]string{"CLOUDSDK_CORE_PROJECT": "from-variable"}, "from-flag", Value{"from-flag", "--project", true}},
		{"a variable set to nothing", "", map[string]string{"CLOUDSDK_CORE_PROJECT": ""}, "", Value{"", "CLOUDSDK_CORE_PROJECT", true}},
	} {
		t.Run(c.about, func(t *testing.T) {
			configuration, err := Load(writeConfiguration(t, twoConfigurations, c.environment), c.flag)
			if err != nil {
				t.Errorf("%s: %v", c.about, err)
				return
			}
			configuration.SetFlag(Project, "--project", c.project)
			if got := configuration.Get(Project); got != c.want {
				t.Errorf("%s: %+v, not %+v", c.about, got, c.want)
			}
		})
	}
}

func TestNoneHoldsNothingButTheInstallation(t *testing.T) {
	p := writeConfiguration(t, twoConfigurations, map[string]string{"CLOUDSDK_ACTIVE_CONFIG_NAME": "NONE"})
	c, err := Load(p, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Get(Project); got.Text != "from-installation" || !strings.HasSuffix(got.Origin, "properties") {
		t.Errorf("the project is %+v", got)
	}
	if c.Get(Region).Set {
		t.Errorf("the region is %+v", c.Get(Region))
	}
}

func TestDialect(t *testing.T) {
	c, err := Load(writeConfiguration(t, twoConfigurations, nil), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Text(Region); got != "asia-northeast1" {
		t.Errorf("the name of a property in capitals: %q", got)
	}
	if got := c.Text(ProxyPassword); got != "100%; # all of it" {
		t.Errorf("a value with signs of its own: %q", got)
	}
	if got := c.All()["proxy"]["password"]; got != "(hidden)" {
		t.Errorf("the password is shown: %q", got)
	}
}

func TestWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		about, flag string
		files       map[string]string
		environment map[string]string
		want        string
	}{
		{"no such configuration", "nope", twoConfigurations, nil, "--configuration names the gcloud configuration nope, which does not exist"},
		{"none by the variable", "", twoConfigurations, map[string]string{"CLOUDSDK_ACTIVE_CONFIG_NAME": "nope"}, "CLOUDSDK_ACTIVE_CONFIG_NAME names"},
		{"no name", "../work", twoConfigurations, nil, `"../work" is not a valid name`},
		{"no section", "", map[string]string{"configurations/config_default": "project = x\n"}, nil, `"project" is in no section`},
		{"no property", "", map[string]string{"configurations/config_default": "[core]\nproject\n"}, nil, "config_default"},
	} {
		t.Run(c.about, func(t *testing.T) {
			_, err := Load(writeConfiguration(t, c.files, c.environment), c.flag)
			told, ok := err.(*Error)
			if !ok || !strings.Contains(told.Error(), c.want) || told.Hint() == "" {
				t.Errorf("%s: %v", c.about, err)
			}
		})
	}
	// What gcloud ignores is not an error: an activator that names nothing, a configuration that was never written.
	for _, active := range []string{"", "UPPER\n", "gone"} {
		t.Run(cmp.Or(active, "empty"), func(t *testing.T) {
			c, err := Load(writeConfiguration(t, map[string]string{"active_config": active}, nil), "")
			if err != nil || c.Get(Project).Set {
				t.Errorf("activator %q: %v", active, err)
			}
		})
	}
}

// Another configuration may be another account: which one is active is not guessed.
func TestAnUnreadableActivatorIsNoDefault(t *testing.T) {
	place := writeConfiguration(t, map[string]string{"active_config/x": "", "configurations/config_work": "[core]\n"}, nil)
	if c, err := Load(place, ""); err == nil || !strings.Contains(err.Error(), "active_config") {
		t.Errorf("got %+v, %v; want an error that names the file", c, err)
	}
	if c, err := Load(place, "work"); err != nil || c.Name != "work" {
		t.Errorf("by --configuration: %+v, %v", c, err)
	}
}

// Without gcloud, and without a folder of its own, nothing is taken from where one happens to be.
func TestNothingOfTheWorkingDirectoryCounts(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{"properties": "[core]\nproject = evil\n", "active_config": "evil", "configurations/config_evil": "[core]\nproject = evil\n"} {
		t.Run(name, func(t *testing.T) {
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, program := range []string{"", "gcloud", "./gcloud", "bin/gcloud"} {
		t.Run(cmp.Or(program, "empty"), func(t *testing.T) {
			p := FromProcess(lookupIn(nil), program)
			p.Home = ""
			c, err := Load(p, "")
			if err != nil || c.Get(Project).Set || c.Name != "default" || len(c.Names()) > 0 {
				t.Errorf("%q: %+v, %v; project %+v", program, c, err, c.Get(Project))
			}
		})
	}
}

func TestBool(t *testing.T) {
	for text, want := range map[string]bool{"True": true, "yes": true, "ON": true, "1": true, "false": false, "None": false, "": false} {
		t.Run(cmp.Or(text, "empty"), func(t *testing.T) {
			got, err := FromVariables(lookupIn(map[string]string{"CLOUDSDK_CORE_DISABLE_PROMPTS": text})).Bool(DisablePrompts)
			if err != nil || got != want {
				t.Errorf("%q: %v, %v", text, got, err)
			}
		})
	}
	if _, err := FromVariables(lookupIn(map[string]string{"CLOUDSDK_CORE_DISABLE_PROMPTS": "perhaps"})).Bool(DisablePrompts); err == nil {
		t.Error("perhaps is taken for a boolean")
	}
}

// The real gcloud writes the folder, and says what it reads there.
func TestAsGcloudReads(t *testing.T) {
	if testing.Short() {
		t.Skip("starts gcloud many times")
	}
	program, err := exec.LookPath("gcloud")
	if err != nil {
		if os.Getenv("WHOPULLS_NEED_GCLOUD") != "" {
			t.Fatal(err)
		}
		t.Skip("gcloud is not installed")
	}
	dir := t.TempDir()
	environment := map[string]string{"CLOUDSDK_CONFIG": dir, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}
	run := func(args ...string) []byte {
		t.Helper()
		c := exec.Command(program, args...)
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
		for k, v := range environment {
			c.Env = append(c.Env, k+"="+v)
		}
		out, err := c.Output()
		if err != nil {
			t.Fatalf("gcloud %v: %v", args, err)
		}
		return out
	}
	run("config", "configurations", "create", "work")
	for _, setting := range [][2]string{{"core/project", "myproject-a"}, {"core/account", "dev@example.com"}, {"run/region", "asia-northeast1"},
		{"artifacts/location", "asia-northeast1"}, {"container/cluster", "main"}, {"billing/quota_project", "myproject-a"},
		{"api_endpoint_overrides/run", "https://run-private.p.googleapis.com/"}, {"accessibility/screen_reader", "true"},
		{"proxy/type", "http"}, {"proxy/address", "proxy.example.com"}, {"proxy/port", "3128"}, {"core/verbosity", "error"}} {
		run("config", "set", setting[0], setting[1])
	}
	environment["CLOUDSDK_RUN_REGION"] = "us-central1"
	environment["CLOUDSDK_CORE_LOG_HTTP"] = "false"
	var want map[string]map[string]string
	if err := json.Unmarshal(run("config", "list", "--format=json"), &want); err != nil {
		t.Fatal(err)
	}
	c, err := Load(FromProcess(lookupIn(environment), program), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.All(); !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%v\nand gcloud says\n%v", got, want)
	}
	if c.Name != "work" {
		t.Errorf("the configuration is %q", c.Name)
	}
	for _, written := range oddFiles {
		if err := os.WriteFile(c.File, []byte(written), 0o600); err != nil {
			t.Fatal(err)
		}
		want = nil
		if err := json.Unmarshal(run("config", "list", "--format=json"), &want); err != nil {
			t.Fatal(err)
		}
		if c, err = Load(FromProcess(lookupIn(environment), program), ""); err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		if got := c.All(); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: read\n%v\nand gcloud says\n%v", written, got, want)
		}
	}
}

// oddFiles files are read by gcloud all the same.
var oddFiles = []string{
	"[core]\nproject = `abc\naccount = \"\"\"abc\n",
	"[core]\nproject = `abc`\naccount = \"dev@example.com\"\n",
	"[core]\nproject = 'abc'\naccount : dev@example.com\n",
	"[DEFAULT]\nproject = common\n[core]\naccount = dev@example.com\n",
	"[core]\nproject = own\n[DEFAULT]\nproject = common\n",
	"[core]\nproject = one\n two\n",
	"\n[core]\n\nproject = one\n \n\naccount = dev@example.com\n",
	"# a remark\n[core]\n; another\nproject = a#b;c\r\naccount = \r\n",
	"[core]\nproject = one = two : three\n",
}

// The same without gcloud, as it was seen to read them.
func TestOddFiles(t *testing.T) {
	for n, want := range []string{"`abc", "`abc`", "'abc'", "common", "own", "one\ntwo", "one", "a#b;c", "one = two : three"} {
		t.Run(want, func(t *testing.T) {
			c, err := Load(writeConfiguration(t, map[string]string{"configurations/config_default": oddFiles[n]}, nil), "")
			if err != nil || c.Text(Project) != want {
				t.Errorf("%q: %+v, %v, want %q", oddFiles[n], c.Get(Project), err, want)
			}
		})
	}
}

// The accounts are those that gcloud holds credentials for, whatever the configurations name.
func TestAccounts(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"none", nil, nil},
		{"two", map[string]string{"legacy_credentials/ops@example.com/adc.json": "{}", "legacy_credentials/dev@example.com/adc.json": "{}"}, []string{"dev@example.com", "ops@example.com"}},
		{"a folder without credentials", map[string]string{"legacy_credentials/dev@example.com/.boto": ""}, nil},
		{"what is no account's", map[string]string{"legacy_credentials/default/adc.json": "{}"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			configuration, err := Load(writeConfiguration(t, c.files, nil), "")
			if err != nil {
				t.Fatal(err)
			}
			if got := configuration.Accounts(); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if got := FromVariables(lookupIn(nil)).Accounts(); got != nil {
		t.Errorf("without a folder: %q", got)
	}
}
