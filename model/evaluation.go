package model

import (
	"cmp"
	"slices"
)

// Want names a fact that the answer still depends on. Of the fields after Kind, those are set that the
// Situation keeps the fact under.
type Want struct {
	Kind       WantKind
	Project    string     // ID or number, as asked
	Resource   Resource   //
	Role       string     // its name
	Image      Image      // its Text is its String
	Permission Permission // of a WantTest, with Resource
	Access     Access     // of a WantOpinion
}

// imageWant is a want of a fact about an image, whatever way the reference was written.
func imageWant(kind WantKind, i Image) Want {
	return Want{Kind: kind, Image: i.Full()}
}

// compare orders wants of one kind.
func (w Want) compare(other Want) int {
	return cmp.Or(cmp.Compare(w.Project, other.Project), cmp.Compare(w.Resource, other.Resource), cmp.Compare(w.Role, other.Role),
		cmp.Compare(w.Image.Text, other.Image.Text), cmp.Compare(w.Permission, other.Permission), cmp.Compare(w.Access.key(), other.Access.key()))
}

// WantKind is the part of a Situation that a Want fills.
type WantKind string

// The kinds of want, by the field of Situation that they fill.
const (
	WantCaller             WantKind = "caller"
	WantWorkload           WantKind = "workload"
	WantProject            WantKind = "project"
	WantAncestry           WantKind = "ancestry"
	WantAPI                WantKind = "api"
	WantRepository         WantKind = "repository"
	WantImage              WantKind = "image"
	WantAccount            WantKind = "account"
	WantPolicy             WantKind = "policy"
	WantRole               WantKind = "role"
	WantTest               WantKind = "test"
	WantConstraint         WantKind = "constraint"
	WantDeny               WantKind = "deny"
	WantOpinion            WantKind = "opinion"
	WantRedirect           WantKind = "redirection"
	WantRules              WantKind = "rules"
	WantDomainRestrictions WantKind = "sharing"
	WantAnonymous          WantKind = "anonymous"
)

// Wants lists the facts that the diagnosis and the plan would look at and that were not asked yet, in a fixed
// order. To fill a Situation, read them and ask again until nothing is wanted. Each answer can open new
// wants. Wants that don't depend on each other can be read at the same time.
//
// Only a few deny policies can be read in a minute (iam-facts 6.3), so the important ones come first. Those
// are the levels above the repositories, narrowest first. The rest come as the reasoning reaches them.
func Wants(s Situation, o PlanOptions) []Want {
	q := &evaluation{s: s, wants: map[Want]bool{}}
	resolved := q.resolveQuestion()
	q.checkPulls(resolved)
	q.checkReadImages(resolved) // looks at the same levels, also where the puller is not known
	q.plan(q.diagnose(), o)
	return q.sortedWants()
}

// sortedWants lists what was looked at and not there, in a fixed order.
func (q *evaluation) sortedWants() []Want {
	wants := make([]Want, 0, len(q.wants))
	for w := range q.wants {
		wants = append(wants, w)
	}
	slices.SortFunc(wants, func(a, b Want) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), q.denyOrder(a)-q.denyOrder(b), a.compare(b))
	})
	return wants
}

// denyOrder is when the reasoning first looked at the deny policies of a level; 0 for another kind of want.
func (q *evaluation) denyOrder(w Want) int {
	if w.Kind != WantDeny {
		return 0
	}
	return slices.Index(q.denyLookups, w.Resource)
}

// evaluation is one run of the reasoning over a Situation. Every look at a fact goes through it, so that the list of what
// is still wanted can't differ from what the answer looks at.
type evaluation struct {
	s             Situation
	wants         map[Want]bool
	lastImagesKey string           // the inventory that was parsed last
	lastImages    []inventoryImage // what it names
	indexOnly     bool             // it is asked what an index shows, and no more
	directUses    []Use            // room for the uses of one binding
	unreadLookups int              // looks at facts that were not asked yet
	pendingReads  map[string]Gap   // what is awaited before it is known whether nobody is served an image
	denyLookups   []Resource       // the levels whose deny policies are wanted, in the order of the looks
}

