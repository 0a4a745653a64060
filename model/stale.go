package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// StaleStatus reports whether a binding that lets somebody read a repository still serves anyone.
type StaleStatus string

// The statuses, in the order in which the first that holds is a binding's own.
const (
	StaleDeleted   StaleStatus = "deleted"   // the member was deleted
	StaleExpired   StaleStatus = "expired"   // the condition can never hold again
	StaleDying     StaleStatus = "dying"     // the agent of a project that is being deleted
	StalePublic    StaleStatus = "public"    // everybody reads by it
	StaleRedundant StaleStatus = "redundant" // another binding of the member gives all of it, here or above
	StaleUnknown   StaleStatus = "unknown"   // not judged, or something that matters could not be seen
	StaleIdle      StaleStatus = "idle"      // nothing in the agent's project uses it
	StaleMisplaced StaleStatus = "misplaced" // the reader role for a runtime account, which needs nothing for the pull
	StaleExcessive StaleStatus = "excessive" // more than reading for an agent of another project
	StaleActive    StaleStatus = "active"    // in use
)

// StaleStatuses are all of them, in that order.
var StaleStatuses = []StaleStatus{StaleDeleted, StaleExpired, StaleDying, StalePublic, StaleRedundant, StaleUnknown, StaleIdle, StaleMisplaced,
	StaleExcessive, StaleActive}

// StaleBinding is a member of a binding that lets it read the repository, judged.
type StaleBinding struct {
	Resource  Resource      `json:"resource"`
	Role      string        `json:"role"`
	Member    Member        `json:"member"`
	Condition *Condition    `json:"condition"`
	Status    StaleStatus   `json:"status"`
	AlsoHolds []StaleStatus `json:"alsoHolds"`
	Removable bool          `json:"removable"`
	Replace   string        `json:"replace,omitempty"` // the role to grant before this one is revoked, of an excessive binding
	Owner     string        `json:"owner,omitempty"`   // the project whose agent the member is, by its ID
	Reason    string        `json:"reason"`
	Evidence  []Use         `json:"evidence"`
	Higher    *Evidence     `json:"higher,omitempty"` // of a redundant binding: the one that gives the same
	Gaps      []Gap         `json:"gaps"`
	Allowed   *bool         `json:"-"`      // may the caller change the policy? nil: not tested
	NotJudged bool          `json:"-"`      // of an unknown one: nothing could be read that would decide it
	Gcloud    []string      `json:"gcloud"` // the commands that remove or replace it; none where it stays, or gcloud has none for it
}

// SameBinding reports whether two findings are about the same member of the same binding.
func (b StaleBinding) SameBinding(other StaleBinding) bool {
	return b.Resource == other.Resource && b.Role == other.Role && b.Member.Same(other.Member) && b.Condition.equal(other.Condition)
}

// Rank puts first what can be removed, then what can be replaced, what is public, what is open, and last what is in use.
func (b StaleBinding) Rank() int { return slices.Index(StaleActions, b.Action()) }

// StaleList is who may read what is in a scope, and what of it still serves anyone.
type StaleList struct {
	Bindings []StaleBinding `json:"bindings"`
	Gaps     []Gap          `json:"gaps"`              // levels whose bindings could not be read
	Indexed  *time.Time     `json:"indexed,omitempty"` // the time of the index that listed them, where one did
	Notes    []string       `json:"notes,omitempty"`   // what that index lacks, and what was done about it
	// Counts are the numbers of bindings by status, of those that there are; Counted fills them in.
	Counts map[StaleStatus]int `json:"counts,omitempty"`
}

// WithCounts is the list with its numbers.
func (l StaleList) WithCounts() StaleList {
	l.Counts = map[StaleStatus]int{}
	for _, b := range l.Bindings {
		l.Counts[b.Status]++
	}
	return l
}

// candidatesAt collects the members of the bindings at the places.
func (q *evaluation) candidatesAt(sites []BindingSite) (all []staleCandidate, gaps []Gap) {
	for _, at := range sites {
		policy := q.policyAt(at.Resource)
		if !policy.Read() {
			gaps = append(gaps, q.unreadLevelGap(at.Resource, policy))
			continue
		}
		for _, b := range policy.Value.Bindings {
			all = q.appendCandidates(all, at, b)
		}
	}
	return all, gaps
}

