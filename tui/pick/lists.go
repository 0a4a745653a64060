// Package pick asks what to look at: the consumer project, what runs there, and the image. Each answer opens the next list; the
// last one opens the map.
package pick

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text/signs"
	"whopulls/tui/list"
	"whopulls/tui/preview"
	"whopulls/tui/ui"
)

// Cloud lists what can be picked.
type Cloud interface {
	Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error]
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
	Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error]
	Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error]
	ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error]
	preview.Cloud
}

// newList is an empty list with a pane for what is under its cursor.
func (e *Picking) newList(heading, noun string, columns ...string) *list.List {
	p := list.New(e.Session, heading, noun, columns...)
	p.Preview = preview.New(e.Session, func(ctx context.Context) (preview.Cloud, error) { return e.Cloud(ctx) })
	return p
}

// Picking holds what the lists read from, and how they open the map.
type Picking struct {
	*ui.Session
	Cloud          ui.Connection[Cloud]
	OpenMap        func(q model.Question) ui.Screen
	OpenRead       func(s model.Situation) ui.Screen // the map of what was read already
	PlanOptions    model.PlanOptions
	Changes        func() int // how many changes this run of the program has made
	Recents        []Recent
	CurrentProject string                       // of gcloud's configuration; may be empty
	Elsewhere      []list.Item                  // the rows behind the projects: other places to begin, each with a Way
	TurnOn         func(project string) tea.Cmd // leads to the step that turns Cloud Run on
	RecentWorkload func(project string) *model.WorkloadName
	WantedWorkload string // by its name, which the list of workloads begins with as a filter
}

// FirstScreens are the screens to start with. With enough flags the last one is the map, else the first open choice.
// Below it are the choices that flags made, so that one can go back and choose again.
func FirstScreens(e *Picking, q model.Question) []ui.Screen {
	if q.Project == "" {
		return []ui.Screen{pickConsumer(e, q)}
	}
	unanswered := q
	unanswered.Workload, unanswered.Image, unanswered.Repository = nil, model.Image{}, model.RepositoryName{}
	first := screenAfterProject(e, q)
	if namesImage(q) {
		unanswered.ServiceAccount = "" // was that of this map
		return []ui.Screen{pickConsumer(e, unanswered), pickWorkload(e, unanswered), first}
	}
	return []ui.Screen{pickConsumer(e, unanswered), first}
}

// screenAfterProject is the next screen once the consumer project is known.
func screenAfterProject(e *Picking, q model.Question) ui.Screen {
	if namesImage(q) {
		return e.OpenMap(q)
	}
	return pickWorkload(e, q)
}

// namesImage reports whether a question says enough for the map.
func namesImage(q model.Question) bool {
	return q.Workload != nil || !q.Image.IsZero() || q.Repository.ID != ""
}

