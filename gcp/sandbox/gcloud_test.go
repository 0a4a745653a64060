package sandbox_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
)

// gcloudCall is one gcloud command, without the leading word, and what its output
// (both streams) must hold. Its words have no spaces in them. Text that begins
// with "!" must not be there.
type gcloudCall struct {
	command string
	want    []string
	fails   bool
}

const (
	inProjectA    = " --project=myproject-a --region=asia-northeast1"
	onMyrepo      = " myrepo --location=asia-northeast1 --project=myproject-b"
	jobImage      = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob"
	pullRole      = " --role=roles/artifactregistry.reader"
	timeCondition = ` --condition=title=t,expression=request.time<timestamp("2030-01-01T00:00:00Z")`
	myrepoFull    = "//artifactregistry.googleapis.com/" + myrepo
	shutFull      = "//artifactregistry.googleapis.com/" + shutRepo
	webEmail      = " web@myproject-a.iam.gserviceaccount.com --project=myproject-a"
)

// pullDeniedText is what the deploy of the default world's job must end with.
const pullDeniedText = `ERROR: (gcloud.run.jobs.deploy) Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com ` +
	`must have permission to read the image, ` + jobImage + `. ` +
	`Ensure that the provided container image URL is correct and that the above account has permission to access the image. ` +
	`If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate. ` +
	`Note that the image is from project [myproject-b], which is not the same as this project [myproject-a]. ` +
	`Permission must be granted to the Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com from this project. ` +
	`See https://cloud.google.com/run/docs/deploying#other-projects Cause: 403 Forbidden ` +
	`GET https://asia-northeast1-docker.pkg.dev/v2/myproject-b/myrepo/myjob/manifests/latest ` +
	`{"errors":[{"code":"DENIED","message":"Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource ` +
	`\"projects/myproject-b/locations/asia-northeast1/repositories/myrepo\" (or it may not exist)"}]}`

// denyWorld takes the right to pull away from everybody, the owner included.
const denyWorld = `caller: user:owner@example.com
organization: {id: "900", displayName: example.com, policy: {bindings: [{role: roles/iam.denyReviewer, members: ["user:owner@example.com"]}]}}
denyPolicies:
  - {id: no-pulls, displayName: No pulls, attachmentPoint: projects/my-project, rules: [{deniedPrincipals: ["principalSet://goog/public:all"], deniedPermissions: [artifactregistry.googleapis.com/repositories.downloadArtifacts]}]}
projects:
  - id: my-project
    number: "123"
    parent: organizations/900
    services: [run.googleapis.com, artifactregistry.googleapis.com, iam.googleapis.com, serviceusage.googleapis.com]
    policy: {bindings: [{role: roles/owner, members: ["user:owner@example.com"]}]}
    serviceAccounts: [{email: 123-compute@developer.gserviceaccount.com}]
    repositories: [{location: us, id: r, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}]
`

