package tui

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// cleanScreen lists who may read a repository, and what of it serves nobody any more. It is a list as the pickers are,
// from which several lines are selected; their removal is a walk.
type cleanScreen struct {
	*picker
	repository model.RepositoryName
	every      []item            // of every status
	status     model.StaleStatus // the one that is shown alone; empty: all
	selected   map[string]bool   // by the items' ids
	begun      bool              // the first selection was made
	reached    int               // the first line shown of what is said of a binding
	walk       *walkScreen       // the last one that was begun here
}

// judged is what an item of the list stands for.
type judged struct {
	model.StaleBinding
	situation model.Situation // that it was judged in
}

func newCleanScreen(e *env, repository model.RepositoryName) *cleanScreen {
	p := newPicker(e, "Who may read repository "+clean(repository.ID)+" of "+clean(repository.Project)+"?", "binding",
		"MEMBER", "STATUS", "ROLE", "ON", "AGENT OF")
	c := &cleanScreen{picker: p, repository: repository, selected: map[string]bool{}}
	p.where = repositoryCrumb(repository) + " ▸ clean up"
	p.drawn = c.line
	p.source = func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[item], error] {
		return func(yield func(model.ListPage[item], error) bool) {
			s, err := cloud.ReadScope(ctx, repository.Resource(), nil)
			if err != nil {
				yield(model.ListPage[item]{}, err)
				return
			}
			list := model.FindStale(s)
			page := model.ListPage[item]{Gaps: list.Gaps}
			for n, b := range list.Bindings {
				page.Items = append(page.Items, judgedItem(judged{b, s}, n))
			}
			yield(page, nil)
		}
	}
	return c
}

func repositoryCrumb(r model.RepositoryName) string { return clean(r.Project) + " ▸ " + clean(r.ID) }

// judgedItem is a line of the list; what can be done stands first, else they stand as the policies have them.
func judgedItem(j judged, n int) item {
	return item{
		cells: []string{memberName(j.Member), string(j.Status), shortRole(j.Role), string(j.Resource.Kind()), j.Owner}, value: j,
		id:    bindingID(j.StaleBinding),
		order: fmt.Sprintf("%d %02d %06d", j.Rank(), slices.Index(model.StaleStatuses, j.Status), n),
	}
}

// bindingID tells a binding from the others, in each reading of the list.
func bindingID(b model.StaleBinding) string {
	condition := ""
	if b.Condition != nil {
		condition = b.Condition.Title + "\x00" + b.Condition.Expression
	}
	return strings.Join([]string{string(b.Resource), b.Role, string(b.Member), condition}, "\x00")
}

// memberName is a member in a list: an address says what it is of, but for those of groups.
func memberName(m model.Member) string {
	if m.Deleted() || m.IsServiceAccount() || m.Type() == "user" {
		return cmp.Or(m.Email(), string(m))
	}
	return string(m)
}

// shortRole is what tells a role from the others in a list; in full it stands below.
func shortRole(role string) string {
	return strings.TrimPrefix(role[strings.LastIndex(role, "/")+1:], "artifactregistry.")
}

func (c *cleanScreen) update(msg tea.Msg) tea.Cmd {
	page, ok := msg.(pagesMsg)
	cmd := c.picker.update(msg)
	if ok && page.to == c.picker && page.generation == c.generation && page.err == nil {
		c.taken()
	}
	return cmd
}

// taken goes on when the list is there: at first deleted members are selected, later on what was selected and is still
// there.
func (c *cleanScreen) taken() {
	c.every = slices.Clone(c.items)
	kept := map[string]bool{}
	present := false
	for _, i := range c.every {
		b := i.value.(judged)
		kept[i.id] = b.stays() == "" && (c.selected[i.id] || !c.begun && b.Status == model.StaleDeleted)
		present = present || b.Status == c.status
	}
	c.selected, c.begun = kept, true
	if !present {
		c.status = ""
	}
	c.only(c.status)
}

// only shows the bindings of a status alone; empty: all.
func (c *cleanScreen) only(s model.StaleStatus) {
	c.status, c.reached = s, 0
	c.items = slices.DeleteFunc(slices.Clone(c.every), func(i item) bool { return s != "" && i.value.(judged).Status != s })
	c.hits.version++
	c.show(matching(c.filter.Value(), c.items, 0), nil)
}

// resumed reads again after a walk that tried anything: the list shows what is, not what was. What was tried, whatever
// became of it, is not selected again.
func (c *cleanScreen) resumed() tea.Cmd {
	if c.walk != nil && len(c.walk.cleanup.tried) > 0 {
		for step := range c.walk.cleanup.tried {
			delete(c.selected, bindingID(c.walk.cleanup.of[step]))
		}
		c.walk = nil
		return c.load()
	}
	return c.picker.resumed()
}

