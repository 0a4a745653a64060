package explanation

import (
	"strconv"

	"whopulls/model"
)

// The members of bindings.
var (
	memberDeleted = []claim{say(pageAllowPolicies, "This account was deleted.", "このアカウントは削除されています。"),
		say(pageAllowPolicies, "Its bindings give nothing, and Google keeps them for a time.", "ロール バインディングは何も許可しませんが、しばらく残ります。")}
	memberEverybody = []claim{say(pageRegistryAccess, "This binding is for everybody.", "このロール バインディングは、すべてのユーザーを対象とします。")}
	memberAgent     = []claim{say(pageServiceAgents, "This is the Cloud Run service agent of {Consumer}.", "これは、{Consumer}の Cloud Run サービス エージェントです。"),
		say(pageOtherProjects, "Cloud Run pulls images as this account.", "Cloud Run は、このアカウントとしてイメージを pull します。")}
	memberAccount = []claim{say(Here, "This is a service account: {Member}.", "これはサービス アカウントです: {Member}。"),
		say(pageOtherProjects, "Cloud Run does not pull as it.", "Cloud Run は、このアカウントとしては pull しません。")}
	memberOther = []claim{say(Here, "This is {Member}.", "これは {Member} です。"),
		say(NotDocumented, "Cloud Run does not pull as it, but people may.", "Cloud Run の pull には使われませんが、人が使うことがあります。")}
	memberRole = say(Here, "It has {Role} on {Where}.", "{Where}の{Role}を持っています。")
)

// memberTexts say who a member is.
func memberTexts(m model.Member) []claim {
	switch {
	case m.Deleted():
		return memberDeleted
	case m.IsEverybody():
		return memberEverybody
	case model.RunServiceAgentProject(m) != "":
		return memberAgent
	case m.IsServiceAccount():
		return memberAccount
	}
	return memberOther
}

// bindingTexts explain a binding of one status.
type bindingTexts struct{ why, advice []claim }

var (
	keepIt   = say(Here, "There is nothing to do: it stays.", "何もする必要はありません。そのまま残します。")
	removeIt = say(Here, "It can be removed, and you are asked first.", "取り消すことができます。その前に確認があります。")
	leaveIt  = say(Here, "It stays until more can be seen.", "詳しいことがわかるまで、そのまま残します。")
	// What taking an agent's right does is said by Google for services alone.
	laterDeploys = say(pageDeploying, "Running services keep their image; a later deploy would fail.", "実行中のサービスは動き続けますが、次のデプロイは失敗します。")
)