// appendCandidates adds the members of a binding that may read through it. It leaves out the roles that
// Google grants an agent on its own project: without them Cloud Run breaks there.
func (q *evaluation) appendCandidates(all []staleCandidate, at BindingSite, b Binding) []staleCandidate {
	r := at.Resource
	b, hidden := b.splitHiddenCondition()
	reads, gap := q.roleHas(b.Role, func(r Role) bool { return r.Lists(PermDownload) }) // of an inert one it is said that it gives nothing
	if reads == no {
		return all
	}
	shared := &sharedBinding{levels: at.Levels, role: q.role(b.Role), conditionHidden: hidden,
		binding: StaleBinding{Resource: r, Role: b.Role, Condition: b.Condition, Allowed: q.mayChangePolicy(r)}}
	if reads == maybe {
		shared.roleGaps = []Gap{roleGap(r, b.Role, gap)}
	}
	for _, m := range b.Members {
		if !q.isGrantedByGoogle(r, b.Role, m) {
			all = append(all, staleCandidate{sharedBinding: shared, member: m, agent: RunServiceAgentProject(m)})
		}
	}
	return all
}

// isGrantedByGoogle tells the roles that Google itself gives a project's agents on that project (iam-facts 1.3).
func (q *evaluation) isGrantedByGoogle(r Resource, role string, m Member) bool {
	number, isAgent := parseServiceAgent(m.Email())
	if r.Kind() != KindProject || isAgent != yes || number == "" || m.Deleted() || !strings.HasSuffix(strings.ToLower(role), "serviceagent") {
		return false
	}
	project := q.project(r.ID())
	return r.ID() == number || project.Read() && project.Value.Number == number
}

// judgeBinding finds out which statuses hold, but for redundant, which depends on those of the others.
func (q *evaluation) judgeBinding(h *staleCandidate) {
	h.reset()
	if h.Member.Deleted() {
		h.statuses.set(StaleDeleted, "The member was deleted; the binding gives nobody anything.")
	}
	if h.Condition.expired(q.s.Time) {
		h.statuses.set(StaleExpired, "The time of its condition is over.")
	}
	if role := h.role.Value; role.Inert() {
		h.markUnknown("its role " + role.stateText() + ": the binding gives nobody anything unless the role comes back")
	}
	isSource, gap := q.isSourceAgent(h.agent, h.Resource)
	switch {
	case h.Member.Deleted():
	case h.agent == "" && h.role.Value.Inert(): // it gives nobody anything
	case h.Member.IsEverybody():
		h.judgePublic()
	case h.agent == "":
		q.judgeNonAgent(h)
	case isSource == maybe:
		h.markUnknown("whether the agent is that of the source project is not known", gap)
	case isSource == yes:
		h.markNotJudged("it is the agent of the source project itself, which whopulls does not check")
	default:
		q.judgeAgent(h)
	}
	if len(h.Gaps) > 0 && !h.statuses.has(StaleUnknown) && !h.statuses.has(StaleActive) {
		h.markUnknown(h.Gaps[0].Reason)
	}
	if h.conditionHidden {
		h.markUnknown("its condition is not shown; the policy was read in an older version")
	}
}

// markUnknown makes the binding unknown, for the first reason that is found.
func (h *staleCandidate) markUnknown(reason string, gaps ...Gap) {
	h.Gaps = append(h.Gaps, gaps...)
	if !h.statuses.has(StaleUnknown) {
		h.statuses.set(StaleUnknown, strings.ToUpper(reason[:1])+reason[1:]+".")
	}
}

// markNotJudged makes the binding unknown because whopulls does not judge such a member. More sight would not help.
func (h *staleCandidate) markNotJudged(reason string) {
	h.NotJudged = !h.statuses.has(StaleUnknown)
	h.markUnknown(reason)
}

// isSourceAgent reports whether a number is that of the project which the binding's resource is in. A folder
// or an organization is in none: there an agent is judged by what its project uses below, whatever the scope
// is.
func (q *evaluation) isSourceAgent(number string, r Resource) (ternary, Gap) {
	id := r.Project()
	if id == "" {
		return no, Gap{}
	}
	if IsProjectNumber(id) {
		return ternaryOf(id == number), Gap{}
	}
	project := q.project(id)
	if !project.Read() {
		return maybe, project.Gap
	}
	return ternaryOf(project.Value.Number == number), Gap{}
}

