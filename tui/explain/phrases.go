package explain

import (
	language "whopulls/model/words"
	"whopulls/tui/ui"
)

// phrase is what the screen of an error message says in its language.
type phrase = language.Message[phraseValues]

// phraseValues are what phrases name.
type phraseValues struct {
	Key  language.Text // that does it
	What language.Text // what a field takes
	Why  language.Text // what is wrong
	Next language.Text // what helps
}

var (
	sayBreadcrumb     = phrase{EN: "an error message", JA: "エラー メッセージ"}
	sayTitle          = phrase{EN: "What did the deploy say?", JA: "デプロイ時のメッセージ"}
	sayPaste          = phrase{EN: "Paste the error message: what gcloud, Terraform, a log entry, the console or docker said, in any state. It names the identity at fault, and the map can be drawn from it.", JA: "エラー メッセージを貼り付けてください。gcloud、Terraform、ログエントリ、コンソール、docker のどのメッセージでも、途中で切れていてもかまいません。原因の ID を示し、マップを表示できます。"}
	sayMap            = phrase{EN: "The map is drawn for", JA: "マップの対象"}
	sayOthers         = phrase{EN: "Also in the text:", JA: "テキストにあるほかのエラー:"}
	sayProject        = phrase{EN: "consumer project", JA: "実行側プロジェクト"}
	sayImage          = phrase{EN: "image", JA: "イメージ"}
	sayDeployer       = phrase{EN: "deployer", JA: "デプロイ担当者"}
	sayRunningProject = phrase{EN: "the project that runs the image", JA: "イメージを実行するプロジェクト"}
	sayYou            = phrase{EN: "you", JA: "あなた"}

	sayPasteFirst    = phrase{EN: "paste the error message first", JA: "先にエラー メッセージを貼り付けてください"}
	sayNoMap         = phrase{EN: "no map can be drawn from this text", JA: "このテキストからマップは表示できません"}
	sayNameProject   = phrase{EN: "name the project that runs the image: the text does not tell it", JA: "イメージを実行するプロジェクトを入力してください。テキストからは読み取れません"}
	sayNoImage       = phrase{EN: "name the image, or its repository: the text does not tell it", JA: "イメージまたはリポジトリを入力してください。テキストからは読み取れません"}
	sayNotValid      = phrase{EN: "not {What}: {Why}; {Next}", JA: "{What}ではありません: {Why}; {Next}"}
	sayProjectNoun   = phrase{EN: "a project", JA: "プロジェクト"}
	sayReferenceNoun = phrase{EN: "an image reference", JA: "イメージ参照"}
	sayMemberNoun    = phrase{EN: "a member", JA: "プリンシパル"}
	sayChooseBack    = phrase{EN: "{Key} leads back; choose the project that runs the image, what runs it, and the image", JA: "{Key} で戻り、イメージを実行するプロジェクト、ワークロード、イメージの順に選びます"}

	sayDraw        = phrase{EN: "draw the map", JA: "マップを表示"}
	sayCorrect     = phrase{EN: "correct it", JA: "修正"}
	sayCorrectHelp = phrase{EN: "correct what the map is drawn for: the next field", JA: "マップの対象を修正（次の項目）"}
	sayScroll      = phrase{EN: "scroll", JA: "スクロール"}
	sayClear       = phrase{EN: "clear", JA: "消去"}
	sayCopy        = phrase{EN: "copy", JA: "コピー"}
	sayCommand     = phrase{EN: "command", JA: "コマンド"}
	sayMeaning     = phrase{EN: "meaning", JA: "意味"}
	sayText        = phrase{EN: "the text", JA: "テキスト"}
	sayLeave       = phrase{EN: "leave the field", JA: "項目を離れる"}
)

// speaker is the session, speaking the user's language.
type speaker struct{ *ui.Session }

// translate is a phrase in the program's language.
func (e speaker) translate(p phrase) string { return e.translateWith(p, phraseValues{}) }

func (e speaker) translateWith(p phrase, v phraseValues) string {
	return p.With(v).Render(e.Language)
}

// labelColumnWidth is how wide the names of facts and fields stand.
func (e speaker) labelColumnWidth() int {
	if e.Language == language.Japanese {
		return 24
	}
	return 18
}
