package sandbox

import (
	"context"
	"net/url"
	"strings"

	ar "cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// In resource names the slashes of a package name are escaped as %2F.
func packageName(r *world.Repository, pkg string) string {
	return r.Name() + "/packages/" + strings.ReplaceAll(pkg, "/", "%2F")
}

// parseBelowRepository splits "…/repositories/R/packages/PKG/versions/V" after the repository. It gives the
// unescaped values of "packages" and of what follows.
func parseBelowRepository(name string) map[string]string {
	parts := strings.Split(name, "/")
	values := map[string]string{}
	for i := 6; i+1 < len(parts); i += 2 {
		value, err := url.PathUnescape(parts[i+1])
		if err != nil {
			value = parts[i+1]
		}
		values[parts[i]] = value
	}
	return values
}

func uploadTime(img *world.Image) *timestamppb.Timestamp {
	return timestamppb.New(world.ParseTime(img.UploadTime))
}

func dockerImageProto(r *world.Repository, img *world.Image) *ar.DockerImage {
	return &ar.DockerImage{
		Name:           r.Name() + "/dockerImages/" + strings.ReplaceAll(img.Package, "/", "%2F") + "@" + img.Digest,
		Uri:            r.RegistryPath() + "/" + img.Package + "@" + img.Digest,
		Tags:           img.Tags,
		ImageSizeBytes: img.SizeBytes,
		MediaType:      "application/vnd.oci.image.manifest.v1+json",
		UploadTime:     uploadTime(img), UpdateTime: uploadTime(img), BuildTime: uploadTime(img),
	}
}

func (s *registry) ListDockerImages(ctx context.Context, r *ar.ListDockerImagesRequest) (*ar.ListDockerImagesResponse, error) {
	repo, err := s.findRepository(ctx, "artifactregistry.dockerimages.list", r.Parent)
	if err != nil {
		return nil, err
	}
	if repo.Format != "DOCKER" {
		return nil, invalid("Repository %s has format %s, which holds no Docker images.", repo.Name(), repo.Format)
	}
	if r.OrderBy != "" {
		return nil, invalid("The sandbox does not order lists; leave order_by empty.")
	}
	part, next, err := readPage(listOf(repo.Images), r.PageSize, r.PageToken, "dockerImages "+r.Parent, maxRegistryPage)
	if err != nil {
		return nil, err
	}
	answer := &ar.ListDockerImagesResponse{NextPageToken: next}
	for _, img := range part {
		answer.DockerImages = append(answer.DockerImages, dockerImageProto(repo, img))
	}
	return answer, nil
}

func (s *registry) GetDockerImage(ctx context.Context, r *ar.GetDockerImageRequest) (*ar.DockerImage, error) {
	repo, err := s.findRepository(ctx, "artifactregistry.dockerimages.get", r.Name)
	if err != nil {
		return nil, err
	}
	pkg, digest, _ := strings.Cut(parseBelowRepository(r.Name)["dockerImages"], "@")
	for _, img := range s.world.Versions(repo, pkg) {
		if img.Digest == digest {
			return dockerImageProto(repo, img), nil
		}
	}
	return nil, notFound(world.FullName("artifactregistry", r.Name))
}

// findPackage finds the images of the package that a name belongs to.
func (s *registry) findPackage(ctx context.Context, permission, name string) (*world.Repository, []*world.Image, error) {
	repo, err := s.findRepository(ctx, permission, name)
	if err != nil {
		return nil, nil, err
	}
	found := s.world.Versions(repo, parseBelowRepository(name)["packages"])
	if found == nil {
		return nil, nil, notFound(world.FullName("artifactregistry", name))
	}
	return repo, found, nil
}

func packageProto(r *world.Repository, name string, images []*world.Image) *ar.Package {
	p := &ar.Package{Name: packageName(r, name), DisplayName: name, CreateTime: uploadTime(images[0]), UpdateTime: uploadTime(images[0])}
	for _, img := range images {
		if t := uploadTime(img); t.AsTime().Before(p.CreateTime.AsTime()) {
			p.CreateTime = t
		} else if t.AsTime().After(p.UpdateTime.AsTime()) {
			p.UpdateTime = t
		}
	}
	return p
}

func (s *registry) ListPackages(ctx context.Context, r *ar.ListPackagesRequest) (*ar.ListPackagesResponse, error) {
	repo, err := s.findRepository(ctx, "artifactregistry.packages.list", r.Parent)
	if err != nil {
		return nil, err
	}
	match, err := parseNameFilter(r.Filter, r.OrderBy)
	if err != nil {
		return nil, err
	}
	found := listFiltered(s.world.Packages(repo), func(name string) bool { return match(packageName(repo, name)) })
	part, next, err := readPage(found, r.PageSize, r.PageToken, "packages "+r.Parent+r.Filter, maxRegistryPage)
	if err != nil {
		return nil, err
	}
	answer := &ar.ListPackagesResponse{NextPageToken: next}
	for _, name := range part {
		answer.Packages = append(answer.Packages, packageProto(repo, name, s.world.Versions(repo, name)))
	}
	return answer, nil
}

func versionName(r *world.Repository, img *world.Image) string {
	return packageName(r, img.Package) + "/versions/" + img.Digest
}

// versionProto shows a version; the full view lists its tags.
func versionProto(r *world.Repository, img *world.Image, view ar.VersionView) *ar.Version {
	v := &ar.Version{Name: versionName(r, img), CreateTime: uploadTime(img), UpdateTime: uploadTime(img)}
	if view == ar.VersionView_FULL {
		for _, tag := range img.Tags {
			v.RelatedTags = append(v.RelatedTags, tagProto(r, img, tag))
		}
	}
	return v
}

func (s *registry) ListVersions(ctx context.Context, r *ar.ListVersionsRequest) (*ar.ListVersionsResponse, error) {
	repo, images, err := s.findPackage(ctx, "artifactregistry.versions.list", r.Parent)
	if err != nil {
		return nil, err
	}
	match, err := parseNameFilter(r.Filter, r.OrderBy)
	if err != nil {
		return nil, err
	}
	found := listFiltered(images, func(img *world.Image) bool { return match(versionName(repo, img)) })
	part, next, err := readPage(found, r.PageSize, r.PageToken, "versions "+r.Parent+r.Filter, maxRegistryPage)
	if err != nil {
		return nil, err
	}
	answer := &ar.ListVersionsResponse{NextPageToken: next}
	for _, img := range part {
		answer.Versions = append(answer.Versions, versionProto(repo, img, r.View))
	}
	return answer, nil
}

func (s *registry) GetVersion(ctx context.Context, r *ar.GetVersionRequest) (*ar.Version, error) {
	repo, images, err := s.findPackage(ctx, "artifactregistry.versions.get", r.Name)
	if err != nil {
		return nil, err
	}
	for _, img := range images {
		if img.Digest == parseBelowRepository(r.Name)["versions"] {
			return versionProto(repo, img, r.View), nil
		}
	}
	return nil, notFound(world.FullName("artifactregistry", r.Name))
}

func tagProto(r *world.Repository, img *world.Image, tag string) *ar.Tag {
	name := packageName(r, img.Package)
	return &ar.Tag{Name: name + "/tags/" + tag, Version: versionName(r, img)}
}

func (s *registry) ListTags(ctx context.Context, r *ar.ListTagsRequest) (*ar.ListTagsResponse, error) {
	repo, images, err := s.findPackage(ctx, "artifactregistry.tags.list", r.Parent)
	if err != nil {
		return nil, err
	}
	match, err := parseNameFilter(r.Filter, "")
	if err != nil {
		return nil, err
	}
	found := flatMapList(listOf(images), func(img *world.Image) list[*ar.Tag] {
		tags := make([]*ar.Tag, len(img.Tags))
		for i, tag := range img.Tags {
			tags[i] = tagProto(repo, img, tag)
		}
		return listFiltered(tags, func(t *ar.Tag) bool { return match(t.Name) })
	})
	part, next, err := readPage(found, r.PageSize, r.PageToken, "tags "+r.Parent+r.Filter, maxRegistryPage)
	if err != nil {
		return nil, err
	}
	return &ar.ListTagsResponse{Tags: part, NextPageToken: next}, nil
}

func (s *registry) GetTag(ctx context.Context, r *ar.GetTagRequest) (*ar.Tag, error) {
	repo, images, err := s.findPackage(ctx, "artifactregistry.tags.get", r.Name)
	if err != nil {
		return nil, err
	}
	wanted := parseBelowRepository(r.Name)["tags"]
	for _, img := range images {
		for _, tag := range img.Tags {
			if tag == wanted {
				return tagProto(repo, img, tag), nil
			}
		}
	}
	return nil, notFound(world.FullName("artifactregistry", r.Name))
}
