package explanation

import (
	"cmp"

	"whopulls/model"
)

// Fate is what became of a change.
type Fate string

// The fates.
const (
	Planned    Fate = "planned"    // it is asked about first
	Reversible Fate = "reversible" // it was made, and can be taken back
	Final      Fate = "final"      // it was made, and can't be taken back from here
	TakenBack  Fate = "taken-back"
	NotMade    Fate = "not-made"
	Open       Fate = "open" // whether it was made is not known
)

// fates say what there is to do about a change.
var fates = map[Fate][]claim{
	Planned:    {say(Here, "You are asked before anything changes.", "変更の前に確認があります。")},
	Reversible: {nothingToDo, say(Here, "It can be taken back, and you are asked first.", "元に戻すこともできます。その前に確認があります。")},
	Final:      {nothingToDo, say(Here, "It can't be taken back from here.", "ここから元に戻すことはできません。")},
	TakenBack:  {nothingToDo, say(Here, "It was taken back.", "この変更は元に戻されました。")},
	NotMade:    {say(Here, "It was not made, and the details say why.", "この変更は行われませんでした。理由は詳細にあります。")},
	Open:       {say(Here, "Whether it was made is not known yet.", "この変更が行われたかどうかは、まだ不明です。"), say(Here, "Refresh, and look again.", "更新して、もう一度確認してください。")},
}

// The sentences about a change.
var (
	changeGrants   = say(Here, "The change gives it {Role} on {Where}.", "この変更は、{Where}で{Role}を付与します。")
	changeRevokes  = say(Here, "The change takes {Role} on {Where} from it.", "この変更は、{Where}の{Role}を取り消します。")
	changeEnables  = say(Here, "The change turns on {Place} in {Consumer}.", "この変更は、{Consumer}で {Place} を有効にします。")
	changeCreates  = say(pageCreateAgents, "The change has Google create that account.", "この変更は、このアカウントの作成を Google に依頼します。")
	changeMayStay  = say(pageAllowPolicies, "Another binding may still give it the same.", "別のロール バインディングで、同じ権限が残る場合があります。")
	changeUnnamed  = say(Here, "This is a change that whopulls recorded.", "これは、whopulls が記録した変更です。")
	roleDecides    = say(pageAllowPolicies, "The role decides what it may do there.", "そこで何ができるかは、このロールで決まります。")
	recordedAlways = say(Here, "whopulls records each change before it makes it.", "whopulls は、変更の前に必ず記録します。")
)

// roleTexts say what a role gives.
type roleTexts struct {
	gives claim
	page  Source
}

// roleCatalogue has the roles that whopulls grants.
var roleCatalogue = map[string]roleTexts{
	model.RoleReader:       {say(pageRegistryAccess, "The role lets it read images there.", "このロールがあると、そこにあるイメージを読み取れます。"), pageRegistryAccess},
	model.RoleDeveloper:    {deployerRole, pageRunRoles},
	model.RoleRunAdmin:     {deployerRole, pageRunRoles},
	model.RoleAccountUser:  {say(pageAttach, "The role lets it deploy code that runs as that account.", "このロールがあると、そのアカウントをコードに関連付けられます。"), pageAttach},
	model.RoleTokenCreator: {say(pageAttach, "The role lets it get tokens of that account.", "このロールがあると、そのアカウントのトークンを取得できます。"), pageAttach},
	model.RoleRunAgent:     {agentRoleNeeded, pageServiceAgents},
}

var deployerRole = say(pageRunRoles, "The role lets it deploy to Cloud Run there.", "このロールがあると、そこで Cloud Run にデプロイできます。")

// OfChange explains a change by itself, where no line and no binding that was read is about it. Project is the consumer project's id.
func OfChange(s model.Step, project string, fate Fate) Explanation {
	e := Explanation{values: changeValues(s, project), page: pageAllowPolicies, do: fates[fate]}
	switch s.Kind {
	case model.StepGrant, model.StepRevoke:
		e.addRole(s)
	case model.StepEnableAPI:
		e.page = pageEnable
		e.what, e.why = []claim{apisAreTurnedOn, changeEnables}, []claim{refusedWhileOff}
	case model.StepCreateAgent:
		e.page = pageCreateAgents
		e.what, e.why = []claim{lanePulls, changeCreates}, []claim{pulledAs}
	default: // of a newer whopulls
		e.what, e.why = []claim{changeUnnamed}, []claim{recordedAlways}
	}
	return e
}

// addRole says who gets or loses the role, and what it gives.
func (e *Explanation) addRole(s model.Step) {
	role, known := roleCatalogue[s.Role]
	if !known {
		role = roleTexts{roleDecides, pageAllowPolicies}
	}
	change := changeGrants
	e.why, e.page = []claim{role.gives}, role.page
	if s.Kind == model.StepRevoke {
		change = changeRevokes
		e.why = append(e.why, changeMayStay)
	}
	e.what = append(append(e.what, memberTexts(s.Member)...), change)
}

// changeValues are the facts of a change.
func changeValues(s model.Step, project string) values {
	number := model.RunServiceAgentProject(s.Member)
	v := values{Consumer: name(cmp.Or(project, number, s.Resource.Project())), Role: name(s.Role), Where: resourceText(s.Resource, nil), Member: name(s.Member.Value()),
		Place: resourceText(s.Resource, nil)}
	return v.complete()
}
