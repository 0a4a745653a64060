package model

import (
	"cmp"
	"slices"
)

// Want names a fact that the answer still hangs on.
type Want struct {
	Kind       WantKind
	Key        string     // what the fact is kept under in the Situation
	Permission Permission // of a WantTest
}

// WantKind is the part of a Situation that a Want fills.
type WantKind string

// The kinds of want, by the field of Situation that they fill.
const (
	WantCaller     WantKind = "caller"
	WantWorkload   WantKind = "workload"
	WantProject    WantKind = "project"
	WantAncestry   WantKind = "ancestry"
	WantAPI        WantKind = "api"
	WantRepository WantKind = "repository"
	WantImage      WantKind = "image"
	WantAccount    WantKind = "account"
	WantPolicy     WantKind = "policy"
	WantRole       WantKind = "role"
	WantTest       WantKind = "test"
	WantConstraint WantKind = "constraint"
	WantDeny       WantKind = "deny"
	WantOpinion    WantKind = "opinion"
	WantRedirect   WantKind = "redirection"
	WantRules      WantKind = "rules"
	WantSharing    WantKind = "sharing"
	WantAnonymous  WantKind = "anonymous"
)

// Wants lists the facts that the diagnosis and the plan would look at and that were not asked yet, in a fixed order.
// Reading them and asking again until nothing is wanted fills a Situation; each answer can open new wants, and those
// that don't hang on each other can be read side by side.
//
// Deny policies, of which few can be read in a minute (iam-facts 6.3), come by what they matter: first the levels above
// the repositories, narrowest first, then the rest as the reasoning comes to them.
func Wants(s Situation, o PlanOptions) []Want {
	q := &inquiry{s: s, wants: map[Want]bool{}}
	sub := q.subject()
	q.checkPulls(sub)
	q.checkReadImages(sub) // looks at the same levels, also where the puller is not known
	q.plan(q.diagnose(), o)
	return q.wanted()
}

// wanted lists what was looked at and not there, in a fixed order.
func (q *inquiry) wanted() []Want {
	wants := make([]Want, 0, len(q.wants))
	for w := range q.wants {
		wants = append(wants, w)
	}
	slices.SortFunc(wants, func(a, b Want) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), q.denyOrder(a)-q.denyOrder(b), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Permission, b.Permission))
	})
	return wants
}

// denyOrder is when the reasoning first looked at the deny policies of a level; 0 for another kind of want.
func (q *inquiry) denyOrder(w Want) int {
	if w.Kind != WantDeny {
		return 0
	}
	return slices.Index(q.denyLooks, Resource(w.Key))
}

// inquiry is one run of the reasoning over a Situation. Every look at a fact goes through it, so that the list of what
// is still wanted can't differ from what the answer looks at.
type inquiry struct {
	s         Situation
	wants     map[Want]bool
	pulledOf  string                    // the inventory that was taken apart last
	pulled    []pulled                  // what it names
	indexing  bool                      // it is asked what an index shows, and no more
	direct    []Use                     // room for the uses of one binding
	imagesOf  map[string]RepositoryName // the repositories of images that were taken apart
	unasked   int                       // looks at facts that were not asked yet
	served    map[string]Gap            // what is awaited before it is known whether nobody is served an image
	denyLooks []Resource                // the levels whose deny policies are wanted, in the order of the looks
}

// look gives a fact, or notes that it is wanted and gives a pending gap in its place.
func look[T any](q *inquiry, fact Fact[T], want Want) Fact[T] {
	if fact.State != FactUnasked {
		return fact
	}
	if q.s.Closed {
		return Unread[T](Gap{Reason: "it was not read, and nothing more is"})
	}
	q.unasked++
	if q.wants != nil {
		q.wants[want] = true
	}
	return Unread[T](Gap{Reason: "not read yet", pending: true})
}

func (q *inquiry) caller() Fact[Member] { return look(q, q.s.Caller, Want{Kind: WantCaller}) }

func (q *inquiry) workload() Fact[Workload] {
	return look(q, q.s.Workload, Want{Kind: WantWorkload})
}

func (q *inquiry) project(id string) Fact[Project] {
	return look(q, q.s.Projects[id], Want{Kind: WantProject, Key: id})
}

func (q *inquiry) ancestry(project string) Fact[[]Ancestor] {
	return look(q, q.s.Ancestry[project], Want{Kind: WantAncestry, Key: project})
}

func (q *inquiry) api(r Resource) Fact[bool] {
	return look(q, q.s.APIs[r], Want{Kind: WantAPI, Key: string(r)})
}

func (q *inquiry) repository(r Resource) Fact[Repository] {
	if q.indexing {
		if shown, ok := q.s.Index.Repositories[r]; ok {
			return Known(shown)
		}
		return Absent[Repository]()
	}
	return look(q, q.s.Repositories[r], Want{Kind: WantRepository, Key: string(r)})
}

func (q *inquiry) image(reference string) Fact[ImageFact] {
	return look(q, q.s.Images[reference], Want{Kind: WantImage, Key: reference})
}

func (q *inquiry) account(r Resource) Fact[Account] {
	return look(q, q.s.Accounts[r], Want{Kind: WantAccount, Key: string(r)})
}

func (q *inquiry) policy(r Resource) Fact[Policy] {
	return look(q, q.s.Policies[r], Want{Kind: WantPolicy, Key: string(r)})
}

func (q *inquiry) role(name string) Fact[Role] {
	return look(q, q.s.Roles[name], Want{Kind: WantRole, Key: name})
}

func (q *inquiry) tested(r Resource, p Permission) Fact[bool] {
	return look(q, q.s.Tested[TestKey{r, p}], Want{Kind: WantTest, Key: string(r), Permission: p})
}

func (q *inquiry) constraint(r Resource) Fact[bool] {
	return look(q, q.s.Constraints[r], Want{Kind: WantConstraint, Key: string(r)})
}

func (q *inquiry) opinion(a Access) Fact[Opinion] {
	return look(q, q.s.Opinions[a], Want{Kind: WantOpinion, Key: a.text()})
}

func (q *inquiry) redirection(r Resource) Fact[bool] {
	return look(q, q.s.Redirections[r], Want{Kind: WantRedirect, Key: string(r)})
}

func (q *inquiry) anonymous(reference string) Fact[ImageFact] {
	return look(q, q.s.Anonymous[reference], Want{Kind: WantAnonymous, Key: reference})
}

func (q *inquiry) rules(r Resource) Fact[[]Rule] {
	return look(q, q.s.Rules[r], Want{Kind: WantRules, Key: string(r)})
}

func (q *inquiry) sharing(r Resource) Fact[[]Sharing] {
	return look(q, q.s.Sharing[r], Want{Kind: WantSharing, Key: string(r)})
}

func (q *inquiry) deny(r Resource) Fact[[]DenyPolicy] {
	if q.wants != nil && !slices.Contains(q.denyLooks, r) {
		q.denyLooks = append(q.denyLooks, r)
	}
	return look(q, q.s.Denies[r], Want{Kind: WantDeny, Key: string(r)})
}
