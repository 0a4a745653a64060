package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"whopulls/model"
)

const staleLong = `Bindings that let somebody read a repository and no longer serve anyone. What is
alive stays; what can't be seen is unknown, and stays too.`

func newStale(p *program) *cobra.Command {
	c := &cobra.Command{
		Use: "stale", Short: "Find bindings that no longer serve anyone", Long: staleLong,
		Example: "  " + staleExample, Args: knownCommand, RunE: group, SuggestionsMinimumDistance: 2,
	}
	c.AddCommand(newStaleList(p), newStaleRemove(p))
	return c
}

const staleListLong = `Lists who may read a repository, by each binding on it, its project and the levels
above, and what of it still serves anyone:

  deleted    the member was deleted
  expired    the condition can never hold again
  dying      the Cloud Run service agent of a project that is being deleted
  redundant  another binding of the same member gives all of it
  idle       the agent of a project in which nothing uses the repository
  misplaced  the reader role for a runtime account, which needs nothing for the
             pull
  excessive  an agent that may do more than read: to be replaced
  active     in use
  unknown    not judged (people, groups, pipelines, other agents), or something
             that matters could not be seen; it stays

Use is every container of services, jobs and worker pools, and of revisions with
traffic or a traffic tag, also by gcr.io names and through virtual repositories.
Only agents of other projects are judged, and deleted members; the roles that
Google grants an agent on its own project are not listed. Nothing is changed.

--format=csv, markdown and html are reports for people who were not there: a row
for each binding, with what a spreadsheet would take for a formula behind an
apostrophe; text for a ticket; one page that needs nothing else, with a picture
of who pulls from what.

--format=terraform-removed says what to take out of a Terraform configuration in
which these bindings are written: the addresses, as --terraform-state tells them,
import ids, and removed blocks where they can say it.

Exit code: 0 nothing can be removed and nothing is unknown, 3 something can be
removed or replaced, 5 otherwise something is unknown.`

const staleExample = `whopulls stale list --repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo`

const staleListExample = `  # who is still pulling from here?
  ` + staleExample + `

  # for a script
  ` + staleExample + ` \
      --format=json

  # for people: a page to open in a browser, to print, to send
  ` + staleExample + ` \
      --format=html >stale.html

  # the bindings are written in Terraform: what is to be taken out there?
  terraform show -json | ` + staleExample + ` \
      --format=terraform-removed --terraform-state=-`

func newStaleList(p *program) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use: "list", Short: "List who may read a repository, and whether it still serves anyone",
		Long: staleListLong, Example: staleListExample, Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := f.request(c, p, staleFormats)
			if err == nil {
				r.terraform, err = p.terraformState(f.terraformState, r.format)
			}
			if err != nil {
				return err
			}
			return p.staleList(c.Context(), r)
		},
	}
	c.Flags().StringVar(&f.repository, "repository", "", "`NAME` of the repository: projects/P/locations/L/repositories/R")
	f.addProject(c)
	f.addTarget(c)
	f.addFormat(c, staleFormats)
	addTerraformState(c, &f)
	return c
}

func (p *program) staleList(ctx context.Context, r request) error {
	repository := r.question.Repository
	if repository.ID == "" {
		return usage("no repository is given", "add --repository=projects/PROJECT/locations/LOCATION/repositories/REPOSITORY")
	}
	return p.connected(ctx, r, func(c cloud) error {
		s, err := survey(ctx, c, repository)
		if err != nil {
			return err
		}
		list := model.Stale(s)
		levels := s.Ancestry[repository.Project].Value
		found := reportStale(r, c, repository.Resource(), levels, s, list)
		if err := p.showStale(r, found, func(out *printer) { viewStale(out, repository, list, levels) }); err != nil {
			return err
		}
		return endWith(staleStatus(list))
	})
}

// survey reads who may read the repository; of one that does not exist there is nothing to say.
func survey(ctx context.Context, c cloud, repository model.RepositoryName) (model.Situation, error) {
	s, err := c.Survey(ctx, repository, nil)
	if err == nil && s.Policies[repository.Resource()].State == model.FactAbsent {
		err = &failure{status: statusNotFound, message: "repository " + repository.String() + " does not exist",
			hints: []string{"list what is there: gcloud artifacts repositories list --project=" + repository.Project}}
	}
	return s, err
}

// staleStatus is the row of the exit codes for stale list.
func staleStatus(list model.StaleList) status {
	end := statusDone
	if len(list.Gaps) > 0 {
		end = status(model.Unknown)
	}
	for _, b := range list.Bindings {
		switch {
		case b.Removable || b.Replace != "":
			return statusStale
		case b.Status == model.StaleUnknown:
			end = status(model.Unknown)
		}
	}
	return end
}
