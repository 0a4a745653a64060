package cmd

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/gcp/gcloud"
	"whopulls/gcp/journal"
	"whopulls/model"
)

// source finds words for a place of a command line. Its error says no more than that not all were found.
type source func(ctx context.Context, c cloud, at place, add func(word, about string)) error

// sources are the flags whose values the cloud knows.
var sources = map[string]source{
	"project": projectIDs, "billing-project": projectIDs, flagConfirm: projectIDs,
	"region":                 regions,
	string(model.Service):    workloadsOf(model.Service),
	string(model.Job):        workloadsOf(model.Job),
	string(model.WorkerPool): workloadsOf(model.WorkerPool),
	"image":                  images,
	"repository":             repositories,
	"service-account":        runtimeAccounts,
}

// ofConfigurations are the flags whose values are in gcloud's configurations: their names, or the accounts that they name.
var ofConfigurations = map[string]func(configuration, account string) (word, about string){
	"configuration": func(configuration, account string) (word, about string) { return configuration, account },
	"account": func(configuration, account string) (word, about string) {
		return account, "configuration " + configuration
	},
}

// configurations completes from gcloud's folder, without a call of gcloud. In a sandbox its files don't count.
func (p *program) configurations(entry func(configuration, account string) (word, about string)) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		w := &words{prefix: typed, about: map[string][]string{}}
		folder, err := gcloud.Load(p.io.place(), "NONE") // whichever is active may be the one that is wrong
		if err != nil || typedFlags(c).sandbox != "" || p.io.env("WHOPULLS_SANDBOX") != "" {
			return w.completions()
		}
		accounts := folder.ByConfiguration(gcloud.Account)
		for _, name := range folder.Names() {
			if word, about := entry(name, accounts[name]); word != "" {
				w.add(word, about)
			}
		}
		return w.completions()
	}
}

// each takes a list from its pages.
func each[T any](pages iter.Seq2[model.ListPage[T], error], take func(T)) error {
	for page, err := range pages {
		if err != nil {
			return err
		}
		for _, v := range page.Items {
			take(v)
		}
	}
	return nil
}

func projectIDs(ctx context.Context, c cloud, _ place, add func(word, about string)) error {
	return each(c.kept().Projects(ctx), func(v model.Project) { add(v.ID, v.Name) })
}

// eachWorkload takes the workloads of the project that stands on the command line.
func eachWorkload(ctx context.Context, c cloud, at place, take func(model.Workload)) error {
	if at.project == "" {
		return nil
	}
	return each(c.kept().Workloads(ctx, at.project), take)
}

func workloadsOf(kind model.WorkloadKind) source {
	return func(ctx context.Context, c cloud, at place, add func(word, about string)) error {
		return eachWorkload(ctx, c, at, func(w model.Workload) {
			if w.Kind == kind && (at.region == "" || at.region == w.Region) {
				add(w.Name, w.Region)
			}
		})
	}
}

// regions are those in which the project has workloads; beside the name of one, those where it is.
func regions(ctx context.Context, c cloud, at place, add func(word, about string)) error {
	named := at.named()
	return eachWorkload(ctx, c, at, func(w model.Workload) {
		if len(named) == 0 || (w.Kind == named[0].Kind && w.Name == named[0].Name) {
			add(w.Region, w.Kind.DisplayName()+" "+w.Name)
		}
	})
}

func runtimeAccounts(ctx context.Context, c cloud, at place, add func(word, about string)) error {
	return eachWorkload(ctx, c, at, func(w model.Workload) {
		if w.ServiceAccount != "" {
			add(w.ServiceAccount, "runs "+w.Name)
		}
	})
}

// repositories are completed in two stages: the project, then its repositories by their full names.
func repositories(ctx context.Context, c cloud, at place, add func(word, about string)) error {
	parts := strings.Split(at.typed, "/")
	if len(parts) < 3 {
		return each(c.kept().Projects(ctx), func(v model.Project) { add("projects/"+v.ID+"/", v.Name) })
	}
	return each(c.kept().Repositories(ctx, parts[1]), func(v model.Repository) { add(v.Name.String(), "") })
}

const registryHost = "-docker.pkg.dev"

// images are completed in stages: what the project runs now, and behind the host of a registry its project, repository and
// image.
func images(ctx context.Context, c cloud, at place, add func(word, about string)) error {
	parts := strings.Split(at.typed, "/")
	location, ok := strings.CutSuffix(parts[0], registryHost)
	switch {
	case len(parts) == 1:
		return eachWorkload(ctx, c, at, func(w model.Workload) {
			for _, image := range w.Images {
				add(image, "run by "+w.Name)
			}
		})
	case !ok:
		return nil
	case len(parts) == 2:
		return each(c.kept().Projects(ctx), func(v model.Project) { add(parts[0]+"/"+v.ID+"/", v.Name) })
	case len(parts) == 3:
		return each(c.kept().Repositories(ctx, parts[1]), func(v model.Repository) {
			if v.Name.Location == location {
				add(strings.Join([]string{parts[0], parts[1], v.Name.ID, ""}, "/"), "")
			}
		})
	}
	in := model.RepositoryName{Project: parts[1], Location: location, ID: parts[2]}
	return each(c.kept().Images(ctx, in), func(v model.ListedImage) {
		for _, tag := range v.Tags {
			add(v.Base+":"+tag, model.ShortDigest(v.Digest))
		}
		if len(v.Tags) == 0 {
			add(v.Base+"@"+v.Digest, "")
		}
	})
}

// journalIDs are the entries and runs that can be taken back, the last ones first.
func journalIDs(_ context.Context, c cloud, _ place, add func(word, about string)) error {
	h, err := c.History()
	if err != nil {
		return err
	}
	for i := len(h.Entries) - 1; i >= 0; i-- {
		e := h.Entries[i]
		if e.Target != c.Origin() || (e.State != journal.StateDone && e.State != journal.StateUnclear) {
			continue
		}
		add(e.ID, e.Step().Heading())
		add(e.Run, fmt.Sprintf("the run of %s", e.Time.Local().Format(time.DateTime)))
	}
	return nil
}
