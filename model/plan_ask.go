package model

import (
	"slices"
	"strings"
)

// isAboutUnseen reports whether a step is about a place of which nothing could be seen, for each of its
// checks. The place may be a stranger's, or may not exist.
func (q *evaluation) isAboutUnseen(s candidateStep, resolved resolvedQuestion) bool {
	return s.Kind == StepGrant && !slices.ContainsFunc(s.checks, func(c Check) bool {
		return !slices.Contains([]string{CheckPull, CheckReadImage, CheckUpstream}, c.BaseID()) || !q.nothingSeenOf(c.Resource, resolved)
	})
}

// nothingSeenOf reports whether project, repository and images were looked for and could not be seen, nor anything else that
// shows that they exist. The consumer project is named by the one who asks.
func (q *evaluation) nothingSeenOf(repository Resource, resolved resolvedQuestion) bool {
	id := repository.Project()
	project := ProjectResource(id)
	if id == "" || id == resolved.project || resolved.consumer.Read() && id == resolved.consumer.Value.Number {
		return false
	}
	if !isUnreadable(q.project(id)) || !isUnreadable(q.repository(repository)) {
		return false
	}
	for _, i := range resolved.images {
		if i.Repository.Resource() == repository && !isUnreadable(q.image(i)) {
			return false
		}
	}
	s := q.s
	return !s.Ancestry[id].Read() && !s.Policies[repository].Read() && !s.Policies[project].Read() && !s.Tested[TestKey{repository, PermDownload}].Value
}

// isUnreadable reports whether a fact was looked for and could not be read.
func isUnreadable[T any](f Fact[T]) bool { return f.State == FactGap && !f.Gap.pending }

// AskIntro is what comes before the steps that are to be asked for; empty if there are none.
func (p Plan) AskIntro() string {
	if len(p.Ask) == 0 {
		return ""
	}
	var paths []string
	for _, s := range p.Ask {
		if path := s.Resource.Path(); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return "Nothing could be seen of " + strings.Join(paths, ", ") +
		". First make sure that these exist and belong to you; only then ask for:"
}
