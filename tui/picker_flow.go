package tui

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/ui"
)

// The way through the program: consumer project, workload or a new deployment, image (from the workload, pasted, or
// found by source project, repository and image), map.

// firstScreens are the map at once when the flags say enough, else the first thing that they left open; below it is what
// they answered, so that one can go back and answer otherwise.
func firstScreens(e *app) []ui.Screen {
	q := e.opts.Question
	if q.Project == "" {
		return []ui.Screen{pickConsumer(e, q)}
	}
	unanswered := q
	unanswered.Workload, unanswered.Image, unanswered.Repository = nil, "", model.RepositoryName{}
	first := screenAfterProject(e, q)
	if _, ok := first.(*mapScreen); ok {
		unanswered.ServiceAccount = "" // was that of this map
		return []ui.Screen{pickConsumer(e, unanswered), pickWorkload(e, unanswered), first}
	}
	return []ui.Screen{pickConsumer(e, unanswered), first}
}

// pickConsumer is where the way begins. What was picked before can be picked before the list has arrived.
func pickConsumer(e *app, q model.Question) ui.Screen {
	p := pickProject(e, "Which project runs the container?", func(p model.Project) tea.Cmd {
		q := q
		q.Project = p.ID
		return ui.Push(screenAfterProject(e, q))
	})
	p.knownSoFar = q
	p.filter.Placeholder = "type to filter, or paste a failure text"
	for _, r := range e.recent {
		p.addTop(item{cells: []string{r.Project}, id: r.Project, note: recentMark, value: model.Project{ID: r.Project}})
	}
	return p
}

// recentMark stands behind what was picked before.
const recentMark = "recent"

// screenAfterProject goes on once the consumer project is known.
func screenAfterProject(e *app, q model.Question) ui.Screen {
	if q.Workload != nil || q.Image != "" || q.Repository.ID != "" {
		return newMapScreen(e, q)
	}
	return pickWorkload(e, q)
}

