package explanation

import "whopulls/model"

// placeTexts explain a level or a lane of the map.
type placeTexts struct {
	page          Source
	what, why, do []claim
}

var grantNarrowly = say(Here, "Grant here only what everything in it may have.", "すべてに必要なものだけを、ここで付与してください。")

// places has the texts of each kind of level.
var places = map[model.Kind]placeTexts{
	model.KindRepository: {
		page: pageRegistryAccess,
		what: []claim{
			say(Here, "This is {Place} of {Where}.", "これは、{Where}の{Place}です。"),
			say(pageRepositories, "A repository holds images, in one project and one location.", "リポジトリには、プロジェクトとロケーションごとにイメージを保存します。"),
		},
		why: []claim{
			say(pageRegistryAccess, "Who pulls needs a role here, or on a level above.", "pull するには、ここか上位の階層のロールが必要です。"),
			say(pageRegistryAccess, "An image has no roles of its own.", "イメージごとにロールを付与することはできません。"),
		},
		do: []claim{
			say(pageRegistryAccess, "Grant the reader role here: no place is narrower.", "読み取りロールをここで付与するのが、最も範囲の狭い方法です。"),
			say(Here, "Its registry shows who may pull, and who need not.", "レジストリを開くと、誰が pull できるかがわかります。"),
		},
	},
	model.KindProject: {
		page: pageAllowPolicies,
		what: []claim{
			say(Here, "This is {Place}.", "これは、{Place}です。"),
			say(pageAllowPolicies, "A project holds services, repositories and accounts.", "プロジェクトは、サービス、リポジトリ、アカウントなどをまとめます。"),
		},
		why: []claim{say(pageAllowPolicies, "A role on a project reaches everything in it.", "プロジェクトのロールは、その中のすべてに継承されます。")},
		do:  []claim{grantNarrowly},
	},
	model.KindFolder: {
		page: pageAllowPolicies,
		what: []claim{
			say(Here, "This is {Place}.", "これは、{Place}です。"),
			say(pageAllowPolicies, "A folder groups projects and other folders.", "フォルダは、プロジェクトやほかのフォルダをまとめます。"),
		},
		why: []claim{say(pageAllowPolicies, "A role on a folder reaches every project in it.", "フォルダのロールは、その中のすべてのプロジェクトに継承されます。")},
		do:  []claim{grantNarrowly},
	},
	model.KindOrganization: {
		page: pageAllowPolicies,
		what: []claim{
			say(Here, "This is {Place}.", "これは、{Place}です。"),
			say(pageAllowPolicies, "The organization is the top level, above all folders.", "組織は最上位の階層で、すべてのフォルダの上にあります。"),
		},
		why: []claim{say(pageAllowPolicies, "A role here reaches all its projects.", "組織のロールは、すべてのプロジェクトに継承されます。")},
		do:  []claim{grantNarrowly},
	},
	model.KindAccount: {
		page: pageAttach,
		what: []claim{
			say(Here, "This is {Place}.", "これは、{Place}です。"),
			say(pageAccountTypes, "A service account is an account for code, not for people.", "サービス アカウントは、人ではなくコードが使うアカウントです。"),
		},
		why: []claim{say(pageAttach, "Roles on it say who may use it.", "誰が使えるかを、アカウント側のロールで決めます。")},
		do:  []claim{say(pageAttach, "Grant a role on it to let somebody use it.", "使えるようにするには、このアカウントでロールを付与してください。")},
	},
}

// lanes has the texts of each identity. What there is to do stands at its lines.
var lanes = map[model.Identity]placeTexts{
	model.Deployer: {page: pageDeploying, what: []claim{laneDeploys, say(Here, "Here it is {Who}.", "ここでは {Who} です。")},
		why: []claim{say(pageRunRoles, "Cloud Run checks what it may do before each deploy.", "Cloud Run は、デプロイの前にその権限を確認します。")}},
	model.Puller: {page: pageOtherProjects, what: []claim{lanePulls, madeByGoogle},
		why: []claim{pulledAs}},
	model.Runner: {page: pageIdentity, what: []claim{laneRuns, say(Here, "Here it is {Account}.", "ここでは {Account} です。")}, why: runnerWhy},
}

var laneDone = []claim{nothingToDo, say(Here, "Every line of this lane is granted.", "このレーンの行は、すべて許可されています。")}

// OfPlace explains a level of the map; ok is false for a kind that carries no roles of interest.
func OfPlace(r model.Resource, levels []model.Ancestor) (e Explanation, ok bool) {
	of, ok := places[r.Kind()]
	v := values{Place: resourceText(r, levels), Where: resourceText(model.ProjectResource(r.Project()), nil)}
	return Explanation{values: v.complete(), what: of.what, why: of.why, do: of.do, page: of.page}, ok
}

// OfLane explains an identity all of whose lines are granted.
func OfLane(d model.Diagnosis, identity model.Identity) Explanation {
	of := lanes[identity]
	v := values{Consumer: name(d.Consumer.ID), Who: name(d.Identities.Deployer.Value()), Account: accountText(d.Identities.Runner)}
	return Explanation{values: v.complete(), what: of.what, why: of.why, do: laneDone, page: of.page}
}
