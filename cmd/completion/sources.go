package completion

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/cmd/options"
	"whopulls/gcp/gcloud"
	"whopulls/model"
	"whopulls/model/ledger"
)

// Cloud is what completion needs: lists, from the cache where it has them, and the journal.
type Cloud interface {
	CachedLists() Lister
	History() (ledger.History, error)
	Origin() string
	Close() error
}

// Lister is what can be picked from.
type Lister interface {
	Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error]
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
	Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error]
	Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error]
}

// source finds words for a place of a command line. Its error says no more than that not all were found.
type source func(ctx context.Context, c Cloud, at input, add func(word, about string)) error

// flagSources are the flags whose values the cloud knows.
var flagSources = map[string]source{
	"project": completeProjects, "billing-project": completeProjects, options.FlagConfirm: completeProjects,
	"region":                 completeRegions,
	string(model.Service):    completeWorkloads(model.Service),
	string(model.Job):        completeWorkloads(model.Job),
	string(model.WorkerPool): completeWorkloads(model.WorkerPool),
	"image":                  completeImages,
	"repository":             completeRepositories,
	"service-account":        completeRuntimeAccounts,
}

// configurationWords are the flags whose values are in gcloud's configurations: their names, or the accounts that they name.
var configurationWords = map[string]func(configuration, account string) (word, about string){
	"configuration": func(configuration, account string) (word, about string) { return configuration, account },
	"account": func(configuration, account string) (word, about string) {
		return account, "configuration " + configuration
	},
}

// completeConfigurations completes from gcloud's folder, without a call of gcloud. In a sandbox its files don't count.
func (k Completer) completeConfigurations(wordOf func(configuration, account string) (word, about string)) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		w := &candidates{prefix: typed, descriptions: map[string][]string{}}
		folder, err := gcloud.Load(options.GcloudEnvironment(k.Streams), "NONE") // whichever is active may be the one that is wrong
		_, cloud := flagsOf(c)
		if err != nil || cloud.Sandbox != "" || k.Streams.Env("WHOPULLS_SANDBOX") != "" {
			return w.cobraCompletions()
		}
		accounts := folder.ByConfiguration(gcloud.Account)
		for _, name := range folder.Names() {
			if word, about := wordOf(name, accounts[name]); word != "" {
				w.add(word, about)
			}
		}
		return w.cobraCompletions()
	}
}

// eachItem takes a list from its pages.
func eachItem[T any](pages iter.Seq2[model.ListPage[T], error], visit func(T)) error {
	for page, err := range pages {
		if err != nil {
			return err
		}
		for _, v := range page.Items {
			visit(v)
		}
	}
	return nil
}

func completeProjects(ctx context.Context, c Cloud, _ input, add func(word, about string)) error {
	return eachItem(c.CachedLists().Projects(ctx), func(v model.Project) { add(v.ID, v.Name) })
}

// eachWorkload takes the workloads of the project that stands on the command line.
func eachWorkload(ctx context.Context, c Cloud, in input, visit func(model.Workload)) error {
	if in.project == "" {
		return nil
	}
	return eachItem(c.CachedLists().Workloads(ctx, in.project), visit)
}

func completeWorkloads(kind model.WorkloadKind) source {
	return func(ctx context.Context, c Cloud, at input, add func(word, about string)) error {
		return eachWorkload(ctx, c, at, func(w model.Workload) {
			if w.Kind == kind && (at.Region == "" || at.Region == w.Region) {
				add(w.Name, w.Region)
			}
		})
	}
}

// completeRegions are those in which the project has workloads; with the name of one, those where it is.
func completeRegions(ctx context.Context, c Cloud, at input, add func(word, about string)) error {
	named := at.NamedWorkloads()
	return eachWorkload(ctx, c, at, func(w model.Workload) {
		if len(named) == 0 || (w.Kind == named[0].Kind && w.Name == named[0].Name) {
			add(w.Region, w.Kind.DisplayName()+" "+w.Name)
		}
	})
}

func completeRuntimeAccounts(ctx context.Context, c Cloud, at input, add func(word, about string)) error {
	return eachWorkload(ctx, c, at, func(w model.Workload) {
		if w.ServiceAccount != "" {
			add(w.ServiceAccount, "runs "+w.Name)
		}
	})
}

// completeRepositories are completed in two stages: the project, then its repositories by their full names.
func completeRepositories(ctx context.Context, c Cloud, at input, add func(word, about string)) error {
	parts := strings.Split(at.typed, "/")
	if len(parts) < 3 {
		return eachItem(c.CachedLists().Projects(ctx), func(v model.Project) { add("projects/"+v.ID+"/", v.Name) })
	}
	return eachItem(c.CachedLists().Repositories(ctx, parts[1]), func(v model.Repository) { add(v.Name.String(), "") })
}

const registrySuffix = "-docker.pkg.dev"

// completeImages are completed in stages: what the project runs now, and behind the host of a registry its project, repository and
// image.
func completeImages(ctx context.Context, c Cloud, at input, add func(word, about string)) error {
	parts := strings.Split(at.typed, "/")
	location, ok := strings.CutSuffix(parts[0], registrySuffix)
	switch {
	case len(parts) == 1:
		return eachWorkload(ctx, c, at, func(w model.Workload) {
			for _, image := range w.Images {
				add(image.Text, "run by "+w.Name)
			}
		})
	case !ok:
		return nil
	case len(parts) == 2:
		return eachItem(c.CachedLists().Projects(ctx), func(v model.Project) { add(parts[0]+"/"+v.ID+"/", v.Name) })
	case len(parts) == 3:
		return eachItem(c.CachedLists().Repositories(ctx, parts[1]), func(v model.Repository) {
			if v.Name.Location == location {
				add(strings.Join([]string{parts[0], parts[1], v.Name.ID, ""}, "/"), "")
			}
		})
	}
	repository := model.RepositoryName{Project: parts[1], Location: location, ID: parts[2]}
	return eachItem(c.CachedLists().Images(ctx, repository), func(v model.ListedImage) {
		about := model.ShortDigest(v.Digest)
		if len(v.Tags) == 0 { // its reference has the digest
			about = ""
		}
		for _, image := range v.References() {
			add(image.Text, about)
		}
	})
}

// completeJournalIDs are the entries and runs that can be taken back, the last ones first.
func completeJournalIDs(_ context.Context, c Cloud, _ input, add func(word, about string)) error {
	h, err := c.History()
	if err != nil {
		return err
	}
	for i := len(h.Entries) - 1; i >= 0; i-- {
		e := h.Entries[i]
		if e.Target != c.Origin() || (e.State != ledger.StateDone && e.State != ledger.StateUnclear) {
			continue
		}
		add(e.ID, e.Step().Heading())
		add(e.Run, fmt.Sprintf("the run of %s", e.Time.Local().Format(time.DateTime)))
	}
	return nil
}
