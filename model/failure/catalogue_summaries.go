package failure

// The summaries: which identity, and what it lacks. Each is one or two whole sentences.
var (
	sumPuller = entry{EN: "{Agent} may not read the image.", JA: "{Agent}はイメージを読み取れません。"}
	sumPulls  = entry{
		EN: "The agent pulls the image; the runtime service account needs nothing for the pull. Whoever deploys needs to read the image too: Cloud Run checks that separately.",
		JA: "イメージを pull するのはこのエージェントで、そのためにサービス ID に必要なものはありません。デプロイ担当者アカウントにもイメージの読み取りが必要で、Cloud Run は別に確認します。"}
	sumDeployerRead = entry{
		EN: "{Who} may not read the image. Cloud Run checks this for whoever deploys, and separately for its service agent, which pulls.",
		JA: "{Who}はイメージを読み取れません。Cloud Run はデプロイ担当者アカウントにも読み取りを求め、pull するサービス エージェントとは別に確認します。"}
	sumActAs        = entry{EN: "{Who} may not act as {Account}.", JA: "{Who}は{Account}として動作できません。"}
	sumActAsOr      = entry{EN: "{Who} may not act as {Account}, or that account does not exist.", JA: "{Who}は{Account}として動作できないか、そのアカウントが存在しません。"}
	sumRunAsHome    = entry{EN: "{Agent} may not get access tokens for {Account}, an account of its own project: it lost its own role, or never had it.", JA: "{Agent}は、自分のプロジェクトのアカウントである{Account}のアクセス トークンを取得できません。自分のロールを失ったか、付与されたことがありません。"}
	sumRunAs        = entry{EN: "{Agent} may not get access tokens for {Account}: either it lost its own role, or the account lies in another project.", JA: "{Agent}は{Account}のアクセス トークンを取得できません。自分のロールを失ったか、アカウントが別のプロジェクトにあります。"}
	sumImpersonate  = entry{EN: "{Who} may not get tokens for {Account}, and so can't call as that account.", JA: "{Who}は{Account}のトークンを取得できず、その権限を借用できません。"}
	sumNotFound     = entry{EN: "{Image} does not exist: its name, its tag or its digest is wrong, or it was never pushed.", JA: "{Image}は存在しません。名前、タグ、ダイジェストのいずれかが違うか、push されていません。"}
	sumReference    = entry{EN: "Cloud Run does not take {Image}: it pulls from Artifact Registry, the gcr.io hosts and Docker Hub only.", JA: "Cloud Run は{Image}を使えません。pull できるのは Artifact Registry、gcr.io のホスト、Docker Hub のイメージです。"}
	sumAPI          = entry{EN: "{API} is off in {Project}.", JA: "{Project}で{API}が無効になっています。"}
	sumNoRepository = entry{EN: "{Repository} does not exist in that project and location.", JA: "{Repository}は、そのプロジェクトとロケーションに存在しません。"}

	sumRegistry      = entry{EN: "The registry did not give {Image} to {Who}.", JA: "レジストリは{Who}に{Image}を渡しませんでした。"}
	sumRegistryOr    = entry{EN: "The registry did not give {Image} to {Who}: either they may not read it, or it does not exist.", JA: "レジストリは{Who}に{Image}を渡しませんでした。読み取りが許可されていないか、存在しません。"}
	sumPushOr        = entry{EN: "{Who} may not push to {Repository}, or it does not exist: Google answers both alike.", JA: "{Who}は{Repository}に push できないか、それが存在しません。Google の応答はどちらでも同じです。"}
	sumRegistryAlone = entry{EN: "That says nothing yet about Cloud Run's service agent, which pulls with its own rights.", JA: "これは、独自の権限で pull する Cloud Run サービス エージェントについては何も示していません。"}
	sumNotSignedIn   = entry{EN: "The registry was asked without a sign-in: it does not know who asks.", JA: "ログインせずにレジストリへ要求しました。レジストリは要求者を特定できません。"}
	sumPush          = entry{EN: "{Who} may not push to {Repository}.", JA: "{Who}は{Repository}に push できません。"}
	sumCreateOnPush  = entry{EN: "The repository for that gcr.io host does not exist, and {Who} may not create it by a push.", JA: "その gcr.io ホストのリポジトリは存在せず、{Who}は push によってそれを作成できません。"}
	sumImmutable     = entry{EN: "The tag exists already, and its repository does not let a tag move to another image. No grant helps against that.", JA: "タグはすでに存在し、リポジトリはタグを別のイメージに移すことを許しません。ロールを付与しても解決しません。"}
	sumShut          = entry{EN: "Container Registry is shut down and takes no images. No grant helps against that.", JA: "Container Registry は終了しており、イメージを受け付けません。ロールを付与しても解決しません。"}
	sumPushFirst     = entry{EN: "This is before the pull: your image was not pushed; who pulls comes later.", JA: "これは pull より前の段階です。イメージはまだ push されていません。誰が pull するかはその後の話です。"}
	sumBuildFirst    = entry{EN: "This is before the pull: your image was not built or pushed; who pulls comes later.", JA: "これは pull より前の段階です。イメージはまだビルドも push もされていません。誰が pull するかはその後の話です。"}

	sumLacks       = entry{EN: "{Who} lacks {Permission}.", JA: "{Who}に{Permission}がありません。"}
	sumLacksOn     = entry{EN: "{Who} lacks {Permission} on {Resource}.", JA: "{Who}に、{Resource}に対する{Permission}がありません。"}
	sumLacksOr     = entry{EN: "{Who} lacks {Permission}, or what was asked for does not exist: Google answers both alike.", JA: "{Who}に{Permission}がないか、対象が存在しません。Google の応答はどちらでも同じです。"}
	sumLacksOnOr   = entry{EN: "{Who} lacks {Permission} on {Resource}, or it does not exist: Google answers both alike.", JA: "{Who}に{Resource}に対する{Permission}がないか、{Resource}が存在しません。Google の応答はどちらでも同じです。"}
	sumRefused     = entry{EN: "{Who} was refused; the text does not name the permission.", JA: "{Who}が拒否されました。テキストに権限の名前はありません。"}
	sumBuildLacks  = entry{EN: "{Who} lacks the roles that a build needs.", JA: "{Who}に、ビルドに必要なロールがありません。"}
	sumStaging     = entry{EN: "{Who} may not use {Resource}, where the source of a build goes.", JA: "{Who}は、ビルドのソースを置く{Resource}を使えません。"}
	sumSecret      = entry{EN: "{Who} may not read {Resource}.", JA: "{Who}は{Resource}を読み取れません。"}
	sumLogs        = entry{EN: "{Who} may not write the logs of the build.", JA: "{Who}はビルドのログを書き込めません。"}
	sumKey         = entry{EN: "{Who} may not use the Cloud KMS key.", JA: "{Who}は Cloud KMS の鍵を使えません。"}
	sumSecretOr    = entry{EN: "{Who} may not read {Resource}, or it does not exist: Google answers both alike.", JA: "{Who}は{Resource}を読み取れないか、それが存在しません。Google の応答はどちらでも同じです。"}
	sumConnector   = entry{EN: "The VPC connector does not exist, or Cloud Run may not use it.", JA: "VPC コネクタが存在しないか、Cloud Run がそれを使えません。"}
	sumRuns        = entry{EN: "The container runs as this account. whopulls' map is about the pull, for which it needs nothing.", JA: "コンテナはこのアカウントで実行されます。whopulls の図は pull についてのもので、pull にはこのアカウントの権限は必要ありません。"}
	sumFunctions   = entry{EN: "A function's image has to lie in a repository of the function's own project.", JA: "関数のイメージは、関数と同じプロジェクトのリポジトリに置く必要があります。"}
	sumElsewhere   = entry{EN: "A function can't use a repository of another project, whoever may read it. Cloud Run itself can.", JA: "関数は、誰が読み取れるかにかかわらず、別のプロジェクトのリポジトリを使えません。Cloud Run 自体は使えます。"}
	sumScopes      = entry{EN: "The credentials that were used have too few OAuth scopes. No role helps against that.", JA: "使われた認証情報の OAuth スコープが不足しています。ロールを付与しても解決しません。"}
	sumRan         = entry{EN: "This is no question of access: Cloud Run had the image, and ran it or tried to.", JA: "アクセス権の問題ではありません。Cloud Run はイメージを取得し、実行したか、実行しようとしました。"}
	sumMember      = entry{EN: "{Email} does not exist.", JA: "{Email}は存在しません。"}
	sumMemberBound = entry{EN: "The binding was refused because {Email} does not exist.", JA: "{Email}が存在しないため、ロール バインディングは拒否されました。"}
	sumNoAccount   = entry{EN: "{Account}, which the workload would run as, does not exist.", JA: "ワークロードの実行に使う{Account}が存在しません。"}
	sumOrgPolicy   = entry{EN: "An organization policy does not allow {Email}. No grant helps before it does.", JA: "組織のポリシーが{Email}を許可していません。許可されるまで、ロールを付与しても解決しません。"}

	sumOtherPolicy     = entry{EN: "The organization policy {Constraint} refused this as it is. No grant helps against that.", JA: "組織のポリシー {Constraint}により、この設定は拒否されました。ロールを付与しても解決しません。"}
	sumSomePolicy      = entry{EN: "An organization policy refused this as it is. No grant helps against that.", JA: "組織のポリシーにより、この設定は拒否されました。ロールを付与しても解決しません。"}
	sumServiceControls = entry{EN: "A VPC Service Controls perimeter refused the request. No grant helps against it.", JA: "VPC Service Controls の境界がリクエストを拒否しました。ロールを付与しても解決しません。"}
	sumConcurrent      = entry{EN: "Two writers met on one policy; nothing was changed by the one that got this answer.", JA: "1 つのポリシーに 2 つの変更が重なりました。この応答を受け取った側の変更は反映されていません。"}
	sumNotAccess       = entry{EN: "This is no question of access.", JA: "これはアクセス権の問題ではありません。"}
	sumBilling         = entry{EN: "Billing is off, or the billing account is closed. That is no question of access.", JA: "課金が無効か、請求先アカウントが閉鎖されています。アクセス権の問題ではありません。"}
	sumRate            = entry{EN: "Too many requests were made in a short time. That is no question of access.", JA: "短時間にリクエストが多すぎました。アクセス権の問題ではありません。"}
	sumQuota           = entry{EN: "A quota is used up. That is no question of access.", JA: "割り当てを使い切りました。アクセス権の問題ではありません。"}
	sumInvoker         = entry{EN: "{Who} may not invoke the service. That is neither the deploy nor the pull: the service is there.", JA: "{Who}はサービスを呼び出せません。デプロイや pull の問題ではなく、サービスは存在しています。"}
	sumAttestation     = entry{EN: "Binary Authorization refused the image: its policy asks for an attestation. No role on the repository helps against that.", JA: "Binary Authorization がイメージを拒否しました。ポリシーが証明書を求めています。リポジトリのロールでは解決しません。"}
	sumBoundary        = entry{EN: "A principal access boundary policy does not let {Who} reach that resource. No grant helps before it does.", JA: "プリンシパル アクセス境界(PAB)ポリシーにより、{Who}はそのリソースにアクセスできません。許可されるまで、ロールを付与しても解決しません。"}
	sumUnrecognized    = entry{EN: "None of the failures that are known here stands in the text; it may be cut too short, or come from something else.", JA: "既知のエラーはテキストに見つかりませんでした。途中で切れているか、別のものから来ている可能性があります。"}
)
