package model

import "slices"

// LevelReaders are the bindings of one level that let their members read a repository.
type LevelReaders struct {
	Level    Ancestor
	Bindings []Binding // their roles give it, and their conditions may hold
	Policy   Fact[Policy]
	Gaps     []Gap // what else could not be read: what a role allows, or what is above
}

// Readers lists who may read a repository by its allow policy and those of the levels above it, nearest first. It also lists the
// facts that it looked at and that were not asked yet, like Wants. Deleted members are left out; deny policies are not looked at.
func Readers(s Situation, repository RepositoryName) ([]LevelReaders, []Want) {
	q := &evaluation{s: s, wants: map[Want]bool{}}
	at := repository.Resource()
	levels, above := q.policyLevels(at)
	all := make([]LevelReaders, 0, len(levels))
	for _, l := range levels {
		all = append(all, q.readersAt(l, at))
	}
	last := &all[len(all)-1]
	last.Gaps = append(last.Gaps, above...)
	return all, q.sortedWants()
}

// readersAt looks through the bindings of one level.
func (q *evaluation) readersAt(level Ancestor, repository Resource) LevelReaders {
	found := LevelReaders{Level: level, Policy: q.policy(level.Resource)}
	if !found.Policy.Read() {
		found.Policy.Gap = q.unreadLevelGap(level.Resource, found.Policy)
		return found
	}
	for _, b := range found.Policy.Value.Bindings {
		b, hidden := b.splitHiddenCondition()
		reads, gap := q.roleGrants(b.Role, PermDownload)
		if hidden {
			b.Condition = &Condition{}
		}
		b.Members = slices.DeleteFunc(slices.Clone(b.Members), Member.Deleted)
		switch {
		case reads == no || len(b.Members) == 0 || b.Condition.holds(repository, q.s.Time) == no:
		case reads == maybe:
			found.Gaps = append(found.Gaps, roleGap(level.Resource, b.Role, gap))
		default:
			found.Bindings = append(found.Bindings, b)
		}
	}
	return found
}