// mapPages turns a list of the cloud into lines to pick.
func mapPages[T any](pages iter.Seq2[model.ListPage[T], error], line func(T) list.Item) iter.Seq2[model.ListPage[list.Item], error] {
	return func(yield func(model.ListPage[list.Item], error) bool) {
		for page, err := range pages {
			out := model.ListPage[list.Item]{Gaps: page.Gaps}
			for _, v := range page.Items {
				out.Items = append(out.Items, line(v))
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

func pickProject(e *Picking, heading string, onChoose func(model.Project) tea.Cmd) *list.List {
	p := e.newList(heading, "project", "PROJECT", "NUMBER", "NAME", "LABELS")
	p.Orders = []list.Order{list.ByCell("id", 0), list.ByCell("number", 1), list.ByCell("name", 2)}
	p.Typed, p.TypedNote, p.LooseColumns = typedProject, typedNote, 3
	p.EmptyHint = " Type its id above."
	p.Source = list.From(e.Cloud, func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[list.Item], error] {
		return mapPages(cloud.Projects(ctx), func(v model.Project) list.Item {
			return list.Item{Cells: []string{v.ID, v.Number, v.Name, labelsText(v.Labels)}, ID: v.ID, Alias: v.Number, Value: v}
		})
	})
	p.OnChoose = func(i list.Item) tea.Cmd {
		if w, ok := i.Value.(interface{ follow() tea.Cmd }); ok {
			return w.follow()
		}
		return onChoose(i.Value.(model.Project))
	}
	return p
}

// labelsText is a project's labels, sorted.
func labelsText(labels map[string]string) string {
	texts := make([]string, 0, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		texts = append(texts, key+"="+labels[key])
	}
	return strings.Join(texts, " ")
}

// typedNote says what a typed project leads to.
const typedNote = "not in the list: ask Google Cloud about it"

// typedProject is a project that was typed and that the list lacks. An account may use a project that it can't list.
func typedProject(typed string) (i list.Item, why string) {
	id := strings.TrimSpace(typed)
	if isSearch(id) {
		return list.Item{}, ""
	}
	if why := whyNoProject(id); why != "" {
		return list.Item{}, why
	}
	project := model.Project{ID: id}
	return list.Item{Cells: []string{id}, Note: typedNote, ID: id, Value: project}, ""
}

// isSearch reports whether a text means something to the filter alone: several words, or the filter's signs in their places.
func isSearch(typed string) bool {
	return strings.ContainsAny(typed, " =") || strings.HasSuffix(typed, "$") || typed != "" && strings.ContainsAny(typed[:1], "'^!")
}

// newDeployment is the line that stands for a workload that is not there yet.
type newDeployment struct{}

// Describe says what the line leads to.
func (newDeployment) Describe() string {
	return "A workload that is not there yet: what its first deploy needs. You say what kind it is, and which image it runs."
}

func pickWorkload(e *Picking, q model.Question) *Workloads {
	p := e.newList("What runs it in "+q.Project+"?", "workload", "WORKLOAD", "KIND", "REGION", "IMAGE")
	p.Orders = []list.Order{list.ByCell("name", 0), list.ByCell("kind", 1), list.ByCell("region", 2), list.ByCell("image", 3)}
	p.Trail, p.KnownSoFar = q.Project, q
	p.Source = list.From(e.Cloud, func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[list.Item], error] {
		return mapPages(cloud.Workloads(ctx, q.Project), workloadItem)
	})
	if w := e.RecentWorkload(q.Project); w != nil {
		p.AddTop(list.Item{Cells: []string{w.Name, w.Kind.DisplayName(), w.Region}, ID: workloadID(*w), Note: "recent", Value: *w})
	}
	p.SetFilter(e.WantedWorkload)
	addDeployments(p)
	e.addWaysWhereOff(p, q.Project)
	w := &Workloads{List: p, picking: e, question: q}
	if pane, ok := p.Preview.(*preview.Pane); ok {
		pane.VerdictOf = w.verdictOf
	}
	p.OnChoose = func(i list.Item) tea.Cmd {
		if way, ok := i.Value.(Way); ok {
			return way.Open()
		}
		return ui.Push(w.screenAfter(i))
	}
	return w
}

// addDeployments adds the row of a workload that is not there yet. Where nothing runs, that is the first one.
func addDeployments(p *list.List) {
	p.AddLast(list.Item{Cells: []string{"+ a new deployment"}, ID: "+", Value: newDeployment{}, Shown: func(s list.State) bool { return !s.Empty }})
	p.AddLast(list.Item{Cells: []string{"+ a first deployment"}, ID: "+", Value: newDeployment{}, Shown: func(s list.State) bool { return s.Empty }})
}

// addWaysWhereOff says what an empty list means, and adds the rows of a project in which Cloud Run is off.
func (e *Picking) addWaysWhereOff(p *list.List, project string) {
	p.EmptyText = func(s list.State) string {
		if s.Off {
			return "Cloud Run is off in " + project + ", so nothing runs there yet."
		}
		return "Nothing runs in " + project + " yet, as far as you may see."
	}
	isOff := func(s list.State) bool { return s.Off }
	turnOn := Way{"Turns the API run.googleapis.com on in " + project + ". It is shown, and asked about, before anything is changed.",
		func() tea.Cmd {
			p.ReadAgainLater()
			return e.TurnOn(project)
		}}
	p.AddLast(list.Item{Cells: []string{"Turn Cloud Run on"}, ID: "turn on", Note: "one step; it asks first", Value: turnOn, Shown: isOff})
	p.AddLast(list.Item{Cells: []string{"Another project"}, ID: "back", Value: Way{"Goes back to the projects.", func() tea.Cmd { return ui.Pop }}, Shown: isOff})
}

// workloadItem is sorted by name, kind and region: the kinds and regions arrive as they are answered, each time otherwise. One
// whose last deploy failed comes first: it is likely the one in question.
func workloadItem(w model.Workload) list.Item {
	images := ""
	if len(w.Images) > 0 {
		images = shortImage(w.Images[0])
	}
	if len(w.Images) > 1 {
		images += fmt.Sprintf(" and %d more", len(w.Images)-1)
	}
	cells := []string{w.Name, w.Kind.DisplayName(), w.Region, images}
	i := list.Item{Cells: cells, SortKey: "1" + strings.Join(cells[:3], "\x00"), ID: workloadID(w.WorkloadName), Value: w}
	if w.Condition != nil && !w.Condition.Ready {
		i.SortKey, i.Note = "0"+i.SortKey, "not ready"
	}
	return i
}

// workloadID tells workloads of a project apart: a name may be there once for each kind and region.
func workloadID(w model.WorkloadName) string { return string(w.Kind) + "/" + w.Region + "/" + w.Name }

// shortImage names an image by what tells it apart: project, repository, path and tag.
func shortImage(image model.Image) string {
	if image.Registry != model.ArtifactRegistry {
		return image.Text
	}
	return image.Repository.Project + "/" + image.Repository.ID + "/" + image.Short()
}

// screenAfterWorkload opens the map of a workload. The map finds its images, and takes a pasted one where there is none. Only a
// new deployment is asked about.
func screenAfterWorkload(e *Picking, q model.Question, value any) ui.Screen {
	switch w := value.(type) {
	case model.Workload:
		q.Workload = &w.WorkloadName
		return e.OpenMap(q)
	case model.WorkloadName:
		q.Workload = &w
		return e.OpenMap(q)
	}
	if kinds := q.DeployableKinds(); len(kinds) == 1 {
		q.Kind = kinds[0]
	}
	if q.Kind == "" {
		return pickKind(e, q)
	}
	return NewImageScreen(e, q)
}

// pickKind asks what a new deployment is to be: the deployer needs other permissions for each.
func pickKind(e *Picking, q model.Question) *list.List {
	p := list.New(e.Session, "What kind of workload is the new deployment?", "kind", "KIND", "WHAT IT DOES")
	p.Trail, p.KnownSoFar = q.Project+signs.Within+"a new deployment", q
	p.Source = func(context.Context) (iter.Seq2[model.ListPage[list.Item], error], error) {
		return func(yield func(model.ListPage[list.Item], error) bool) {
			var page model.ListPage[list.Item]
			for _, k := range q.DeployableKinds() {
				page.Items = append(page.Items, list.Item{Cells: []string{k.DisplayName(), k.Purpose()}, Value: k})
			}
			yield(page, nil)
		}, nil
	}
	p.OnChoose = func(i list.Item) tea.Cmd {
		q := q
		q.Kind = i.Value.(model.WorkloadKind)
		return ui.Push(NewImageScreen(e, q))
	}
	return p
}

func pickRepository(e *Picking, project string, onChoose func(model.Repository) tea.Cmd) *list.List {
	p := e.newList("Which repository of "+project+"?", "repository", "REPOSITORY", "LOCATION", "MODE")
	p.Orders = []list.Order{list.ByCell("name", 0), list.ByCell("location", 1), list.ByCell("mode", 2)}
	p.Trail = project
	p.Source = list.From(e.Cloud, func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[list.Item], error] {
		return mapPages(cloud.Repositories(ctx, project), func(v model.Repository) list.Item {
			return list.Item{Cells: []string{v.Name.ID, v.Name.Location, ui.ModeText(v.Mode)}, ID: v.Name.String(), Value: v}
		})
	})
	p.OnChoose = func(i list.Item) tea.Cmd { return onChoose(i.Value.(model.Repository)) }
	return p
}

// wholeRepository is the line that asks about a repository before the first push.
type wholeRepository struct{}

// Describe says what the line leads to.
func (wholeRepository) Describe() string {
	return "Asks about the repository alone, for example before the first image is pushed."
}

func pickImage(e *Picking, repository model.RepositoryName, onChoose func(model.Image) tea.Cmd) *list.List {
	p := e.newList("Which image of "+repository.ID+"?", "image", "IMAGE", "DIGEST", "PUSHED", "SIZE")
	p.LooseColumns = 1
	p.Orders = []list.Order{list.ByCell("name", 0), {Name: "size, largest first", Key: sizeKey}}
	p.Trail = repository.Project + signs.Within + repository.ID
	p.AddLast(list.Item{Cells: []string{"+ any image: ask about the repository"}, ID: "+", Value: wholeRepository{}})
	p.Source = list.From(e.Cloud, func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[list.Item], error] {
		return mapPages(cloud.Images(ctx, repository), imageItem)
	})
	p.OnChoose = func(i list.Item) tea.Cmd {
		if entry, ok := i.Value.(model.ListedImage); ok {
			return onChoose(entry.Reference())
		}
		return onChoose(model.Image{})
	}
	return p
}

// imageItem is sorted by the time of its upload: the newest image that has a tag is likely the one in question.
func imageItem(v model.ListedImage) list.Item {
	name, key := v.Path, "1"+newestFirst(v.Pushed)
	if len(v.Tags) > 0 {
		name, key = name+":"+strings.Join(v.Tags, ","), "0"+newestFirst(v.Pushed)
	}
	return list.Item{Cells: []string{name, model.ShortDigest(v.Digest), dateText(v.Pushed), ui.SizeText(v.Size)}, SortKey: key,
		ID: v.Path + "@" + v.Digest, Value: v}
}

// newestFirst is a key that sorts later times first, and unknown ones last.
func newestFirst(t time.Time) string {
	if t.IsZero() {
		return "9"
	}
	return fmt.Sprintf("%020d", math.MaxInt64-t.Unix())
}

// sizeKey sorts larger images first.
func sizeKey(i *list.Item) string {
	image, _ := i.Value.(model.ListedImage)
	return fmt.Sprintf("%020d", math.MaxInt64-image.Size)
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
