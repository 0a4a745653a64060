package failure

// The headlines: the lane, and what is wrong with it. What is in no lane is said without one.
var (
	headCantRead       = entry{EN: "{Lane} can't read the image", JA: "{Lane}: イメージを読み取れません"}
	headCantActAs      = entry{EN: "{Lane} may not act as the runtime service account", JA: "{Lane}: サービス ID を関連付ける権限がありません"}
	headCantActAsOther = entry{EN: "{Lane} may not act as the service account", JA: "{Lane}: サービス アカウントを関連付ける権限がありません"}
	headNoTokens       = entry{EN: "{Lane} can't get tokens for the runtime service account", JA: "{Lane}: サービス ID のトークンを取得できません"}
	headCantCallAs     = entry{EN: "{Lane} can't call as the service account", JA: "{Lane}: サービス アカウントの権限を借用できません"}
	headCantPush       = entry{EN: "{Lane} can't push the image", JA: "{Lane}: イメージを push できません"}
	headPushRefused    = entry{EN: "{Lane} was refused by the registry", JA: "{Lane}: レジストリに拒否されました"}
	headNotSignedIn    = entry{EN: "{Lane} is not signed in to the registry", JA: "{Lane}: レジストリにログインしていません"}
	headCantCreate     = entry{EN: "{Lane} may not create the repository", JA: "{Lane}: リポジトリを作成できません"}
	headImmutable      = entry{EN: "{Lane} can't overwrite an immutable tag", JA: "{Lane}: 既存のタグは変更できません"}
	headBuildFailed    = entry{EN: "The build failed", JA: "ビルドが失敗しました"}
	headShut           = entry{EN: "Container Registry is shut down", JA: "Container Registry は提供を終了しています"}
	headNoSource       = entry{EN: "{Lane} can't read the source", JA: "{Lane}: ソースを読み取れません"}
	headNoLogs         = entry{EN: "{Lane} can't write its logs", JA: "{Lane}: ログを書き込めません"}
	headNoKey          = entry{EN: "{Lane} can't use the key", JA: "{Lane}: 鍵を使用できません"}
	headNoSecret       = entry{EN: "{Lane} can't read the secret", JA: "{Lane}: シークレットを読み取れません"}
	headNoBucket       = entry{EN: "{Lane} can't use the bucket", JA: "{Lane}: バケットを使用できません"}
	headNoDatabase     = entry{EN: "{Lane} can't connect to Cloud SQL", JA: "{Lane}: Cloud SQL に接続できません"}
	headNoConnector    = entry{EN: "Cloud Run can't use the VPC connector", JA: "Cloud Run が VPC コネクタを使用できません"}
	headNoAccount      = entry{EN: "{Lane} has no service account", JA: "{Lane}: サービス アカウントが存在しません"}
	headLacks          = entry{EN: "{Lane} lacks {Permission}", JA: "{Lane}: {Permission}がありません"}
	headRefused        = entry{EN: "{Lane} was refused", JA: "{Lane}: 拒否されました"}

	headImageNotFound      = entry{EN: "The image does not exist", JA: "イメージが存在しません"}
	headFunctions          = entry{EN: "Cloud Functions takes no repository of another project", JA: "Cloud Functions は別のプロジェクトのリポジトリを使用できません"}
	headScopes             = entry{EN: "The credentials have too few scopes", JA: "認証情報のスコープが不足しています"}
	headImageReference     = entry{EN: "Cloud Run does not take images from there", JA: "Cloud Run はこのレジストリのイメージを使用できません"}
	headAPIDisabled        = entry{EN: "An API is off", JA: "API が無効です"}
	headRegistryDenied     = entry{EN: "The registry refused whoever asked", JA: "レジストリがリクエストを拒否しました"}
	headRepositoryNotFound = entry{EN: "The repository does not exist", JA: "リポジトリが存在しません"}
	headMemberNotFound     = entry{EN: "A member does not exist", JA: "プリンシパルが存在しません"}
	headOrgPolicy          = entry{EN: "An organization policy refused a member", JA: "組織のポリシーによりプリンシパルが拒否されました"}
	headOtherPolicy        = entry{EN: "An organization policy refused this", JA: "組織のポリシーにより拒否されました"}
	headServiceControls    = entry{EN: "A service perimeter refused the request", JA: "サービス境界によりリクエストが拒否されました"}
	headConcurrentChange   = entry{EN: "Two writers met on one policy", JA: "1 つのポリシーへの変更が競合しました"}
	headNotAccess          = entry{EN: "No question of access", JA: "アクセス権の問題ではありません"}
	headInvoker            = entry{EN: "The URL refused whoever called it", JA: "URL の呼び出しが拒否されました"}
	headUnrecognized       = entry{EN: "No cause could be read", JA: "原因を読み取れませんでした"}
)
