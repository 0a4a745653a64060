package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
	"whopulls/model/handover"
)

const staleLong = `Bindings that let somebody read a repository and no longer serve anyone. A
binding in use stays; one that can't be judged is unknown, and stays too.`

func newStale(p *program) *cobra.Command {
	c := &cobra.Command{
		Use: "stale", Short: "Find bindings that no longer serve anyone", Long: staleLong,
		Example: "  " + staleExample, Args: refuseUnknownCommand, RunE: requireSubcommand, SuggestionsMinimumDistance: 2,
	}
	c.AddCommand(newStaleList(p), newStaleRemove(p))
	return c
}

const staleListLong = `Lists who may read a repository, all repositories of a source project, or those of
a folder or an organization, by each binding on it and the levels above, and what
of it still serves anyone:

  deleted    the member was deleted
  expired    the condition can never hold again
  dying      the Cloud Run service agent of a project that is being deleted
  public     allUsers or allAuthenticatedUsers: everybody reads by it; it stays
             until somebody decides
  redundant  another binding of the same member gives all of it
  idle       the agent of a project in which nothing uses the repository
  misplaced  the reader role for a runtime account, which needs nothing for the
             pull
  excessive  an agent that may do more than read: to be replaced
  active     in use
  unknown    something that matters could not be seen; it stays. People, groups,
             pipelines and other agents are unknown too: the table and the reports
             call them not judged

Use is every container of services, jobs, worker pools and instances, of revisions
with traffic or a traffic tag, and of what they may launch in sandboxes, also by
gcr.io names and through virtual repositories.
Only agents of other projects and deleted members are judged. Bindings for
everybody have a status of their own, public. The roles that Google grants an
agent on its own project are not listed. Nothing is changed.

--format=csv, markdown and html are reports to hand on: a row for each binding,
where an apostrophe keeps a spreadsheet from running formulas; text for a ticket;
a self-contained page with a picture of who pulls from what.

--format=terraform-removed says what to take out of a Terraform configuration
that manages these bindings: the addresses from --terraform-state, import ids,
and removed blocks where Terraform can express them.

A folder or an organization is read from Cloud Asset Inventory, which takes a role
like roles/cloudasset.viewer on it: the bindings of agents, of deleted members and
for everybody, and where the agents' projects use them. That index lags behind, so
it proves use only: where it shows none, whopulls lists what runs. --resume
continues an interrupted scan, for a day.

Exit code, of what is listed: 0 nothing can be removed and nothing is public or
unknown, 3 something can be removed or replaced, 5 otherwise something is public
or unknown.`

const staleExample = `whopulls stale list --repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo`

const staleListExample = `  # who is still pulling from here?
  ` + staleExample + `

  # and from all repositories of a project, of an organization?
  whopulls stale list --source-project=myproject-b
  whopulls stale list --organization=100000000001 --status=deleted,idle

  # for a script
  ` + staleExample + ` \
      --format=json

  # for people: a page to open in a browser, to print, to send
  ` + staleExample + ` \
      --format=html >stale.html

  # the bindings are written in Terraform: what is to be taken out there?
  terraform show -json | ` + staleExample + ` \
      --format=terraform-removed --terraform-state=-`

// staleListOptions are the flags of stale list.
type staleListOptions struct {
	staleFlags
	options.ProjectFlag
	options.CloudFlags
	options.FormatFlag
	statuses       []string
	terraformState string
}

func (o *staleListOptions) add(c *cobra.Command) {
	o.addStaleScope(c)
	o.addStatusFilter(c)
	o.AddProject(c)
	o.AddCloud(c)
	o.AddFormat(c, staleFormats)
	o.addTerraformState(c)
}

// staleListRequest is a line of stale list, understood.
type staleListRequest struct {
	staleRequest
	statuses  []model.StaleStatus      // that are listed; none: all
	terraform *handover.TerraformState // nil: none was given
}

func (o *staleListOptions) parse(in options.CommandLine) (r staleListRequest, err error) {
	r.staleRequest, err = o.request(in, o.CloudFlags, o.FormatFlag, staleFormats, o.Project)
	if err == nil {
		r.statuses, err = o.parseStatusFilter()
	}
	return r, err
}

func newStaleList(p *program) *cobra.Command {
	var o staleListOptions
	c := &cobra.Command{
		Use: "list", Short: "List who may read a repository, and whether it still serves anyone",
		Long: staleListLong, Example: staleListExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.parse(p.commandLine(c))
			if err == nil {
				r.terraform, err = p.readTerraformState(o.terraformState, r.Format)
			}
			if err := p.start(r.Session, err); err != nil {
				return err
			}
			return p.staleList(c.Context(), r)
		},
	}
	o.add(c)
	return c
}

func (p *program) staleList(ctx context.Context, r staleListRequest) error {
	return p.withCloud(ctx, r.Session, func(c cloud) error {
		s, list, err := p.findStale(ctx, c, r.staleRequest)
		if err != nil {
			return err
		}
		list.Bindings = slices.DeleteFunc(list.Bindings, func(b model.StaleBinding) bool { return !r.includes(b) })
		levels := s.Ancestry[r.scope.Project()].Value
		found := staleReport(r.Target.SandboxName(), c.Caller(), r.scope, levels, s, list)
		found.FilterNote = statusFilterText(r.statuses)
		if err := p.writeStale(r, found); err != nil {
			return err
		}
		return console.Exit(staleStatus(list))
	})
}

// addStatusFilter gives stale list its filter.
func (o *staleListOptions) addStatusFilter(c *cobra.Command) {
	c.Flags().StringSliceVar(&o.statuses, "status", nil, "`STATUS` of what is listed, several joined by commas; all, when left out")
	options.SetFlagValues(c, "status", model.StaleStatuses)
}

// parseStatusFilter reads it.
func (o *staleListOptions) parseStatusFilter() ([]model.StaleStatus, error) {
	var wanted []model.StaleStatus
	for _, word := range options.TrimmedItems(o.statuses) {
		s := model.StaleStatus(word)
		switch {
		case word == "all":
			return nil, console.UsageError("--status=all is not known", "leave it out: without it every status is listed")
		case !slices.Contains(model.StaleStatuses, s):
			return nil, console.UsageError(fmt.Sprintf("--status=%s is not known", word), append(options.DidYouMean(word, options.ToStrings(model.StaleStatuses)), "the statuses are "+options.JoinNames(model.StaleStatuses))...)
		}
		wanted = append(wanted, s)
	}
	return wanted, nil
}

// includes reports whether a binding is one that was asked for.
func (r staleListRequest) includes(b model.StaleBinding) bool {
	return len(r.statuses) == 0 || slices.Contains(r.statuses, b.Status)
}

// staleStatus is the row of the exit codes for stale list.
func staleStatus(list model.StaleList) console.Status {
	end := console.StatusDone
	if len(list.Gaps) > 0 {
		end = console.Status(model.Unknown)
	}
	for _, b := range list.Bindings {
		switch {
		case b.Removable || b.Replace != "":
			return console.StatusStale
		case b.Status == model.StalePublic, b.Status == model.StaleUnknown:
			end = console.Status(model.Unknown)
		}
	}
	return end
}
