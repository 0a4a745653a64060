package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"cloud.google.com/go/iam/apiv1/iampb"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// policyWriter is what it takes to change a policy.
type policyWriter interface {
	GetIamPolicy(context.Context, *iampb.GetIamPolicyRequest, ...gax.CallOption) (*iampb.Policy, error)
	SetIamPolicy(context.Context, *iampb.SetIamPolicyRequest, ...gax.CallOption) (*iampb.Policy, error)
}

// restPolicies writes policies as gcloud does: Resource Manager v1 over REST.
type restPolicies struct {
	addr   string
	client *http.Client
}

func (p restPolicies) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest, _ ...gax.CallOption) (*iampb.Policy, error) {
	return p.post(ctx, r.Resource+":getIamPolicy", []byte(`{"options":{"requestedPolicyVersion":3}}`))
}

func (p restPolicies) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest, _ ...gax.CallOption) (*iampb.Policy, error) {
	policy, err := protojson.Marshal(r.Policy)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]json.RawMessage{"policy": policy})
	if err != nil {
		return nil, err
	}
	return p.post(ctx, r.Resource+":setIamPolicy", body)
}

func (p restPolicies) post(ctx context.Context, path string, body []byte) (*iampb.Policy, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.addr+"/v1/"+path+"?alt=json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Host = crmHost
	r.Header.Set("Content-Type", "application/json")
	answer, err := p.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return nil, err
	case answer.StatusCode == http.StatusConflict:
		return nil, status.Error(codes.Aborted, string(text))
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s: %s", answer.Status, text)
	}
	var policy iampb.Policy
	return &policy, protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(text, &policy)
}