// judgeAgent looks at the agent of another project: is that project alive, and does anything there use the repository?
func (q *evaluation) judgeAgent(h *staleCandidate) {
	owner := q.project(h.agent)
	if !owner.Read() {
		gap := owner.Gap
		gap.Resource = ProjectResource(h.agent)
		if owner.State == FactAbsent {
			gap.Reason = "project " + h.agent + " does not exist, or you may not see it: Google answers the same"
		}
		h.markUnknown("its project "+h.agent+" could not be seen", gap)
		return
	}
	h.Owner = owner.Value.ID
	if owner.Value.BeingDeleted() {
		h.statuses.set(StaleDying, "Project "+h.Owner+" is being deleted.")
	}
	if h.role.Value.Inert() { // nobody uses what it does not give
		return
	}
	if h.neededBeyondReading = q.judgeRole(h); !h.neededBeyondReading {
		q.judgeUse(h)
	}
}

// roleIncludes reports whether a role gives every permission that another lists.
func roleIncludes(wide, narrow Role) bool {
	return !slices.ContainsFunc(narrow.Permissions, func(p Permission) bool { return !wide.Grants(p) })
}

func (q *evaluation) judgeUse(h *staleCandidate) {
	uses, gaps := q.indexedUses(h.agent, h.Owner, h.Resource), []Gap(nil)
	if len(uses) == 0 {
		uses, gaps = q.uses(h.Owner, h.Resource)
	}
	h.Evidence = append(h.Evidence, uses...)
	switch {
	case len(uses) > 0:
		h.statuses.set(StaleActive, "Project "+h.Owner+" uses it.")
	case len(gaps) > 0:
		h.markUnknown("whether project "+h.Owner+" uses it could not be seen", gaps...)
	case h.statuses.has(StaleUnknown): // of the rest of what its role gives
	default:
		h.statuses.set(StaleIdle, "Nothing in project "+h.Owner+" uses it: no service, job, worker pool or instance, and no revision with traffic or a tag, in any region.")
	}
}

// judgeNonAgent: nobody but pull identities is judged, and the runtime account that was given the reader role by mistake.
func (q *evaluation) judgeNonAgent(h *staleCandidate) {
	email := h.Member.Email()
	project := AccountProject(email)
	ordinary := h.Member.IsServiceAccount() && project != "" && !strings.HasSuffix(email, computeSuffix) && !strings.HasSuffix(email, appEngineSuffix)
	switch {
	case !ordinary || h.Resource.Kind() != KindRepository || h.Role != RoleReader:
		h.markNotJudged("whopulls checks Cloud Run service agents only, not " + memberKindText(h.Member) + "; ask the owner")
		return
	case q.caller().Value.Same(h.Member): // who deploys reads the image too
		h.markNotJudged("you call as this account: without it you could not deploy images from there")
		return
	}
	uses, gaps := q.usesByAccount(project, email, h.Resource)
	switch why := "no workload was seen that runs as this service account; ask the owner"; {
	case len(uses) > 0:
	case len(gaps) > 0:
		h.markUnknown(why, gaps...)
		return
	default:
		h.markNotJudged(why)
		return
	}
	h.Evidence = append(h.Evidence, uses...)
	h.statuses.set(StaleMisplaced, "It is the runtime account of a workload, which needs nothing for the pull; its own code may pull, though.")
}

// memberKindText names what a member is, for people.
func memberKindText(m Member) string {
	kinds := map[string]string{"user": "people", "group": "groups", "domain": "domains", "principal": "federated identities",
		"principalSet": "sets of identities", "projectOwner": "the owners of a project", "projectEditor": "the editors of a project",
		"projectViewer": "the viewers of a project"}
	_, agent := parseServiceAgent(m.Email())
	switch {
	case agent == yes:
		return "other agents of Google's services"
	case m.IsServiceAccount():
		return "service accounts"
	}
	return cmp.Or(kinds[m.Type()], "members of this kind")
}

