package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// StaleStatus says whether a binding that lets somebody read a repository still serves anyone.
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
	Gcloud    []string      `json:"gcloud"` // the commands that remove or replace it; none where it stays, or gcloud has none for it
}

// Same tells whether two findings are about the same member of the same binding.
func (b StaleBinding) Same(other StaleBinding) bool {
	return b.Resource == other.Resource && b.Role == other.Role && b.Member.same(other.Member) && b.Condition.equal(other.Condition)
}

// Place puts first what can be removed, then what can be replaced, what is public, what is open, and last what is in use.
func (b StaleBinding) Place() int { return slices.Index(StaleActions, b.Action()) }

// StaleList is who may read what lies in a scope, and what of it still serves anyone.
type StaleList struct {
	Bindings []StaleBinding `json:"bindings"`
	Gaps     []Gap          `json:"gaps"`              // levels whose bindings could not be read
	Indexed  *time.Time     `json:"indexed,omitempty"` // of which time the index is that told of them, where one did
	Notes    []string       `json:"notes,omitempty"`   // what that index does not tell, and what was done about it
	// Counts are the numbers of bindings by status, of those that there are; Counted fills them in.
	Counts map[StaleStatus]int `json:"counts,omitempty"`
}

// Counted is the list with its numbers.
func (l StaleList) Counted() StaleList {
	l.Counts = map[StaleStatus]int{}
	for _, b := range l.Bindings {
		l.Counts[b.Status]++
	}
	return l
}

// heldAt collects the members of the bindings at the places.
func (q *inquiry) heldAt(places []Place) (all []held, gaps []Gap) {
	for _, at := range places {
		policy := q.policyAt(at.Resource)
		if !policy.Read() {
			gaps = append(gaps, q.unreadLevel(at.Resource, policy))
			continue
		}
		for _, b := range policy.Value.Bindings {
			all = q.held(all, at, b)
		}
	}
	return all, gaps
}

// held adds the members of a binding that may read through it; the roles that Google grants an agent on its own project
// are left out: taking them breaks Cloud Run there.
func (q *inquiry) held(all []held, at Place, b Binding) []held {
	r := at.Resource
	b, hidden := b.revealed()
	reads, gap := q.defines(b.Role, func(r Role) bool { return r.Lists(PermDownload) }) // of an inert one it is said that it gives nothing
	if reads == no {
		return all
	}
	from := &source{above: at.Above, role: q.role(b.Role), hidden: hidden,
		binding: StaleBinding{Resource: r, Role: b.Role, Condition: b.Condition, Allowed: q.mayChange(r)}}
	if reads == maybe {
		from.unread = []Gap{roleGap(r, b.Role, gap)}
	}
	for _, m := range b.Members {
		if !q.grantedByGoogle(r, b.Role, m) {
			all = append(all, held{source: from, member: m, agent: RunAgentProject(m)})
		}
	}
	return all
}

// grantedByGoogle tells the roles that Google itself gives a project's agents on that project (iam-facts 1.3).
func (q *inquiry) grantedByGoogle(r Resource, role string, m Member) bool {
	number, is := serviceAgent(m.Email())
	if r.Kind() != KindProject || is != yes || number == "" || m.Deleted() || !strings.HasSuffix(strings.ToLower(role), "serviceagent") {
		return false
	}
	project := q.project(r.ID())
	return r.ID() == number || project.Read() && project.Value.Number == number
}

// judge finds out which statuses hold, but for redundant, which hangs on those of the others.
func (q *inquiry) judge(h *held) {
	h.begin()
	if h.Member.Deleted() {
		h.holds.give(StaleDeleted, "The member was deleted; the binding gives nobody anything.")
	}
	if h.Condition.over(q.s.Time) {
		h.holds.give(StaleExpired, "The time of its condition is over.")
	}
	if role := h.role.Value; role.Inert() {
		h.unsure("its role " + role.state() + ": the binding gives nobody anything unless the role comes back")
	}
	own, source := q.ownAgent(h.agent, h.Resource)
	switch {
	case h.Member.Deleted():
	case h.agent == "" && h.role.Value.Inert(): // it gives nobody anything
	case h.Member.Everybody():
		h.judgeEverybody()
	case h.agent == "":
		q.judgeOthers(h)
	case own == maybe:
		h.unsure("whether the agent is that of the source project is not known", source)
	case own == yes:
		h.unsure("it is the agent of the source project itself, which whopulls does not judge")
	default:
		q.judgeAgent(h)
	}
	if len(h.Gaps) > 0 && !h.holds.has(StaleUnknown) && !h.holds.has(StaleActive) {
		h.unsure(h.Gaps[0].Reason)
	}
	if h.hidden {
		h.unsure("its condition is not shown; the policy was read in an older version")
	}
}

