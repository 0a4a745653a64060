package explain

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// projectMsg brings the project that a text names by its number.
type projectMsg struct {
	screen     *Screen
	generation int
	project    model.Project
}

// readProject asks which project a number is. Reading a text needs no connection, so nothing waits for the answer.
func (s *Screen) readProject() tea.Cmd {
	s.Stop()
	number := s.failure.ConsumerProject
	if s.links.ReadProject == nil || !model.IsProjectNumber(number) {
		return nil
	}
	ctx, generation := s.Begin(s.Context)
	return func() tea.Msg { return projectMsg{s, generation, s.links.ReadProject(ctx, number)} }
}

// nameProject puts a project's ID in the place of its number. A field that was corrected meanwhile stays as it is.
func (s *Screen) nameProject(p model.Project) {
	before := s.suggestedQuestion()
	s.failure = s.failure.WithConsumer(p)
	s.fields.replaceQuestion(before, s.suggestedQuestion())
}
