package sandbox_test

import (
	"strings"
	"testing"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	ar "cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/iterator"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/sandbox/world"
)

const arHost = "artifactregistry.googleapis.com"

func registry(t *testing.T, s *sandbox.Server, member string) *artifactregistry.Client {
	t.Helper()
	return must(artifactregistry.NewClient(t.Context(), dial(t, s, arHost, member)))(t)
}

func TestRepositories(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := registry(t, s, "")
	parent := "projects/myproject-b/locations/asia-northeast1"
	list := all(t, c.ListRepositories(ctx, &ar.ListRepositoriesRequest{Parent: parent, PageSize: 2}), iterator.Done)
	if len(list) != 4 {
		t.Errorf("asia-northeast1 has %d repositories, want 4", len(list))
	}
	if n := len(all(t, c.ListRepositories(ctx, &ar.ListRepositoriesRequest{Parent: parent, Filter: `name="*/repositories/my*"`}), iterator.Done)); n != 1 {
		t.Errorf("the filter finds %d, want 1", n)
	}
	_, err := c.ListRepositories(ctx, &ar.ListRepositoriesRequest{Parent: "projects/myproject-b/locations/-"}).Next()
	wantCode(t, "a wildcard location", err, codes.InvalidArgument)
	got := must(c.GetRepository(ctx, &ar.GetRepositoryRequest{Name: myrepo}))(t)
	if got.RegistryUri != "asia-northeast1-docker.pkg.dev/myproject-b/myrepo" || got.Format != ar.Repository_DOCKER || got.Mode != ar.Repository_STANDARD_REPOSITORY {
		t.Errorf("myrepo is %v", got)
	}
	virtual := must(c.GetRepository(ctx, &ar.GetRepositoryRequest{Name: parent + "/repositories/all"}))(t)
	if ups := virtual.GetVirtualRepositoryConfig().GetUpstreamPolicies(); len(ups) != 2 || ups[0].Repository != myrepo {
		t.Errorf("the virtual repository has upstreams %v", ups)
	}
	remote := must(c.GetRepository(ctx, &ar.GetRepositoryRequest{Name: parent + "/repositories/dockerhub"}))(t)
	if hub := remote.GetRemoteRepositoryConfig().GetDockerRepository().GetPublicRepository(); hub != ar.RemoteRepositoryConfig_DockerRepository_DOCKER_HUB {
		t.Errorf("the remote repository is %v", remote)
	}
	settings := must(c.GetProjectSettings(ctx, &ar.GetProjectSettingsRequest{Name: "projects/myproject-b/projectSettings"}))(t)
	if settings.LegacyRedirectionState != ar.ProjectSettings_REDIRECTION_FROM_GCR_IO_ENABLED {
		t.Errorf("settings are %v", settings)
	}
	if n := len(all(t, c.ListRules(ctx, &ar.ListRulesRequest{Parent: myrepo}), iterator.Done)); n != 0 {
		t.Errorf("found %d download rules", n)
	}
	places := all(t, c.ListLocations(ctx, &location.ListLocationsRequest{Name: "projects/myproject-b", PageSize: 3}), iterator.Done)
	if len(places) < 6 || places[0].Name != "projects/myproject-b/locations/"+places[0].LocationId {
		t.Errorf("the locations are %v", places)
	}
}

func TestImages(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := registry(t, s, "")
	images := all(t, c.ListDockerImages(ctx, &ar.ListDockerImagesRequest{Parent: myrepo, PageSize: 1}), iterator.Done)
	if len(images) != 4 || !strings.HasSuffix(images[0].Name, "/dockerImages/myjob@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08") {
		t.Fatalf("the images are %v", images)
	}
	for _, img := range images {
		if got := must(c.GetDockerImage(ctx, &ar.GetDockerImageRequest{Name: img.Name}))(t); !proto.Equal(got, img) {
			t.Errorf("%s reads as %v", img.Name, got)
		}
	}
	packages := all(t, c.ListPackages(ctx, &ar.ListPackagesRequest{Parent: myrepo}), iterator.Done)
	if len(packages) != 2 || packages[1].Name != myrepo+"/packages/team%2Fimporter" {
		t.Fatalf("the packages are %v", packages)
	}
	for _, p := range packages {
		tags := all(t, c.ListTags(ctx, &ar.ListTagsRequest{Parent: p.Name}), iterator.Done)
		if len(tags) < 2 {
			t.Errorf("%s has tags %v", p.Name, tags)
		}
		tag := must(c.GetTag(ctx, &ar.GetTagRequest{Name: p.Name + "/tags/latest"}))(t)
		version := must(c.GetVersion(ctx, &ar.GetVersionRequest{Name: tag.Version, View: ar.VersionView_FULL}))(t)
		if len(version.RelatedTags) != 2 {
			t.Errorf("%s has tags %v", version.Name, version.RelatedTags)
		}
		versions := all(t, c.ListVersions(ctx, &ar.ListVersionsRequest{Parent: p.Name}), iterator.Done)
		if versions[0].Name != tag.Version {
			t.Errorf("the first version of %s is %s, want %s", p.Name, versions[0].Name, tag.Version)
		}
	}
	_, err := c.GetTag(ctx, &ar.GetTagRequest{Name: myrepo + "/packages/myjob/tags/none"})
	wantCode(t, "a tag that is not there", err, codes.NotFound)
}

