package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/pick"
	"whopulls/tui/registry"
	"whopulls/tui/ui"
)

// firstScreen is the part of the breadcrumb that stands for the first screen.
const firstScreen = -1

// followTrail goes to the place that a part of the breadcrumb names, back to it where one came from there. The last part is here.
func (r *root) followTrail(part int) tea.Cmd {
	if part == firstScreen {
		return r.backTo(1)
	}
	here := ui.TrailOf(r.top().Breadcrumb())
	if part >= len(here)-1 {
		return nil
	}
	trail := here[:part+1]
	for depth := len(r.stack) - 1; depth > 0; depth-- {
		if isTrailOf(r.stack[depth-1], trail) {
			return r.backTo(depth)
		}
	}
	return r.openAbove(trail)
}

// openAbove opens the place of a breadcrumb that was passed by. It replaces the screens in that place.
func (r *root) openAbove(trail []string) tea.Cmd {
	depth := len(r.stack)
	for depth > 1 && liesIn(r.stack[depth-1], trail) {
		depth--
	}
	s := r.screenOf(trail, r.stack[depth:])
	switch {
	case s == nil:
		return nil
	case r.Changing():
		return ui.Notice(finishingFirst)
	}
	return tea.Batch(r.unwind(depth), r.push(ui.PushMsg{Screen: s}))
}

// screenOf is the screen that has a breadcrumb: the registry of a project, or what comes before the answer to a question.
func (r *root) screenOf(trail []string, below []ui.Screen) ui.Screen {
	questions := []model.Question{r.lastQuestion}
	for _, s := range below {
		switch s := s.(type) {
		case *registry.Screen:
			if project := s.Scope().Scope.Project(); project != "" {
				return r.openRegistry(model.StaleIn(model.ProjectResource(project)), s.Levels())
			}
		case ui.Questioner:
			questions = append(questions, s.Knows())
		}
	}
	for _, q := range slices.Backward(questions) {
		for _, s := range pick.FirstScreens(r.picking(), q) {
			if isTrailOf(s, trail) {
				return s
			}
		}
	}
	return nil
}

// isTrailOf reports whether a screen has a breadcrumb.
func isTrailOf(s ui.Screen, trail []string) bool {
	return slices.Equal(ui.TrailOf(s.Breadcrumb()), trail)
}

// liesIn reports whether the breadcrumb of a screen begins with another one.
func liesIn(s ui.Screen, trail []string) bool {
	own := ui.TrailOf(s.Breadcrumb())
	return len(own) > len(trail) && slices.Equal(own[:len(trail)], trail)
}
