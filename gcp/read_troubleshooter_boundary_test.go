package gcp

import (
	"fmt"
	"net/http"
	"testing"

	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/protobuf/proto"

	"whopulls/model"
)

const (
	troubleshootPath = "/v3beta/iam:troubleshoot"
	boundaryPolicy   = "organizations/1/locations/global/principalAccessBoundaryPolicies/fence"
)

// troubleshooterJSON is an answer of v3beta: what allow and deny policies say, what is said in all, and the boundary's state.
func troubleshooterJSON(allow, deny, overall, boundary string) string {
	return fmt.Sprintf(`{"overallAccessState":%q,"allowPolicyExplanation":{"allowAccessState":%q,"somethingNew":1},
		"denyPolicyExplanation":{"denyAccessState":%q},"pabPolicyExplanation":{"principalAccessBoundaryAccessState":%q,
		"explainedBindingsAndPolicies":[{"bindingAndPolicyAccessState":"PAB_ACCESS_STATE_ALLOWED","explainedPolicy":{"policy":{"name":"other"}}},
		{"bindingAndPolicyAccessState":%q,"explainedPolicy":{"policy":{"name":%q}}}]}}`,
		overall, "ALLOW_ACCESS_STATE_"+allow, "DENY_ACCESS_STATE_"+deny, "PAB_ACCESS_STATE_"+boundary, "PAB_ACCESS_STATE_"+boundary, boundaryPolicy)
}

func readOpinion(t *testing.T, f *fakeServer, a model.Access) model.Fact[model.SecondOpinion] {
	t.Helper()
	return runTask(t, f.cloud(t), narrowQuestion, model.Want{Kind: model.WantOpinion, Access: a}).Opinions[a]
}

var evesRead = model.Access{Principal: "user:eve@example.com", Permission: model.PermDownload, Resource: imagesB.Resource()}

// What v3beta says about allow and deny policies is the verdict, what it says about boundaries stands apart.
func TestBoundedOpinions(t *testing.T) {
	for _, c := range []struct {
		about  string
		answer string
		want   model.Verdict
		bounds model.Boundary
	}{
		{"allowed", troubleshooterJSON("GRANTED", "NOT_DENIED", "CAN_ACCESS", "ALLOWED"), model.Granted, model.Boundary{State: model.BoundaryOpen}},
		{"not enforced", troubleshooterJSON("GRANTED", "NOT_DENIED", "CAN_ACCESS", "NOT_ENFORCED"), model.Granted, model.Boundary{State: model.BoundaryOpen}},
		{"blocked", troubleshooterJSON("GRANTED", "NOT_DENIED", "CANNOT_ACCESS", "NOT_ALLOWED"), model.Granted, model.Boundary{State: model.BoundaryBlocks, Policy: boundaryPolicy}},
		{"blocked and not granted", troubleshooterJSON("NOT_GRANTED", "NOT_DENIED", "CANNOT_ACCESS", "NOT_ALLOWED"), model.Missing, model.Boundary{State: model.BoundaryBlocks, Policy: boundaryPolicy}},
		{"blocked and denied", troubleshooterJSON("GRANTED", "DENIED", "CANNOT_ACCESS", "NOT_ALLOWED"), model.Denied, model.Boundary{State: model.BoundaryBlocks, Policy: boundaryPolicy}},
		{"hidden", troubleshooterJSON("GRANTED", "NOT_DENIED", "UNKNOWN_INFO", "UNKNOWN_INFO"), model.Granted, model.Boundary{State: model.BoundaryHidden}},
		{"all hidden", troubleshooterJSON("UNKNOWN_INFO", "NOT_DENIED", "UNKNOWN_INFO", "UNKNOWN_INFO"), model.Unknown, model.Boundary{State: model.BoundaryHidden}},
		{"a hidden deny", troubleshooterJSON("GRANTED", "UNKNOWN_INFO", "UNKNOWN_INFO", "NOT_ENFORCED"), model.Unknown, model.Boundary{State: model.BoundaryOpen}},
		{"not granted", troubleshooterJSON("NOT_GRANTED", "NOT_DENIED", "CANNOT_ACCESS", "NOT_ENFORCED"), model.Missing, model.Boundary{State: model.BoundaryOpen}},
		{"a state nobody knows", troubleshooterJSON("GRANTED", "NOT_DENIED", "CAN_ACCESS", "SOMETHING_NEW"), model.Granted, model.Boundary{State: model.BoundaryHidden}},
		{"no boundary in the answer", `{"overallAccessState":"CAN_ACCESS"}`, model.Granted, model.Boundary{State: model.BoundaryHidden}},
	} {
		t.Run(c.about, func(t *testing.T) {
			f := &fakeServer{rest: map[string]http.HandlerFunc{troubleshootPath: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(c.answer))
			}}}
			got := readOpinion(t, f, evesRead)
			if !got.Read() || got.Value.Verdict != c.want || got.Value.Boundary != c.bounds {
				t.Errorf("of %s comes %+v, want %s and %+v", c.answer, got, c.want, c.bounds)
			}
		})
	}
}

// Where v3beta is not there, v3 is asked; where it refuses, that is the gap. Who no boundary binds is not asked of it.
func TestWithoutTheVersionThatKnowsBoundaries(t *testing.T) {
	disabled := `{"error":{"code":403,"status":"PERMISSION_DENIED","message":"off","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"service":"policytroubleshooter.googleapis.com","consumer":"projects/1"}}]}}`
	agent := model.Access{Principal: model.RunServiceAgent("111111111111"), Permission: model.PermDownload, Resource: imagesB.Resource()}
	for name, c := range map[string]struct {
		code   int
		body   string
		access model.Access
		read   bool
		v3     int
		v3beta int
	}{
		"not found":     {http.StatusNotFound, `{"error":{"code":404,"status":"NOT_FOUND"}}`, evesRead, true, 1, 1},
		"no such page":  {http.StatusNotFound, `<html>`, evesRead, true, 1, 1},
		"unimplemented": {http.StatusNotImplemented, `{"error":{"code":501,"status":"UNIMPLEMENTED"}}`, evesRead, true, 1, 1},
		"off":           {http.StatusForbidden, disabled, evesRead, true, 1, 1},
		"refused":       {http.StatusForbidden, `{"error":{"code":403,"status":"PERMISSION_DENIED"}}`, evesRead, false, 0, 1},
		"an agent":      {http.StatusForbidden, disabled, agent, true, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := grpcServer(map[string]func() (proto.Message, error){"PolicyTroubleshooter/TroubleshootIamPolicy": func() (proto.Message, error) {
				return &ts.TroubleshootIamPolicyResponse{OverallAccessState: ts.TroubleshootIamPolicyResponse_CAN_ACCESS}, nil
			}})
			f.rest = map[string]http.HandlerFunc{troubleshootPath: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.code)
				_, _ = w.Write([]byte(c.body))
			}}
			got := readOpinion(t, f, c.access)
			if got.Read() != c.read || got.Value.Boundary.State != "" || f.count("PolicyTroubleshooter/TroubleshootIamPolicy") != c.v3 || f.count(troubleshootPath) != c.v3beta {
				t.Errorf("%s: %+v after the calls %v", name, got, f.calls)
			}
		})
	}
}
