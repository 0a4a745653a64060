package model

import (
	"slices"
	"strings"
)

// unseenBy tells whether a step is about a place of which nothing could be seen, for each of the checks that ask for it:
// a stranger's perhaps, or one that is not there.
func (q *inquiry) unseenBy(s candidate, sub subject) bool {
	return s.Kind == StepGrant && !slices.ContainsFunc(s.checks, func(c Check) bool {
		return !slices.Contains([]string{CheckPull, CheckReadImage, CheckUpstream}, c.Family()) || !q.unseen(c.Resource, sub)
	})
}

// unseen tells whether project, repository and images were looked for and could not be seen, nor anything else that
// shows that they exist. The consumer project is named by whoever asks.
func (q *inquiry) unseen(repository Resource, sub subject) bool {
	id := repository.Project()
	project := ProjectResource(id)
	if id == "" || id == sub.project || sub.consumer.Read() && id == sub.consumer.Value.Number {
		return false
	}
	if !unread(q.project(id)) || !unread(q.repository(repository)) {
		return false
	}
	for _, i := range sub.images {
		if i.Repository.Resource() == repository && !unread(q.image(i.String())) {
			return false
		}
	}
	s := q.s
	return !s.Ancestry[id].Read() && !s.Policies[repository].Read() && !s.Policies[project].Read() && !s.Tested[TestKey{repository, PermDownload}].Value
}

// unread tells whether a fact was looked for and could not be read.
func unread[T any](f Fact[T]) bool { return f.State == FactGap && !f.Gap.pending }

// AskFirst is what comes before the steps that are to be asked for; empty where there are none.
func (p Plan) AskFirst() string {
	if len(p.Ask) == 0 {
		return ""
	}
	var places []string
	for _, s := range p.Ask {
		if path := s.Resource.Path(); !slices.Contains(places, path) {
			places = append(places, path)
		}
	}
	return "Nothing could be seen of " + strings.Join(places, ", ") +
		". First make sure that these exist and belong to you; only then ask for:"
}
