package accessmap

import (
	"cmp"
	"slices"

	"whopulls/model"
	"whopulls/tui/ui"
)

// Copyables are what the chosen line has: who needs which role or permission on what, and the commands that help. The images of
// its repository follow by digest, and then the line itself.
func (m *Screen) Copyables() (all ui.Copyables) {
	c, known := m.diagnosis.CheckByID(m.selected.check)
	if !known {
		return m.placeCopyables()
	}
	step := cmp.Or(m.step(c.ID), stepClosing(m.plan.Ask, c.ID))
	if step == nil {
		step = &model.Step{}
	}
	all.Add("member", cmp.Or(string(step.Member), string(c.Principal)))
	all.Add("role", step.Role)
	for _, role := range provingRoles(c) {
		all.Add("role", role)
	}
	for _, p := range slices.Concat([]model.Permission{c.Permission}, c.Permissions) {
		all.Add("permission", string(p))
	}
	all.Add("resource", cmp.Or(step.Resource, c.Resource).Path())
	all.AddCommands(m.commandsFor(c, *step))
	for _, reference := range m.imagesByDigest(c) {
		all.Add("image by digest", reference)
	}
	all.Add("line", lineText(m.Styles, m.diagnosis, c))
	return all
}

// placeCopyables are those of a repository, or of a lane.
func (m *Screen) placeCopyables() (all ui.Copyables) {
	if place, r, known := rungOf(m.picture, m.selected); known {
		all.Add("resource", r.Resource.Path())
		all.Add("name", r.Name)
		all.Add("project", place.Name)
	}
	for _, l := range m.picture.Lanes {
		if l.Identity == m.selected.lane {
			all.Add("account", cmp.Or(l.Account, l.Who))
		}
	}
	return all
}

// provingRoles are the roles that a granted check rests on, else the first that is among its evidence.
func provingRoles(c model.Check) []string {
	var roles []string
	for _, e := range slices.Concat(c.Proofs(), c.Evidence) {
		if e.Role != "" && !slices.Contains(roles, e.Role) && len(roles) < max(1, len(c.Proofs())) {
			roles = append(roles, e.Role)
		}
	}
	return roles
}

// commandsFor are the commands of a line: those of its step, else those that its text names.
func (m *Screen) commandsFor(c model.Check, step model.Step) (commands []string) {
	if len(step.Gcloud) > 0 {
		return step.Gcloud
	}
	for _, a := range model.AdviceInApp(c.Gaps, m.KeyNames(false)) {
		commands = append(commands, a.Command)
	}
	for _, o := range observationsFor(c, m.diagnosis) {
		commands = append(commands, o.Command)
	}
	return slices.DeleteFunc(commands, func(command string) bool { return command == "" })
}

// imagesByDigest are the images that a line about an image is about, as far as their digests are known.
func (m *Screen) imagesByDigest(c model.Check) (references []string) {
	if !slices.Contains([]string{model.CheckImage, model.CheckPull, model.CheckReadImage}, c.BaseID()) {
		return nil
	}
	for _, use := range m.diagnosis.Images {
		if use.Digest != nil && use.Image.Repository.Resource() == c.Resource {
			references = append(references, use.Image.Base()+"@"+*use.Digest)
		}
	}
	return references
}

// lineText is a line in words, to be read without the map.
func lineText(t *ui.Styles, d model.Diagnosis, c model.Check) string {
	sign, word, _ := t.VerdictMark(c)
	line := sign + " " + word + "  " + cmp.Or(d.CheckLabel(c), checkQuestion(c))
	if c.Reason != "" {
		line += ": " + c.Reason
	}
	return line
}
