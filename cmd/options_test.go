package cmd

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
)

// commandOptions is the options of one command.
type commandOptions interface{ add(*cobra.Command) }

// withoutFunctions makes a parser of any result, without what holds functions, which nothing can compare.
func withoutFunctions[T any](parse func(options.CommandLine) (T, error), sessionOf func(*T) *options.Session) func(options.CommandLine) (any, error) {
	return func(in options.CommandLine) (any, error) {
		r, err := parse(in)
		if s := sessionOf(&r); s.Config != nil {
			s.Config, s.Target.CallLog = nil, nil
		}
		return r, err
	}
}

func ofRequest(r *options.Request) *options.Session { return &r.Session }

func ofSession(s *options.Session) *options.Session { return s }

// optionsOf makes the options of each command that has any: with those of its parser and a command line that it takes.
func optionsOf(command string) (o commandOptions, parse func(options.CommandLine) (any, error), args []string) {
	const repository = "--repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	job := []string{"--project=myproject-a", "--region=asia-northeast1", "--job=myjob", "--sandbox", "--verbosity=info"}
	switch command {
	case "whopulls":
		o := &rootOptions{}
		return o, withoutFunctions(o.parse, ofRequest), job
	case "whopulls check":
		o := &checkOptions{}
		return o, withoutFunctions(o.parse, ofRequest), append(job, "--strict", "--save=x")
	case "whopulls plan":
		o := &planOptions{}
		return o, withoutFunctions(o.parse, ofRequest), append(job, "--only=pull", "--out=x", "--format=gcloud")
	case "whopulls grant":
		o := &grantOptions{}
		return o, withoutFunctions(o.parse, ofRequest), append(job, "--confirm=a", "--wait=5s", "--verify=deploy")
	case "whopulls explain":
		o := &explainOptions{}
		return o, withoutFunctions(o.parse, ofRequest), append(job, "--text=x", "--lang=ja")
	case "whopulls open":
		o := &openOptions{}
		return o, withoutFunctions(o.parse, ofSession), []string{"--project=myproject-a", "--sandbox", "--format=json"}
	case "whopulls history":
		o := &historyOptions{}
		return o, withoutFunctions(o.parse, ofSession), []string{"--all", "--sandbox"}
	case "whopulls undo":
		o := &undoOptions{}
		return o, withoutFunctions(o.parse, ofSession), []string{"--quiet", "--confirm=a", "--account=user:dev@example.com", "--sandbox"}
	case "whopulls info":
		o := &infoOptions{}
		return o, withoutFunctions(o.parse, ofSession), []string{"--project=myproject-a", "--log-http"}
	case "whopulls accessibility":
		o := &accessibilityOptions{}
		return o, withoutFunctions(o.parse, ofSession), []string{"--accessible", "--format=json"}
	case "whopulls stale list":
		o := &staleListOptions{}
		return o, withoutFunctions(o.parse, func(r *staleListRequest) *options.Session { return &r.Session }), []string{repository, "--status=idle", "--read-only"}
	case "whopulls stale remove":
		o := &staleRemoveOptions{}
		return o, withoutFunctions(o.parse, func(r *staleRemoveRequest) *options.Session { return &r.Session }), []string{repository, "--status=idle,deleted", "--quiet"}
	case "whopulls sandbox start":
		o := &startFlags{}
		return o, func(options.CommandLine) (any, error) { return o.parse() }, []string{"--port=1", "--as=user:dev@example.com"}
	case "whopulls sandbox worlds", "whopulls version":
		return &formatOptions{}, nil, nil
	}
	return nil, nil, nil
}

// formatOptions is a command whose one flag is the format.
type formatOptions struct{ options.FormatFlag }

func (o *formatOptions) add(c *cobra.Command) { o.AddFormat(c, tableFormats) }

// eachCommand visits every command, without those that cobra adds.
func eachCommand(c *cobra.Command, visit func(*cobra.Command)) {
	if c.Name() == "help" || c.Name() == "completion" {
		return
	}
	visit(c)
	for _, sub := range c.Commands() {
		eachCommand(sub, visit)
	}
}