// mapPages turns a list of the cloud into lines to pick.
func mapPages[T any](pages iter.Seq2[model.ListPage[T], error], line func(T) item) iter.Seq2[model.ListPage[item], error] {
	return func(yield func(model.ListPage[item], error) bool) {
		for page, err := range pages {
			out := model.ListPage[item]{Gaps: page.Gaps}
			for _, v := range page.Items {
				out.Items = append(out.Items, line(v))
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

func pickProject(e *app, heading string, onChoose func(model.Project) tea.Cmd) *picker {
	p := newPicker(e, heading, "project", "PROJECT", "NUMBER", "NAME")
	p.emptyHint = " Name one: whopulls --project=ID"
	p.source = func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[item], error] {
		return mapPages(cloud.Projects(ctx), func(v model.Project) item {
			return item{cells: []string{v.ID, v.Number, v.Name}, id: v.ID, value: v}
		})
	}
	p.onChoose = func(i item) tea.Cmd { return onChoose(i.value.(model.Project)) }
	return p
}

// newDeployment is the line that stands for a workload that is not there yet.
type newDeployment struct{}

func pickWorkload(e *app, q model.Question) *picker {
	p := newPicker(e, "What runs it in "+q.Project+"?", "workload", "WORKLOAD", "KIND", "REGION", "IMAGE")
	p.trail, p.knownSoFar = q.Project, q
	p.source = func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[item], error] {
		return mapPages(cloud.Workloads(ctx, q.Project), workloadItem)
	}
	if w := e.recentWorkload(q.Project); w != nil {
		p.addTop(item{cells: []string{w.Name, w.Kind.DisplayName(), w.Region}, id: workloadID(*w), note: recentMark, value: *w})
	}
	p.addTop(item{cells: []string{"+ a new deployment"}, value: newDeployment{}})
	p.onPasteImage = func(image model.Image) tea.Cmd {
		q := q
		q.Image = image.String()
		return ui.Push(newMapScreen(e, q))
	}
	p.onChoose = func(i item) tea.Cmd { return ui.Push(screenAfterWorkload(e, q, i.value)) }
	return p
}

// workloadItem is sorted by name, kind and region: the kinds and regions arrive as they are answered, each time otherwise.
func workloadItem(w model.Workload) item {
	images := ""
	if len(w.Images) > 0 {
		images = shortImage(w.Images[0])
	}
	if len(w.Images) > 1 {
		images += fmt.Sprintf(" and %d more", len(w.Images)-1)
	}
	cells := []string{w.Name, w.Kind.DisplayName(), w.Region, images}
	return item{cells: cells, sortKey: strings.Join(cells[:3], "\x00"), id: workloadID(w.WorkloadName), value: w}
}

// workloadID tells workloads of a project apart: a name may be there once for each kind and region.
func workloadID(w model.WorkloadName) string { return string(w.Kind) + "/" + w.Region + "/" + w.Name }

// shortImage names an image by what tells it apart: project, repository, path and tag.
func shortImage(ref string) string {
	image, err := model.ParseImage(ref)
	if err != nil || image.Registry != model.ArtifactRegistry {
		return ref
	}
	return image.Repository.Project + "/" + image.Repository.ID + "/" + image.Short()
}

// screenAfterWorkload asks for the image. That of a recent workload which the list has not brought yet is not known: the map
// finds it.
func screenAfterWorkload(e *app, q model.Question, value any) ui.Screen {
	switch w := value.(type) {
	case model.Workload:
		q.Workload = &w.WorkloadName
		return newImageScreen(e, q, w.Images)
	case model.WorkloadName:
		q.Workload = &w
		return newMapScreen(e, q)
	}
	if kinds := q.DeployableKinds(); len(kinds) == 1 {
		q.Kind = kinds[0]
	}
	if q.Kind == "" {
		return pickKind(e, q)
	}
	return newImageScreen(e, q, nil)
}

// pickKind asks what a new deployment is to be: the deployer needs other permissions for each.
func pickKind(e *app, q model.Question) *picker {
	p := newPicker(e, "What kind of workload is the new deployment?", "kind", "KIND", "WHAT IT DOES")
	p.trail, p.knownSoFar = q.Project+" ▸ a new deployment", q
	p.source = func(context.Context, Cloud) iter.Seq2[model.ListPage[item], error] {
		return func(yield func(model.ListPage[item], error) bool) {
			var page model.ListPage[item]
			for _, k := range q.DeployableKinds() {
				page.Items = append(page.Items, item{cells: []string{k.DisplayName(), k.Purpose()}, value: k})
			}
			yield(page, nil)
		}
	}
	p.onChoose = func(i item) tea.Cmd {
		q := q
		q.Kind = i.value.(model.WorkloadKind)
		return ui.Push(newImageScreen(e, q, nil))
	}
	return p
}

func pickRepository(e *app, project string, onChoose func(model.Repository) tea.Cmd) *picker {
	p := newPicker(e, "Which repository of "+project+"?", "repository", "REPOSITORY", "LOCATION", "MODE")
	p.trail = project
	p.source = func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[item], error] {
		return mapPages(cloud.Repositories(ctx, project), func(v model.Repository) item {
			return item{cells: []string{v.Name.ID, v.Name.Location, modeText(v.Mode)}, value: v}
		})
	}
	p.onChoose = func(i item) tea.Cmd { return onChoose(i.value.(model.Repository)) }
	return p
}

func modeText(mode string) string {
	word, _, _ := strings.Cut(strings.ToLower(mode), "_")
	return word
}

// wholeRepository is the line that asks about a repository before the first push.
type wholeRepository struct{}

func pickImage(e *app, repository model.RepositoryName, onChoose func(reference string) tea.Cmd) *picker {
	p := newPicker(e, "Which image of "+repository.ID+"?", "image", "IMAGE", "DIGEST", "PUSHED")
	p.trail = repository.Project + " ▸ " + repository.ID
	p.addTop(item{cells: []string{"+ any image: ask about the repository"}, value: wholeRepository{}})
	p.source = func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[item], error] {
		return mapPages(cloud.Images(ctx, repository), imageItem)
	}
	p.onChoose = func(i item) tea.Cmd {
		if entry, ok := i.value.(model.ListedImage); ok {
			return onChoose(entry.Reference())
		}
		return onChoose("")
	}
	return p
}

func imageItem(v model.ListedImage) item {
	name := v.Path
	if len(v.Tags) > 0 {
		name += ":" + strings.Join(v.Tags, ",")
	}
	return item{cells: []string{name, model.ShortDigest(v.Digest), dateText(v.Pushed)}, value: v}
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
