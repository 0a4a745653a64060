package options

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

// CloudFlags say which cloud is meant, who calls it, and how to behave.
type CloudFlags struct {
	Account, Configuration, Impersonate, BillingProject string
	Sandbox, Verbosity                                  string
	quiet, readOnly, LogHTTP, accessible                bool
}

// ProjectFlag is the consumer project.
type ProjectFlag struct{ Project string }

// QuestionFlags say what is asked.
type QuestionFlags struct {
	ProjectFlag
	Region                   string
	Service, Job, WorkerPool string
	kind, image              string
	serviceAccount, deployer string
	public                   bool // --allow-unauthenticated
}

// DiagnosisFlags are the further flags of the commands that diagnose.
type DiagnosisFlags struct {
	repository string
	strict     bool
	FormatFlag
}

// PlanFlags limit what a plan takes.
type PlanFlags struct {
	only  []string
	scope string
}

// VerifyFlags say how a change is proved.
type VerifyFlags struct {
	Verify string
	Wait   time.Duration
}

// ConfirmFlag names what may be changed although it looks like production.
type ConfirmFlag struct{ Confirm []string }

// FormatFlag is the form of the result.
type FormatFlag struct{ Format string }

// The spelling of gcloud where gcloud has the flag.
const (
	FlagSandbox     = "sandbox"
	FlagVerbosity   = "verbosity"
	FlagQuiet       = "quiet"
	FlagAccessible  = "accessible"
	FlagConfirm     = "confirm"
	FlagKind        = "kind"
	FlagPublic      = "allow-unauthenticated"
	FlagImpersonate = "impersonate-service-account"
	verifyRead      = "read"
	VerifyDeploy    = "deploy"
)

// DefaultWorld is the world of a --sandbox without a value.
const DefaultWorld = "article"

// AddQuestion gives a command the flags that say what is asked.
func (f *QuestionFlags) AddQuestion(c *cobra.Command) {
	f.AddProject(c)
	s := c.Flags()
	s.StringVar(&f.Region, "region", "", "`REGION` of the service, job or worker pool")
	s.StringVar(&f.Service, string(model.Service), "", "`NAME` of the Cloud Run service")
	s.StringVar(&f.Job, string(model.Job), "", "`NAME` of the Cloud Run job")
	s.StringVar(&f.WorkerPool, string(model.WorkerPool), "", "`NAME` of the Cloud Run worker pool")
	s.StringVar(&f.kind, FlagKind, "", "`KIND` of a new deployment: "+JoinNames(Kinds)+"; service, when left out")
	SetFlagValues(c, FlagKind, Kinds)
	s.BoolVar(&f.public, FlagPublic, false, "the deploy is to let everybody call the service, which takes one permission more")
	s.StringVar(&f.image, "image", "", "image `REF`; with a workload, what it is to run next")
	s.StringVar(&f.serviceAccount, "service-account", "", "`EMAIL` of the runtime service account, where it is not the workload's own")
	s.StringVar(&f.deployer, "deployer", "", "`MEMBER` who deploys, for example user:dev@example.com; you, when left out")
}

// AddProject gives a command the flag of the consumer project.
func (f *ProjectFlag) AddProject(c *cobra.Command) {
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.Project, "project", "", "`ID` or number of the consumer project, where the image runs")
}

// AddCloud gives a command the flags that say which cloud is meant, and how to behave.
func (f *CloudFlags) AddCloud(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&f.Account, "account", "", "`ACCOUNT` to call Google Cloud with, of those that gcloud holds; in the sandbox the member who calls")
	s.StringVar(&f.Configuration, "configuration", "", "`NAME` of the gcloud configuration to use")
	s.StringVar(&f.Impersonate, FlagImpersonate, "", "`EMAIL` of a service account to call as; or a comma-separated delegation chain that ends with it")
	s.StringVar(&f.BillingProject, "billing-project", "", "`PROJECT` whose quota the calls use")
	s.BoolVarP(&f.quiet, FlagQuiet, "q", false, "ask nothing")
	s.BoolVar(&f.readOnly, "read-only", false, "refuse every change; so do WHOPULLS_READ_ONLY=true and the settings")
	s.BoolVar(&f.accessible, FlagAccessible, false, "plain mode, for a screen reader: numbered lists and words, nothing is drawn; whopulls accessibility tells more")
	s.StringVar(&f.Sandbox, FlagSandbox, "", "use a pretend Google Cloud: a `WORLD` ("+DefaultWorld+" when left out), a world file, or the HOST:PORT of a running one")
	s.Lookup(FlagSandbox).NoOptDefVal = DefaultWorld
	s.StringVar(&f.Verbosity, FlagVerbosity, "warning", "`LEVEL` of what goes to standard error: "+strings.Join(Verbosities, ", "))
	SetFlagValues(c, FlagVerbosity, Verbosities)
	s.BoolVar(&f.LogHTTP, FlagLogHTTP, false, "write a line for each call to standard error, without tokens and contents")
}

// AddDiagnosis gives a command the further flags of check, plan and grant.
func (f *DiagnosisFlags) AddDiagnosis(c *cobra.Command, formats []Format) {
	s := c.Flags()
	s.StringVar(&f.repository, "repository", "", "`NAME` of a repository, in place of --image, before the first push")
	s.BoolVar(&f.strict, "strict", false, "a deny policy that can't be read makes a verdict unknown; waits for the quota of such reads, 5 a minute")
	f.AddFormat(c, formats)
}