// markRedundant looks for a binding of the same member that always gives all that this one gives.
func (h *staleCandidate) markRedundant(all []*staleCandidate, index int) {
	if h.agent == "" || !h.role.Read() || h.statuses.has(StaleDeleted) {
		return
	}
	for n, other := range all {
		if n == index || !slices.Contains(h.levels, other.Resource) || !other.givesAllOf(h) {
			continue
		}
		if h.roleNameMatters(other) {
			continue
		}
		// Of two that give the same on one level the later one goes, so that one of them stays.
		if other.Resource == h.Resource && h.givesAllOf(other) && n > index {
			continue
		}
		h.Higher = &Evidence{Resource: other.Resource, Role: other.Role, Member: other.Member}
		h.statuses.set(StaleRedundant, h.redundantReason(other))
		return
	}
}

// roleNameMatters reports whether the binding does what another can't, although that one gives all its
// permissions: for what counts is the role's name. The agent's role makes it an agent, on any level above its
// project. The holder of a basic role on a project is projectOwner:, projectEditor: or projectViewer: of it
// in other policies (iam-facts 6.5).
func (h *staleCandidate) roleNameMatters(other *staleCandidate) bool {
	if isRunAgentRole(h.Role) && !isRunAgentRole(other.Role) && h.Resource.Project() == "" {
		return true
	}
	basic := h.Resource.Kind() == KindProject && slices.Contains(basicRoles, h.Role)
	return basic && (other.Resource != h.Resource || other.Role != h.Role)
}

// redundantReason says why the binding is redundant, given the one that stays.
func (h *staleCandidate) redundantReason(other *staleCandidate) string {
	stays := other.Role + " on " + Describe(other.Resource, nil) + " gives all of it"
	if role := h.role.Value; role.Inert() {
		return "Its role " + role.stateText() + " and gives nothing; " + stays + "."
	}
	if other.neededBeyondReading {
		return stays + ", and is needed for more."
	}
	return stays + "; removing that one instead may be the narrower choice."
}

// givesAllOf reports whether the binding gives all of another's role to the same member, always, and is known to stay.
func (h *staleCandidate) givesAllOf(other *staleCandidate) bool {
	if h.Condition != nil || h.conditionHidden || !h.role.Read() || !h.Member.Same(other.Member) || !roleIncludes(h.role.Value, other.role.Value) {
		return false
	}
	// Of what could not be seen it is not known that it stays.
	return !slices.ContainsFunc([]StaleStatus{StaleDeleted, StaleExpired, StaleDying, StaleUnknown, StaleIdle, StaleExcessive}, func(s StaleStatus) bool { return h.statuses.has(s) })
}

// gcloudCommands are the gcloud commands that take the binding away. If it is replaced, they first grant the
// reader role under the same condition, so that nothing fails in between.
func (b StaleBinding) gcloudCommands() []string {
	revoke := Step{Kind: StepRevoke, Resource: b.Resource, Role: b.Role, Member: b.Member, Condition: b.Condition}
	switch {
	case b.Replace != "":
		grant := Step{Kind: StepGrant, Resource: b.Resource, Role: b.Replace, Member: b.Member, Condition: b.Condition}
		if len(grant.gcloudCommands()) == 0 || len(revoke.gcloudCommands()) == 0 { // a half would be another change
			return []string{}
		}
		return slices.Concat(grant.gcloudCommands(), revoke.gcloudCommands())
	case b.Removable:
		return revoke.gcloudCommands()
	}
	return []string{}
}

// chooseStatus gives the binding its one status.
func (h *staleCandidate) chooseStatus() {
	b := h.StaleBinding
	b.Status, b.AlsoHolds = "", []StaleStatus{}
	for _, s := range StaleStatuses {
		switch {
		case !h.statuses.has(s):
		case b.Status == "":
			b.Status, b.Reason = s, h.statuses.why(s)
		case s != StaleUnknown: // that is nothing that holds
			b.AlsoHolds = append(b.AlsoHolds, s)
		}
	}
	b.Removable = slices.Contains([]StaleStatus{StaleDeleted, StaleExpired, StaleDying, StaleRedundant, StaleIdle, StaleMisplaced}, b.Status)
	if b.Status != StaleExcessive {
		b.Replace = ""
	}
	b.Gcloud = b.gcloudCommands()
	if b.Status != StaleRedundant {
		b.Higher = nil
	}
}
