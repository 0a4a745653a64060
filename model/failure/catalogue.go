package failure

import "whopulls/model/words"

// values are what the messages about a failure may name.
type values struct {
	Lane       words.Text // DEPLOYS, PULLS, RUNS, BUILD, PUSH, else who was refused
	Who        words.Text // who is at fault, with the e-mail that was read
	Agent      words.Text // the Cloud Run service agent, with its e-mail and its project
	Email      words.Text // an e-mail alone
	Image      words.Text
	Repository words.Text
	Account    words.Text // the service account that it is about
	Permission words.Text
	Role       words.Text
	Resource   words.Text // what was refused
	Place      words.Text // where the role helps
	Project    words.Text // the project that runs the image
	API        words.Text
	Constraint words.Text // of the organization
	Name       words.Text
	Region     words.Text
	How        words.Text // how a question is asked that the text does not tell whole
}

// bilingual is one of the catalogue.
type bilingual = words.Message[values]

// The lanes: English stays next to the Japanese, since the map has it.
var (
	laneDeploys = bilingual{EN: "DEPLOYS", JA: "DEPLOYS（デプロイする）"}
	lanePulls   = bilingual{EN: "PULLS", JA: "PULLS（pull する）"}
	laneRuns    = bilingual{EN: "RUNS", JA: "RUNS（実行する）"}
	laneBuild   = bilingual{EN: "BUILD", JA: "BUILD（ビルドする）"}
	lanePush    = bilingual{EN: "PUSH", JA: "PUSH（push する）"}
)

// Who is at fault: noun phrases, with the e-mail where it was read.
var (
	nounAgentNamed        = bilingual{EN: "the Cloud Run service agent {Email} of {Project}", JA: "{Project}の Cloud Run サービス エージェント {Email}"}
	nounAgent             = bilingual{EN: "the Cloud Run service agent of {Project}", JA: "{Project}の Cloud Run サービス エージェント"}
	nounConsumer          = bilingual{EN: "the project that runs the image", JA: "イメージを実行するプロジェクト"}
	nounDeployerNamed     = bilingual{EN: "the deployer {Email}", JA: "デプロイ担当者アカウント {Email}"}
	nounDeployer          = bilingual{EN: "the account that deploys", JA: "デプロイ担当者アカウント"}
	nounRunnerNamed       = bilingual{EN: "the runtime service account {Email}", JA: "サービス ID（実行に使うサービス アカウント）{Email}"}
	nounRunner            = bilingual{EN: "the runtime service account", JA: "サービス ID（実行に使うサービス アカウント）"}
	nounBuilderNamed      = bilingual{EN: "the build account {Email}", JA: "ビルド用サービス アカウント {Email}"}
	nounBuilder           = bilingual{EN: "the build account", JA: "ビルド用サービス アカウント"}
	nounPusher            = bilingual{EN: "the account that pushes the image", JA: "イメージを push するアカウント"}
	nounSubmitter         = bilingual{EN: "the account that submits the build", JA: "ビルドを送信するアカウント"}
	nounAsker             = bilingual{EN: "the account that asked", JA: "リクエストを送信したアカウント"}
	nounExecutor          = bilingual{EN: "the account that runs the job", JA: "ジョブを実行するアカウント"}
	nounInvoker           = bilingual{EN: "the account that called the URL", JA: "URL を呼び出したアカウント"}
	nounFederated         = bilingual{EN: "the identity that signs in", JA: "ログインに使われた ID"}
	nounRegistry          = bilingual{EN: "the Artifact Registry service agent", JA: "Artifact Registry サービス エージェント"}
	nounNode              = bilingual{EN: "the service account of the cluster's nodes", JA: "クラスタのノードのサービス アカウント"}
	nounServiceAgent      = bilingual{EN: "the service agent that the text names", JA: "テキストに記載されたサービス エージェント"}
	nounRegistryNamed     = bilingual{EN: "the Artifact Registry service agent {Email}", JA: "Artifact Registry サービス エージェント {Email}"}
	nounFunctionsNamed    = bilingual{EN: "the Cloud Functions service agent {Email}", JA: "Cloud Functions サービス エージェント {Email}"}
	nounFunctions         = bilingual{EN: "the Cloud Functions service agent", JA: "Cloud Functions サービス エージェント"}
	nounServiceAgentNamed = bilingual{EN: "the service agent {Email}", JA: "サービス エージェント {Email}"}
)

