package sandbox

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// assets serves google.cloud.asset.v1.AssetService: listing and searching.
type assets struct {
	assetpb.UnimplementedAssetServiceServer
	*cloud
}

const (
	searchPage  = 500
	assetPage   = 1000
	assetNormal = 100 // assets in a page when the call does not say
)

// asset is one thing of a world as Cloud Asset keeps it. Worker pools are not
// in its inventory's search, and not here.
type asset struct {
	full      string // as the world has it
	name      string // as Cloud Asset has it
	kind      string
	ancestors []string // "projects/NUMBER", "folders/F", "organizations/O"
	data      func() (*structpb.Struct, error)
}

// ask wants that the API is on in the quota project, then the permission.
func (s *assets) ask(ctx context.Context, permission, scope string) error {
	parts := strings.Split(scope, "/")
	if len(parts) != 2 || parts[1] == "" || policyReaders[parts[0]] == "" || !strings.HasSuffix(parts[0], "s") {
		return invalid("Scope %q is not valid; expected projects/P, folders/F or organizations/O.", scope)
	}
	if err := s.enabled(quotaProject(ctx, scope), "cloudasset.googleapis.com"); err != nil {
		return err
	}
	return s.need(ctx, "cloudasset.assets."+permission, node(scope))
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
	if err := s.ask(ctx, permission, r.Parent); err != nil {
		return nil, err
	}
	found, err := s.within(r.Parent, r.AssetTypes)
	if err != nil {
		return nil, err
	}
	size := r.PageSize
	if size == 0 {
		size = assetNormal
	}
	scope := "assets " + r.Parent + r.ContentType.String() + strings.Join(r.AssetTypes, " ")
	part, next, err := page(found, size, r.PageToken, scope, assetPage)
	if err != nil {
		return nil, err
	}
	answer := &assetpb.ListAssetsResponse{ReadTime: timestamppb.Now(), NextPageToken: next}
	for _, a := range part {
		m, err := s.assetProto(a, r.ContentType)
		if err != nil {
			return nil, err
		}
		answer.Assets = append(answer.Assets, m)
	}
	return answer, nil
}

func (s *assets) assetProto(a asset, content assetpb.ContentType) (*assetpb.Asset, error) {
	m := &assetpb.Asset{Name: a.name, AssetType: a.kind, Ancestors: a.ancestors, UpdateTime: timestamppb.New(world.DefaultTime)}
	switch content {
	case assetpb.ContentType_IAM_POLICY:
		if s.world.Exists(a.full) { // a revision has no policy of its own
			policy, err := s.world.Policy(a.full, 3)
			if err != nil {
				return nil, err
			}
			m.IamPolicy = policy
		}
	case assetpb.ContentType_RESOURCE:
		data, err := a.data()
		if err != nil {
			return nil, err
		}
		_, short, _ := strings.Cut(a.kind, "/")
		m.Resource = &assetpb.Resource{Version: "v1", DiscoveryName: short, Data: data, Location: locationIn(a.full), Parent: s.parentOf(a)}
	}
	return m, nil
}

// parentOf gives the full name of what an asset lies in.
func (s *assets) parentOf(a asset) string {
	above := a.ancestors
	if strings.HasPrefix(a.full, node("")) {
		above = above[1:]
	}
	if len(above) == 0 {
		return ""
	}
	return node(above[0])
}

func locationIn(full string) string {
	_, rest, _ := strings.Cut(full, "/locations/")
	location, _, _ := strings.Cut(rest, "/")
	if location == "" {
		return "global"
	}
	return location
}

// within gives the assets of a scope. A type is a name or an RE2 expression
// that must fit it whole.
func (s *assets) within(scope string, types []string) ([]asset, error) {
	var wanted *regexp.Regexp
	if len(types) > 0 {
		compiled, err := regexp.Compile("^(?:" + strings.Join(types, "|") + ")$")
		if err != nil {
			return nil, invalid("Asset types %q are not valid: %v", types, err)
		}
		wanted = compiled
	}
	var found []asset
	for _, full := range s.world.Resources() {
		if !s.below(full, scope) {
			continue
		}
		for _, a := range s.assetsOf(full) {
			if wanted == nil || wanted.MatchString(a.kind) {
				found = append(found, a)
			}
		}
	}
	return found, nil
}

func (s *assets) below(full, scope string) bool {
	top := s.world.Canonical(node(scope))
	for _, name := range s.world.Chain(full) {
		if name == top {
			return true
		}
	}
	return false
}

// ancestry names the nodes above and including the one that a thing lies in,
// projects by number.
func (s *assets) ancestry(full string) []string {
	_, relative, _ := strings.Cut(strings.TrimPrefix(full, "//"), "/")
	parts := strings.SplitN(relative, "/", 3)
	names := s.world.Ancestry(parts[0] + "/" + parts[1])
	for i, name := range names {
		if p := s.world.Project(projectIn(name)); p != nil {
			names[i] = "projects/" + p.Number
		}
	}
	return names
}

// asStruct turns a message or anything with JSON tags into an asset's data.
func asStruct(value any) (*structpb.Struct, error) {
	var text []byte
	var err error
	if m, ok := value.(proto.Message); ok {
		text, err = protojson.Marshal(m)
	} else {
		text, err = json.Marshal(value)
	}
	if err != nil {
		return nil, err
	}
	data := &structpb.Struct{}
	return data, protojson.Unmarshal(text, data)
}
