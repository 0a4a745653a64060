package failure

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/words"
)

// In is the failure in another language: its summary and what to do, and those of the other errors.
func (f Failure) In(language words.Language) Failure {
	f.language = language
	f.say()
	others := make([]Failure, len(f.Others))
	for i, o := range f.Others {
		others[i] = o.In(language)
	}
	if f.Others != nil {
		f.Others = others
	}
	return f
}

// Language is the one of the summary, of what to do and of the headline.
func (f Failure) Language() words.Language { return f.language }

// say puts what was read into words.
func (f *Failure) say() {
	f.Summary = together(f.summary(), f.language)
	f.Next = f.rendered(f.next())
}

// NextBy is what to do, where a question that the text does not tell whole is asked in another way than by a command.
func (f Failure) NextBy(how string) []model.Advice {
	f.how = how
	return f.rendered(f.next())
}

// Headline says in a line what is wrong, with the lane of the map that it is about.
func (f Failure) Headline() string { return f.says(f.headline()).In(f.language) }

// Named lists what was read out of the text, each with its name for people.
func (f Failure) Named() [][2]string {
	var named [][2]string
	for _, one := range []struct {
		label entry
		value string
	}{{labelImage, f.Image}, {labelImageProject, f.ImageProject}, {labelConsumer, f.ConsumerProject}, {labelWorkload, f.workloadWords().In(f.language)},
		{labelPrincipal, f.Principal}, {labelAccount, f.ServiceAccount}, {labelRepository, f.Repository}, {labelPermission, f.Permission}, {labelAPI, f.API}} {
		if one.value != "" {
			named = append(named, [2]string{f.says(one.label).In(f.language), one.value})
		}
	}
	return named
}

func (f Failure) workloadWords() words.Text {
	w := f.Workload
	if w == nil {
		return words.Text{}
	}
	shown := map[model.WorkloadKind]entry{model.Service: shownServiceIn, model.Job: shownJobIn, model.WorkerPool: shownPoolIn}
	return shown[w.Kind].With(values{Name: words.Name(w.Name), Region: words.Name(w.Region)})
}

// together makes one text of whole sentences.
func together(sentences []words.Text, language words.Language) string {
	said := make([]string, len(sentences))
	for i, s := range sentences {
		said[i] = s.In(language)
	}
	if language == words.Japanese {
		return strings.Join(said, "")
	}
	return strings.Join(said, " ")
}

// advice is a piece of what to do, in no language yet.
type advice struct {
	words   words.Text
	command string
}

func (f Failure) rendered(steps []advice) []model.Advice {
	nexts := make([]model.Advice, len(steps))
	for i, s := range steps {
		nexts[i] = model.Advice{Words: s.words.In(f.language), Command: s.command}
	}
	return nexts
}

// says fills an entry of the catalogue with what was read.
func (f Failure) says(e entry) words.Text { return e.With(f.values()) }

// values are what was read, each with a noun phrase in its place where it was not.
func (f Failure) values() values {
	v := values{Email: words.Name(f.email()).Or(nounMember.With(values{})), Permission: words.Name(f.Permission), Role: words.Name(f.role()), Name: words.Name(f.matter.resource)}
	v.Project = words.Name(f.ConsumerProject).Or(nounConsumer.With(v))
	if f.Cause == APIDisabled { // anyone's project, or that of the credentials
		v.Project = words.Name(f.matter.project).Or(nounSomeProject.With(v))
	}
	v.Agent = f.agent(v)
	v.Account = words.Name(f.ServiceAccount).Or(f.accountNoun().With(v))
	v.Repository = words.Name(f.Repository).Or(nounRepository.With(v))
	v.Image = f.imageText(v)
	v.Constraint = words.Name(f.setting.constraint)
	v.API = words.Name(f.API).Or(nounAPI.With(v))
	v.Who = f.who(v)
	v.Lane = f.lane().With(v)
	if f.lane() == (entry{}) {
		v.Lane = v.Who
	}
	v.Resource, v.Place = f.resource().text(v), f.place(f.role()).text(v)
	v.How = words.Name(f.how).Or(nounCheckByFlags.With(v))
	return v
}

func (f Failure) agent(v values) words.Text {
	if partyOf(f.email()) == partyRunAgent {
		return nounAgentNamed.With(v)
	}
	return nounAgent.With(v)
}

func (f Failure) imageText(v values) words.Text {
	switch {
	case f.Image != "":
		return words.Name(f.Image)
	case f.Repository != "":
		return nounImagesOf.With(v)
	}
	return nounImage.With(v)
}

// accountNoun stands for an account that the text does not name.
func (f Failure) accountNoun() entry {
	switch {
	case f.phase() == phaseSubmit:
		return nounBuildAs
	case f.Identity == IdentityDeployer, f.Identity == IdentityPuller, f.matter.wording == runtimeMissing:
		return nounRunner
	}
	return nounAccount
}

// lanes are those of the map, and the two that lie before it.
var lanes = map[Identity]entry{IdentityDeployer: laneDeploys, IdentityPuller: lanePulls, IdentityRunner: laneRuns, IdentityBuilder: laneBuild, IdentityPusher: lanePush}

func (f Failure) lane() entry { return lanes[f.Identity] }

// nouns say who plays a role: with the e-mail, and without.
var nouns = map[Identity]struct{ named, unnamed entry }{
	IdentityDeployer:      {nounDeployerNamed, nounDeployer},
	IdentityRunner:        {nounRunnerNamed, nounRunner},
	IdentityBuilder:       {nounBuilderNamed, nounBuilder},
	IdentityRegistryAgent: {nounRegistryNamed, nounRegistry},
}

func (f Failure) who(v values) words.Text {
	if f.Identity == IdentityPuller {
		return v.Agent
	}
	noun, ok := nouns[f.Identity]
	switch {
	case ok && f.email() != "":
		return noun.named.With(v)
	case ok:
		return noun.unnamed.With(v)
	case partyOf(f.email()) == partyFunctions:
		return nounFunctionsNamed.With(v)
	case partyOf(f.email()) == partyAgent:
		return nounServiceAgentNamed.With(v)
	case f.email() != "":
		return v.Email
	}
	return f.whoever().With(v)
}

// whoever stands for somebody whom the text does not name, and who is in no lane.
func (f Failure) whoever() entry {
	switch {
	case f.matter.wording == functionsAgent, f.setting.subject == subjectFunctions:
		return nounFunctions
	case f.setting.subject == subjectAgent:
		return nounServiceAgent
	case f.setting.scene == sceneNode:
		return nounNode
	case f.Identity == IdentityPusher:
		return nounPusher
	case strings.HasPrefix(f.Permission, "run.jobs.run"):
		return nounExecutor
	case f.matter.wording == invokerRefused, slices.Contains(invoking, f.Permission):
		return nounInvoker
	case f.impersonates():
		return nounFederated
	case f.phase() == phaseSubmit:
		return nounSubmitter
	}
	return nounAsker
}