func (c *cleanScreen) handle(i intent) tea.Cmd {
	c.settle()
	switch i {
	case intentSelect:
		return c.toggle()
	case intentSelectAll:
		return c.toggleStatus()
	case intentStatus:
		c.only(c.nextStatus())
	case intentCopy:
		return c.copy()
	case intentWalk:
		return c.remove()
	case intentPageUp:
		c.reached -= 3
	case intentPageDown:
		c.reached += 3
	default:
		before := c.cursor
		cmd := c.picker.handle(i)
		if c.cursor != before {
			c.reached = 0
		}
		return cmd
	}
	return nil
}

// typed takes text for the filter; what fits it best is below the cursor then.
func (c *cleanScreen) typed(msg tea.Msg) tea.Cmd {
	c.reached = 0
	return c.picker.typed(msg)
}

// here is the item below the cursor.
func (c *cleanScreen) here() (i item, b judged, ok bool) {
	if c.cursor >= len(c.hits.all) {
		return item{}, judged{}, false
	}
	i = c.items[c.hits.all[c.cursor].at]
	return i, i.value.(judged), true
}

// stays says why a binding can't be selected; empty: it can.
func (j judged) stays() string {
	if j.Removable || j.Replace != "" {
		return ""
	}
	return "it stays, for it is " + string(j.Status) + ": " + clean(j.Reason)
}

func (c *cleanScreen) toggle() tea.Cmd {
	i, b, ok := c.here()
	if !ok {
		return nil
	}
	if why := b.stays(); why != "" {
		return notice(why)
	}
	c.selected[i.id] = !c.selected[i.id]
	return nil
}

// toggleStatus selects every binding of the status below the cursor that is shown; none of them, where all are selected.
func (c *cleanScreen) toggleStatus() tea.Cmd {
	_, b, ok := c.here()
	if !ok {
		return nil
	}
	if why := b.stays(); why != "" {
		return notice(why)
	}
	var of []item
	for _, h := range c.hits.all {
		if i := c.items[h.at]; i.value.(judged).Status == b.Status {
			of = append(of, i)
		}
	}
	all := !slices.ContainsFunc(of, func(i item) bool { return !c.selected[i.id] })
	for _, i := range of {
		c.selected[i.id] = !all
	}
	return nil
}

// nextStatus goes through the statuses that there are, and then to all of them.
func (c *cleanScreen) nextStatus() model.StaleStatus {
	var there []model.StaleStatus
	for _, h := range matching("", c.every, 0) { // in the order in which they stand
		if s := c.every[h.at].value.(judged).Status; !slices.Contains(there, s) {
			there = append(there, s)
		}
	}
	if at := slices.Index(there, c.status) + 1; at < len(there) {
		return there[at]
	}
	return ""
}

func (c *cleanScreen) copy() tea.Cmd {
	_, b, ok := c.here()
	switch {
	case !ok:
		return nil
	case len(b.Gcloud) == 0:
		return notice("there is no command to copy for this binding")
	}
	return copyCommands(b.Gcloud)
}

// chosenOnes are the selected bindings in the order of the list, whatever the filter shows of them.
func (c *cleanScreen) chosenOnes() (bindings []model.StaleBinding, s model.Situation) {
	for _, h := range matching("", c.every, 0) {
		if i := c.every[h.at]; c.selected[i.id] {
			b := i.value.(judged)
			bindings, s = append(bindings, b.StaleBinding), b.situation
		}
	}
	return bindings, s
}

// noRemoval says why there is no walk through what is selected; empty: there is one.
func (c *cleanScreen) noRemoval(count int) string {
	switch {
	case c.busy:
		return "still reading: what can be removed is known when everything has arrived"
	case count == 0:
		return "nothing is selected; " + c.opts.Keys.sign(intentSelect, true) + " selects a binding that can be removed"
	}
	return ""
}

// remove begins the walk through what is selected.
func (c *cleanScreen) remove() tea.Cmd {
	bindings, s := c.chosenOnes()
	if why := c.noRemoval(len(bindings)); why != "" {
		return notice(why)
	}
	c.walk = newCleanupWalk(c.env, s, bindings)
	return push(c.walk)
}

// cleanUp looks at who else may read the repository.
func (m *mapScreen) cleanUp() tea.Cmd {
	repository, known := m.repository()
	if !known {
		return notice(noRepository)
	}
	return push(newCleanScreen(m.env, repository))
}

// repository is that of the chosen line, or else the one that is pulled from.
func (m *mapScreen) repository() (repository model.RepositoryName, known bool) {
	for _, id := range []string{m.selected, model.CheckPull} {
		if c, ok := m.diagnosis.CheckByID(id); ok {
			if r, err := model.ParseRepository(string(c.Resource)); err == nil {
				return r, true
			}
		}
	}
	return model.RepositoryName{}, false
}
