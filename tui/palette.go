package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/accessmap"
	"whopulls/tui/explain"
	"whopulls/tui/history"
	"whopulls/tui/palette"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
)

// openPalette opens the palette over the screen on top, and reads what it shows of files.
func (r *root) openPalette() tea.Cmd {
	r.palette, r.onlyLogins = palette.New(r.Session, r.library), false
	r.refreshPalette()
	return tea.Batch(r.readLogins, r.readSettings(false), r.readLevels())
}

// openLogins opens it with the ways to call Google alone.
func (r *root) openLogins() tea.Cmd {
	cmd := r.openPalette()
	r.onlyLogins = true
	r.refreshPalette()
	return cmd
}

// refreshPalette gives an open palette what can be done now.
func (r *root) refreshPalette() {
	if r.palette != nil {
		r.palette.SetEntries(r.paletteEntries())
	}
}

func (r *root) closePalette() {
	if r.palette != nil {
		r.palette.Close()
		r.palette = nil
	}
}

// paletteBindings are the palette's own keys.
func (r *root) paletteBindings() []ui.Binding {
	return r.Keys.WithKeys(r.palette.Bindings(), true)
}

func (r *root) handlePaletteKey(msg tea.KeyPressMsg) tea.Cmd {
	if i := ui.IntentOf(msg, r.paletteBindings()); i != "" {
		return r.handlePaletteIntent(i)
	}
	return r.palette.HandleText(msg)
}

func (r *root) handlePaletteIntent(i ui.Intent) tea.Cmd {
	switch i {
	case ui.IntentBack, ui.IntentPalette:
		r.closePalette()
		return nil
	case ui.IntentStop:
		return r.leave(true)
	case ui.IntentChoose:
		return r.choose()
	default:
		return r.palette.Handle(i)
	}
}

// choose does what the entry under the cursor is for. One that is off says why, and the palette stays.
func (r *root) choose() tea.Cmd {
	e, ok := r.palette.Choose()
	switch {
	case !ok:
		return nil
	case e.WhyOff != "":
		return ui.Notice(e.WhyOff)
	}
	r.closePalette()
	return e.Open()
}

// paletteEntries are all that can be chosen without typing.
func (r *root) paletteEntries() []palette.Entry {
	if r.onlyLogins {
		return r.loginEntries()
	}
	bindings := r.bindings()
	actions, moving := r.actionEntries(bindings)
	return slices.Concat(actions, r.recentEntries(), r.placeEntries(bindings), r.checkEntries(), r.loginEntries(), r.settingEntries(), moving)
}

// actionEntries are the actions of the screen on top: those of its footer first, and last those that are off. What only moves
// is named for its keys, and stands apart.
func (r *root) actionEntries(bindings []ui.Binding) (actions, moving []palette.Entry) {
	var hidden, off []palette.Entry
	for _, b := range bindings {
		e := palette.Entry{ID: "action " + string(b.Intent), Section: palette.Here, Kind: "action", Title: b.Title(), Key: b.FullLabel(), WhyOff: b.WhyOff,
			Open: func() tea.Cmd { return r.handleIntent(b.Intent) }}
		switch {
		case b.Intent == ui.IntentPalette:
		case b.Intent == ui.IntentMouse && r.mouseOff: // looked for by a person who has just let go of it
			hidden = append(hidden, e)
		case slices.Contains([]ui.Intent{ui.IntentSuspend, ui.IntentRedraw, ui.IntentMouse}, b.Intent): // of every screen, and seldom looked for
			e.Section = palette.Moving
			moving = append(moving, e)
		case b.Opposite != "":
			e.Section, e.WhyOff = palette.Moving, "its keys do this"
			moving = append(moving, e)
		case b.WhyOff != "":
			off = append(off, e)
		case b.Hidden:
			hidden = append(hidden, e)
		default:
			actions = append(actions, e)
		}
	}
	return slices.Concat(actions, hidden, off), moving
}

