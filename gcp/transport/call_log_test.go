package transport

import (
	"cmp"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

func TestCallsNameWhatTheyAreAbout(t *testing.T) {
	for want, req := range map[string]proto.Message{
		"projects/p/locations/l/repositories/r": &iampb.GetIamPolicyRequest{Resource: "projects/p/locations/l/repositories/r"},
		"projects/p/locations/l/jobs/j":         &runpb.UpdateJobRequest{Job: &runpb.Job{Name: "projects/p/locations/l/jobs/j"}},
		"//run.googleapis.com/projects/p": &ts.TroubleshootIamPolicyRequest{AccessTuple: &ts.AccessTuple{
			Principal: "a@example.com", FullResourceName: "//run.googleapis.com/projects/p"}},
		"": &resourcemanagerpb.SearchProjectsRequest{Query: "state:ACTIVE"},
	} {
		t.Run(cmp.Or(want, "nothing"), func(t *testing.T) {
			if got := grpcCall("/s.S/M", req, nil); got.Resource != want || got.Status != "OK" || got.Method != "s.S/M" {
				t.Errorf("%T: %+v, want %s", req, got, want)
			}
		})
	}
	hostile := grpcCall("/s.S/M", &iampb.GetIamPolicyRequest{Resource: "p\x1b]0;x\x07\n"}, status.Error(codes.Canceled, "x"))
	if hostile.Resource != "p\ufffd]0;x\ufffd" || hostile.Status != "CANCELLED" {
		t.Errorf("%+v", hostile)
	}
	paged := grpcCall("/s.S/M", &resourcemanagerpb.SearchProjectsRequest{PageToken: "abcdefghijkl"}, nil)
	if paged.Page != "abcdef…" || tokenPrefix("short") != "…" || tokenPrefix("") != "" {
		t.Errorf("%+v", paged)
	}
}