// sessions are run each against a sandbox of its own: one with the default
// world, or denyWorld for the session about deny policies.
var sessions = map[string][]gcloudCall{
	"the article": {
		{"run jobs describe myjob" + inProjectA + " --format=value(status.conditions[0].reason)", []string{"ContainerPermissionDenied"}, false},
		{"run jobs deploy myjob --image=" + jobImage + inProjectA, []string{pullDeniedText}, true},
		{"artifacts repositories add-iam-policy-binding" + onMyrepo + " --member=" + agentA + pullRole, []string{agentA}, false},
		{"run jobs deploy myjob --image=" + jobImage + inProjectA, []string{"has successfully been deployed"}, false},
		{"run jobs list --project=myproject-a --format=value(metadata.name,status.conditions[0].status)", []string{"myjob\tTrue"}, false},
		{"artifacts repositories remove-iam-policy-binding" + onMyrepo + " --member=" + agentA + pullRole, []string{"roles/artifactregistry.reader", "!serverless-robot-prod"}, false},
		{"run jobs deploy myjob --image=" + jobImage + inProjectA, []string{pullDeniedText}, true},
	},
	"projects": {
		{"projects list --format=value(projectId,projectNumber,name)", []string{"myproject-a\t111111111111\tMyproject A"}, false},
		{"projects describe myproject-b --format=value(projectNumber,lifecycleState,parent.type,parent.id,createTime)", []string{"222222222222\tACTIVE\tfolder\t200000000001\t2023-10-12T05:20:00Z"}, false},
		{"projects describe no-such-project", []string{"does not have permission", "no-such-project"}, true},
		{"projects get-ancestors myproject-a --format=value(id,type)", []string{"myproject-a\tproject\n200000000001\tfolder\n100000000001\torganization"}, false},
		{"projects get-ancestors-iam-policy myproject-a", []string{"roles/run.serviceAgent", "id: '200000000001'", "roles/iam.securityReviewer"}, false},
	},
	"project policy": {
		{"projects get-iam-policy myproject-b", []string{"DATA_READ", "user:kenji@example.com", "version: 1"}, false},
		{"projects add-iam-policy-binding myproject-b --condition=None --role=roles/browser --member=user:new@example.com", []string{"user:new@example.com", "exemptedMembers"}, false},
		{"projects add-iam-policy-binding myproject-b --member=user:new@example.com" + pullRole + timeCondition, []string{"expression: request.time<timestamp", "version: 3"}, false},
		{"projects remove-iam-policy-binding myproject-b --member=user:new@example.com" + pullRole + timeCondition, []string{"!expression", "roles/browser", "version: 1"}, false},
		{"projects remove-iam-policy-binding myproject-b --condition=None --role=roles/browser --member=user:new@example.com", []string{"!user:new@example.com", "auditLogConfigs"}, false},
	},
	"repositories": {
		{"artifacts repositories list --project=myproject-b --format=value(name,format,mode)", []string{"tools\tDOCKER\tSTANDARD_REPOSITORY", "all\tDOCKER\tVIRTUAL_REPOSITORY"}, false},
		{"artifacts repositories describe" + onMyrepo, []string{"registryUri: asia-northeast1-docker.pkg.dev/myproject-b/myrepo"}, false},
		{"artifacts repositories get-iam-policy" + onMyrepo, []string{"user:kenji@example.com", "etag:"}, false},
		{"artifacts repositories add-iam-policy-binding" + onMyrepo + " --member=serviceAccount:gone@myproject-b.iam.gserviceaccount.com" + pullRole, []string{"INVALID_ARGUMENT: Service account gone@myproject-b.iam.gserviceaccount.com does not exist."}, true},
		{"artifacts docker images list asia-northeast1-docker.pkg.dev/myproject-b/myrepo --include-tags", []string{"myrepo/team/importer", "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752  v1.2.0"}, false},
		{"artifacts docker images describe asia-northeast1-docker.pkg.dev/myproject-b/myrepo/team/importer:v0.4.2", []string{"digest: sha256:a4e624d686e03ed2767c0abd85c14426b0b1157d2ce81d27bb4fe4f6f01d688a"}, false},
		{"artifacts docker tags list " + jobImage, []string{"v1.2.0  " + jobImage + "  sha256:60303ae"}, false},
	},
	"identities": {
		{"iam service-accounts list --project=myproject-a --format=value(email)", []string{"ci-deployer@myproject-a.iam.gserviceaccount.com", "111111111111-compute@developer.gserviceaccount.com", "!serverless-robot-prod"}, false},
		{"iam service-accounts describe" + webEmail, []string{"projectId: myproject-a", "uniqueId: '1"}, false},
		{"iam service-accounts add-iam-policy-binding" + webEmail + " --member=user:new@example.com --role=roles/iam.serviceAccountUser", []string{"user:new@example.com"}, false},
		{"iam service-accounts get-iam-policy" + webEmail, []string{"user:dev@example.com", "user:new@example.com"}, false},
		{"iam roles describe roles/artifactregistry.reader", []string{"title: Artifact Registry Reader", "- artifactregistry.repositories.downloadArtifacts"}, false},
		{"iam roles list --filter=name:roles/run.developer --format=value(title)", []string{"Cloud Run Developer"}, false},
		{"iam roles describe roles/no.suchRole", []string{"[no.suchRole] not found"}, true},
	},
	"what is known": {
		{"policy-intelligence troubleshoot-policy iam " + myrepoFull + " --principal-email=kenji@example.com --permission=artifactregistry.repositories.downloadArtifacts --format=value(overallAccessState,allowPolicyExplanation.explainedPolicies[0].fullResourceName)", []string{"CAN_ACCESS\t" + myrepoFull}, false},
		{"policy-intelligence troubleshoot-policy iam " + myrepoFull + " --principal-email=" + strings.TrimPrefix(agentA, "serviceAccount:") + " --permission=artifactregistry.repositories.downloadArtifacts --format=value(overallAccessState)", []string{"CANNOT_ACCESS"}, false},
		{"beta policy-intelligence troubleshoot-policy iam " + myrepoFull + " --principal-email=kenji@example.com --permission=artifactregistry.repositories.downloadArtifacts --format=value(overallAccessState,pabPolicyExplanation.principalAccessBoundaryAccessState)", []string{"UNKNOWN_INFO\tPAB_ACCESS_STATE_UNKNOWN_INFO"}, false},
		{"asset search-all-iam-policies --scope=projects/myproject-b --query=policy:kenji@example.com --format=value(resource,policy.bindings[0].role)", []string{"projects/222222222222\troles/logging.viewer", myrepoFull + "\troles/artifactregistry.reader"}, false},
		{"asset search-all-iam-policies --scope=organizations/100000000001 --query=policy:kenji@example.com", []string{"'cloudasset.assets.searchAllIamPolicies' denied on resource 'organizations/100000000001'"}, true},
		{"asset list --project=myproject-a --asset-types=run.googleapis.com/Job,run.googleapis.com/WorkerPool --content-type=resource --format=value(assetType,name,resource.data.kind)", []string{"run.googleapis.com/Job\t//run.googleapis.com/" + regionA + "/jobs/myjob\tJob", "WorkerPool", "!Service"}, false},
		{"asset list --project=myproject-b --content-type=iam-policy --format=value(name,iamPolicy.bindings[0].role)", []string{myrepoFull + "\troles/artifactregistry.writer"}, false},
		{"asset search-all-resources --scope=projects/myproject-a --query=name:myjob --format=value(name)", []string{"//run.googleapis.com/" + regionA + "/jobs/myjob"}, false},
		{"asset search-all-resources --scope=projects/myproject-a --query=name:w* --asset-types=run.googleapis.com/Service,run.googleapis.com/Job,run.googleapis.com/WorkerPool --format=value(assetType,name,location,project)", []string{
			"run.googleapis.com/Service\t//run.googleapis.com/" + regionA + "/services/web\tasia-northeast1\tprojects/111111111111", "!Revision", "!jobs"}, false},
		{"asset search-all-resources --scope=organizations/100000000001 --query=name:w*", []string{"'cloudasset.assets.searchAllResources' denied on resource 'organizations/100000000001'"}, true},
	},
	"deny policies": {
		{"iam policies list --kind=denypolicies --attachment-point=cloudresourcemanager.googleapis.com/projects/my-project --format=value(policies[0].displayName,policies[0].name)", []string{"No pulls", "projects%2Fmy-project/denypolicies/no-pulls"}, false},
		{"iam policies get no-pulls --kind=denypolicies --attachment-point=cloudresourcemanager.googleapis.com/projects/my-project", []string{"artifactregistry.googleapis.com/repositories.downloadArtifacts"}, false},
		{"run jobs deploy j --image=us-docker.pkg.dev/my-project/r/i --project=my-project --region=us-central1", []string{"User must have permission to read the image, us-docker.pkg.dev/my-project/r/i.", "!Note that the image is from"}, true},
	},
	"boundaries": {
		{"beta policy-intelligence troubleshoot-policy iam " + shutFull + " --principal-email=held@example.com --permission=artifactregistry.repositories.downloadArtifacts --format=yaml", []string{
			"overallAccessState: CANNOT_ACCESS", "principalAccessBoundaryAccessState: PAB_ACCESS_STATE_NOT_ALLOWED", "combinedResourceInclusionState: RESOURCE_INCLUSION_STATE_NOT_INCLUDED",
			"enforcementState: PAB_POLICY_ENFORCEMENT_STATE_ENFORCED", "name: organizations/9/locations/global/principalAccessBoundaryPolicies/app-only", "- //cloudresourcemanager.googleapis.com/projects/app-project", "policyKind: PRINCIPAL_ACCESS_BOUNDARY"}, false},
		{"beta policy-intelligence troubleshoot-policy iam " + shutFull + " --principal-email=wide@example.com --permission=artifactregistry.repositories.downloadArtifacts --format=value(overallAccessState)", []string{"CAN_ACCESS"}, false},
		{"policy-intelligence troubleshoot-policy iam " + shutFull + " --principal-email=held@example.com --permission=artifactregistry.repositories.downloadArtifacts --format=value(overallAccessState)", []string{"CAN_ACCESS"}, false},
	},
	"services": {
		{"services list --enabled --project=myproject-b --format=value(config.name)", []string{"artifactregistry.googleapis.com", "!run.googleapis.com"}, false},
		{"beta services identity create --service=run.googleapis.com --project=myproject-b", []string{"service-222222222222@serverless-robot-prod.iam.gserviceaccount.com"}, false},
		{"services enable run.googleapis.com --project=myproject-b", []string{"!ERROR"}, false},
		{"services list --enabled --project=myproject-b --format=value(config.name)", []string{"run.googleapis.com"}, false},
		{"run deploy first --image=" + jobImage + " --project=myproject-b --region=us-east1", []string{"Please give service-222222222222@serverless-robot-prod.iam.gserviceaccount.com permission iam.serviceAccounts.getAccessToken"}, true},
		{"projects add-iam-policy-binding myproject-b --condition=None --member=serviceAccount:service-222222222222@serverless-robot-prod.iam.gserviceaccount.com --role=roles/run.serviceAgent", nil, false},
		{"run deploy first --image=" + jobImage + " --project=myproject-b --region=us-east1", []string{"is serving", "https://first-222222222222.us-east1.run.app"}, false},
	},
	"runs": {
		{"run services list --project=myproject-a --format=value(metadata.name,status.url)", []string{"web-us\thttps://web-us-111111111111.us-central1.run.app"}, false},
		{"beta run worker-pools list --project=myproject-a --format=value(metadata.name)", []string{"poller"}, false},
		{"run deploy web --image=asia-northeast1-docker.pkg.dev/myproject-a/app/web:v2.4.0" + inProjectA, []string{"web-00043-", "percent of traffic"}, false},
		{"run services describe web" + inProjectA, []string{"web:v2.4.0", "by dev@example.com", "web-00043-"}, false},
		{"run deploy new --image=" + jobImage + inProjectA, []string{"Revision 'new-00001-", "is not ready and cannot serve traffic. Google Cloud Run Service Agent service-111111111111@"}, true},
		{"run services update-traffic web --to-revisions=web-00042-kex=100" + inProjectA, []string{"100%", "web-00042-kex", "!LATEST"}, false},
		{"run deploy new --image=quay.io/acme/engine:latest" + inProjectA, []string{"but obtained quay.io/acme/engine:latest"}, true},
	},
}