// recentEntries are the questions that were asked before.
func (r *root) recentEntries() (entries []palette.Entry) {
	for _, pick := range r.recent {
		q := r.questionOf(pick.Project)
		q.Workload = pick.Workload
		title := pick.Project
		if q.Workload != nil {
			title = ui.QuestionBreadcrumb(q)
		}
		entries = append(entries, r.screenEntry(palette.Entry{ID: "recent " + pick.Project, Section: palette.Recent, Kind: "recent", Title: title, WhyOff: r.whyOffline()},
			func() ui.Screen { return r.questionScreen(q) }))
	}
	return entries
}

// placeEntries are the other places. What the screen on top has an action for stands there.
func (r *root) placeEntries(bindings []ui.Binding) (entries []palette.Entry) {
	add := func(i ui.Intent, title, whyOff string, open func() ui.Screen) {
		if !slices.ContainsFunc(bindings, func(b ui.Binding) bool { return b.Intent == i }) {
			e := palette.Entry{ID: "place " + title, Section: palette.Places, Kind: "place", Title: title, WhyOff: whyOff}
			entries = append(entries, r.screenEntry(e, open))
		}
	}
	if len(r.stack) > 1 {
		entries = append(entries, r.guarded(palette.Entry{ID: "place first", Section: palette.Places, Kind: "place", Title: "Pick another project",
			Open: func() tea.Cmd { return r.unwind(1) }}))
	}
	if _, here := r.top().(*explain.Screen); !here {
		entries = append(entries, r.screenEntry(palette.Entry{ID: "place error message", Section: palette.Places, Kind: "place", Title: "Read an error message"},
			func() ui.Screen { return r.openExplain(r.knownSoFar(), "") }))
	}
	if m, here := r.top().(*accessmap.Screen); here && m.Knows().Workload != nil {
		q := m.Knows()
		entries = append(entries, r.screenEntry(palette.Entry{ID: "place image", Section: palette.Places, Kind: "place",
			Title: "Another image for " + q.Workload.Kind.DisplayName() + " " + q.Workload.Name, WhyOff: r.whyOffline()}, func() ui.Screen { return r.openImage(q) }))
	}
	entries = append(entries, r.registryEntries(bindings)...)
	if _, here := r.top().(*history.Screen); !here {
		entries = append(entries, r.screenEntry(palette.Entry{ID: "place history", Section: palette.Places, Kind: "place",
			Title: "History: what was changed, and undo", WhyOff: r.whyOffline()}, r.openHistory))
	}
	entries = append(entries, r.watchedEntries()...)
	add(ui.IntentUndo, "Undo what this run changed", r.whyNoUndo(), func() ui.Screen { return r.openUndo(model.Situation{Question: r.lastQuestion}) })
	return entries
}

// openImage asks which other image a workload is to run.
func (r *root) openImage(q model.Question) ui.Screen {
	q.Image, q.Repository = model.Image{}, model.RepositoryName{}
	return pick.NewImageScreen(r.picking(), q)
}

// screenEntry completes an entry that opens a screen over the one on top.
func (r *root) screenEntry(e palette.Entry, open func() ui.Screen) palette.Entry {
	e.Open = func() tea.Cmd { return ui.Push(open()) }
	return r.guarded(e)
}

// guarded switches an entry off where nothing may be opened over the screen on top.
func (r *root) guarded(e palette.Entry) palette.Entry {
	if why := r.Occupied(); why != "" {
		e.WhyOff = why
	}
	return e
}

// whyOffline says why a place is closed that needs the cloud; empty: it is open.
func (r *root) whyOffline() string {
	if r.noConnection != nil {
		return "not connected"
	}
	return ""
}

// whyNoUndo says why there is nothing to take back from the palette; empty: there is.
func (r *root) whyNoUndo() string {
	switch {
	case r.ReadOnly:
		return ui.NothingChanged
	case !r.mapLinks().CanUndo():
		return "nothing of this run to take back"
	}
	return r.whyOffline()
}

// questionOf is the question about another project: how it is asked stays, and what it is about does not.
func (r *root) questionOf(project string) model.Question {
	return model.Question{Project: project, Strict: r.opts.Question.Strict, Deployer: r.opts.Question.Deployer}
}

// questionScreen asks on: the map where the question says enough for it, else what runs in the project.
func (r *root) questionScreen(q model.Question) ui.Screen {
	screens := pick.FirstScreens(r.picking(), q)
	return screens[len(screens)-1]
}
