package accessmap

import (
	"fmt"

	"whopulls/model"
)

// Verdict is that of the whole.
func (m *Screen) Verdict() string {
	switch v := m.diagnosis.Verdict; {
	case m.err != nil && m.hasCompleteRead():
		return m.Styles.VerdictChip(model.Unknown, "not read again")
	case m.err != nil:
		return m.Styles.VerdictChip(model.Unknown, "not read")
	case !m.Busy:
		return m.Styles.VerdictChip(v, string(v))
	}
	return m.Styles.Dim.Render(" " + m.readingText() + " ")
}

// Projects are the consumer project and those of the images, with what was read of them.
func (m *Screen) Projects() []model.Project {
	ids := []string{m.question.Project}
	for _, use := range m.diagnosis.Images {
		if use.Image.Registry == model.ArtifactRegistry {
			ids = append(ids, use.Image.Repository.Project)
		}
	}
	projects := make([]model.Project, len(ids))
	for n, id := range ids {
		projects[n] = model.Project{ID: id, Labels: m.situation.Projects[id].Value.Labels}
	}
	return projects
}

// readingText says how many of the lines are answered by now.
func (m *Screen) readingText() string {
	answered := 0
	for _, c := range m.diagnosis.Checks {
		if !c.Pending() {
			answered++
		}
	}
	return fmt.Sprintf("reading %s %d of %d", m.Spinner.Sign(), answered, len(m.diagnosis.Checks))
}