// lookup gives a fact, or notes that it is wanted and gives a pending gap in its place.
func lookup[T any](q *evaluation, fact Fact[T], want Want) Fact[T] {
	if fact.State != FactUnasked {
		return fact
	}
	if q.s.ReadingDone {
		return Unread[T](Gap{Reason: "it was not read, and nothing more is", Cause: GapFailed})
	}
	q.unreadLookups++
	if q.wants != nil {
		q.wants[want] = true
	}
	return Unread[T](Gap{Reason: "not read yet", pending: true})
}

func (q *evaluation) caller() Fact[Member] { return lookup(q, q.s.Caller, Want{Kind: WantCaller}) }

func (q *evaluation) workload() Fact[Workload] {
	return lookup(q, q.s.Workload, Want{Kind: WantWorkload})
}

func (q *evaluation) project(id string) Fact[Project] {
	return lookup(q, q.s.Projects[id], Want{Kind: WantProject, Project: id})
}

func (q *evaluation) ancestry(project string) Fact[[]Ancestor] {
	return lookup(q, q.s.Ancestry[project], Want{Kind: WantAncestry, Project: project})
}

func (q *evaluation) api(r Resource) Fact[bool] {
	return lookup(q, q.s.APIs[r], Want{Kind: WantAPI, Resource: r})
}

func (q *evaluation) repository(r Resource) Fact[Repository] {
	if q.indexOnly {
		if shown, ok := q.s.Index.Repositories[r]; ok {
			return Known(shown)
		}
		return Absent[Repository]()
	}
	return lookup(q, q.s.Repositories[r], Want{Kind: WantRepository, Resource: r})
}

func (q *evaluation) image(i Image) Fact[ImageFact] {
	return lookup(q, q.s.Images[i.String()], imageWant(WantImage, i))
}

func (q *evaluation) account(r Resource) Fact[Account] {
	return lookup(q, q.s.Accounts[r], Want{Kind: WantAccount, Resource: r})
}

func (q *evaluation) policy(r Resource) Fact[Policy] {
	return lookup(q, q.s.Policies[r], Want{Kind: WantPolicy, Resource: r})
}

func (q *evaluation) role(name string) Fact[Role] {
	return lookup(q, q.s.Roles[name], Want{Kind: WantRole, Role: name})
}

func (q *evaluation) tested(r Resource, p Permission) Fact[bool] {
	return lookup(q, q.s.Tested[TestKey{r, p}], Want{Kind: WantTest, Resource: r, Permission: p})
}

func (q *evaluation) constraint(r Resource) Fact[bool] {
	return lookup(q, q.s.Constraints[r], Want{Kind: WantConstraint, Resource: r})
}

func (q *evaluation) opinion(a Access) Fact[SecondOpinion] {
	return lookup(q, q.s.Opinions[a], Want{Kind: WantOpinion, Access: a})
}

func (q *evaluation) redirection(r Resource) Fact[bool] {
	return lookup(q, q.s.Redirections[r], Want{Kind: WantRedirect, Resource: r})
}

func (q *evaluation) anonymous(i Image) Fact[ImageFact] {
	return lookup(q, q.s.Anonymous[i.String()], imageWant(WantAnonymous, i))
}

func (q *evaluation) downloadRules(r Resource) Fact[[]DownloadRule] {
	return lookup(q, q.s.Rules[r], Want{Kind: WantRules, Resource: r})
}

func (q *evaluation) domainRestrictions(r Resource) Fact[[]DomainRestriction] {
	return lookup(q, q.s.DomainRestrictions[r], Want{Kind: WantDomainRestrictions, Resource: r})
}

func (q *evaluation) deny(r Resource) Fact[[]DenyPolicy] {
	if q.wants != nil && !slices.Contains(q.denyLookups, r) {
		q.denyLookups = append(q.denyLookups, r)
	}
	return lookup(q, q.s.Denies[r], Want{Kind: WantDeny, Resource: r})
}
