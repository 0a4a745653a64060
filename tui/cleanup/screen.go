// Package cleanup lists who may read a repository, and opens the walk that removes what serves nobody any more.
package cleanup

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/pasted"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/list"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// Screen lists who may read a repository, and what of it serves nobody any more. Several lines can be selected; their removal is a walk.
type Screen struct {
	*list.List
	links        Links
	repository   model.RepositoryName
	allItems     []list.Item       // of every status
	onlyStatus   model.StaleStatus // the one that is shown alone; empty: all
	selected     map[string]bool   // by the items' ids
	preselected  bool              // the first selection was made
	detailOffset int               // the first line shown of the text about a binding
	lastWalk     *Recheck          // of the last walk that was begun here
}

// judgedBinding is what an item of the list stands for.
type judgedBinding struct {
	model.StaleBinding
	situation model.Situation // that it was judged in
}

// What the root looks for on this list.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Pausable
	ui.Resumable
	ui.LegendScreen
} = (*Screen)(nil)

// New opens the list of a repository.
func New(session *ui.Session, links Links, repository model.RepositoryName) *Screen {
	p := list.New(session, "Who may read repository "+text.Clean(repository.ID)+" of "+text.Clean(repository.Project)+"?", "binding",
		"MEMBER", "STATUS", "ROLE", "ON", "AGENT OF")
	c := &Screen{List: p, links: links, repository: repository, selected: map[string]bool{}, lastWalk: &Recheck{}}
	p.Trail = ui.RepositoryBreadcrumb(repository) + signs.Within + "clean up"
	p.DrawItem, p.OnPage = c.itemLine, c.restoreSelection
	p.Source = list.From(links.Cloud, func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[list.Item], error] {
		return func(yield func(model.ListPage[list.Item], error) bool) {
			s, err := cloud.ReadScope(ctx, model.StaleInRepository(repository), nil)
			if err != nil {
				yield(model.ListPage[list.Item]{}, err)
				return
			}
			stale := model.FindStale(s)
			page := model.ListPage[list.Item]{Gaps: stale.Gaps}
			for n, b := range stale.Bindings {
				page.Items = append(page.Items, judgedBindingItem(judgedBinding{b, s}, n))
			}
			yield(page, nil)
		}
	})
	return c
}

// IsAnswer reports whether a pasted thing is a member to look for.
func (c *Screen) IsAnswer(t pasted.Thing, content string) bool {
	return t.Kind == pasted.Agent || c.List.IsAnswer(t, content)
}