// unsure makes the binding unknown, for the first reason that is found.
func (h *held) unsure(reason string, gaps ...Gap) {
	h.Gaps = append(h.Gaps, gaps...)
	if !h.holds.has(StaleUnknown) {
		h.holds.give(StaleUnknown, strings.ToUpper(reason[:1])+reason[1:]+".")
	}
}

// ownAgent tells whether a number is that of the project which the binding's resource lies in. A folder or an organization
// lies in none: there an agent is judged by what its project uses beneath, whatever the scope is.
func (q *inquiry) ownAgent(number string, r Resource) (tri, Gap) {
	id := r.Project()
	if id == "" {
		return no, Gap{}
	}
	if isNumber(id) {
		return triOf(id == number), Gap{}
	}
	project := q.project(id)
	if !project.Read() {
		return maybe, project.Gap
	}
	return triOf(project.Value.Number == number), Gap{}
}

// judgeAgent looks at the agent of another project: is that project alive, and does anything there use the repository?
func (q *inquiry) judgeAgent(h *held) {
	owner := q.project(h.agent)
	if !owner.Read() {
		gap := owner.Gap
		gap.Resource = ProjectResource(h.agent)
		if owner.State == FactAbsent {
			gap.Reason = "project " + h.agent + " does not exist, or you may not see it: Google answers the same"
		}
		h.unsure("its project "+h.agent+" could not be seen", gap)
		return
	}
	h.Owner = owner.Value.ID
	if owner.Value.Leaving() {
		h.holds.give(StaleDying, "Project "+h.Owner+" is being deleted.")
	}
	if h.role.Value.Inert() { // nobody uses what it does not give
		return
	}
	if h.needed = q.judgeRole(h); !h.needed {
		q.judgeUse(h)
	}
}

// covers reports whether a role gives every permission that another lists.
func covers(wide, narrow Role) bool {
	return !slices.ContainsFunc(narrow.Permissions, func(p Permission) bool { return !wide.Has(p) })
}

func (q *inquiry) judgeUse(h *held) {
	uses, gaps := q.indexedUses(h.agent, h.Owner, h.Resource), []Gap(nil)
	if len(uses) == 0 {
		uses, gaps = q.uses(h.Owner, h.Resource)
	}
	h.Evidence = append(h.Evidence, uses...)
	switch {
	case len(uses) > 0:
		h.holds.give(StaleActive, "Project "+h.Owner+" uses it.")
	case len(gaps) > 0:
		h.unsure("whether project "+h.Owner+" uses it could not be seen", gaps...)
	case h.holds.has(StaleUnknown): // of the rest of what its role gives
	default:
		h.holds.give(StaleIdle, "Nothing in project "+h.Owner+" uses it: no service, job, worker pool or instance, and no revision with traffic or a tag, in any region.")
	}
}

// judgeOthers: nobody but pull identities is judged, and the runtime account that was given the reader role by mistake.
func (q *inquiry) judgeOthers(h *held) {
	email := h.Member.Email()
	project := AccountProject(email)
	ordinary := h.Member.IsServiceAccount() && project != "" && !strings.HasSuffix(email, computeSuffix) && !strings.HasSuffix(email, appEngineSuffix)
	switch {
	case !ordinary || h.Resource.Kind() != KindRepository || h.Role != RoleReader:
		h.unsure("whopulls does not judge " + kindOfMember(h.Member))
		return
	case q.caller().Value.same(h.Member): // who deploys reads the image too
		h.unsure("you call as this account: without it you could not deploy what lies there")
		return
	}
	uses, gaps := q.usesAs(project, email, h.Resource)
	if len(uses) == 0 {
		h.unsure("whopulls does not judge a service account that no workload was seen to run as", gaps...)
		return
	}
	h.Evidence = append(h.Evidence, uses...)
	h.holds.give(StaleMisplaced, "It is the runtime account of a workload, which needs nothing for the pull; its own code may pull, though.")
}

