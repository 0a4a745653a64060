package sandbox

import (
	"context"
	"regexp"
	"strings"
	"time"

	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"

	"whopulls/gcp/sandbox/world"
)

// troubleshooter serves google.cloud.policytroubleshooter.iam.v3. It answers from what the caller may see.
// Anything else is unknown.
type troubleshooter struct {
	ts.UnimplementedPolicyTroubleshooterServer
	*core
}

// accessQuery is one access tuple, and the caller who asks about it.
type accessQuery struct {
	*core
	viewer           world.Viewer
	member           string
	permission       string // artifactregistry.repositories.get, for each form of it that is sent
	resource         string
	conditionContext world.ConditionContext
}

// TroubleshootIamPolicy needs no permission of its own. The API must be enabled in the quota project, which
// is the resource's project if the call names none.
func (s *troubleshooter) TroubleshootIamPolicy(ctx context.Context, r *ts.TroubleshootIamPolicyRequest) (*ts.TroubleshootIamPolicyResponse, error) {
	_, _, answer, err := s.explain(ctx, r)
	return answer, err
}

// explain evaluates allow and deny policies, and combines the results.
func (s *troubleshooter) explain(ctx context.Context, r *ts.TroubleshootIamPolicyRequest) (*accessQuery, world.Knowledge, *ts.TroubleshootIamPolicyResponse, error) {
	q, err := s.newAccessQuery(ctx, r.GetAccessTuple())
	if err != nil {
		return nil, world.No, nil, err
	}
	_, relative, _ := strings.Cut(strings.TrimPrefix(q.resource, "//"), "/")
	if err := s.requireAPI(quotaProject(ctx, relative), "policytroubleshooter.googleapis.com"); err != nil {
		return nil, world.No, nil, err
	}
	allowed, allow := q.explainAllow()
	denied, deny := q.explainDeny()
	found := world.AllOf(allowed, denied.Not())
	r.AccessTuple.PermissionFqdn = world.PermissionFQDN(q.permission)
	return q, found, &ts.TroubleshootIamPolicyResponse{
		OverallAccessState: overallStates[found], AccessTuple: r.AccessTuple,
		AllowPolicyExplanation: allow, DenyPolicyExplanation: deny,
	}, nil
}

var overallStates = map[world.Knowledge]ts.TroubleshootIamPolicyResponse_OverallAccessState{
	world.Yes: ts.TroubleshootIamPolicyResponse_CAN_ACCESS, world.No: ts.TroubleshootIamPolicyResponse_CANNOT_ACCESS,
	world.Hidden:      ts.TroubleshootIamPolicyResponse_UNKNOWN_INFO,
	world.Conditional: ts.TroubleshootIamPolicyResponse_UNKNOWN_CONDITIONAL,
}

var fullNameForm = regexp.MustCompile(`^//[a-z]+\.googleapis\.com(/[^/]+)+$`)

func (s *troubleshooter) newAccessQuery(ctx context.Context, t *ts.AccessTuple) (*accessQuery, error) {
	if !strings.Contains(t.GetPrincipal(), "@") || strings.ContainsAny(t.GetPrincipal(), ": /") {
		return nil, invalid("Principal %q is not valid; expected the e-mail address of a user or a service account.", t.GetPrincipal())
	}
	if !fullNameForm.MatchString(t.GetFullResourceName()) {
		return nil, invalid("Full resource name %q is not valid; expected //SERVICE.googleapis.com/RESOURCE.", t.GetFullResourceName())
	}
	permission := permissionFromFQDN(t.GetPermission())
	if strings.Count(permission, ".") < 2 || strings.ContainsAny(permission, "*/ ") {
		return nil, invalid("Permission %q is not valid.", t.GetPermission())
	}
	kind := "user:"
	if strings.HasSuffix(strings.ToLower(t.Principal), ".gserviceaccount.com") {
		kind = "serviceAccount:"
	}
	q := &accessQuery{
		core: s.core, viewer: world.Viewer{Member: caller(ctx), At: time.Now()},
		member: kind + t.Principal, permission: permission, resource: t.FullResourceName,
	}
	about := t.GetConditionContext()
	q.conditionContext = world.ConditionContext{Service: about.GetResource().GetService(), Name: about.GetResource().GetName(), Type: about.GetResource().GetType()}
	if at := about.GetRequest().GetReceiveTime(); at != nil {
		q.conditionContext.Time = at.AsTime()
	}
	return q, nil
}

// permissionFromFQDN turns artifactregistry.googleapis.com/repositories.get into
// artifactregistry.repositories.get.
func permissionFromFQDN(permission string) string {
	service, rest, ok := strings.Cut(permission, ".googleapis.com/")
	if !ok {
		return permission
	}
	if service == "cloudresourcemanager" {
		service = "resourcemanager"
	}
	return service + "." + rest
}

// policyReadPermissions give, for each collection of a service, the permission that reads an allow policy
// there. Resources in other collections have no policy.
var policyReadPermissions = map[string]string{
	"cloudresourcemanager/projects":      "resourcemanager.projects.getIamPolicy",
	"cloudresourcemanager/folders":       "resourcemanager.folders.getIamPolicy",
	"cloudresourcemanager/organizations": "resourcemanager.organizations.getIamPolicy",
	"artifactregistry/repositories":      "artifactregistry.repositories.getIamPolicy",
	"iam/serviceAccounts":                "iam.serviceAccounts.getIamPolicy",
	"run/services":                       "run.services.getIamPolicy",
	"run/jobs":                           "run.jobs.getIamPolicy",
	"run/workerPools":                    "run.workerpools.getIamPolicy",
	"run/instances":                      "run.instances.getIamPolicy",
}

// policyReadPermission gives the permission that reads the policy of a resource (full name); "" if it has
// none.
func policyReadPermission(full string) string {
	service, _, _ := strings.Cut(strings.TrimPrefix(full, "//"), ".")
	parts := strings.Split(full, "/")
	return policyReadPermissions[service+"/"+parts[max(len(parts)-2, 0)]]
}

func (q *accessQuery) viewerMay(permission, full string) bool {
	return q.world.Allowed(q.viewer.Member, permission, full, q.viewer.At)
}

// relevance marks what decides the result, or might decide it.
func relevance(t world.Knowledge) ts.HeuristicRelevance {
	if t == world.No {
		return ts.HeuristicRelevance_HEURISTIC_RELEVANCE_NORMAL
	}
	return ts.HeuristicRelevance_HEURISTIC_RELEVANCE_HIGH
}

var membershipStates = map[world.Knowledge]ts.MembershipMatchingState{
	world.Yes: ts.MembershipMatchingState_MEMBERSHIP_MATCHED, world.No: ts.MembershipMatchingState_MEMBERSHIP_NOT_MATCHED,
	world.Hidden: ts.MembershipMatchingState_MEMBERSHIP_UNKNOWN_INFO,
}
