package failure

// The headlines: the lane, and what is wrong with it. What is in no lane is said without one.
var (
	headCantRead       = bilingual{EN: "{Lane} can't read the image", JA: "{Lane}: イメージを読み取れません"}
	headCantActAs      = bilingual{EN: "{Lane} may not act as the runtime service account", JA: "{Lane}: サービス ID を関連付ける権限がありません"}
	headCantActAsOther = bilingual{EN: "{Lane} may not act as the service account", JA: "{Lane}: サービス アカウントを関連付ける権限がありません"}
	headNoTokens       = bilingual{EN: "{Lane} can't get tokens for the runtime service account", JA: "{Lane}: サービス ID のトークンを取得できません"}
	headCantCallAs     = bilingual{EN: "{Lane} can't call as the service account", JA: "{Lane}: サービス アカウントの権限を借用できません"}
	headCantPush       = bilingual{EN: "{Lane} can't push the image", JA: "{Lane}: イメージを push できません"}
	headPushRefused    = bilingual{EN: "{Lane} was refused by the registry", JA: "{Lane}: レジストリに拒否されました"}
	headNotSignedIn    = bilingual{EN: "{Lane} is not signed in to the registry", JA: "{Lane}: レジストリにログインしていません"}
	headCantCreate     = bilingual{EN: "{Lane} may not create the repository", JA: "{Lane}: リポジトリを作成できません"}
	headImmutable      = bilingual{EN: "{Lane} can't overwrite an immutable tag", JA: "{Lane}: 既存のタグは変更できません"}
	headBuildFailed    = bilingual{EN: "The build failed", JA: "ビルドが失敗しました"}
	headShut           = bilingual{EN: "Container Registry is shut down", JA: "Container Registry は提供を終了しています"}
	headNoSource       = bilingual{EN: "{Lane} can't read the source", JA: "{Lane}: ソースを読み取れません"}
	headNoLogs         = bilingual{EN: "{Lane} can't write its logs", JA: "{Lane}: ログを書き込めません"}
	headNoKey          = bilingual{EN: "{Lane} can't use the key", JA: "{Lane}: 鍵を使用できません"}
	headNoSecret       = bilingual{EN: "{Lane} can't read the secret", JA: "{Lane}: シークレットを読み取れません"}
	headNoBucket       = bilingual{EN: "{Lane} can't use the bucket", JA: "{Lane}: バケットを使用できません"}
	headNoDatabase     = bilingual{EN: "{Lane} can't connect to Cloud SQL", JA: "{Lane}: Cloud SQL に接続できません"}
	headNoConnector    = bilingual{EN: "Cloud Run can't use the VPC connector", JA: "Cloud Run が VPC コネクタを使用できません"}
	headNoAccount      = bilingual{EN: "{Lane} has no service account", JA: "{Lane}: サービス アカウントが存在しません"}
	headLacks          = bilingual{EN: "{Lane} lacks {Permission}", JA: "{Lane}: {Permission}がありません"}
	headRefused        = bilingual{EN: "{Lane} was refused", JA: "{Lane}: 拒否されました"}

	headImageNotFound      = bilingual{EN: "The image does not exist", JA: "イメージが存在しません"}
	headFunctions          = bilingual{EN: "Cloud Functions takes no repository of another project", JA: "Cloud Functions は別のプロジェクトのリポジトリを使用できません"}
	headScopes             = bilingual{EN: "The credentials have too few scopes", JA: "認証情報のスコープが不足しています"}
	headImageReference     = bilingual{EN: "Cloud Run does not take images from there", JA: "Cloud Run はこのレジストリのイメージを使用できません"}
	headAPIDisabled        = bilingual{EN: "An API is off", JA: "API が無効です"}
	headRegistryDenied     = bilingual{EN: "The registry refused the request", JA: "レジストリがリクエストを拒否しました"}
	headRepositoryNotFound = bilingual{EN: "The repository does not exist", JA: "リポジトリが存在しません"}
	headMemberNotFound     = bilingual{EN: "A member does not exist", JA: "プリンシパルが存在しません"}
	headOrgPolicy          = bilingual{EN: "An organization policy refused a member", JA: "組織のポリシーによりプリンシパルが拒否されました"}
	headOtherPolicy        = bilingual{EN: "An organization policy refused this", JA: "組織のポリシーにより拒否されました"}
	headServiceControls    = bilingual{EN: "A service perimeter refused the request", JA: "サービス境界によりリクエストが拒否されました"}
	headConcurrentChange   = bilingual{EN: "Two writers met on one policy", JA: "1 つのポリシーへの変更が競合しました"}
	headNotAccess          = bilingual{EN: "No question of access", JA: "アクセス権の問題ではありません"}
	headInvoker            = bilingual{EN: "The URL refused the call", JA: "URL の呼び出しが拒否されました"}
	headUnrecognized       = bilingual{EN: "No cause could be read", JA: "原因を読み取れませんでした"}
)
