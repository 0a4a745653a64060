package registry

import (
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// summary counts what was read, and what could not be.
type summary struct{ repositories, projects, workloads, unread int }

// summaryOf counts the facts of a situation.
func summaryOf(s model.Situation, list model.StaleList) (c summary) {
	unread := map[model.Resource]bool{}
	for r, p := range s.Policies {
		switch {
		case p.State == model.FactGap:
			unread[r] = true
		case r.Kind() == model.KindRepository && p.Read():
			c.repositories++
		}
	}
	for project, i := range s.Inventories {
		if !i.Read() {
			unread[model.ProjectResource(project)] = true
			continue
		}
		c.projects++
		c.workloads += len(i.Value.Running)
	}
	for project, p := range s.Projects {
		if !p.Read() {
			unread[model.ProjectResource(project)] = true
		}
	}
	for _, g := range list.Gaps {
		unread[g.Resource] = true
	}
	c.addIndex(s)
	c.unread = len(unread)
	return c
}

// addIndex counts what an index had. Of a project that was also read directly the workloads count once.
func (c *summary) addIndex(s model.Situation) {
	if s.Index == nil {
		return
	}
	c.repositories += len(s.Index.Repositories)
	for number, i := range s.Index.Inventories {
		if s.Inventories[s.Projects[number].Value.ID].Read() {
			continue
		}
		c.projects++
		c.workloads += len(i.Running)
	}
}

// String says it in one line. What was not read has no number.
func (c summary) String() string {
	var read, all []string
	for _, part := range []struct {
		count int
		noun  string
	}{{c.repositories, "repository"}, {c.projects, "project"}, {c.workloads, "workload"}} {
		if part.count > 0 {
			read = append(read, text.CountNoun(part.count, part.noun))
		}
	}
	if len(read) > 0 {
		all = append(all, "read: "+strings.Join(read, ", "))
	}
	if c.unread > 0 {
		all = append(all, text.CountNoun(c.unread, "place")+" could not be read")
	}
	return strings.Join(all, "; ")
}
