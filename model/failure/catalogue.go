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

// entry is one of the catalogue.
type entry = words.Message[values]

// The lanes: English stays beside the Japanese, since the map has it.
var (
	laneDeploys = entry{EN: "DEPLOYS", JA: "DEPLOYS（デプロイする）"}
	lanePulls   = entry{EN: "PULLS", JA: "PULLS（pull する）"}
	laneRuns    = entry{EN: "RUNS", JA: "RUNS（実行する）"}
	laneBuild   = entry{EN: "BUILD", JA: "BUILD（ビルドする）"}
	lanePush    = entry{EN: "PUSH", JA: "PUSH（push する）"}
)

// Who is at fault: noun phrases, with the e-mail where it was read.
var (
	nounAgentNamed        = entry{EN: "the Cloud Run service agent {Email} of {Project}", JA: "{Project}の Cloud Run サービス エージェント {Email}"}
	nounAgent             = entry{EN: "the Cloud Run service agent of {Project}", JA: "{Project}の Cloud Run サービス エージェント"}
	nounConsumer          = entry{EN: "the project that runs the image", JA: "イメージを実行するプロジェクト"}
	nounDeployerNamed     = entry{EN: "the deployer {Email}", JA: "デプロイ担当者アカウント {Email}"}
	nounDeployer          = entry{EN: "whoever deploys", JA: "デプロイ担当者アカウント"}
	nounRunnerNamed       = entry{EN: "the runtime service account {Email}", JA: "サービス ID（実行に使うサービス アカウント）{Email}"}
	nounRunner            = entry{EN: "the runtime service account", JA: "サービス ID（実行に使うサービス アカウント）"}
	nounBuilderNamed      = entry{EN: "the build account {Email}", JA: "ビルド用サービス アカウント {Email}"}
	nounBuilder           = entry{EN: "the build account", JA: "ビルド用サービス アカウント"}
	nounPusher            = entry{EN: "whoever pushes the image", JA: "イメージを push するアカウント"}
	nounSubmitter         = entry{EN: "whoever submits the build", JA: "ビルドを送信するアカウント"}
	nounAsker             = entry{EN: "whoever asked", JA: "リクエストを送信したアカウント"}
	nounExecutor          = entry{EN: "whoever runs the job", JA: "ジョブを実行するアカウント"}
	nounInvoker           = entry{EN: "whoever called the URL", JA: "URL を呼び出したアカウント"}
	nounFederated         = entry{EN: "the identity that signs in", JA: "ログインに使われた ID"}
	nounRegistry          = entry{EN: "the Artifact Registry service agent", JA: "Artifact Registry サービス エージェント"}
	nounNode              = entry{EN: "the service account of the cluster's nodes", JA: "クラスタのノードのサービス アカウント"}
	nounServiceAgent      = entry{EN: "the service agent that the text names", JA: "テキストに記載されたサービス エージェント"}
	nounRegistryNamed     = entry{EN: "the Artifact Registry service agent {Email}", JA: "Artifact Registry サービス エージェント {Email}"}
	nounFunctionsNamed    = entry{EN: "the Cloud Functions service agent {Email}", JA: "Cloud Functions サービス エージェント {Email}"}
	nounFunctions         = entry{EN: "the Cloud Functions service agent", JA: "Cloud Functions サービス エージェント"}
	nounServiceAgentNamed = entry{EN: "the service agent {Email}", JA: "サービス エージェント {Email}"}
)

// What it is about: noun phrases.
var (
	nounImage           = entry{EN: "the image", JA: "イメージ"}
	nounImagesOf        = entry{EN: "the images of {Repository}", JA: "{Repository}のイメージ"}
	nounRepository      = entry{EN: "the repository", JA: "リポジトリ"}
	nounAccount         = entry{EN: "the service account", JA: "サービス アカウント"}
	nounBuildAs         = entry{EN: "the account that the build runs as", JA: "ビルドの実行に使うサービス アカウント"}
	nounAPI             = entry{EN: "an API", JA: "API"}
	nounSomeProject     = entry{EN: "a project", JA: "プロジェクト"}
	nounMember          = entry{EN: "that member", JA: "そのプリンシパル"}
	nounResource        = entry{EN: "that resource", JA: "そのリソース"}
	nounBucket          = entry{EN: "the bucket", JA: "バケット"}
	nounBucketNamed     = entry{EN: "the bucket {Name}", JA: "バケット {Name}"}
	nounSecret          = entry{EN: "the secret", JA: "シークレット"}
	nounSecretNamed     = entry{EN: "the secret {Name}", JA: "シークレット {Name}"}
	nounRepositoryNamed = entry{EN: "the repository {Name}", JA: "リポジトリ {Name}"}
	nounAccountNamed    = entry{EN: "the service account {Name}", JA: "サービス アカウント {Name}"}
	nounProject         = entry{EN: "the project", JA: "プロジェクト"}
	nounProjectNamed    = entry{EN: "the project {Name}", JA: "プロジェクト {Name}"}
	nounServiceIn       = entry{EN: "the service {Name} in {Region}", JA: "{Region}のサービス {Name}"}
	nounJobIn           = entry{EN: "the job {Name} in {Region}", JA: "{Region}のジョブ {Name}"}
	nounPoolIn          = entry{EN: "the worker pool {Name} in {Region}", JA: "{Region}のワーカープール {Name}"}
	nounKey             = entry{EN: "the key", JA: "鍵"}
	shownServiceIn      = entry{EN: "service {Name} in {Region}", JA: "{Region}のサービス {Name}"}
	shownJobIn          = entry{EN: "job {Name} in {Region}", JA: "{Region}のジョブ {Name}"}
	shownPoolIn         = entry{EN: "worker pool {Name} in {Region}", JA: "{Region}のワーカープール {Name}"}
	nounCheckByFlags    = entry{EN: "whopulls check with --project and --image", JA: "--project と --image を付けた whopulls check"}
	labelImage          = entry{EN: "image", JA: "イメージ"}
	labelImageProject   = entry{EN: "image project", JA: "イメージ側プロジェクト"}
	labelConsumer       = entry{EN: "consumer project", JA: "実行側プロジェクト"}
	labelWorkload       = entry{EN: "workload", JA: "ワークロード"}
	labelPrincipal      = entry{EN: "principal", JA: "プリンシパル"}
	labelAccount        = entry{EN: "service account", JA: "サービス アカウント"}
	labelRepository     = entry{EN: "repository", JA: "リポジトリ"}
	labelPermission     = entry{EN: "permission", JA: "権限"}
	labelAPI            = entry{EN: "API", JA: "API"}
)
