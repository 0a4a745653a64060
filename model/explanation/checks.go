package explanation

import "whopulls/model"

// checkTexts explain one kind of line.
type checkTexts struct {
	page   Source  // the one page that a reader is sent to
	what   []claim // what this is
	why    []claim // why it is needed
	remedy []claim // what closes it where it is missing
}

// The lanes.
var (
	laneDeploys = say(pageDeploying, "DEPLOYS is who calls Cloud Run: a person or a pipeline.",
		"DEPLOYS は、Cloud Run を呼び出す人またはパイプラインです（デプロイ担当者アカウント）。")
	lanePulls = say(pageServiceAgents, "PULLS is the Cloud Run service agent of {Consumer}.",
		"PULLS は、{Consumer}の Cloud Run サービス エージェントです。")
	laneRuns = say(pageIdentity, "RUNS is the account that your container runs as.",
		"RUNS は、コンテナの実行に使うアカウントです（サービス ID）。")
)

// What lanes and lines both say.
var (
	madeByGoogle = say(pageAccountTypes, "Google made this account, and nobody signs in as it.", "Google が作成したアカウントで、人がログインに使うことはありません。")
	pulledAs     = say(pageOtherProjects, "Cloud Run pulls the image as this account, not as you.", "Cloud Run は、あなたではなくこのアカウントとしてイメージを pull します。")
	runnerWhy    = []claim{
		say(pageIdentity, "Your code calls Google's services as this account.", "コードは、このアカウントとして Google のサービスを呼び出します。"),
		say(NotDocumented, "It needs no right on the image: PULLS fetches that.", "イメージを取得するのは PULLS なので、イメージの権限は不要です。"),
	}
)

// What lines and changes both say.
var (
	apisAreTurnedOn = say(pageEnable, "Each project turns on the Google services that it uses.", "使う Google のサービス（API）は、プロジェクトごとに有効にします。")
	refusedWhileOff = say(pageTroubleshooting, "While the API is off, every deploy is refused.", "API が無効な間は、デプロイがすべて拒否されます。")
	agentRoleNeeded = say(pageAccountTypes, "Without it, Cloud Run stops working in that project.", "ロールがないと、そのプロジェクトで Cloud Run が動作しません。")
	arrivesLater    = say(pagePropagation, "It works after some minutes: often two, sometimes seven or more.", "反映には通常 2 分ほど、長いと 7 分以上かかります。")
)

// grantIt is the remedy of what a role gives.
var grantIt = []claim{
	say(Here, "Grant {Role} on {Target} to {Who}.", "{Target}で、{Who}に{Role}を付与してください。"),
	arrivesLater,
}

// askForIt follows a grant that the reader may not make, as far as is known.
var askForIt = say(Here, "If you are not allowed to grant it, take out a request.", "自分で付与できない場合は、管理者への依頼を書き出してください。")

// What there is to do once the step of a line is made.
var (
	isGranted   = say(Here, "Now {Who} has {Role} on {Target}.", "{Target}で、{Who}に{Role}を付与しました。")
	deployAgain = say(Here, "Then deploy again.", "その後、もう一度デプロイしてください。")
	isDone      = say(Here, "The step is done.", "この手順は完了しました。")
)

