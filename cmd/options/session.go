package options

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/settings"
)

// Session is what every command that calls a cloud knows: which cloud, and how to behave.
type Session struct {
	Target       Target
	Config       *gcloud.Configuration // gcloud's, with the flags on top
	Format       Format
	Verbosity    string
	noPrompts    bool // core/disable_prompts
	Plain        PlainMode
	Quiet        bool // --quiet on the command line: consent to every certain step
	ReadOnly     bool
	Production   string // pattern of projects that are production
	Settings     settings.Settings
	Command      string     // that was given
	RepeatFlags  []string   // the flags to repeat in the command that comes next, not quoted
	OtherFlags   []string   // the other flags that were given
	Cloud        CloudFlags // that it was read from
	readOnlyFlag bool       // --read-only was given
}

// CommandLine is what the options of a command are parsed from, in addition to the flags themselves.
type CommandLine struct {
	Streams console.Streams
	Flags   *pflag.FlagSet
	Command string
	// Tolerant makes a session of what can be understood, where something else is wrong.
	Tolerant bool
}

// Session reads the flags and the variables behind them. It changes nothing, and finds every error before any network.
func (f CloudFlags) Session(in CommandLine, form FormatFlag, formats []Format, project, region string) (Session, error) {
	r := Session{Quiet: f.quiet, RepeatFlags: repeatableFlags(in.Flags), OtherFlags: otherFlags(in.Flags), Command: in.Command, Cloud: f, readOnlyFlag: in.Flags.Changed("read-only")}
	steps := []func() error{
		func() error { return RefuseEmpty(in.Flags) },
		func() (err error) { r.Format, err = ParseFormat(form.Format, formats); return },
		func() error { return r.ApplyGuards(f.readOnly, r.readOnlyFlag, in.Streams) },
		func() (err error) { r.Target, r.Config, err = f.ResolveTarget(in.Streams, project, region); return },
		func() error { return r.applyDefaults(f.Verbosity, in.Flags.Changed(FlagVerbosity)) },
		func() (err error) { r.Plain, err = f.plainMode(in, r.Settings.Accessible, r.Config); return },
		func() error { return r.SetCallLog(f.LogHTTP, in.Flags.Changed(FlagLogHTTP), in.Streams) },
	}
	var first error
	for _, step := range steps {
		err := step()
		if first == nil {
			first = err
		}
		if err != nil && !in.Tolerant {
			return r, err
		}
	}
	return r, first
}

// ApplyGuards reads what keeps changes away: the flag before the variable before the settings.
func (r *Session) ApplyGuards(flag, flagGiven bool, s console.Streams) error {
	saved, err := settings.Read(s.Settings)
	if err != nil {
		return err
	}
	r.Settings, r.ReadOnly, r.Production = saved, saved.ReadOnly, saved.Production
	if value, ok := s.Lookup("WHOPULLS_READ_ONLY"); ok {
		word := strings.TrimSpace(value)
		if r.ReadOnly = !settings.IsFalse(word); r.ReadOnly && word != "" && !settings.IsTrue(word) {
			return console.UsageError(fmt.Sprintf("WHOPULLS_READ_ONLY is neither true nor false: %q", value), "set it to true or false, or unset it")
		}
	}
	if flagGiven {
		r.ReadOnly = flag
	}
	if value, ok := s.Lookup("WHOPULLS_PRODUCTION"); ok {
		r.Production = settings.ProductionPattern(value)
	}
	return settings.ValidatePattern(r.Production, "WHOPULLS_PRODUCTION")
}

// ReadSettings reads the settings again. Flags and variables go before them as they did.
func (r Session) ReadSettings(s console.Streams) (Session, error) {
	err := r.ApplyGuards(r.Cloud.readOnly, r.readOnlyFlag, s)
	return r, err
}

// SettingsInForce are all settings, and what says so.
func (r Session) SettingsInForce(s console.Streams) []settings.Value {
	over := map[string]string{}
	for name, variable := range map[string]string{"read-only": "WHOPULLS_READ_ONLY", "production": "WHOPULLS_PRODUCTION"} {
		if _, set := s.Lookup(variable); set {
			over[name] = variable
		}
	}
	if r.readOnlyFlag {
		over["read-only"] = "--read-only"
	}
	inForce := r.Settings
	inForce.ReadOnly, inForce.Production = r.ReadOnly, r.Production
	if r.Plain.over != "" {
		over["accessible"], inForce.Accessible = r.Plain.over, r.Plain.inSettings()
	}
	return settings.InForce(s.Settings, inForce, over)
}

// applyDefaults takes from the configuration what the flags left open about how the command behaves.
func (r *Session) applyDefaults(verbosity string, verbosityGiven bool) (err error) {
	c := r.Config
	r.Verbosity = verbosity
	// Like gcloud, this ignores the property's case, and ignores a value that isn't one of the levels.
	if v := strings.ToLower(c.Text(gcloud.Verbosity)); !verbosityGiven && slices.Contains(Verbosities, v) {
		r.Verbosity = v
	}
	if r.noPrompts, err = c.Bool(gcloud.DisablePrompts); err != nil {
		return configFailure(err)
	}
	return validateVerbosity(r.Verbosity)
}

func validateVerbosity(word string) error {
	if slices.Contains(Verbosities, word) {
		return nil
	}
	return console.UsageError(fmt.Sprintf("--verbosity=%s is not known", word), append(DidYouMean(word, Verbosities), "it is one of "+JoinNames(Verbosities))...)
}

// HidesErrors reports whether --verbosity silences errors, as in gcloud.
func HidesErrors(verbosity string) bool { return verbosity == "critical" || verbosity == "none" }

// HidesWarnings reports whether --verbosity silences what is not an error.
func (r Session) HidesWarnings() bool { return HidesErrors(r.Verbosity) || r.Verbosity == "error" }

// WhyNotInteractive says why nobody can be asked, empty if somebody can. Nothing but a yes or --quiet is
// consent.
func (r Session) WhyNotInteractive(s console.Streams) string {
	switch {
	case r.noPrompts:
		return "core/disable_prompts (" + r.Config.Get(gcloud.DisablePrompts).Origin + ") forbids questions"
	case !s.InTerminal:
		return "standard input is not a terminal to ask on"
	}
	return ""
}

// UndoCommand takes an entry or a run back, by the same caller and in the same place.
func (r Session) UndoCommand(id string) []string {
	return append([]string{"whopulls", "undo", id}, r.CallerFlags()...)
}

// CallerFlags are the given flags that say who calls which cloud, for a command that has its question from elsewhere.
func (r Session) CallerFlags() []string {
	return slices.DeleteFunc(slices.Clone(r.RepeatFlags), func(word string) bool {
		name := FlagName(word)
		return !slices.Contains([]string{"account", "configuration", FlagImpersonate, "billing-project", FlagSandbox}, name)
	})
}