// TestRepositoryAccess holds that 404 is only for those who could see it, and
// that a reader may not read the policy.
func TestRepositoryAccess(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	const missing = "projects/myproject-b/locations/asia-northeast1/repositories/none"
	owner, reader, stranger := registry(t, s, dev), registry(t, s, "user:kenji@example.com"), registry(t, s, nobody)
	_, err := owner.GetRepository(ctx, &ar.GetRepositoryRequest{Name: missing})
	wantCode(t, "the owner's look at nothing", err, codes.NotFound)
	for _, name := range []string{missing, myrepo} {
		t.Run(name, func(t *testing.T) {
			_, err := stranger.GetRepository(ctx, &ar.GetRepositoryRequest{Name: name})
			wantCode(t, "a stranger's look at "+name, err, codes.PermissionDenied)
			if want := "Permission 'artifactregistry.repositories.get' denied on resource '" + name + "' (or it may not exist)."; !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	must(reader.GetRepository(ctx, &ar.GetRepositoryRequest{Name: myrepo}))(t)
	_, err = reader.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: myrepo})
	wantCode(t, "a reader's look at the policy", err, codes.PermissionDenied)
	wantReason(t, err, "IAM_PERMISSION_DENIED", map[string]string{"permission": "artifactregistry.repositories.getIamPolicy", "resource": myrepo})
	for _, name := range []string{myrepo, missing} {
		t.Run(name, func(t *testing.T) {
			held := must(reader.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{Resource: name, Permissions: []string{
				"artifactregistry.repositories.downloadArtifacts", "artifactregistry.repositories.setIamPolicy",
			}}))(t)
			if got, want := len(held.Permissions) == 1, name == myrepo; got != want {
				t.Errorf("a reader holds %v on %s", held.Permissions, name)
			}
		})
	}
	off := must(artifactregistry.NewClient(ctx, dial(t, s, arHost, dev)))(t)
	_, err = off.ListRepositories(ctx, &ar.ListRepositoriesRequest{Parent: "projects/sandbox-dev-01/locations/us"}).Next()
	wantReason(t, err, "SERVICE_DISABLED", map[string]string{"service": "artifactregistry.googleapis.com", "consumer": "projects/888888888881"})
}

func TestRepositoryPolicyReadsTheSameTwice(t *testing.T) {
	s := start(t, sandbox.Options{})
	c := registry(t, s, "")
	r := &iampb.GetIamPolicyRequest{Resource: myrepo, Options: &iampb.GetPolicyOptions{RequestedPolicyVersion: 3}}
	one, two := must(proto.Marshal(must(c.GetIamPolicy(t.Context(), r))(t)))(t), must(proto.Marshal(must(c.GetIamPolicy(t.Context(), r))(t)))(t)
	if string(one) != string(two) {
		t.Error("two reads of one policy differ")
	}
}

const shapesWorld = "../testdata/shapes.yaml"

func TestDownloadRules(t *testing.T) {
	s := startWorld(t, shapesWorld)
	ctx := t.Context()
	parent := "projects/source-b/locations/asia-northeast1/repositories/images"
	rules := all(t, registry(t, s, "").ListRules(ctx, &ar.ListRulesRequest{Parent: parent, PageSize: 1}), iterator.Done)
	if len(rules) != 2 || rules[0].Name != parent+"/rules/no-latest" || rules[0].Action != ar.Rule_DENY || rules[0].Condition.GetExpression() == "" {
		t.Fatalf("the rules are %v", rules)
	}
	if r := rules[1]; r.Action != ar.Rule_ALLOW || r.Operation != ar.Rule_DOWNLOAD || r.PackageId != "side" || r.Condition != nil {
		t.Errorf("the second rule is %v", r)
	}
	_, err := registry(t, s, nobody).ListRules(ctx, &ar.ListRulesRequest{Parent: parent}).Next()
	wantCode(t, "a stranger", err, codes.PermissionDenied)
}

// With redirection off, the gcr.io name is not served, and the repository's own is.
func TestRedirectionOff(t *testing.T) {
	s := startWorld(t, shapesWorld)
	settings := must(registry(t, s, "").GetProjectSettings(t.Context(), &ar.GetProjectSettingsRequest{Name: "projects/source-b/projectSettings"}))(t)
	if settings.LegacyRedirectionState != ar.ProjectSettings_REDIRECTION_FROM_GCR_IO_DISABLED {
		t.Errorf("settings are %v", settings)
	}
	w := must(sandbox.Load(shapesWorld))(t)
	for text, there := range map[string]bool{"gcr.io/source-b/web:v1": false, "us-docker.pkg.dev/source-b/gcr.io/web:v1": true} {
		t.Run(text, func(t *testing.T) {
			ref, _ := world.ParseReference(text)
			if got := w.FindImage(ref) != nil; got != there {
				t.Errorf("%s is there: %t, want %t", text, got, there)
			}
		})
	}
}
