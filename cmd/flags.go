package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/model"
)

// cloudFlags say which cloud is meant, who calls it, and how to behave.
type cloudFlags struct {
	account, configuration, impersonate, billingProject string
	sandbox, verbosity                                  string
	quiet, readOnly, logHTTP                            bool
}

// projectFlag is the consumer project.
type projectFlag struct{ project string }

// questionFlags say what is asked.
type questionFlags struct {
	projectFlag
	region                   string
	service, job, workerPool string
	kind, image              string
	serviceAccount, deployer string
	public                   bool // --allow-unauthenticated
}

// diagnosisFlags are the further flags of the commands that diagnose.
type diagnosisFlags struct {
	repository string
	strict     bool
	formatFlag
}

// planFlags limit what a plan takes.
type planFlags struct {
	only  []string
	scope string
}

// verifyFlags say how a change is proved.
type verifyFlags struct {
	verify string
	wait   time.Duration
}

// confirmFlag names what may be changed although it looks like production.
type confirmFlag struct{ confirm []string }

// formatFlag is the form of the result.
type formatFlag struct{ format string }

// The spelling of gcloud where gcloud has the flag.
const (
	flagSandbox     = "sandbox"
	flagVerbosity   = "verbosity"
	flagQuiet       = "quiet"
	flagConfirm     = "confirm"
	flagKind        = "kind"
	flagPublic      = "allow-unauthenticated"
	flagImpersonate = "impersonate-service-account"
	verifyRead      = "read"
	verifyDeploy    = "deploy"
)

// defaultWorld is the world of a --sandbox without a value.
const defaultWorld = "article"

// addQuestion gives a command the flags that say what is asked.
func (f *questionFlags) addQuestion(c *cobra.Command) {
	f.addProject(c)
	s := c.Flags()
	s.StringVar(&f.region, "region", "", "`REGION` of the service, job or worker pool")
	s.StringVar(&f.service, string(model.Service), "", "`NAME` of the Cloud Run service")
	s.StringVar(&f.job, string(model.Job), "", "`NAME` of the Cloud Run job")
	s.StringVar(&f.workerPool, string(model.WorkerPool), "", "`NAME` of the Cloud Run worker pool")
	s.StringVar(&f.kind, flagKind, "", "`KIND` of a new deployment: "+joinNames(kinds)+"; service, when left out")
	setFlagValues(c, flagKind, kinds)
	s.BoolVar(&f.public, flagPublic, false, "the deploy is to let everybody call the service, which takes one permission more")
	s.StringVar(&f.image, "image", "", "image `REF`; with a workload, what it is to run next")
	s.StringVar(&f.serviceAccount, "service-account", "", "`EMAIL` of the runtime service account, where it is not the workload's own")
	s.StringVar(&f.deployer, "deployer", "", "`MEMBER` who deploys, for example user:dev@example.com; you, when left out")
}

// addProject gives a command the flag of the consumer project.
func (f *projectFlag) addProject(c *cobra.Command) {
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.project, "project", "", "`ID` or number of the consumer project, where the image runs")
}

// addCloud gives a command the flags that say which cloud is meant, and how to behave.
func (f *cloudFlags) addCloud(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&f.account, "account", "", "`ACCOUNT` to call Google Cloud with, of those that gcloud holds; in the sandbox the member who calls")
	s.StringVar(&f.configuration, "configuration", "", "`NAME` of the gcloud configuration to use")
	s.StringVar(&f.impersonate, flagImpersonate, "", "`EMAIL` of a service account to call as; or a comma-separated delegation chain that ends with it")
	s.StringVar(&f.billingProject, "billing-project", "", "`PROJECT` whose quota the calls use")
	s.BoolVarP(&f.quiet, flagQuiet, "q", false, "ask nothing")
	s.BoolVar(&f.readOnly, "read-only", false, "refuse every change; so do WHOPULLS_READ_ONLY=true and the settings")
	s.StringVar(&f.sandbox, flagSandbox, "", "use a pretend Google Cloud: a `WORLD` ("+defaultWorld+" when left out), a world file, or the HOST:PORT of a running one")
	s.Lookup(flagSandbox).NoOptDefVal = defaultWorld
	s.StringVar(&f.verbosity, flagVerbosity, "warning", "`LEVEL` of what goes to standard error: "+strings.Join(verbosities, ", "))
	setFlagValues(c, flagVerbosity, verbosities)
	s.BoolVar(&f.logHTTP, flagLogHTTP, false, "write a line for each call to standard error, without tokens and contents")
}

// addDiagnosis gives a command the further flags of check, plan and grant.
func (f *diagnosisFlags) addDiagnosis(c *cobra.Command, formats []format) {
	s := c.Flags()
	s.StringVar(&f.repository, "repository", "", "`NAME` of a repository, in place of --image, before the first push")
	s.BoolVar(&f.strict, "strict", false, "a deny policy that can't be read makes a verdict unknown; waits for the quota of such reads, 5 a minute")
	f.addFormat(c, formats)
}

// addVerification gives a command the flags that say how its changes are proved.
func (f *verifyFlags) addVerification(c *cobra.Command) {
	s := c.Flags()
	s.StringVar(&f.verify, "verify", verifyRead, "`HOW` a change is proved: "+joinNames(verifyModes)+"; deploy also makes a deploy of the workload that changes nothing (validate-only)")
	s.DurationVar(&f.wait, "wait", 0, "`DURATION` to wait for effects that can be observed, for example 5m")
	setFlagValues(c, "verify", verifyModes)
}

