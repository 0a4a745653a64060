package picture

import (
	"cmp"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// runnerRemark is what newcomers expect the least.
const runnerRemark = "needs no right to the images: they are pulled before it runs"

// What is new to newcomers: Google made the service agent, and the runtime account may be elsewhere.
const (
	agentNote   = "Google's own account"
	foreignNote = "of a third project"
)

// Of makes the picture of a diagnosis. Names come from Google Cloud: they are cleaned of control characters.
func Of(s model.Situation, d model.Diagnosis) Picture {
	p := Picture{Consumer: Project{ID: text.Clean(d.Consumer.ID)}, Subject: subject(s, d), Verdict: d.Verdict, Unchecked: d.UncheckedControls()}
	if d.Consumer.Number != nil && *d.Consumer.Number != d.Consumer.ID {
		p.Consumer.Number = text.Clean(*d.Consumer.Number)
	}
	api, _ := d.CheckByID(model.CheckRunAPI)
	p.API = newLine(d, api)
	b := builder{situation: s, diagnosis: d}
	b.addImages()
	b.addAccount()
	p.Lanes = b.lanes()
	p.Places = b.places
	for i := range p.Lanes {
		p.Lanes[i].Note = b.note(p.Lanes[i].Identity)
	}
	b.addHolders(p.Lanes)
	for i := range p.Places {
		p.Places[i].Letter = string(rune('B' + i))
	}
	return p
}

// subject names what runs.
func subject(s model.Situation, d model.Diagnosis) string {
	if w := d.Workload; w != nil {
		return text.Clean(w.Kind.DisplayName() + " " + w.Name)
	}
	return "a new " + cmp.Or(s.Question.Kind, model.Service).DisplayName()
}

// builder collects the places.
type builder struct {
	situation model.Situation
	diagnosis model.Diagnosis
	places    []Place
}

// place finds the place of a name, or adds it, and gives its index.
func (b *builder) place(kind PlaceKind, name string) int {
	name = text.Clean(name)
	at := slices.IndexFunc(b.places, func(p Place) bool { return p.Name == name && (p.Kind == Outside) == (kind == Outside) })
	if at != None {
		return at
	}
	b.places = append(b.places, Place{Kind: kind, Name: name, Same: kind != Outside && name == b.diagnosis.Consumer.ID})
	return len(b.places) - 1
}

// addImages adds the repository of each image, with the levels above it.
func (b *builder) addImages() {
	var images, place, rung int
	for _, c := range b.diagnosis.Checks {
		line := newLine(b.diagnosis, c)
		switch c.BaseID() {
		case model.CheckImage:
			var use *model.ImageUse
			if line.Label = "any image"; images < len(b.diagnosis.Images) {
				use = &b.diagnosis.Images[images]
				line.Label = text.Clean(use.Image.Short())
			}
			place, rung = b.imagePlace(c, use)
			images++
		case model.CheckUpstream:
			line.Label = text.Clean("upstream " + c.Resource.Project() + "/" + c.Resource.ID())
			line.Place = b.place(Source, c.Resource.Project())
			line.Rung = b.ladder(line.Place, c.Resource, c.Levels)
		default:
			continue
		}
		of := &b.places[place].Rungs[rung]
		of.Images = append(of.Images, line)
	}
}

// unknownProject stands for the project of an image that is not known. No project has such an id.
const unknownProject = "not known"

// imagePlace finds or adds the place of an image, and its rung there.
func (b *builder) imagePlace(c model.Check, use *model.ImageUse) (place, rung int) {
	if c.Resource.Kind() == model.KindRepository {
		place = b.place(Source, c.Resource.Project())
		return place, b.ladder(place, c.Resource, c.Levels)
	}
	kind, name := Source, unknownProject
	if use != nil {
		kind, name = Outside, use.Image.Host
	}
	place = b.place(kind, name)
	if len(b.places[place].Rungs) == 0 {
		b.places[place].Rungs = []Rung{{Kind: model.KindRepository}}
	}
	return place, 0
}

// ladder gives the index of a resource's rung in a place, and adds it with those above it.
func (b *builder) ladder(place int, r model.Resource, levels []model.Ancestor) int {
	p := &b.places[place]
	if project := model.ProjectResource(r.Project()); p.rungOf(project) == None {
		for _, l := range slices.Backward(slices.Concat(b.situation.Ancestry[r.Project()].Value, levels)) {
			if kind := l.Resource.Kind(); (kind == model.KindFolder || kind == model.KindOrganization) && p.rungOf(l.Resource) == None {
				p.Rungs = append(p.Rungs, Rung{Resource: l.Resource, Kind: kind, Name: levelName(l.Resource, []model.Ancestor{l}), Inherited: true})
			}
		}
		p.Rungs = append(p.Rungs, Rung{Resource: project, Kind: model.KindProject, Name: p.Name})
	}
	if p.rungOf(r) == None {
		p.Rungs = append(p.Rungs, Rung{Resource: r, Kind: r.Kind(), Name: levelName(r, levels), Note: b.repositoryNote(r)})
	}
	return p.rungOf(r)
}

// levelName is what people call a level: its display name, or else its id.
func levelName(r model.Resource, levels []model.Ancestor) string {
	return text.Clean(strings.TrimPrefix(model.Describe(r, levels), string(r.Kind())+" "))
}

// repositoryNote says where a repository is and what it holds.
func (b *builder) repositoryNote(r model.Resource) string {
	if r.Kind() != model.KindRepository {
		return ""
	}
	note := r.Segment("locations")
	if fact := b.situation.Repositories[r]; fact.Read() {
		mode, _, _ := strings.Cut(strings.ToLower(fact.Value.Mode), "_")
		note += " · " + strings.ToLower(fact.Value.Format) + " · " + mode
	}
	return text.Clean(note)
}

// addAccount adds the project of the runtime account, where it is a third one.
func (b *builder) addAccount() {
	for _, id := range []string{model.CheckRunAs, model.CheckActAs, model.CheckRuntimeAccount} {
		c, _ := b.diagnosis.CheckByID(id)
		if owner := c.Resource.Project(); c.Resource.Kind() == model.KindAccount && owner != "" && owner != b.diagnosis.Consumer.ID {
			b.ladder(b.place(Third, owner), c.Resource, c.Levels)
			return
		}
	}
}

// note says in a few words what is new to newcomers about an identity.
func (b *builder) note(identity model.Identity) string {
	third := func(p Place) bool { return p.Kind == Third }
	switch {
	case identity == model.Puller:
		return agentNote
	case identity == model.Runner && slices.ContainsFunc(b.places, third):
		return foreignNote
	}
	return ""
}

// addHolders notes each deciding binding on its rung.
func (b *builder) addHolders(lanes []Lane) {
	for _, lane := range lanes {
		for _, l := range lane.Lines {
			if l.Place == None || l.Check.Verdict != model.Granted || l.Role == "" && !l.Where.Public {
				continue
			}
			rung := &b.places[l.Place].Rungs[l.Rung]
			holder := Holder{Role: l.Role, Identity: lane.Identity, Public: l.Where.Public}
			if holder.Public {
				holder.Identity = ""
			}
			if !slices.Contains(rung.Holders, holder) {
				rung.Holders = append(rung.Holders, holder)
			}
		}
	}
}
