// Package completion gives the shell the words that may come next: names from Google Cloud, from gcloud's configurations and
// from the journal.
//
// A shell waits for less than a second. What was found by then is offered, and a process in the background reads the rest
// into the cache, for the next try.
package completion

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/guard"
	"whopulls/text"
)

// timeout is what a shell waits for words, with what starting and ending the process takes well under a second.
const (
	timeout = 700 * time.Millisecond
	grace   = 100 * time.Millisecond // to close what was opened
	// refreshTimeout bounds the reading that continues in the background for its next try. A list is kept only when all of it was
	// read, and 20,000 projects are 40 pages.
	refreshTimeout = 5 * time.Minute
)

// Completer completes the values of flags and arguments.
type Completer struct {
	Streams console.Streams
	Open    func(ctx context.Context, t options.Target) (Cloud, error)
	// Refresh completes the same command line again in another process, which has no time left; nil: this is that process.
	Refresh func() error
}

// candidates are what can stand at a place of a command line. What a shell gets is what was found in time.
type candidates struct {
	prefix       string // that was typed already
	keepOrder    bool   // as they were found; else by the alphabet
	mu           sync.Mutex
	found        []string
	descriptions map[string][]string
}

// add offers a word; words that are found several times tell everything about them once.
func (w *candidates) add(word, description string) {
	if !strings.HasPrefix(word, w.prefix) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.descriptions[word]; !known {
		w.found = append(w.found, word)
		w.descriptions[word] = nil
	}
	if description != "" && !slices.Contains(w.descriptions[word], description) {
		w.descriptions[word] = append(w.descriptions[word], description)
	}
}

// cobraCompletions are the words in the form of cobra, cleaned: the shell writes them to the terminal.
func (w *candidates) cobraCompletions() (all []cobra.Completion, directive cobra.ShellCompDirective) {
	w.mu.Lock()
	defer w.mu.Unlock()
	partial := len(w.found) > 0
	if !w.keepOrder {
		slices.Sort(w.found)
	}
	for _, word := range w.found {
		partial = partial && strings.HasSuffix(word, "/")
		all = append(all, cobra.CompletionWithDesc(text.Clean(word), text.Clean(strings.Join(w.descriptions[word], ", "))))
	}
	directive = cobra.ShellCompDirectiveNoFileComp
	if w.keepOrder {
		directive |= cobra.ShellCompDirectiveKeepOrder
	}
	if partial {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	return all, directive
}

// IsRequest reports whether a command line is the shell's question what may come next.
func IsRequest(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// Register lets the shell complete the values of every flag and argument of a command and its subcommands. A
// flag that names a file is completed with files. A flag without known values is completed with nothing.
// Cobra keeps these functions, and with them the whole command line, for as long as the process lives. So
// they are registered only if the shell asks.
func (k Completer) Register(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		var kind string
		kind, f.Usage = pflag.UnquoteUsage(f) // a shell shows it as it stands, with the marks that are for the help alone
		if kind != "FILE" {
			_ = c.RegisterFlagCompletionFunc(f.Name, k.flagCompletion(f)) // the flag is there, and is visited once
		}
	})
	switch c.Name() {
	case "undo":
		c.ValidArgsFunction = k.completeFrom(completeJournalIDs, true)
	case "worlds":
		c.ValidArgsFunction = cobra.FixedCompletions(options.WorldNames(), cobra.ShellCompDirectiveNoFileComp)
	case "check", "plan", "grant", "history", "info", "list", "open", "remove", "version", "start":
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range c.Commands() {
		k.Register(sub)
	}
}

// flagCompletion completes the value of one flag.
func (k Completer) flagCompletion(f *pflag.Flag) cobra.CompletionFunc {
	if found, ok := flagSources[f.Name]; ok {
		return k.completeFrom(found, false)
	}
	if wordOf, ok := configurationWords[f.Name]; ok {
		return k.completeConfigurations(wordOf)
	}
	values, isFixed := f.Annotations[options.FlagValuesKey]
	_, isList := f.Value.(pflag.SliceValue)
	switch {
	case f.Name == "world" || f.Name == options.FlagSandbox: // a file of one's own will do too
		return cobra.FixedCompletions(options.WorldNames(), cobra.ShellCompDirectiveDefault)
	case isFixed && isList:
		return completeList(values)
	case isFixed:
		return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	}
	return cobra.NoFileCompletions
}

// completeList completes the last of several values between commas, with one that is not there yet.
func completeList(values []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
		typedItems := typed[:strings.LastIndex(typed, ",")+1]
		for _, value := range values {
			if word := typedItems + value; strings.HasPrefix(word, typed) && !slices.Contains(strings.Split(typedItems, ","), value) {
				all = append(all, word)
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

// input is a place of a command line that is being completed: what stands before it, and the beginning of the word.
type input struct {
	options.QuestionFlags
	project string // that is meant
	typed   string
}

// completeFrom asks the cloud for words. Whatever goes wrong, or takes too long, only leaves some out.
func (k Completer) completeFrom(from source, ordered bool) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		question, cloud := flagsOf(c)
		t, configured, err := cloud.ResolveTarget(k.Streams, question.Project, question.Region)
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		t.LazySignIn = true
		project, _ := options.ConsumerProject(configured) // without one, what needs it finds nothing
		w := &candidates{prefix: typed, keepOrder: ordered, descriptions: map[string][]string{}}
		if !k.runSource(c.Context(), t, input{QuestionFlags: question, project: project, typed: typed}, from, w) && k.Refresh != nil && t.CacheFolder() != "" {
			_ = k.Refresh() // the next try finds less, and that is all
		}
		return w.cobraCompletions()
	}
}

// runSource runs a source for as long as there is time; whole says that it came to its end.
func (k Completer) runSource(ctx context.Context, t options.Target, in input, from source, w *candidates) (complete bool) {
	limit := timeout
	if k.Refresh == nil {
		limit = refreshTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan bool, 1)
	guard.Go(func() {
		c, err := k.Open(ctx, t)
		if err != nil {
			done <- ctx.Err() == nil
			return
		}
		err = from(ctx, c, in, w.add)
		_ = c.Close() // only read
		done <- err == nil || ctx.Err() == nil
	})
	select {
	case complete = <-done:
		return complete
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(grace):
	}
	return false
}

// flagsOf reads the flags of a command that say which cloud is meant, and what in it.
func flagsOf(c *cobra.Command) (options.QuestionFlags, options.CloudFlags) {
	value := func(name string) string {
		if f := c.Flags().Lookup(name); f != nil {
			return f.Value.String()
		}
		return ""
	}
	return options.QuestionFlags{ProjectFlag: options.ProjectFlag{Project: value("project")}, Region: value("region"), Service: value("service"), Job: value("job"), WorkerPool: value("worker-pool")},
		options.CloudFlags{Account: value("account"), Configuration: value("configuration"), Impersonate: value(options.FlagImpersonate), BillingProject: value("billing-project"), Sandbox: value(options.FlagSandbox)}
}