// bindingCatalogue has the texts of each status.
var bindingCatalogue = map[model.StaleStatus]bindingTexts{
	model.StaleDeleted: {why: []claim{say(pageAllowPolicies, "It is not needed: nobody has it any more.", "不要です。使う人はもういません。")}, advice: []claim{removeIt}},
	model.StaleExpired: {why: []claim{say(pageAllowPolicies, "It is not needed: its condition can never hold again.", "不要です。条件を満たすことはもうありません。")}, advice: []claim{removeIt}},
	model.StaleDying: {
		why:    []claim{say(pageDeleteProject, "Most likely it is not needed: its project is being deleted.", "おそらく不要です。プロジェクトが削除中です。")},
		advice: []claim{removeIt},
	},
	model.StalePublic: {
		why:    []claim{say(Here, "Whether everybody is meant to read, only a person knows.", "公開が意図したものかどうかは、人にしか判断できません。")},
		advice: []claim{say(Here, "Decide whether everybody is meant to read.", "公開してよいかどうかを決めてください。"), say(Here, "whopulls does not remove it.", "whopulls は取り消しません。")},
	},
	model.StaleRedundant: {
		why:    []claim{say(pageAllowPolicies, "It is not needed: another binding gives the same.", "不要です。別のロール バインディングで同じ権限が付与されています。")},
		advice: []claim{removeIt, say(Here, "Removing the wider one instead may be better.", "範囲の広いほうを取り消すほうがよい場合もあります。")},
	},
	model.StaleUnknown: {
		why:    []claim{say(Here, "That is open: something that matters could not be seen.", "不明です。判断に必要な情報を確認できませんでした。")},
		advice: []claim{leaveIt},
	},
	model.StaleIdle: {
		why:    []claim{say(Here, "Most likely not: nothing in {Consumer} was seen to use it.", "おそらく不要です。{Consumer}に、これを使うものは見つかりませんでした。")},
		advice: []claim{removeIt, laterDeploys},
	},
	model.StaleMisplaced: {
		why: []claim{
			say(NotDocumented, "For the pull it is not needed: PULLS does that.", "pull には不要です。pull するのは PULLS です。"),
			say(Here, "The code that runs may read images itself.", "ただし、実行中のコードがイメージを読み取る場合もあります。"),
		},
		advice: []claim{removeIt, say(Here, "Ask who wrote the code first.", "先に、コードの開発者に確認してください。")},
	},
	model.StaleExcessive: {
		why:    []claim{say(pageRegistryAccess, "It is needed, but gives more than reading.", "必要ですが、読み取り以外の権限も含んでいます。")},
		advice: []claim{say(Here, "You can have the reader role put in its place.", "読み取りロールに置き換えることができます。"), say(Here, "Each change asks first.", "変更の前に、毎回確認があります。")},
	},
	model.StaleActive: {why: []claim{say(Here, "It is needed.", "このロール バインディングは必要です。")}, advice: []claim{keepIt}},
}

// notJudged is what there is to say about a member that whopulls does not judge.
var notJudged = bindingTexts{
	why:    []claim{say(Here, "whopulls can't tell: it judges only who Cloud Run pulls as.", "判断できません。whopulls が調べるのは、Cloud Run が pull に使うアカウントだけです。")},
	advice: []claim{say(Here, "Ask its owner whether it is still needed.", "まだ必要かどうかを、所有者に確認してください。"), say(Here, "whopulls leaves it alone.", "whopulls は何も変更しません。")},
}

// What may be added.
var (
	usedBy     = say(Here, "{Workload} of {Consumer} uses it.", "{Consumer}の{Workload}が使っています。")
	usedByMore = say(Here, "So do others: {Count}.", "ほかに{Count}件が使っています。")
	undoIt     = say(Here, "The last change that whopulls made of it can be taken back.", "whopulls が最後に行った変更は、元に戻せます。")
)

// OfBinding explains a row of the registry. Undoable reports whether its last change can be taken back.
func OfBinding(b model.StaleBinding, levels []model.Ancestor, undoable bool) Explanation {
	texts := bindingCatalogue[b.Status]
	if !b.IsJudged() {
		texts = notJudged
	}
	e := Explanation{values: bindingValues(b, levels), page: pageRegistryAccess, do: texts.advice}
	e.what = append(append(e.what, memberTexts(b.Member)...), memberRole)
	e.why = append(e.why, texts.why...)
	if len(b.Evidence) > 0 {
		e.why = append(e.why, usedBy)
	}
	if len(b.Evidence) > 1 {
		e.why = append(e.why, usedByMore)
	}
	if undoable {
		e.do = append(append([]claim{}, e.do...), undoIt)
	}
	return e
}

// bindingValues are the facts of a binding.
func bindingValues(b model.StaleBinding, levels []model.Ancestor) values {
	v := values{Consumer: name(b.Consumer()), Role: name(b.Role), Where: resourceText(b.Resource, levels), Member: name(b.Member.Value())}
	if len(b.Evidence) > 0 {
		use := b.Evidence[0]
		v.Workload = resourceText(use.Workload.Resource(use.Project), nil)
		v.Count = name(strconv.Itoa(len(b.Evidence) - 1))
	}
	return v.complete()
}
