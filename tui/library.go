package tui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/palette"
	"whopulls/tui/seen"
	"whopulls/tui/ui"
)

// What the palette finds by what is typed: all that lists brought, and what a search beyond them brings.

// library is what was read over this connection.
func (r *root) library() palette.Library {
	index := r.connector.current().seen
	items := index.Items()
	return palette.Library{Len: len(items), Summary: index.Summary(), Further: r.further(),
		Text:  func(i int) *palette.Text { return &items[i].Text },
		Entry: func(i int) palette.Entry { return r.seenEntry(items[i]) }}
}

// What the search beyond the lists is called, and the mark of what it found.
const (
	searchName = "Cloud Asset: "
	searchMark = " *"
)

// further searches the workloads of all projects, as soon as there is a connection and a project to begin from.
func (r *root) further() palette.Further {
	projects := r.searchProjects()
	if r.cloudIfConnected() == nil || len(projects) == 0 {
		return palette.Further{}
	}
	finder := r.connector.current().finder
	if why := finder.WhyNot(projects); why != "" {
		return palette.Further{WhyNot: searchName + text.Clean(why)}
	}
	return palette.Further{Searching: searchName + "searching " + signs.More, Search: func(ctx context.Context, words []string) string {
		said, searched := finder.Find(ctx, projects, words)
		switch {
		case searched: // this line explains the mark
			return strings.TrimSpace(searchMark) + " " + searchName + text.Clean(said)
		case said == "":
			return ""
		}
		return searchName + text.Clean(said)
	}}
}

// searchProjects are those that a search begins from, by their levels and their quota: of the question, gcloud's, and those that
// were asked about before. Without any it is the first that lists brought.
func (r *root) searchProjects() []string {
	if picked := r.pickedProjects(); len(picked) > 0 {
		return picked
	}
	for _, i := range r.connector.current().seen.Items() {
		if p, ok := i.Value.(model.Project); ok {
			return []string{p.ID}
		}
	}
	return nil
}

// maxSearchProjects bounds how many projects are tried.
const maxSearchProjects = 4

// pickedProjects are the projects that a person is asking about, or did.
func (r *root) pickedProjects() (projects []string) {
	all := []string{r.knownSoFar().Project, r.lastQuestion.Project, r.opts.CurrentProject}
	for _, pick := range r.recent {
		all = append(all, pick.Project)
	}
	for _, p := range all {
		if p != "" && !slices.Contains(projects, p) && len(projects) < maxSearchProjects {
			projects = append(projects, p)
		}
	}
	return projects
}

// levelsMsg says that a project's levels were read.
type levelsMsg struct{}

// readLevels reads the levels of the project that the palette is about, for the places that it leads to.
func (r *root) readLevels() tea.Cmd {
	projects, finder := r.searchProjects(), r.connector.current().finder
	if len(projects) == 0 || r.cloudIfConnected() == nil || len(finder.Known(projects[0])) > 0 {
		return nil
	}
	return func() tea.Msg {
		_, _ = finder.ReadLevels(r.Context, projects[0]) // without them there are fewer places
		return levelsMsg{}
	}
}

// seenEntry leads to what was read: a project's workloads, the map of a workload or an image, the readers of a repository.
func (r *root) seenEntry(i *seen.Item) palette.Entry {
	e := palette.Entry{Kind: i.Kind, Title: i.Title, Detail: i.Detail, WhyOff: r.whyOffline()}
	if i.Searched {
		e.Kind += searchMark
	}
	return r.screenEntry(e, func() ui.Screen {
		switch v := i.Value.(type) {
		case model.Project:
			return r.questionScreen(r.questionOf(v.ID))
		case seen.Workload:
			q := r.questionOf(v.Project)
			q.Workload = &v.WorkloadName
			return r.openMap(q)
		case seen.Image:
			q := r.questionOf(r.knownSoFar().Project)
			q.Image = v.Reference()
			return r.questionScreen(q)
		}
		return r.openRegistry(model.StaleInRepository(i.Value.(model.RepositoryName)), nil)
	})
}