// addConfirm gives a command that changes something its word for what is changed by its name only.
func (f *confirmFlag) addConfirm(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.confirm, flagConfirm, nil, "`NAME` of what may be changed all the same, also with --quiet: a project that looks like production, folders/N or organizations/N; may be given several times")
}

func (f *formatFlag) addFormat(c *cobra.Command, formats []format) {
	c.Flags().StringVar(&f.format, "format", string(formats[0]), "`FORMAT` of the result: "+joinNames(formats))
	setFlagValues(c, "format", formats)
}

// addPlan gives a command the flags of plan and grant.
func (f *planFlags) addPlan(c *cobra.Command) {
	s := c.Flags()
	s.StringSliceVar(&f.only, "only", nil, "only the steps for these `CHECK`s, for example pull,act-as")
	s.StringVar(&f.scope, "scope", string(model.ScopeRepository), "`SCOPE` of the reader role: "+joinNames(scopes))
	setFlagValues(c, "only", model.CheckIDs[:])
	setFlagValues(c, "scope", scopes)
}

// trimmedItems are the words of a list: blanks around one, and a comma too many, say nothing.
func trimmedItems(list []string) (words []string) {
	for _, word := range list {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// refuseEmpty refuses a flag given without a value: an unset variable in a script must not widen what is asked, nor lead
// from a sandbox to the real Google Cloud.
func refuseEmpty(set *pflag.FlagSet) (err error) {
	set.Visit(func(f *pflag.Flag) {
		if value := f.Value.String(); err == nil && strings.Trim(value, `[], "`) == "" {
			err = console.UsageError("--"+f.Name+" is given without a value", "give it one, or leave it out")
		}
	})
	return err
}

var (
	verifyModes = []string{verifyRead, verifyDeploy}
	kinds       = []model.WorkloadKind{model.Service, model.Job, model.WorkerPool}
	scopes      = []model.Scope{model.ScopeRepository, model.ScopeProject}
	verbosities = []string{verbosityDebug, "info", "warning", "error", "critical", "none"}
)

// flagValuesKey is the annotation of a flag that holds its fixed values.
const flagValuesKey = "whopulls_completions"

// setFlagValues notes the fixed values of a flag, which the shell is offered.
func setFlagValues[T ~string](c *cobra.Command, flag string, values []T) {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	// The only error is a flag that does not exist, which the tests of every command's help would show.
	_ = c.Flags().SetAnnotation(flag, flagValuesKey, names)
}

// repeatableNames are the flags worth repeating in the command that comes next.
var repeatableNames = []string{"project", "region", string(model.Service), string(model.Job), string(model.WorkerPool), flagKind, flagPublic, "image",
	"repository", "service-account", "deployer", "strict", "account", "configuration", flagImpersonate, "billing-project", flagSandbox}

// repeatableFlags spells the given flags again, not yet quoted for a shell.
func repeatableFlags(set *pflag.FlagSet) []string {
	var spellings []string
	for _, name := range repeatableNames {
		if f := set.Lookup(name); f != nil && f.Changed {
			spellings = append(spellings, spellFlag(f))
		}
	}
	return spellings
}

// otherFlags spells the given flags that are not worth repeating, for the same command once more.
func otherFlags(set *pflag.FlagSet) []string {
	var spellings []string
	set.Visit(func(f *pflag.Flag) {
		if !slices.Contains(repeatableNames, f.Name) {
			spellings = append(spellings, spellFlag(f))
		}
	})
	return spellings
}

// flagName is the name of the flag that a spelled one (--name=value) gives.
func flagName(word string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
	return name
}

// sortFlags puts spelled flags into the order in which they are repeated.
func sortFlags(words []string) []string {
	index := func(word string) int { return slices.Index(repeatableNames, flagName(word)) }
	slices.SortStableFunc(words, func(a, b string) int { return index(a) - index(b) })
	return words
}

// spellFlag writes a flag with its value as one word.
func spellFlag(f *pflag.Flag) string {
	value := f.Value.String()
	switch v, isList := f.Value.(pflag.SliceValue); {
	case isList:
		value = strings.Join(v.GetSlice(), ",")
	case f.Value.Type() == "bool" && value == "true":
		return "--" + f.Name
	}
	return "--" + f.Name + "=" + value
}

// refuseArguments refuses arguments, with a word for the value of --sandbox that was set apart from it.
func refuseArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if f := c.Flags().Lookup(flagSandbox); f != nil && f.Changed {
		return console.UsageError(fmt.Sprintf("unrecognized argument %q", args[0]),
			"a value of --sandbox is joined to it: "+shellescape.Quote("--sandbox="+args[0]))
	}
	return console.UsageError(fmt.Sprintf("unrecognized argument %q", args[0]), helpHint(c))
}

func helpHint(c *cobra.Command) string { return c.CommandPath() + " --help shows what it takes" }

// valueHints are how a value of a flag's type is written.
var valueHints = map[string]string{"duration": "a time is written as 50ms, 1s or 5m", "int": "it takes a whole number",
	"int64": "it takes a whole number", "float64": "it takes a number, as 0.1", "bool": "it takes true or false"}

// flagError turns what the flag parser says into a usage failure, with the flags that look alike, or with how the value
// is written that could not be read: the parser's own words are those of Go.
func flagError(c *cobra.Command, err error) error {
	f := console.UsageError(err.Error())
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && valueHints[invalid.GetFlag().Value.Type()] != "" {
		f.Message = fmt.Sprintf("--%s can't be %q", invalid.GetFlag().Name, invalid.GetValue())
		f.Hints = []string{valueHints[invalid.GetFlag().Value.Type()]}
	}
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: --"); ok {
		f.Hints = flagsLike(c, name)
	}
	f.Hints = append(f.Hints, helpHint(c))
	return f
}