// catalogue has the texts of each kind of line.
var catalogue = map[string]checkTexts{
	model.CheckRunAPI: {
		page: pageTroubleshooting,
		what: []claim{
			apisAreTurnedOn,
			say(Here, "The line asks whether Cloud Run is on in {Consumer}.", "この行は、{Consumer}で Cloud Run API が有効かどうかを調べます。"),
		},
		why: []claim{refusedWhileOff},
		remedy: []claim{
			say(pageEnable, "Enable the Cloud Run API in {Consumer}.", "{Consumer}で Cloud Run API を有効にしてください。"),
			say(pageTroubleshooting, "It may take some minutes until that works everywhere.", "全体に反映されるまで、数分かかることがあります。"),
		},
	},
	model.CheckAgent: {
		page: pageServiceAgents,
		what: []claim{
			lanePulls,
			say(Here, "The line asks whether it has its own role there.", "この行は、そこで自分のロールを持っているかどうかを調べます。"),
		},
		why: []claim{
			say(pageRunRoles, "Google usually grants that role by itself.", "このロールは、通常は Google が自動的に付与します。"),
			agentRoleNeeded,
		},
		remedy: append([]claim{
			say(pageCreateAgents, "In a new project, create the agent first.", "新しいプロジェクトでは、先にエージェントを作成してください。"),
			say(pageCreateAgents, "It comes without its role then.", "その場合、ロールは付いていません。"),
		}, grantIt...),
	},
	model.CheckPull: {
		page: pageOtherProjects,
		what: []claim{
			lanePulls,
			madeByGoogle,
			say(Here, "The line asks whether it may read {Place}.", "この行は、{Place}を読み取れるかどうかを調べます。"),
		},
		why: []claim{
			pulledAs,
			say(pageOtherProjects, "Another project has to let it in.", "別のプロジェクトのイメージには、そのプロジェクトでの許可が必要です。"),
		},
		remedy: grantIt,
	},
	model.CheckDeploy: {
		page: pageRunRoles,
		what: []claim{
			laneDeploys,
			say(Here, "The line asks whether it may create or change {Workload}.", "この行は、{Workload}を作成または更新できるかどうかを調べます。"),
		},
		why: []claim{
			say(pageRunRoles, "Cloud Run checks this before it accepts a deploy.", "Cloud Run は、デプロイを受け付ける前にこれを確認します。"),
			say(pageRunRoles, "Looking at the result takes a right too.", "結果を見るための権限も必要です。"),
		},
		remedy: grantIt,
	},
	model.CheckActAs: {
		page: pageAttach,
		what: []claim{
			say(pageIdentity, "Your container runs as {Account}.", "コンテナは{Account}として実行されます。"),
			say(Here, "The line asks whether DEPLOYS may act as that account.", "この行は、DEPLOYS がそのアカウントとして動作できるかどうかを調べます。"),
		},
		why: []claim{
			say(pageAttach, "Who attaches an account to code can use its rights.", "アカウントをコードに関連付けると、その権限を使えるようになります。"),
			say(pageAttach, "So the account itself has to allow it.", "そのため、アカウント側での許可が必要です。"),
		},
		remedy: grantIt,
	},
	model.CheckReadImage: {
		page: pageDeploying,
		what: []claim{
			laneDeploys,
			say(Here, "The line asks whether it may read {Place} too.", "この行は、{Place}も読み取れるかどうかを調べます。"),
		},
		why: []claim{
			say(pageTroubleshooting, "Cloud Run asks about the image twice.", "Cloud Run は、イメージについて 2 回確認します。"),
			say(pageRunRoles, "First the deployer must be allowed to read it.", "最初に、デプロイ担当者が読み取れるかを確認します。"),
			say(pageOtherProjects, "Later PULLS fetches it, with a right of its own.", "その後 PULLS が取得しますが、それは別の権限です。"),
		},
		remedy: grantIt,
	},
	model.CheckRunAs: {
		page: pageAttach,
		what: []claim{
			lanePulls,
			say(Here, "The line asks whether it gets tokens of {Account}.", "この行は、{Account}のトークンを取得できるかどうかを調べます。"),
		},
		why: []claim{
			say(pageIdentity, "With a token, your code calls Google's services.", "コードは、トークンを使って Google のサービスを呼び出します。"),
			say(pageTroubleshooting, "Cloud Run gets the token through its service agent.", "Cloud Run は、サービス エージェントを通じてトークンを取得します。"),
			say(pageAttach, "An account of another project has to allow it.", "別のプロジェクトのアカウントでは、そこでの許可が必要です。"),
		},
		remedy: grantIt,
	},
	model.CheckRuntimeAccount: {
		page: pageIdentity,
		what: []claim{
			laneRuns,
			say(Here, "The line asks whether {Account} exists and is enabled.", "この行は、{Account}が存在し、有効かどうかを調べます。"),
		},
		why: runnerWhy,
		remedy: []claim{
			say(pageIdentity, "Create or enable the account.", "アカウントを作成するか、有効にしてください。"),
			say(pageIdentity, "Or deploy with another account.", "または、別のアカウントを指定してデプロイしてください。"),
		},
	},
	model.CheckImage: {
		page: pageDeploying,
		what: []claim{
			say(pageDeploying, "An image holds your program, ready to run.", "イメージには、実行できる形のプログラムが入っています。"),
			say(Here, "The line asks whether {Image} is there.", "この行は、{Image}があるかどうかを調べます。"),
		},
		why: []claim{
			say(pageTroubleshooting, "What is not there can't be deployed.", "存在しないイメージはデプロイできません。"),
			say(pageDeploying, "A service keeps the very image that it was deployed with.", "サービスは、デプロイされたときのイメージを使い続けます。"),
		},
		remedy: []claim{
			say(pageImageNames, "Push the image, or choose a tag that exists.", "イメージを push するか、存在するタグを選んでください。"),
			say(pageImageNames, "Check its project, location and repository too.", "プロジェクト、ロケーション、リポジトリも確認してください。"),
		},
	},
	model.CheckUpstream: {
		page: pageRepositories,
		what: []claim{
			say(pageRepositories, "A virtual or remote repository takes images from others.", "仮想リポジトリとリモート リポジトリは、ほかのリポジトリからイメージを取得します。"),
			say(Here, "The line asks whether its agent may read {Place}.", "この行は、そのエージェントが{Place}を読み取れるかどうかを調べます。"),
		},
		why: []claim{
			say(pageRegistryAccess, "PULLS needs a right on the first repository only.", "PULLS に必要なのは、最初のリポジトリの権限だけです。"),
			say(pageRegistryAgent, "Behind it, the Artifact Registry service agent reads.", "その先は、Artifact Registry サービス エージェントが読み取ります。"),
			say(pageRepositories, "Each upstream has to let that agent in.", "アップストリームごとに、そのエージェントへの許可が必要です。"),
		},
		remedy: grantIt,
	},
}
