package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// laneOrder is the order of a lane's lines, by their checks.
var laneOrder = []string{model.CheckAgent, model.CheckRunAs, model.CheckDeploy, model.CheckActAs, model.CheckPull, model.CheckReadImage, model.CheckRuntimeAccount}

// lanes are the three identities, each with its lines.
func (b *builder) lanes() []Lane {
	d := b.diagnosis
	all := []Lane{
		{Identity: model.Deployer, Name: "DEPLOYS", Who: b.deployer(), Known: d.Identities.Deployer != ""},
		{Identity: model.Puller, Name: "PULLS", Who: text.Clean("Cloud Run service agent of " + d.Consumer.ID), Account: memberName(d.Identities.Puller), Known: true},
		{Identity: model.Runner, Name: "RUNS", Who: cmp.Or(text.Clean(d.RunnerDisplayName()), "the runtime account: not known"), Known: d.RunnerDisplayName() != "", Remark: runnerRemark},
	}
	for i := range all {
		for _, c := range d.Checks {
			if c.Identity == all[i].Identity {
				line := newLine(d, c)
				line.Place, line.Rung = b.reach(line)
				all[i].Lines = append(all[i].Lines, line)
			}
		}
		slices.SortStableFunc(all[i].Lines, func(x, y Line) int {
			return slices.Index(laneOrder, x.Check.BaseID()) - slices.Index(laneOrder, y.Check.BaseID())
		})
	}
	return all
}

func (b *builder) deployer() string {
	who := memberName(b.diagnosis.Identities.Deployer)
	if caller := b.situation.Caller; who != "" && caller.Read() && caller.Value == b.diagnosis.Identities.Deployer {
		return who + " (you)"
	}
	return cmp.Or(who, "the deployer: not known")
}

func memberName(m model.Member) string { return text.Clean(m.Value()) }

// reach finds the place and the rung that a line reaches: the level of the deciding binding, or else what was asked about.
func (b *builder) reach(l Line) (place, rung int) {
	asked := None
	for i, p := range b.places {
		if at := p.rungOf(l.Check.Resource); at != None && p.rungOf(model.ProjectResource(l.Check.Resource.Project())) != at {
			place, asked = i, at
		}
	}
	if asked == None {
		return b.outside(l)
	}
	if e, ok := deciding(l.Check); ok {
		if at := b.places[place].rungOf(e.Resource); at != None {
			return place, at
		}
	}
	return place, asked
}

// outside is the place of an image whose repository is not known to IAM or to us, for the lines that read it.
func (b *builder) outside(l Line) (place, rung int) {
	if base := l.Check.BaseID(); l.Check.Resource != "" || base != model.CheckPull && base != model.CheckReadImage {
		return None, None
	}
	if at := slices.IndexFunc(b.places, func(p Place) bool { return p.Kind == Outside || p.Name == unknownProject }); at != None {
		return at, 0
	}
	return None, None
}

// newLine is a check with its evidence in a few words.
func newLine(d model.Diagnosis, c model.Check) Line {
	l := Line{Check: c, Label: text.Clean(d.CheckLabel(c)), Place: None, Rung: None}
	switch {
	case c.Pending():
		l.Finding = "still being read"
	case c.Verdict == model.Granted:
		l.proveGranted()
	case c.Verdict == model.Denied:
		l.Finding = "taken away"
		if len(c.Evidence) > 0 {
			l.Finding += ": " + text.Clean(c.Evidence[0].Source[strings.LastIndex(c.Evidence[0].Source, "/")+1:])
		}
	case c.Verdict == model.Missing:
		l.Finding = missing(c)
	case len(c.Gaps) > 1:
		l.Finding = fmt.Sprintf("%d things are not known", len(c.Gaps))
	case len(c.Gaps) == 1:
		l.Finding = text.Clean(c.Gaps[0].Reason)
	default:
		l.Finding = "not decided"
	}
	return l
}

// proveGranted fills in the role and its level, or what proves the line otherwise.
func (l *Line) proveGranted() {
	c := l.Check
	switch {
	case c.NotApplicable():
		l.Finding = "does not apply: no service account"
		return
	case c.BaseID() == model.CheckImage:
		l.Finding = cmp.Or(text.Clean(model.ShortDigest(c.Detail.Digest)), "is there")
		return
	}
	var roles []string
	for _, e := range c.Proofs() {
		if role := shortRole(e.Role); role != "" && !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	e, ok := deciding(c)
	if len(roles) == 0 && e.Role != "" {
		roles = append(roles, shortRole(e.Role))
	}
	l.Role = strings.Join(roles, ", ")
	switch {
	case !ok:
	case e.Member.IsEverybody() || e.Role != "":
		l.Where = Where{Level: e.Resource.Kind(), Name: levelName(e.Resource, c.Levels), Inherited: e.IsAbove(c.Resource), Public: e.Member.IsEverybody()}
	case e.Source == model.SourceTest:
		l.Finding = "tested: you may"
	}
}

// deciding is the evidence that a check rests on: a binding, where there is one, else the first.
func deciding(c model.Check) (e model.Evidence, ok bool) {
	for _, e := range c.Evidence {
		if e.Role != "" || e.Member.IsEverybody() {
			return e, true
		}
	}
	if len(c.Evidence) == 0 {
		return e, false
	}
	return c.Evidence[0], true
}

// shortRole is a role without its collection; a role of a project or an organization keeps its name.
func shortRole(role string) string { return text.Clean(strings.TrimPrefix(role, "roles/")) }

// absences say what an image is missing for.
var absences = map[model.Absence]string{
	"":                       "is not there",
	model.AbsentImage:        "is not there",
	model.AbsentRepository:   "the repository is not there",
	model.AbsentProject:      "the project is not there",
	model.AbsentDockerFormat: "the repository holds no images",
}

func missing(c model.Check) string {
	switch {
	case c.BaseID() == model.CheckImage:
		return absences[c.Detail.Absent]
	case len(c.Levels) == 0 || c.BaseID() == model.CheckRuntimeAccount:
		return text.Clean(strings.TrimSuffix(c.Reason, "."))
	}
	return "no binding"
}

// shortKind is a kind in one word.
func shortKind(k model.Kind) string { return strings.TrimPrefix(string(k), "service ") }

// String is the level as people say it: "project", "↑ folder apps", "! public".
func (w Where) String() string {
	switch {
	case w.Level == "":
		return ""
	case w.Public && w.Inherited:
		return "! public ↑ " + shortKind(w.Level) + " " + w.Name
	case w.Public:
		return "! public"
	case w.Inherited:
		return "↑ " + shortKind(w.Level) + " " + w.Name
	}
	return shortKind(w.Level)
}
