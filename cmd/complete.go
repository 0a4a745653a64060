package cmd

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// completionTime is what a shell waits for words, with what starting and ending the process takes well under a second.
const (
	completionTime  = 700 * time.Millisecond
	completionGrace = 100 * time.Millisecond // to close what was opened
	// refillTime bounds the reading that goes on beside the shell for its next try. A list is kept only when all of it was
	// read, and 20,000 projects are 40 pages.
	refillTime = 5 * time.Minute
)

// words are what can stand at a place of a command line. What a shell gets is what was found in time.
type words struct {
	prefix  string // that was typed already
	ordered bool   // as they were found; else by the alphabet
	mu      sync.Mutex
	found   []string
	about   map[string][]string
}

// add offers a word; words that are found several times tell everything about them once.
func (w *words) add(word, about string) {
	if !strings.HasPrefix(word, w.prefix) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.about[word]; !known {
		w.found = append(w.found, word)
		w.about[word] = nil
	}
	if about != "" && !slices.Contains(w.about[word], about) {
		w.about[word] = append(w.about[word], about)
	}
}

// completions are the words in the form of cobra, cleaned: the shell writes them to the terminal.
func (w *words) completions() (all []cobra.Completion, directive cobra.ShellCompDirective) {
	w.mu.Lock()
	defer w.mu.Unlock()
	unfinished := len(w.found) > 0
	if !w.ordered {
		slices.Sort(w.found)
	}
	for _, word := range w.found {
		unfinished = unfinished && strings.HasSuffix(word, "/")
		all = append(all, cobra.CompletionWithDesc(clean(word), clean(strings.Join(w.about[word], ", "))))
	}
	directive = cobra.ShellCompDirectiveNoFileComp
	if w.ordered {
		directive |= cobra.ShellCompDirectiveKeepOrder
	}
	if unfinished {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	return all, directive
}

// isCompleting tells whether a command line is the shell's question what may come next.
func isCompleting(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// completeWords lets the shell complete the values of every flag and argument of a command and those below it: flags of
// files by files, and what knows no values by nothing rather than by files. Cobra keeps what it is handed for as long as
// the process lives, and the whole command line with it, so that it is handed nothing unless the shell asks.
func (p *program) completeWords(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		var kind string
		kind, f.Usage = pflag.UnquoteUsage(f) // a shell shows it as it stands, with the marks that are for the help alone
		if kind != "FILE" {
			_ = c.RegisterFlagCompletionFunc(f.Name, p.valuesOf(f)) // the flag is there, and is visited once
		}
	})
	switch c.Name() {
	case "undo":
		c.ValidArgsFunction = p.completing(journalIDs, true)
	case "worlds":
		c.ValidArgsFunction = cobra.FixedCompletions(worldNames(), cobra.ShellCompDirectiveNoFileComp)
	case "check", "plan", "grant", "history", "info", "list", "remove", "version", "start":
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range c.Commands() {
		p.completeWords(sub)
	}
}

// valuesOf completes the value of one flag.
func (p *program) valuesOf(f *pflag.Flag) cobra.CompletionFunc {
	if source, ok := sources[f.Name]; ok {
		return p.completing(source, false)
	}
	if entry, ok := ofConfigurations[f.Name]; ok {
		return p.configurations(entry)
	}
	values, fixed := f.Annotations[completions]
	_, several := f.Value.(pflag.SliceValue)
	switch {
	case f.Name == "world" || f.Name == flagSandbox: // a file of one's own will do too
		return cobra.FixedCompletions(worldNames(), cobra.ShellCompDirectiveDefault)
	case fixed && several:
		return joined(values)
	case fixed:
		return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
	}
	return cobra.NoFileCompletions
}

// joined completes the last of several values between commas, with one that is not there yet.
func joined(values []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		for _, value := range values {
			if word := before + value; strings.HasPrefix(word, typed) && !slices.Contains(strings.Split(before, ","), value) {
				all = append(all, word)
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

// place is a place of a command line that is being completed: what stands before it, and the beginning of the word.
type place struct {
	*flags
	project string
	typed   string
}

// completing asks the cloud for words. Whatever goes wrong, or takes too long, only leaves some out.
func (p *program) completing(source source, ordered bool) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		f := typedFlags(c)
		t, configured, err := f.target(p.io)
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		t.later = true
		project, _ := f.consumer(configured) // without one, what needs it finds nothing
		w := &words{prefix: typed, ordered: ordered, about: map[string][]string{}}
		if !p.find(c.Context(), t, place{f, project, typed}, source, w) && p.refill != nil && cacheFolder(t) != "" {
			_ = p.refill(p.args) // the next try finds less, and that is all
		}
		return w.completions()
	}
}

// find runs a source for as long as there is time; whole says that it came to its end.
func (p *program) find(ctx context.Context, t target, at place, source source, w *words) (whole bool) {
	limit := completionTime
	if p.refill == nil {
		limit = refillTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan bool, 1)
	go func() {
		c, err := p.dial(ctx, t, p.build.userAgent())
		if err != nil {
			done <- ctx.Err() == nil
			return
		}
		err = source(ctx, c, at, w.add)
		_ = c.Close() // only read
		done <- err == nil || ctx.Err() == nil
	}()
	select {
	case whole = <-done:
		return whole
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(completionGrace):
	}
	return false
}

// typedFlags reads the flags of a command that say which cloud is meant, and what in it.
func typedFlags(c *cobra.Command) *flags {
	value := func(name string) string {
		if f := c.Flags().Lookup(name); f != nil {
			return f.Value.String()
		}
		return ""
	}
	return &flags{project: value("project"), region: value("region"), service: value("service"), job: value("job"),
		workerPool: value("worker-pool"), account: value("account"), configuration: value("configuration"), impersonate: value(flagImpersonate),
		billingProject: value("billing-project"), sandbox: value(flagSandbox)}
}