// sessionWorlds are those of the sessions that need another than the default.
var sessionWorlds = map[string]string{
	"deny policies": denyWorld,
	"boundaries":    strings.Replace(boundaryWorld, "caller: user:free@example.com", "caller: user:viewer@example.com", 1),
}

func TestGcloud(t *testing.T) {
	if testing.Short() {
		t.Skip("the real gcloud is slow to start; run without -short")
	}
	if _, err := exec.LookPath("gcloud"); err != nil {
		if os.Getenv("WHOPULLS_NEED_GCLOUD") == "1" {
			t.Fatal("gcloud is not on PATH, and WHOPULLS_NEED_GCLOUD asks for it")
		}
		t.Skip("gcloud is not on PATH")
	}
	turns := make(chan struct{}, 2)
	for name, steps := range sessions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			turns <- struct{}{}
			defer func() { <-turns }()
			w := sandbox.Worlds()[0].Name
			if text, ok := sessionWorlds[name]; ok {
				w = filepath.Join(t.TempDir(), "world.yaml")
				if err := os.WriteFile(w, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := gcloud(t, startWorld(t, w))
			for _, s := range steps {
				out, err := run(s.command)
				checkOutput(t, s, out, err)
			}
		})
	}
}

func checkOutput(t *testing.T, s gcloudCall, out string, err error) {
	t.Helper()
	if (err != nil) != s.fails {
		t.Errorf("gcloud %s: %v, want failure %v\n%s", s.command, err, s.fails, out)
		return
	}
	for _, text := range s.want {
		unwanted, not := strings.CutPrefix(text, "!")
		if strings.Contains(out, unwanted) == not {
			t.Errorf("gcloud %s: want %q in\n%s", s.command, text, out)
		}
	}
}

// gcloud gives a way to run the real one, with an empty configuration, in a
// shell that read the lines of the sandbox's Env.
func gcloud(t *testing.T, s *sandbox.Server) func(command string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	token, env := filepath.Join(dir, "token"), filepath.Join(dir, "env")
	for file, text := range map[string]string{token: s.Caller(), env: s.Env(token)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(command string) (string, error) {
		args := append([]string{"-c", `. "$0" && exec gcloud "$@"`, env}, strings.Fields(command)...)
		c := exec.CommandContext(t.Context(), "sh", args...)
		c.Env = append(os.Environ(),
			"CLOUDSDK_CONFIG="+filepath.Join(dir, "config"), "CLOUDSDK_CORE_DISABLE_PROMPTS=1",
			"CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true", "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=true")
		out, err := c.CombinedOutput()
		return string(out), err
	}
}