// variables are the addresses of the fields of options, with their names. Options of another package are taken field by field.
func variables(v reflect.Value, into map[uintptr]string) {
	for i := range v.NumField() {
		field, about := v.Field(i), v.Type().Field(i)
		if field.Kind() == reflect.Struct {
			variables(field, into)
			continue
		}
		into[field.UnsafeAddr()] = about.Name
	}
}

// variableOf is the address of the variable that a flag sets.
func variableOf(f *pflag.Flag) uintptr {
	v := reflect.ValueOf(f.Value)
	if v.Elem().Kind() == reflect.Struct { // a list, which holds a pointer to its variable
		return v.Elem().Field(0).Pointer()
	}
	return v.Pointer()
}

// unbound are the fields of sandbox.Options that are set in another way than by a flag.
var unbound = []string{"World", "Log", "Caller", "Hold", "Now"}

// The flags of a command are the fields of its options, one by one, and no others.
func TestEveryFlagIsAFieldOfItsCommandsOptions(t *testing.T) {
	eachCommand(newRoot(&program{io: console.Streams{}}), func(c *cobra.Command) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			o, _, _ := optionsOf(c.CommandPath())
			if o == nil {
				if c.Flags().HasFlags() && c.Runnable() && !c.HasSubCommands() {
					t.Fatal("the command has flags and no options")
				}
				return
			}
			fresh := &cobra.Command{}
			o.add(fresh)
			fields := map[uintptr]string{}
			variables(reflect.ValueOf(o).Elem(), fields)
			fresh.Flags().VisitAll(func(f *pflag.Flag) {
				address := variableOf(f)
				if fields[address] == "" {
					t.Errorf("--%s sets no field of its own", f.Name)
				}
				delete(fields, address)
				if c.Flags().Lookup(f.Name) == nil {
					t.Errorf("the command has no --%s", f.Name)
				}
			})
			for _, name := range fields {
				if !slices.Contains(unbound, name) {
					t.Errorf("the field %s has no flag", name)
				}
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if fresh.Flags().Lookup(f.Name) == nil && f.Name != "help" {
					t.Errorf("--%s is not in the options", f.Name)
				}
			})
		})
	})
}

// Parsing gives the same values each time, and changes neither the options nor the streams, nor writes anything.
func TestParsingHasNoSideEffects(t *testing.T) {
	variables := map[string]string{"CLOUDSDK_ACCESSIBILITY_SCREEN_READER": "true"}
	eachCommand(newRoot(&program{io: console.Streams{}}), func(c *cobra.Command) {
		_, parse, args := optionsOf(c.CommandPath())
		if parse == nil {
			return
		}
		t.Run(c.CommandPath(), func(t *testing.T) {
			o, parse, _ := optionsOf(c.CommandPath())
			fresh := &cobra.Command{Use: c.Name()}
			o.add(fresh)
			if err := fresh.Flags().Parse(args); err != nil {
				t.Fatal(err)
			}
			var written bytes.Buffer
			in := options.CommandLine{Command: c.Name(), Flags: fresh.Flags(), Streams: console.Streams{Out: &written, Err: &written, Home: t.TempDir(),
				Lookup: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}}
			before := reflect.ValueOf(o).Elem().Interface()
			first, err := parse(in)
			if err != nil {
				t.Fatal(err)
			}
			second, err := parse(in)
			if err != nil || !reflect.DeepEqual(first, second) {
				t.Errorf("first %+v\nthen %+v, %v", first, second, err)
			}
			if after := reflect.ValueOf(o).Elem().Interface(); !reflect.DeepEqual(before, after) {
				t.Errorf("the options were %+v\nand are %+v", before, after)
			}
			if written.Len() > 0 || in.Streams.ScreenReader {
				t.Errorf("written %q, screen reader %v", written.String(), in.Streams.ScreenReader)
			}
		})
	})
}