// AddVerification gives a command the flags that say how its changes are proved.
func (f *VerifyFlags) AddVerification(c *cobra.Command) {
	s := c.Flags()
	s.StringVar(&f.Verify, "verify", verifyRead, "`HOW` a change is proved: "+JoinNames(verifyModes)+"; deploy also makes a deploy of the workload that changes nothing (validate-only)")
	s.DurationVar(&f.Wait, "wait", 0, "`DURATION` to wait for effects that can be observed, for example 5m")
	SetFlagValues(c, "verify", verifyModes)
}

// AddConfirm gives a command that changes something its word for what is changed by its name only.
func (f *ConfirmFlag) AddConfirm(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.Confirm, FlagConfirm, nil, "`NAME` of what may be changed all the same, also with --quiet: a project that looks like production, folders/N or organizations/N; may be given several times")
}

// AddFormat gives a command the flag of the result's form; the first of the formats is the one of a command line without it.
func (f *FormatFlag) AddFormat(c *cobra.Command, formats []Format) {
	c.Flags().StringVar(&f.Format, "format", string(formats[0]), "`FORMAT` of the result: "+JoinNames(formats))
	SetFlagValues(c, "format", formats)
}

// AddPlan gives a command the flags of plan and grant.
func (f *PlanFlags) AddPlan(c *cobra.Command) {
	s := c.Flags()
	s.StringSliceVar(&f.only, "only", nil, "only the steps for these `CHECK`s, for example pull,act-as")
	s.StringVar(&f.scope, "scope", string(model.ScopeRepository), "`SCOPE` of the reader role: "+JoinNames(Scopes))
	SetFlagValues(c, "only", model.CheckIDs[:])
	SetFlagValues(c, "scope", Scopes)
}

// TrimmedItems are the words of a list: blanks around one, and a comma too many, say nothing.
func TrimmedItems(list []string) (words []string) {
	for _, word := range list {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// RefuseEmpty refuses a flag with an empty value. An unset variable in a script must not widen the question,
// or lead from a sandbox to the real Google Cloud.
func RefuseEmpty(set *pflag.FlagSet) (err error) {
	set.Visit(func(f *pflag.Flag) {
		if value := f.Value.String(); err == nil && strings.Trim(value, `[], "`) == "" {
			err = console.UsageError("--"+f.Name+" is given without a value", "give it one, or leave it out")
		}
	})
	return err
}

// The words that flags take.
var (
	verifyModes = []string{verifyRead, VerifyDeploy}
	Kinds       = []model.WorkloadKind{model.Service, model.Job, model.WorkerPool}
	Scopes      = []model.Scope{model.ScopeRepository, model.ScopeProject}
	Verbosities = []string{verbosityDebug, "info", "warning", "error", "critical", "none"}
)

// FlagValuesKey is the annotation of a flag that holds its fixed values.
const FlagValuesKey = "whopulls_completions"

// SetFlagValues notes the fixed values of a flag, which the shell is offered.
func SetFlagValues[T ~string](c *cobra.Command, flag string, values []T) {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	// The only error is a flag that does not exist, which the tests of every command's help would show.
	_ = c.Flags().SetAnnotation(flag, FlagValuesKey, names)
}

// RepeatableNames are the flags worth repeating in the command that comes next.
var RepeatableNames = []string{"project", "region", string(model.Service), string(model.Job), string(model.WorkerPool), FlagKind, FlagPublic, "image",
	"repository", "service-account", "deployer", "strict", "account", "configuration", FlagImpersonate, "billing-project", FlagSandbox}

// repeatableFlags spells the given flags again, not yet quoted for a shell.
func repeatableFlags(set *pflag.FlagSet) []string {
	var spellings []string
	for _, name := range RepeatableNames {
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
		if !slices.Contains(RepeatableNames, f.Name) {
			spellings = append(spellings, spellFlag(f))
		}
	})
	return spellings
}

// FlagName is the name of the flag that a spelled one (--name=value) gives.
func FlagName(word string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
	return name
}

// SortFlags puts spelled flags into the order in which they are repeated.
func SortFlags(words []string) []string {
	index := func(word string) int { return slices.Index(RepeatableNames, FlagName(word)) }
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

// RefuseArguments refuses arguments, with a word for the value of --sandbox that was set apart from it.
func RefuseArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if f := c.Flags().Lookup(FlagSandbox); f != nil && f.Changed {
		return console.UsageError(fmt.Sprintf("unrecognized argument %q", args[0]),
			"a value of --sandbox is joined to it: "+shellescape.Quote("--sandbox="+args[0]))
	}
	return console.UsageError(fmt.Sprintf("unrecognized argument %q", args[0]), HelpHint(c))
}

// HelpHint says where a command's help is.
func HelpHint(c *cobra.Command) string { return c.CommandPath() + " --help shows what it takes" }

// valueHints are how a value of a flag's type is written.
var valueHints = map[string]string{"duration": "a time is written as 50ms, 1s or 5m", "int": "it takes a whole number",
	"int64": "it takes a whole number", "float64": "it takes a number, as 0.1", "bool": "it takes true or false"}

// FlagError turns an error of the flag parser into a usage failure. It adds flags that look alike, or how a
// value that could not be read is written. The parser's own text is written for Go programmers.
func FlagError(c *cobra.Command, err error) error {
	f := console.UsageError(err.Error())
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && valueHints[invalid.GetFlag().Value.Type()] != "" {
		f.Message = fmt.Sprintf("--%s can't be %q", invalid.GetFlag().Name, invalid.GetValue())
		f.Hints = []string{valueHints[invalid.GetFlag().Value.Type()]}
	}
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: --"); ok {
		f.Hints = flagsLike(c, name)
	}
	f.Hints = append(f.Hints, HelpHint(c))
	return f
}
