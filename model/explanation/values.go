package explanation

import (
	"whopulls/model"
	"whopulls/model/words"
	"whopulls/text"
)

// values are the facts that the sentences may name.
type values struct {
	Consumer words.Text // the consumer project
	Who      words.Text // who gets the role
	Role     words.Text
	Place    words.Text // what the line asks about
	Target   words.Text // where the role is to be granted
	Where    words.Text // where the binding or the gap is
	Account  words.Text // the runtime service account
	Image    words.Text
	Workload words.Text
	Need     words.Text // the permission that would show what is not known
	Member   words.Text // of a binding
	Count    words.Text
}

// named is a noun with a name.
type named struct{ Name words.Text }

// nouns name a resource of each kind, or an unnamed one.
var nouns = map[model.Kind]words.Message[named]{
	model.KindRepository:   {EN: "repository {Name}", JA: "リポジトリ{Name}"},
	model.KindProject:      {EN: "project {Name}", JA: "プロジェクト{Name}"},
	model.KindFolder:       {EN: "folder {Name}", JA: "フォルダ{Name}"},
	model.KindOrganization: {EN: "organization {Name}", JA: "組織{Name}"},
	model.KindAccount:      {EN: "service account {Name}", JA: "サービス アカウント{Name}"},
	model.KindService:      {EN: "service {Name}", JA: "サービス{Name}"},
	model.KindJob:          {EN: "job {Name}", JA: "ジョブ{Name}"},
	model.KindWorkerPool:   {EN: "worker pool {Name}", JA: "ワーカープール{Name}"},
	model.KindInstance:     {EN: "instance {Name}", JA: "インスタンス{Name}"},
	model.KindAPI:          {EN: "API {Name}", JA: "API {Name}"},
}

// noun is a noun phrase without a name.
type noun = words.Message[struct{}]

var (
	nounAgent         = noun{EN: "the Cloud Run service agent", JA: "Cloud Run サービス エージェント"}
	nounRegistryAgent = noun{EN: "the Artifact Registry service agent", JA: "Artifact Registry サービス エージェント"}
	nounDeployer      = noun{EN: "the deployer", JA: "デプロイ担当者アカウント"}
	nounAccount       = noun{EN: "the runtime service account", JA: "実行に使うサービス アカウント"}
	nounConsumer      = noun{EN: "the project", JA: "プロジェクト"}
	nounRepository    = noun{EN: "the repository", JA: "リポジトリ"}
	nounImage         = noun{EN: "the image", JA: "イメージ"}
	nounWorkload      = noun{EN: "a workload", JA: "ワークロード"}
	nounRole          = noun{EN: "the role", JA: "ロール"}
	nounPlace         = noun{EN: "that place", JA: "その場所"}
	nounMember        = noun{EN: "that account", JA: "そのアカウント"}
	nounNeed          = noun{EN: "the right to read it", JA: "読み取り権限"}
)

// unnamed is a noun that stands where a name is not known.
func unnamed(n noun) words.Text { return n.With(struct{}{}) }

// name is a name from Google Cloud or a person; it may be empty.
func name(s string) words.Text { return words.Name(text.Clean(s)) }

// resourceText names a resource; it is empty without one. The levels give the display names of folders and organizations.
func resourceText(r model.Resource, levels []model.Ancestor) words.Text {
	message, known := nouns[r.Kind()]
	if !known {
		return words.Text{}
	}
	id := r.ID()
	for _, l := range levels {
		if l.Resource == r && l.Name != "" {
			id = l.Name
		}
	}
	return message.With(named{name(id)})
}

// checkValues are the facts of a line, and of the step that closes it.
func checkValues(d model.Diagnosis, c model.Check, step *model.Step) values {
	v := values{Consumer: name(d.Consumer.ID), Who: identityText(c), Place: resourceText(c.Resource, c.Levels), Target: resourceText(c.Resource, c.Levels),
		Account: accountText(d.Identities.Runner), Image: imageText(d, c), Workload: workloadText(d)}
	v.Role = name(usualRoles[c.BaseID()])
	if len(c.Evidence) > 0 {
		v.Where = resourceText(c.Evidence[0].Resource, c.Levels)
		if c.Verdict == model.Granted {
			v.Role = name(c.Evidence[0].Role)
		}
	}
	switch gap := c.OpenGap(); c.Ground() {
	case model.GroundUnread:
		v.Need, v.Where = name(string(gap.Need)), resourceText(gap.Resource, c.Levels)
	case model.GroundUnreadOff:
		v.Where = resourceText(gap.DisabledAPI, c.Levels)
	}
	if step != nil && step.Role != "" {
		v.Role, v.Target = name(step.Role), resourceText(step.Resource, c.Levels)
	}
	return v.complete()
}

// usualRoles close a line of which no step is known. On an upstream it is what Google's page asks for (iam-facts 4.5).
var usualRoles = map[string]string{
	model.CheckPull: model.RoleReader, model.CheckReadImage: model.RoleReader, model.CheckDeploy: model.RoleDeveloper,
	model.CheckActAs: model.RoleAccountUser, model.CheckAgent: model.RoleRunAgent, model.CheckUpstream: "roles/artifactregistry.serviceAgent",
}

// complete puts a noun where a fact is not known.
func (v values) complete() values {
	for text, n := range map[*words.Text]noun{
		&v.Consumer: nounConsumer, &v.Who: nounDeployer, &v.Role: nounRole, &v.Place: nounRepository, &v.Target: nounPlace, &v.Where: nounPlace,
		&v.Account: nounAccount, &v.Image: nounImage, &v.Workload: nounWorkload, &v.Need: nounNeed, &v.Member: nounMember,
	} {
		*text = text.Or(unnamed(n))
	}
	return v
}

// identityText names who gets the role of a line.
func identityText(c model.Check) words.Text {
	switch {
	case c.BaseID() == model.CheckUpstream:
		return unnamed(nounRegistryAgent)
	case c.Identity == model.Puller:
		return unnamed(nounAgent)
	}
	return name(c.Principal.Value())
}

// accountText names the account that the container runs as.
func accountText(runner model.Member) words.Text {
	if !runner.IsServiceAccount() {
		return words.Text{}
	}
	return name(runner.Value())
}

// imageText names the image of a line. Where a diagnosis has several, the line says which.
func imageText(d model.Diagnosis, c model.Check) words.Text {
	for n, use := range d.Images {
		if c.BaseID() == model.CheckImage && c.IsNth(n) {
			return name(use.Image.Short())
		}
	}
	return words.Text{}
}

// workloadText names what is deployed.
func workloadText(d model.Diagnosis) words.Text {
	if w := d.Workload; w != nil {
		return resourceText(w.Resource(d.Consumer.ID), nil)
	}
	return words.Text{}
}