// judgedBindingItem is a line of the list; what can be done stands first, else they stand as the policies have them.
func judgedBindingItem(j judgedBinding, n int) list.Item {
	return list.Item{
		Cells: []string{ui.MemberName(j.Member), string(j.Status), ui.ShortRole(j.Role), string(j.Resource.Kind()), j.Owner}, Value: j,
		ID:      bindingID(j.StaleBinding),
		SortKey: fmt.Sprintf("%d %02d %06d", j.Rank(), slices.Index(model.StaleStatuses, j.Status), n),
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

// restoreSelection continues when the list is there: at first deleted members are selected, later on what was selected and is still
// there.
func (c *Screen) restoreSelection() {
	c.allItems = slices.Clone(c.Items)
	selected := map[string]bool{}
	present := false
	for _, i := range c.allItems {
		b := i.Value.(judgedBinding)
		selected[i.ID] = b.whyKept() == "" && (c.selected[i.ID] || !c.preselected && b.Status == model.StaleDeleted)
		present = present || b.Status == c.onlyStatus
	}
	c.selected, c.preselected = selected, true
	if !present {
		c.onlyStatus = ""
	}
	c.showOnly(c.onlyStatus)
}

// showOnly shows the bindings of a status alone; empty: all.
func (c *Screen) showOnly(s model.StaleStatus) {
	c.onlyStatus, c.detailOffset = s, 0
	c.Replace(slices.DeleteFunc(slices.Clone(c.allItems), func(i list.Item) bool { return s != "" && i.Value.(judgedBinding).Status != s }))
}

// Resume reads again after a walk that tried anything: the list shows what is, not what was. What was tried, whatever
// became of it, is not selected again.
func (c *Screen) Resume() tea.Cmd {
	tried := c.lastWalk.triedBindings()
	if len(tried) == 0 {
		return c.List.Resume()
	}
	for _, b := range tried {
		delete(c.selected, bindingID(b))
	}
	c.lastWalk = nil
	return c.Load()
}

// Handle does what a key is for.
func (c *Screen) Handle(i ui.Intent) tea.Cmd {
	c.FinishSearch()
	switch i {
	case ui.IntentSelect:
		return c.toggle()
	case ui.IntentSelectAll:
		return c.toggleStatus()
	case ui.IntentStatus:
		c.showOnly(c.nextStatus())
	case ui.IntentCopy:
		return c.copy()
	case ui.IntentWalk:
		return c.openRemoval()
	case ui.IntentPageUp:
		c.detailOffset -= 3
	case ui.IntentPageDown:
		c.detailOffset += 3
	default:
		before := c.Cursor
		cmd := c.List.Handle(i)
		if c.Cursor != before {
			c.detailOffset = 0
		}
		return cmd
	}
	return nil
}

// Point puts the cursor on a binding, and selects the one that it was on.
func (c *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	before := c.Cursor
	cmd, i := c.List.Point(at)
	if c.Cursor != before {
		c.detailOffset = 0
	}
	if i == ui.IntentChoose {
		i = ui.IntentSelect
	}
	return cmd, i
}

// Wheel scrolls the text about a binding, or moves the list.
func (c *Screen) Wheel(at ui.Spot, lines int) tea.Cmd {
	if at.Pane == ui.PaneText {
		c.detailOffset += lines
		return nil
	}
	return c.List.Wheel(at, lines)
}

// HandleText takes text for the filter; what fits it best is below the cursor then.
func (c *Screen) HandleText(msg tea.Msg) tea.Cmd {
	c.detailOffset = 0
	return c.List.HandleText(msg)
}

// current is the item below the cursor.
func (c *Screen) current() (i list.Item, b judgedBinding, ok bool) {
	if i, ok = c.Current(); !ok {
		return list.Item{}, judgedBinding{}, false
	}
	return i, i.Value.(judgedBinding), true
}

// whyKept says why a binding can't be selected; empty: it can.
func (j judgedBinding) whyKept() string {
	if j.Removable || j.Replace != "" {
		return ""
	}
	return "it stays, because it is " + string(j.Status) + ": " + text.Clean(j.Reason)
}

func (c *Screen) toggle() tea.Cmd {
	i, b, ok := c.current()
	if !ok {
		return nil
	}
	if why := b.whyKept(); why != "" {
		return ui.Notice(why)
	}
	c.selected[i.ID] = !c.selected[i.ID]
	return nil
}

// toggleStatus selects every binding of the status below the cursor that is shown; none of them, where all are selected.
func (c *Screen) toggleStatus() tea.Cmd {
	_, b, ok := c.current()
	if !ok {
		return nil
	}
	if why := b.whyKept(); why != "" {
		return ui.Notice(why)
	}
	var items []list.Item
	for _, i := range c.Shown() {
		if i.Value.(judgedBinding).Status == b.Status {
			items = append(items, i)
		}
	}
	all := !slices.ContainsFunc(items, func(i list.Item) bool { return !c.selected[i.ID] })
	for _, i := range items {
		c.selected[i.ID] = !all
	}
	return nil
}

// nextStatus goes through the statuses that there are, and then to all of them.
func (c *Screen) nextStatus() model.StaleStatus {
	var present []model.StaleStatus
	for _, i := range list.Sort(c.allItems) {
		if s := i.Value.(judgedBinding).Status; !slices.Contains(present, s) {
			present = append(present, s)
		}
	}
	if at := slices.Index(present, c.onlyStatus) + 1; at < len(present) {
		return present[at]
	}
	return ""
}

func (c *Screen) copy() tea.Cmd {
	_, b, ok := c.current()
	switch {
	case !ok:
		return nil
	case len(b.Gcloud) == 0:
		return ui.Notice("there is no command to copy for this binding")
	}
	return ui.CopyCommands(b.Gcloud)
}

// selectedBindings are the selected bindings in the order of the list, whatever the filter shows of them.
func (c *Screen) selectedBindings() (bindings []model.StaleBinding, s model.Situation) {
	for _, i := range list.Sort(c.allItems) {
		if c.selected[i.ID] {
			b := i.Value.(judgedBinding)
			bindings, s = append(bindings, b.StaleBinding), b.situation
		}
	}
	return bindings, s
}

// whyNoRemoval says why there is no walk through what is selected; empty: there is one.
func (c *Screen) whyNoRemoval(count int) string {
	switch {
	case c.Busy:
		return "still reading: what can be removed is known when everything has arrived"
	case count == 0:
		return "nothing is selected; " + c.Keys.Symbol(ui.IntentSelect, true) + " selects a binding that can be removed"
	}
	return ""
}

// openRemoval begins the walk through what is selected.
func (c *Screen) openRemoval() tea.Cmd {
	bindings, s := c.selectedBindings()
	if why := c.whyNoRemoval(len(bindings)); why != "" {
		return ui.Notice(why)
	}
	steps, byStep := model.StaleSteps(bindings)
	c.lastWalk = &Recheck{Cloud: c.links.Cloud, Bindings: byStep}
	return ui.Push(c.links.OpenWalk(walk.Task{Purpose: newRemovals(c.Session, c.lastWalk, s, steps), Situation: s, Steps: steps}))
}
