package handover

import (
	"fmt"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
	"whopulls/text"
)

// PrivilegedAccess says how people get the rights to make some steps where they hold them only for a while, through
// Privileged Access Manager. Where people work that way is not known here. The commands are those of gcloud 528
// (gcloud pam entitlements search, gcloud pam grants create).
type PrivilegedAccess struct {
	Search      []string // list what the caller may request, a command for each level
	Request     string   // requests it; ENTITLEMENT_NAME stands for a full name of those lists
	LevelsGap   string   // why levels may be left out; empty: all are there
	ForDeployer string   // the steps whose member may get their role that way too; may be empty
}

const (
	privilegedHeading = "Rights through Privileged Access Manager"
	privilegedIntro   = "Some people hold such rights only for a time, and request them first. " +
		"These commands list what you may request, at each level above the changes"
	privilegedRequest = "Then request one, by its full name in such a list, for no longer than it allows"
	// A grant gives rights on a project, folder or organization, and never to a service agent (iam-facts 12.9).
	privilegedLimits = "Such a grant is on a project, folder or organization, and never on a repository. A service agent can't get one."
	privilegedGaps   = "Not known here: whether there is an entitlement, which roles it gives, how long a grant lasts, and who approves it."
)

// PrivilegedAccess is the way to the rights that the steps need; nil if no step needs any.
func (r ChangeRequest) PrivilegedAccess() *PrivilegedAccess {
	var p PrivilegedAccess
	for _, level := range r.privilegedLevels(&p) {
		flag := map[model.Kind]string{model.KindProject: "project", model.KindFolder: "folder", model.KindOrganization: "organization"}[level.Kind()]
		p.Search = append(p.Search, "gcloud pam entitlements search --caller-access-type=grant-requester --location=global --"+flag+"="+shellescape.Quote(text.Clean(level.ID())))
	}
	if len(p.Search) == 0 {
		return nil
	}
	p.Request = "gcloud pam grants create --entitlement=ENTITLEMENT_NAME --requested-duration=3600s --justification=" +
		shellescape.Quote(r.subject(text.Clean))
	var numbers []string
	for _, s := range r.Plan.Steps {
		if s.Member.Type() == "user" {
			numbers = append(numbers, s.ID)
		}
	}
	if len(numbers) > 0 {
		p.ForDeployer = fmt.Sprintf("Where people get their own roles that way, %s may be such a grant too, on the project, in place of a lasting binding.", stepNumbers(numbers))
	}
	return &p
}

func stepNumbers(numbers []string) string {
	if len(numbers) == 1 {
		return "change " + numbers[0]
	}
	return "changes " + strings.Join(numbers[:len(numbers)-1], ", ") + " and " + numbers[len(numbers)-1]
}

// privilegedLevels are the projects, folders and organizations that the steps are on or below, the projects first.
// It notes a project of which nothing above could be read.
func (r ChangeRequest) privilegedLevels(p *PrivilegedAccess) []model.Resource {
	var projects, above, unread []model.Resource
	add := func(to *[]model.Resource, level model.Resource) bool {
		if slices.Contains(*to, level) {
			return false
		}
		*to = append(*to, level)
		return true
	}
	for _, s := range slices.Concat(r.Plan.Steps, r.Plan.Ask) {
		id := s.Resource.Project()
		switch ancestry := r.Situation.Ancestry[id]; {
		case len(s.Requires) == 0:
		case id == "":
			add(&above, s.Resource)
		case !add(&projects, model.ProjectResource(id)):
		case !ancestry.Read():
			unread = append(unread, model.ProjectResource(id))
		default:
			for _, a := range ancestry.Value {
				if a.Resource.Kind() != model.KindProject {
					add(&above, a.Resource)
				}
			}
		}
	}
	for _, project := range unread {
		p.LevelsGap = strings.TrimSpace(p.LevelsGap + " The folders and the organization above " + text.Clean(project.ID()) + " could not be read: ask there too.")
	}
	return append(projects, above...)
}

// Script is the commands to copy, with what is not known in comments. It is not to be run as a whole: the last command
// needs a name that the others list.
func (p PrivilegedAccess) Script() string {
	var b strings.Builder
	say := func(format string, words ...any) { fmt.Fprintf(&b, format+"\n", words...) }
	say("# %s.", privilegedIntro)
	say("%s", strings.Join(p.Search, "\n"))
	say("\n# %s.", privilegedRequest)
	say("%s\n", p.Request)
	for _, words := range p.remarks() {
		say("# %s", words)
	}
	return b.String()
}

// remarks are what follows the commands.
func (p PrivilegedAccess) remarks() []string {
	return slices.DeleteFunc([]string{p.ForDeployer, privilegedLimits, privilegedGaps, p.LevelsGap}, func(s string) bool { return s == "" })
}

// markdown says it for a ticket.
func (p PrivilegedAccess) markdown(say func(string, ...any)) {
	say("\n## %s\n", privilegedHeading)
	writeFenced(say, privilegedIntro, p.Search)
	writeFenced(say, privilegedRequest, []string{p.Request})
	say("%s", EscapeMarkdown(strings.Join(p.remarks(), " ")))
}

// text says it for a mail or a chat.
func (p PrivilegedAccess) text(say func(string, ...any)) {
	say("\n%s", privilegedHeading)
	writeIndented(say, privilegedIntro, p.Search)
	writeIndented(say, privilegedRequest, []string{p.Request})
	for _, words := range p.remarks() {
		say("   %s", words)
	}
}
