package failure

// The summaries: which identity, and what it lacks. Each is one or two whole sentences.
var (
	sumPuller = bilingual{EN: "{Agent} may not read the image.", JA: "{Agent}はイメージを読み取れません。"}
	sumPulls  = bilingual{
		EN: "The agent pulls the image; the runtime service account needs nothing for the pull. The account that deploys needs to read the image too: Cloud Run checks that separately.",
		JA: "イメージを pull するのはこのエージェントです。pull のためにサービス ID に必要な権限はありません。デプロイ担当者アカウントにもイメージの読み取り権限が必要で、Cloud Run はそれを別に確認します。"}
	sumDeployerRead = bilingual{
		EN: "{Who} may not read the image. Cloud Run checks this for the account that deploys, and separately for its service agent, which pulls.",
		JA: "{Who}はイメージを読み取れません。Cloud Run は、pull を行うサービス エージェントとは別に、デプロイする側にも読み取り権限があるかを確認します。"}
	sumActAs        = bilingual{EN: "{Who} may not act as {Account}.", JA: "{Who}は、{Account}を関連付ける権限を持っていません。"}
	sumActAsOr      = bilingual{EN: "{Who} may not act as {Account}, or that account does not exist.", JA: "{Who}が{Account}を関連付ける権限を持っていないか、そのアカウントが存在しません。"}
	sumRunAsHome    = bilingual{EN: "{Agent} may not get access tokens for {Account}, an account of its own project: it lost its own role, or never had it.", JA: "{Agent}は、同じプロジェクトの{Account}のアクセス トークンを取得できません。エージェント自身のロールが取り消されたか、一度も付与されていません。"}
	sumRunAs        = bilingual{EN: "{Agent} may not get access tokens for {Account}: either it lost its own role, or the account is in another project.", JA: "{Agent}は、{Account}のアクセス トークンを取得できません。エージェント自身のロールが取り消されたか、アカウントが別のプロジェクトにあります。"}
	sumImpersonate  = bilingual{EN: "{Who} may not get tokens for {Account}, and so can't call as that account.", JA: "{Who}は{Account}のトークンを取得できないため、そのアカウントの権限を借用できません。"}
	sumNotFound     = bilingual{EN: "{Image} does not exist: its name, its tag or its digest is wrong, or it was never pushed.", JA: "{Image}は存在しません。名前、タグ、ダイジェストのいずれかが間違っているか、まだ push されていません。"}
	sumReference    = bilingual{EN: "Cloud Run does not take {Image}: it pulls from Artifact Registry, the gcr.io hosts and Docker Hub only.", JA: "Cloud Run は{Image}を使用できません。pull できるのは、Artifact Registry、gcr.io のホスト、Docker Hub のイメージだけです。"}
	sumAPI          = bilingual{EN: "{API} is off in {Project}.", JA: "{Project}で{API}が有効になっていません。"}
	sumNoRepository = bilingual{EN: "{Repository} does not exist in that project and location.", JA: "{Repository}は、そのプロジェクトとロケーションに存在しません。"}

	sumRegistry      = bilingual{EN: "The registry did not give {Image} to {Who}.", JA: "レジストリは、{Who}からの{Image}へのアクセスを拒否しました。"}
	sumRegistryOr    = bilingual{EN: "The registry did not give {Image} to {Who}: either they may not read it, or it does not exist.", JA: "レジストリは、{Who}からの{Image}へのアクセスを拒否しました。読み取り権限がないか、対象が存在しません。"}
	sumPushOr        = bilingual{EN: "{Who} may not push to {Repository}, or it does not exist: Google answers both alike.", JA: "{Who}に{Repository}への push の権限がないか、リポジトリが存在しません。Google はどちらの場合にも同じ応答を返します。"}
	sumRegistryAlone = bilingual{EN: "That says nothing yet about Cloud Run's service agent, which pulls with its own rights.", JA: "Cloud Run のサービス エージェントは自身の権限で pull するため、pull できるかどうかはこのエラーからはわかりません。"}
	sumNotSignedIn   = bilingual{EN: "The registry was asked without a sign-in: it does not know who asks.", JA: "ログインしていない状態でレジストリにアクセスしたため、レジストリはアクセス元を特定できません。"}
	sumPush          = bilingual{EN: "{Who} may not push to {Repository}.", JA: "{Who}には{Repository}に push する権限がありません。"}
	sumCreateOnPush  = bilingual{EN: "The repository for that gcr.io host does not exist, and {Who} may not create it by a push.", JA: "その gcr.io ホストのリポジトリは存在せず、{Who}には push 時にリポジトリを作成する権限がありません。"}
	sumImmutable     = bilingual{EN: "The tag exists already, and its repository does not let a tag be moved to another image. No grant helps against that.", JA: "そのタグはすでに存在し、リポジトリの設定により別のイメージに付け替えることはできません。ロールを付与しても解決しません。"}
	sumShut          = bilingual{EN: "Container Registry is shut down: its gcr.io hosts work with Artifact Registry alone. No grant helps against that.", JA: "Container Registry は提供を終了しており、gcr.io のホストは Artifact Registry でのみ利用できます。ロールを付与しても解決しません。"}
	sumPushFirst     = bilingual{EN: "This is before the pull: your image was not pushed; who pulls comes later.", JA: "これは pull より前の段階で起きたエラーです。イメージはまだ push されていません。pull の権限は、その後の問題です。"}
	sumBuildFirst    = bilingual{EN: "This is before the pull: your image was not built or pushed; who pulls comes later.", JA: "これは pull より前の段階で起きたエラーです。イメージのビルドまたは push はまだ完了していません。pull の権限は、その後の問題です。"}

	sumLacks       = bilingual{EN: "{Who} lacks {Permission}.", JA: "{Who}に{Permission}がありません。"}
	sumLacksOn     = bilingual{EN: "{Who} lacks {Permission} on {Resource}.", JA: "{Who}に、{Resource}に対する{Permission}がありません。"}
	sumLacksOr     = bilingual{EN: "{Who} lacks {Permission}, or what was asked for does not exist: Google answers both alike.", JA: "{Who}に{Permission}がないか、対象のリソースが存在しません。Google はどちらの場合にも同じ応答を返します。"}
	sumLacksOnOr   = bilingual{EN: "{Who} lacks {Permission} on {Resource}, or it does not exist: Google answers both alike.", JA: "{Who}に{Resource}に対する{Permission}がないか、そのリソースが存在しません。Google はどちらの場合にも同じ応答を返します。"}
	sumRefused     = bilingual{EN: "{Who} was refused; the text does not name the permission.", JA: "{Who}のリクエストが拒否されました。不足している権限の名前は、テキストからは読み取れません。"}
	sumBuildLacks  = bilingual{EN: "{Who} lacks the roles that a build needs.", JA: "{Who}に、ビルドに必要なロールがありません。"}
	sumStaging     = bilingual{EN: "{Who} may not use {Resource}, where the source of a build goes.", JA: "{Who}は、ビルドのソースを保存する{Resource}を使用できません。"}
	sumSecret      = bilingual{EN: "{Who} may not read {Resource}.", JA: "{Who}は{Resource}を読み取れません。"}
	sumSource      = bilingual{EN: "{Who} may not read the source that was uploaded for the build.", JA: "{Who}は、ビルドのためにアップロードされたソースを読み取れません。"}
	sumBuildFailed = bilingual{EN: "The build failed; its own log says why.", JA: "ビルドが失敗しました。失敗の理由は、ビルドのログで確認できます。"}
	sumLogs        = bilingual{EN: "{Who} may not write the logs of the build.", JA: "{Who}は、ビルドのログを書き込めません。"}
	sumKey         = bilingual{EN: "{Who} may not use the Cloud KMS key.", JA: "{Who}は、Cloud KMS の鍵を使用できません。"}
	sumSecretOr    = bilingual{EN: "{Who} may not read {Resource}, or it does not exist: Google answers both alike.", JA: "{Who}が{Resource}を読み取れないか、そのリソースが存在しません。Google はどちらの場合にも同じ応答を返します。"}
	sumConnector   = bilingual{EN: "The VPC connector does not exist, or Cloud Run may not use it.", JA: "VPC コネクタが存在しないか、Cloud Run にそのコネクタを使用する権限がありません。"}
	sumRuns        = bilingual{EN: "The container runs as this account. whopulls' map is about the pull, for which it needs nothing.", JA: "これはコンテナの実行に使うアカウントです。whopulls のマップは pull を対象としており、pull のためにこのアカウントに必要な権限はありません。"}
	sumFunctions   = bilingual{EN: "A function's image must be in a repository of the function's own project.", JA: "関数のイメージは、関数と同じプロジェクトのリポジトリに保存する必要があります。"}
	sumElsewhere   = bilingual{EN: "A function can't use a repository of another project, even with the right to read it. Cloud Run itself can.", JA: "読み取り権限の有無にかかわらず、関数は別のプロジェクトのリポジトリを使用できません。Cloud Run 自体は使用できます。"}
	sumScopes      = bilingual{EN: "The credentials that were used have too few OAuth scopes. No role helps against that.", JA: "使用された認証情報の OAuth スコープが不足しています。ロールを付与しても解決しません。"}
	sumRan         = bilingual{EN: "This is no question of access: Cloud Run had the image, and ran it or tried to.", JA: "アクセス権の問題ではありません。Cloud Run はイメージを取得し、実行したか、実行しようとしました。"}
	sumMember      = bilingual{EN: "{Email} does not exist.", JA: "{Email}は存在しません。"}
	sumMemberBound = bilingual{EN: "The binding was refused because {Email} does not exist.", JA: "{Email}が存在しないため、ロール バインディングを追加できませんでした。"}
	sumNoAccount   = bilingual{EN: "{Account}, which the workload would run as, does not exist.", JA: "ワークロードの実行に使う{Account}が存在しません。"}
	sumOrgPolicy   = bilingual{EN: "An organization policy does not allow {Email}. No grant helps before it does.", JA: "組織のポリシーにより、{Email}は許可されていません。ポリシーで許可されるまで、ロールを付与しても解決しません。"}

	sumOtherPolicy     = bilingual{EN: "The organization policy {Constraint} refused this as it is. No grant helps against that.", JA: "組織のポリシー {Constraint}により、この設定は拒否されました。ロールを付与しても解決しません。"}
	sumSomePolicy      = bilingual{EN: "An organization policy refused this as it is. No grant helps against that.", JA: "組織のポリシーにより、この設定は拒否されました。ロールを付与しても解決しません。"}
	sumServiceControls = bilingual{EN: "A VPC Service Controls perimeter refused the request. No grant helps against it.", JA: "VPC Service Controls の境界により、リクエストが拒否されました。ロールを付与しても解決しません。"}
	sumConcurrent      = bilingual{EN: "Two writers met on one policy; nothing was changed by the one that got this answer.", JA: "1 つのポリシーに対する 2 つの変更が競合しました。このエラーを受け取った側の変更は適用されていません。"}
	sumNotAccess       = bilingual{EN: "This is no question of access.", JA: "これはアクセス権の問題ではありません。"}
	sumBilling         = bilingual{EN: "Billing is off, or the billing account is closed. That is no question of access.", JA: "プロジェクトの課金が無効になっているか、請求先アカウントが閉鎖されています。アクセス権の問題ではありません。"}
	sumRate            = bilingual{EN: "Too many requests were made in a short time. That is no question of access.", JA: "短時間のリクエスト数が上限を超えました。アクセス権の問題ではありません。"}
	sumQuota           = bilingual{EN: "A quota is used up. That is no question of access.", JA: "割り当ての上限に達しました。アクセス権の問題ではありません。"}
	sumInvoker         = bilingual{EN: "{Who} may not invoke the service. That is neither the deploy nor the pull: the service is there.", JA: "{Who}には、サービスを呼び出す権限がありません。サービスはすでに存在しており、デプロイや pull の問題ではありません。"}
	sumAttestation     = bilingual{EN: "Binary Authorization refused the image: its policy asks for an attestation. No role on the repository helps against that.", JA: "Binary Authorization によりイメージが拒否されました。ポリシーで証明書が必要とされています。リポジトリに対するロールでは解決しません。"}
	sumBoundary        = bilingual{EN: "A principal access boundary policy does not let {Who} reach that resource. No grant helps before it does.", JA: "プリンシパル アクセス境界（PAB）ポリシーにより、{Who}はそのリソースにアクセスできません。ポリシーで許可されるまで、ロールを付与しても解決しません。"}
	sumUnrecognized    = bilingual{EN: "None of the failures that are known here stands in the text; it may be cut too short, or come from something else.", JA: "既知のエラーに一致するメッセージは見つかりませんでした。テキストが途中で切れているか、別の原因によるエラーの可能性があります。"}
)
