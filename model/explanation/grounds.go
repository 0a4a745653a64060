package explanation

import "whopulls/model"

// groundTexts say what a verdict rests on, and what to do about it.
type groundTexts struct {
	found  []claim // what was found
	advice []claim // what to do, before the remedy of the check
	page   Source  // of what stands in the way, where the check's own page does not speak of it
	closes bool    // the remedy of the check closes it
}

var nothingToDo = say(Here, "There is nothing to do.", "何もする必要はありません。")

// noGrantHelps is said where a role changes nothing.
var noGrantHelps = say(pageDeny, "No role helps against it.", "ロールを付与しても解決しません。")

// couldNotRead is said where a read failed.
var couldNotRead = []claim{
	say(Here, "Something that decides this could not be read.", "判断に必要な情報を読み取れませんでした。"),
	say(Here, "It may be granted already.", "すでに許可されている可能性もあります。"),
}

// grounds has the texts of what verdicts rest on.
var grounds = map[model.Ground]groundTexts{
	model.GroundBinding: {found: []claim{nothingToDo, say(Here, "{Role} on {Where} gives it.", "{Where}の{Role}で許可されています。")}},
	model.GroundInherited: {found: []claim{
		nothingToDo,
		say(Here, "{Role} on {Where} gives it.", "{Where}の{Role}で許可されています。"),
		say(pageAllowPolicies, "A role reaches everything below the place of its grant.", "ロールは、付与した場所より下のリソースに継承されます。"),
	}},
	model.GroundPublic: {found: []claim{
		nothingToDo,
		say(pageRegistryAccess, "It is granted to everybody.", "すべてのユーザーに許可されています。"),
		say(Here, "Check whether everybody is meant to have it.", "公開してよいかどうかを確認してください。"),
	}},
	model.GroundTest: {found: []claim{
		nothingToDo,
		say(pageTesting, "Google was asked about your own rights, and said yes.", "自分の権限を Google に問い合わせ、許可ありと確認しました。"),
	}},
	model.GroundOpinionGranted: {found: []claim{nothingToDo, say(Here, "Policy Troubleshooter says that it is granted.", "Policy Troubleshooter の判定は許可ありです。")}},
	model.GroundSeen:           {found: []claim{nothingToDo, say(Here, "It was looked up, and is in order.", "確認したところ、問題ありません。")}},
	model.GroundNotNeeded: {found: []claim{
		nothingToDo,
		say(Here, "The workload runs as an agent identity, without an account.", "ワークロードはエージェント ID で実行され、サービス アカウントを使いません。"),
		say(Here, "So this line does not apply.", "そのため、この行は対象外です。"),
	}},

	model.GroundNothing: {found: []claim{say(Here, "Every level was read, and no binding gives it.", "すべての階層を確認しましたが、許可するロール バインディングがありません。")}, closes: true},
	model.GroundCondition: {
		found:  []claim{say(pageAllowPolicies, "A binding would give it, but its condition fails.", "ロール バインディングはありますが、その条件を満たしていません。")},
		advice: []claim{say(Here, "Renew the binding, or grant the role without a condition.", "条件を見直すか、条件なしでロールを付与してください。")},
		closes: true,
	},
	model.GroundInertRole: {
		found: []claim{
			say(pageCustomRoles, "A binding has a role that gives nothing now.", "ロール バインディングのロールは、現在何も許可しません。"),
			say(pageCustomRoles, "The role is disabled or deleted.", "ロールが無効になっているか、削除されています。"),
		},
		advice: []claim{say(Here, "Enable the role, or grant another one.", "ロールを有効にするか、別のロールを付与してください。")},
		page:   pageCustomRoles, closes: true,
	},
	model.GroundTestNo: {found: []claim{say(pageTesting, "Google was asked about your own rights, and said no.", "自分の権限を Google に問い合わせたところ、許可されていません。")}, closes: true},
	model.GroundTestAgainst: {
		found: []claim{
			say(pageTesting, "A binding gives it, and Google still says no.", "ロール バインディングはありますが、Google の応答は拒否でした。"),
			say(pageDeny, "A deny policy or a recent change may be why.", "拒否ポリシーか、最近の変更が原因かもしれません。"),
		},
		advice: []claim{say(pagePropagation, "Wait some minutes, and refresh.", "数分待ってから、更新してください。")},
	},
	model.GroundOpinionMissing: {found: []claim{say(Here, "Policy Troubleshooter says that nothing gives it.", "Policy Troubleshooter の判定は不足です。")}, closes: true},
	model.GroundAbsent:         {found: []claim{say(Here, "It was looked up, and is not there.", "確認しましたが、存在しません。")}, closes: true},
	model.GroundOff:            {found: []claim{say(Here, "It was looked up, and is off.", "確認しましたが、無効です。")}, closes: true},
	model.GroundFormat: {
		found:  []claim{say(pageRepositories, "The repository has a format that holds no images.", "リポジトリの形式が、コンテナ イメージ用ではありません。")},
		advice: []claim{say(pageRepositories, "Choose a repository of the format Docker.", "形式が Docker のリポジトリを選んでください。")},
	},
	model.GroundDisabled: {
		found: []claim{
			say(Here, "The account is disabled.", "アカウントが無効になっています。"),
			say(NotDocumented, "What Cloud Run does then is not known.", "その場合に Cloud Run がどう動作するかは不明です。"),
		},
		closes: true,
	},
	model.GroundDying: {
		found: []claim{say(pageDeleteProject, "The project is being deleted, and may stop any moment.", "プロジェクトは削除中で、いつ使えなくなるかわかりません。")},
		advice: []claim{
			say(pageDeleteProject, "If that was not meant, take the deletion back.", "意図しない場合は、削除を取り消してください。"),
			say(Here, "Or use another project.", "または、別のプロジェクトを使ってください。"),
		},
		page: pageDeleteProject,
	},
	model.GroundRefused: {
		found:  []claim{say(pageDeploying, "Cloud Run takes no images from that registry.", "Cloud Run は、そのレジストリのイメージを使えません。")},
		advice: []claim{say(pageDeploying, "Use it through a remote repository of Artifact Registry.", "Artifact Registry のリモート リポジトリを経由して使ってください。")},
	},

	model.GroundDenyPolicy: {
		found: []claim{
			say(pageDeny, "A deny policy on {Where} takes it away.", "{Where}の拒否ポリシーで拒否されています。"),
			say(pageDeny, "It wins over every role.", "拒否ポリシーは、どのロールよりも優先されます。"),
		},
		advice: []claim{noGrantHelps, say(Here, "Ask who manages the policy for an exception.", "ポリシーの管理者に、例外を依頼してください。")},
		page:   pageDeny,
	},
	model.GroundBoundary: {
		found: []claim{
			say(pageBoundaries, "An access boundary stops this account.", "プリンシパル アクセス境界（PAB）ポリシーで拒否されています。"),
			say(pageBoundaries, "It limits where an account may use its roles.", "アカウントがロールを使える範囲を制限するものです。"),
		},
		advice: []claim{say(Here, "Ask who manages the boundary to widen it.", "境界の管理者に、範囲を広げるよう依頼してください。")},
		page:   pageBoundaries,
	},
	model.GroundOrganizationPolicy: {
		found: []claim{
			say(pageAttach, "An organization policy keeps accounts in their own project.", "組織のポリシーにより、アカウントは別のプロジェクトで使えません。"),
			say(pageAttach, "It holds unless somebody turns it off.", "この制約は、オフにしない限り適用されます。"),
		},
		advice: []claim{say(pageAttach, "Have it turned off, or use an account of {Consumer}.", "オフにするよう依頼するか、{Consumer}のアカウントを使ってください。")},
	},
	model.GroundOpinionDenied: {
		found:  []claim{say(Here, "Policy Troubleshooter says that it is denied.", "Policy Troubleshooter の判定は拒否です。")},
		advice: []claim{noGrantHelps, say(Here, "Ask an administrator which policy denies it.", "どのポリシーで拒否されるかを、管理者に確認してください。")},
		page:   pageDeny,
	},

	model.GroundUnread: {found: couldNotRead,
		advice: []claim{say(Here, "To see it, ask for {Need} on {Where}.", "確認するには、{Where}で{Need}を付与するよう管理者に依頼してください。")}},
	model.GroundUnreadOff: {found: couldNotRead, advice: []claim{
		say(pageEnable, "The API that would answer is off.", "確認に必要な API が無効になっています。"),
		say(Here, "No role helps: to see it, have {Where} turned on.", "ロールでは解決しません。確認するには、{Where}を有効にしてください。"),
	}},
	model.GroundUnreadNow: {found: couldNotRead, advice: []claim{
		say(Here, "Google gave no answer this time, or a quota is used up.", "Google が応答しなかったか、割り当てを使い切りました。"),
		say(Here, "Wait a minute, and refresh.", "1 分ほど待ってから、更新してください。"),
	}},
	model.GroundUnreadFailed: {found: couldNotRead, advice: []claim{
		say(Here, "The reason on the line says what is in the way.", "何が妨げているかは、この行の理由に示しています。"),
	}},
	model.GroundUndecided: {
		found: []claim{
			say(Here, "What was read does not decide it.", "読み取った情報だけでは判断できません。"),
			say(Here, "A group, a tag or a condition may matter.", "グループ、タグ、条件などが関係している可能性があります。"),
		},
		advice: []claim{say(Here, "Ask an administrator who knows them.", "詳しい管理者に確認してください。")},
	},
	model.GroundUnseen: {
		found: []claim{
			say(Here, "You are not allowed to, or it does not exist.", "権限がないか、存在しません。"),
			say(NotDocumented, "Google answers both the same way.", "Google の応答では区別できません。"),
		},
		advice: []claim{say(Here, "Check the name first, and only then ask for a role.", "先に名前を確認し、その後でロールを依頼してください。")},
	},
	model.GroundElsewhere: {
		found: []claim{
			say(pageDeploying, "The image is not in Artifact Registry.", "イメージは Artifact Registry にありません。"),
			say(Here, "Google's IAM does not decide there, so nothing was looked at.", "Google の IAM の対象外なので、何も確認していません。"),
		},
		advice: []claim{
			say(pageDeploying, "A public image works.", "公開イメージは使えます。"),
			say(pageDeploying, "A private one needs a remote repository.", "非公開イメージには、リモート リポジトリが必要です。"),
		},
	},
	model.GroundPending: {
		found:  []claim{say(Here, "The answer is still on its way.", "まだ確認中です。")},
		advice: []claim{say(Here, "Wait a moment.", "しばらくお待ちください。")},
	},
}

// repeatIt comes before a grant that may be there already.
var repeatIt = say(Here, "A second grant does no harm.", "すでに付与されていても、重ねて付与して問題ありません。")

// makeItFirst is the remedy of a line whose repository or account is not there.
var makeItFirst = say(Here, "Create it first, or correct its name.", "先に作成するか、名前を修正してください。")

// checkOwner comes before a request for what could not be seen at all.
var checkOwner = say(Here, "First make sure that {Place} exists and is yours.", "先に、{Place}が存在し、自分たちのものであることを確認してください。")
