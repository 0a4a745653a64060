package sandbox

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// assets serves google.cloud.asset.v1.AssetService: listing and searching.
type assets struct {
	assetpb.UnimplementedAssetServiceServer
	*core
}

const (
	maxSearchPage    = 500
	maxAssetPage     = 1000
	defaultAssetPage = 100 // assets in a page when the call does not ask for a size
)

// authorize checks that the API is enabled in the quota project, then the permission.
func (s *assets) authorize(ctx context.Context, permission, scope string) error {
	parts := strings.Split(scope, "/")
	if len(parts) != 2 || parts[1] == "" || !slices.Contains([]string{"projects", "folders", "organizations"}, parts[0]) {
		return invalid("Scope %q is not valid; expected projects/P, folders/F or organizations/O.", scope)
	}
	if err := s.requireAPI(quotaProject(ctx, scope), "cloudasset.googleapis.com"); err != nil {
		return err
	}
	return s.requirePermission(ctx, "cloudasset.assets."+permission, fullNodeName(scope))
}

func (s *assets) ListAssets(ctx context.Context, r *assetpb.ListAssetsRequest) (*assetpb.ListAssetsResponse, error) {
	permission := "listResource"
	switch r.ContentType {
	case assetpb.ContentType_CONTENT_TYPE_UNSPECIFIED, assetpb.ContentType_RESOURCE:
	case assetpb.ContentType_IAM_POLICY:
		permission = "listIamPolicy"
	default:
		return nil, invalid("The sandbox has the content types RESOURCE and IAM_POLICY, not %s.", r.ContentType)
	}
	if err := s.authorize(ctx, permission, r.Parent); err != nil {
		return nil, err
	}
	wanted, err := assetTypeFilter(r.AssetTypes)
	if err != nil {
		return nil, err
	}
	at, err := s.resolveReadTime(r.ReadTime)
	if err != nil {
		return nil, err
	}
	size := r.PageSize
	if size == 0 {
		size = defaultAssetPage
	}
	scope := "assets " + r.Parent + " " + r.ContentType.String() + " " + r.ReadTime.String() + " " + strings.Join(r.AssetTypes, " ")
	part, next, err := readPage(s.listScope(r.Parent, wanted, at), size, r.PageToken, scope, maxAssetPage)
	if err != nil {
		return nil, err
	}
	answer := &assetpb.ListAssetsResponse{ReadTime: timestamppb.New(at), NextPageToken: next}
	for _, a := range part {
		m, err := s.assetProto(a, r.ContentType)
		if err != nil {
			return nil, err
		}
		answer.Assets = append(answer.Assets, m)
	}
	return answer, nil
}

// snapshotDays is how far back a snapshot may be asked for.
const snapshotDays = 35

// resolveReadTime is the moment that a list shows: the requested one, else the index's latest. The sandbox
// keeps no history. An earlier moment shows today's content without the younger workloads.
func (s *assets) resolveReadTime(asked *timestamppb.Timestamp) (time.Time, error) {
	now := time.Now().UTC()
	if asked == nil {
		return now.Add(-s.world.AssetIndex.Lag()), nil
	}
	at := asked.AsTime()
	if !asked.IsValid() || at.After(now) || at.Before(now.AddDate(0, 0, -snapshotDays)) {
		return at, invalid("Read time %s must lie between now and %d days ago.", at.Format(time.RFC3339), snapshotDays)
	}
	return at, nil
}

func (s *assets) assetProto(a asset, content assetpb.ContentType) (*assetpb.Asset, error) {
	m := &assetpb.Asset{Name: a.name, AssetType: a.assetType, Ancestors: a.ancestors, UpdateTime: timestamppb.New(world.DefaultTime)}
	switch content {
	case assetpb.ContentType_IAM_POLICY:
		if policy, err := s.world.Policy(a.full, 3); err == nil { // a revision has no policy of its own
			m.IamPolicy = policy
		}
	case assetpb.ContentType_RESOURCE:
		data, err := asStruct(a.data())
		if err != nil {
			return nil, err
		}
		service, short, _ := strings.Cut(a.assetType, "/")
		m.Resource = &assetpb.Resource{
			Version: assetVersion(a.assetType), DiscoveryDocumentUri: "https://" + service + "/$discovery/rest", DiscoveryName: short,
			Data: data, Location: locationFromName(a.full), Parent: s.parentOf(a),
		}
	}
	return m, nil
}

// parentOf gives the full name of an asset's parent.
func (s *assets) parentOf(a asset) string {
	above := a.ancestors
	if strings.HasPrefix(a.full, fullNodeName("")) {
		above = above[1:]
	}
	if len(above) == 0 {
		return ""
	}
	return fullNodeName(above[0])
}

func locationFromName(full string) string {
	_, rest, _ := strings.Cut(full, "/locations/")
	location, _, _ := strings.Cut(rest, "/")
	if location == "" {
		return "global"
	}
	return location
}

// assetTypeFilter reads names or RE2 expressions. One of them must match the whole of a type; without any,
// every type matches.
func assetTypeFilter(types []string) (wanted func(kind string) bool, err error) {
	if len(types) == 0 {
		return func(string) bool { return true }, nil
	}
	compiled, err := regexp.Compile("^(?:" + strings.Join(types, "|") + ")$")
	if err != nil {
		return nil, invalid("Asset types %q are not valid: %v", types, err)
	}
	return compiled.MatchString, nil
}

// ancestryByNumber lists a node and its ancestors, with projects by number.
func (s *assets) ancestryByNumber(name string) []string {
	names := s.world.Ancestry(name)
	for i, name := range names {
		if p := s.world.Project(projectFromName(name)); p != nil {
			names[i] = "projects/" + p.Number
		}
	}
	return names
}