// kindOfMember names what a member is, for people.
func kindOfMember(m Member) string {
	kinds := map[string]string{"user": "people", "group": "groups", "domain": "domains", "principal": "federated identities",
		"principalSet": "sets of identities", "projectOwner": "the owners of a project", "projectEditor": "the editors of a project",
		"projectViewer": "the viewers of a project"}
	_, agent := serviceAgent(m.Email())
	switch {
	case agent == yes:
		return "other agents of Google's services"
	case m.IsServiceAccount():
		return "service accounts"
	}
	return cmp.Or(kinds[m.Type()], "members of this kind")
}

// markRedundant looks for a binding of the same member that always gives all that this one gives.
func (h *held) markRedundant(all []*held, place int) {
	if h.agent == "" || !h.role.Read() || h.holds.has(StaleDeleted) {
		return
	}
	for n, other := range all {
		if n == place || !slices.Contains(h.above, other.Resource) || !other.gives(h) {
			continue
		}
		if h.countsByName(other) {
			continue
		}
		// Of two that give the same on one level the later one goes, so that one of them stays.
		if other.Resource == h.Resource && h.gives(other) && n > place {
			continue
		}
		h.Higher = &Evidence{Resource: other.Resource, Role: other.Role, Member: other.Member}
		h.holds.give(StaleRedundant, h.besides(other))
		return
	}
}

// countsByName reports whether the binding does what another can't, although that one gives all its permissions: for what
// counts is the role's name. It makes an agent, wherever above its project it stands, and whoever holds a basic role on a
// project is projectOwner:, projectEditor: or projectViewer: of it in other policies (iam-facts 6.5).
func (h *held) countsByName(other *held) bool {
	if makesAgent(h.Role) && !makesAgent(other.Role) && h.Resource.Project() == "" {
		return true
	}
	basic := h.Resource.Kind() == KindProject && slices.Contains(basicRoles, h.Role)
	return basic && (other.Resource != h.Resource || other.Role != h.Role)
}

// besides says why the binding is redundant, given the one that stays.
func (h *held) besides(other *held) string {
	stays := other.Role + " on " + Describe(other.Resource, nil) + " gives all of it"
	if role := h.role.Value; role.Inert() {
		return "Its role " + role.state() + " and gives nothing; " + stays + "."
	}
	if other.needed {
		return stays + ", and is needed for more."
	}
	return stays + "; removing that one instead may be the narrower choice."
}

// gives tells whether the binding gives all of another's role to the same member, always, and is known to stay.
func (h *held) gives(other *held) bool {
	if h.Condition != nil || h.hidden || !h.role.Read() || !h.Member.same(other.Member) || !covers(h.role.Value, other.role.Value) {
		return false
	}
	// Of what could not be seen it is not known that it stays.
	return !slices.ContainsFunc([]StaleStatus{StaleDeleted, StaleExpired, StaleDying, StaleUnknown, StaleIdle, StaleExcessive}, func(s StaleStatus) bool { return h.holds.has(s) })
}

// commands are the gcloud commands that take the binding away; one that is replaced has its reader role first, under the
// same condition, so that nothing fails in between.
func (b StaleBinding) commands() []string {
	revoke := Step{Kind: StepRevoke, Resource: b.Resource, Role: b.Role, Member: b.Member, Condition: b.Condition}
	switch {
	case b.Replace != "":
		grant := Step{Kind: StepGrant, Resource: b.Resource, Role: b.Replace, Member: b.Member, Condition: b.Condition}
		if len(grant.commands()) == 0 || len(revoke.commands()) == 0 { // a half would be another change
			return []string{}
		}
		return slices.Concat(grant.commands(), revoke.commands())
	case b.Removable:
		return revoke.commands()
	}
	return []string{}
}

// settle gives the binding its one status.
func (h *held) settle() {
	b := h.StaleBinding
	b.Status, b.AlsoHolds = "", []StaleStatus{}
	for _, s := range StaleStatuses {
		switch {
		case !h.holds.has(s):
		case b.Status == "":
			b.Status, b.Reason = s, h.holds.why(s)
		case s != StaleUnknown: // that is nothing that holds
			b.AlsoHolds = append(b.AlsoHolds, s)
		}
	}
	b.Removable = slices.Contains([]StaleStatus{StaleDeleted, StaleExpired, StaleDying, StaleRedundant, StaleIdle, StaleMisplaced}, b.Status)
	if b.Status != StaleExcessive {
		b.Replace = ""
	}
	b.Gcloud = b.commands()
	if b.Status != StaleRedundant {
		b.Higher = nil
	}
}