// What it is about: noun phrases.
var (
	nounImage           = bilingual{EN: "the image", JA: "イメージ"}
	nounImagesOf        = bilingual{EN: "the images of {Repository}", JA: "{Repository}のイメージ"}
	nounRepository      = bilingual{EN: "the repository", JA: "リポジトリ"}
	nounAccount         = bilingual{EN: "the service account", JA: "サービス アカウント"}
	nounBuildAs         = bilingual{EN: "the account that the build runs as", JA: "ビルドの実行に使うサービス アカウント"}
	nounAPI             = bilingual{EN: "an API", JA: "API"}
	nounSomeProject     = bilingual{EN: "a project", JA: "プロジェクト"}
	nounMember          = bilingual{EN: "that member", JA: "そのプリンシパル"}
	nounResource        = bilingual{EN: "that resource", JA: "そのリソース"}
	nounBucket          = bilingual{EN: "the bucket", JA: "バケット"}
	nounBucketNamed     = bilingual{EN: "the bucket {Name}", JA: "バケット {Name}"}
	nounSecret          = bilingual{EN: "the secret", JA: "シークレット"}
	nounSecretNamed     = bilingual{EN: "the secret {Name}", JA: "シークレット {Name}"}
	nounRepositoryNamed = bilingual{EN: "the repository {Name}", JA: "リポジトリ {Name}"}
	nounAccountNamed    = bilingual{EN: "the service account {Name}", JA: "サービス アカウント {Name}"}
	nounProject         = bilingual{EN: "the project", JA: "プロジェクト"}
	nounProjectNamed    = bilingual{EN: "the project {Name}", JA: "プロジェクト {Name}"}
	nounServiceIn       = bilingual{EN: "the service {Name} in {Region}", JA: "{Region}のサービス {Name}"}
	nounJobIn           = bilingual{EN: "the job {Name} in {Region}", JA: "{Region}のジョブ {Name}"}
	nounPoolIn          = bilingual{EN: "the worker pool {Name} in {Region}", JA: "{Region}のワーカープール {Name}"}
	nounKey             = bilingual{EN: "the key", JA: "鍵"}
	shownServiceIn      = bilingual{EN: "service {Name} in {Region}", JA: "{Region}のサービス {Name}"}
	shownJobIn          = bilingual{EN: "job {Name} in {Region}", JA: "{Region}のジョブ {Name}"}
	shownPoolIn         = bilingual{EN: "worker pool {Name} in {Region}", JA: "{Region}のワーカープール {Name}"}
	nounCheckByFlags    = bilingual{EN: "whopulls check with --project and --image", JA: "--project と --image を付けた whopulls check"}
	labelImage          = bilingual{EN: "image", JA: "イメージ"}
	labelImageProject   = bilingual{EN: "image project", JA: "イメージ側プロジェクト"}
	labelConsumer       = bilingual{EN: "consumer project", JA: "実行側プロジェクト"}
	labelWorkload       = bilingual{EN: "workload", JA: "ワークロード"}
	labelPrincipal      = bilingual{EN: "principal", JA: "プリンシパル"}
	labelAccount        = bilingual{EN: "service account", JA: "サービス アカウント"}
	labelRepository     = bilingual{EN: "repository", JA: "リポジトリ"}
	labelPermission     = bilingual{EN: "permission", JA: "権限"}
	labelAPI            = bilingual{EN: "API", JA: "API"}
)
