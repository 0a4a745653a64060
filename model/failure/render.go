package failure

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/words"
)

// Translated is the failure in another language: its summary and what to do, and those of the other errors.
func (f Failure) Translated(language words.Language) Failure {
	f.language = language
	f.render()
	others := make([]Failure, len(f.Others))
	for i, o := range f.Others {
		others[i] = o.Translated(language)
	}
	if f.Others != nil {
		f.Others = others
	}
	return f
}

// Language is the one of the summary, of what to do and of the headline.
func (f Failure) Language() words.Language { return f.language }

// render puts what was read into words.
func (f *Failure) render() {
	f.Summary = joinSentences(f.summary(), f.language)
	f.Next = f.renderAdvice(f.next())
}

// NextWith is what to do, where a question that the text does not tell whole is asked in another way than by a command.
func (f Failure) NextWith(howToAsk string) []model.Advice {
	f.howToAsk = howToAsk
	return f.renderAdvice(f.next())
}

// Headline says in a line what is wrong, with the lane of the map that it is about.
func (f Failure) Headline() string { return f.textOf(f.headline()).Render(f.language) }

// LabeledFields lists what was read out of the text, each with its name for people.
func (f Failure) LabeledFields() [][2]string {
	var fields [][2]string
	for _, one := range []struct {
		label bilingual
		value string
	}{{labelImage, f.Image}, {labelImageProject, f.ImageProject}, {labelConsumer, f.ConsumerProject}, {labelWorkload, f.workloadText().Render(f.language)},
		{labelPrincipal, f.Principal}, {labelAccount, f.ServiceAccount}, {labelRepository, f.Repository}, {labelPermission, f.Permission}, {labelAPI, f.API}} {
		if one.value != "" {
			fields = append(fields, [2]string{f.textOf(one.label).Render(f.language), one.value})
		}
	}
	return fields
}

func (f Failure) workloadText() words.Text {
	w := f.Workload
	if w == nil {
		return words.Text{}
	}
	shown := map[model.WorkloadKind]bilingual{model.Service: shownServiceIn, model.Job: shownJobIn, model.WorkerPool: shownPoolIn}
	return shown[w.Kind].With(values{Name: words.Name(w.Name), Region: words.Name(w.Region)})
}

// joinSentences makes one text of whole sentences.
func joinSentences(sentences []words.Text, language words.Language) string {
	rendered := make([]string, len(sentences))
	for i, s := range sentences {
		rendered[i] = s.Render(language)
	}
	if language == words.Japanese {
		return strings.Join(rendered, "")
	}
	return strings.Join(rendered, " ")
}

// advice is a piece of what to do, in no language yet.
type advice struct {
	text    words.Text
	command string
}

func (f Failure) renderAdvice(steps []advice) []model.Advice {
	nexts := make([]model.Advice, len(steps))
	for i, s := range steps {
		nexts[i] = model.Advice{Words: s.text.Render(f.language), Command: s.command}
	}
	return nexts
}

// textOf fills an entry of the catalogue with what was read.
func (f Failure) textOf(e bilingual) words.Text { return e.With(f.values()) }

// values are what was read, each with a noun phrase in its place where it was not.
func (f Failure) values() values {
	v := values{Email: words.Name(f.emailAtFault()).Or(nounMember.With(values{})), Permission: words.Name(f.Permission), Role: words.Name(f.roleToGrant()), Name: words.Name(f.details.resource)}
	v.Project = words.Name(f.ConsumerProject).Or(nounConsumer.With(v))
	if f.Cause == APIDisabled { // anyone's project, or that of the credentials
		v.Project = words.Name(f.details.apiProject).Or(nounSomeProject.With(v))
	}
	v.Agent = f.agentText(v)
	v.Account = words.Name(f.ServiceAccount).Or(f.accountNoun().With(v))
	v.Repository = words.Name(f.Repository).Or(nounRepository.With(v))
	v.Image = f.imageText(v)
	v.Constraint = words.Name(f.clues.constraint)
	v.API = words.Name(f.API).Or(nounAPI.With(v))
	v.Who = f.whoText(v)
	v.Lane = f.lane().With(v)
	if f.lane() == (bilingual{}) {
		v.Lane = v.Who
	}
	v.Resource, v.Place = f.refusedResource().text(v), f.grantResource(f.roleToGrant()).text(v)
	v.How = words.Name(f.howToAsk).Or(nounCheckByFlags.With(v))
	return v
}

func (f Failure) agentText(v values) words.Text {
	if principalKindOf(f.emailAtFault()) == principalRunAgent {
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
func (f Failure) accountNoun() bilingual {
	switch {
	case f.commandKind() == commandSubmitBuild:
		return nounBuildAs
	case f.Identity == IdentityDeployer, f.Identity == IdentityPuller, f.details.variant == variantRuntimeAccountMissing:
		return nounRunner
	}
	return nounAccount
}

// lanes are those of the map, and the two that lie before it.
var lanes = map[Identity]bilingual{IdentityDeployer: laneDeploys, IdentityPuller: lanePulls, IdentityRunner: laneRuns, IdentityBuilder: laneBuild, IdentityPusher: lanePush}

func (f Failure) lane() bilingual { return lanes[f.Identity] }

// identityNouns say who plays a role: with the e-mail, and without.
var identityNouns = map[Identity]struct{ named, unnamed bilingual }{
	IdentityDeployer:      {nounDeployerNamed, nounDeployer},
	IdentityRunner:        {nounRunnerNamed, nounRunner},
	IdentityBuilder:       {nounBuilderNamed, nounBuilder},
	IdentityRegistryAgent: {nounRegistryNamed, nounRegistry},
}

func (f Failure) whoText(v values) words.Text {
	if f.Identity == IdentityPuller {
		return v.Agent
	}
	noun, ok := identityNouns[f.Identity]
	switch {
	case ok && f.emailAtFault() != "":
		return noun.named.With(v)
	case ok:
		return noun.unnamed.With(v)
	case principalKindOf(f.emailAtFault()) == principalFunctionsAgent:
		return nounFunctionsNamed.With(v)
	case principalKindOf(f.emailAtFault()) == principalOtherAgent:
		return nounServiceAgentNamed.With(v)
	case f.emailAtFault() != "":
		return v.Email
	}
	return f.unnamedNoun().With(v)
}

// unnamedNoun stands for somebody that the text does not name, and who is in no lane.
func (f Failure) unnamedNoun() bilingual {
	switch {
	case f.details.variant == variantFunctionsAgent, f.clues.subject == subjectFunctions:
		return nounFunctions
	case f.clues.subject == subjectAgent:
		return nounServiceAgent
	case f.clues.activity == activityNodePull:
		return nounNode
	case f.Identity == IdentityPusher:
		return nounPusher
	case strings.HasPrefix(f.Permission, "run.jobs.run"):
		return nounExecutor
	case f.details.variant == variantInvoker, slices.Contains(invokePermissions, f.Permission):
		return nounInvoker
	case f.isImpersonation():
		return nounFederated
	case f.commandKind() == commandSubmitBuild:
		return nounSubmitter
	}
	return nounAsker
}
