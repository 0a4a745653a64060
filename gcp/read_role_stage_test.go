package gcp

import (
	"fmt"
	"testing"

	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"google.golang.org/protobuf/proto"

	"whopulls/model"
)

// What a role lists is read in each stage, with the stage: whether it gives anything is for the model to say.
func TestRolesAreReadWithTheirStage(t *testing.T) {
	const name = "projects/source-b/roles/puller"
	for _, c := range []struct {
		role  *adminpb.Role
		inert bool
	}{
		{&adminpb.Role{Stage: adminpb.Role_GA}, false},
		{&adminpb.Role{Stage: adminpb.Role_ALPHA}, false},
		{&adminpb.Role{Stage: adminpb.Role_DEPRECATED}, false},
		{&adminpb.Role{Stage: adminpb.Role_DISABLED}, true},
		{&adminpb.Role{Stage: adminpb.Role_GA, Deleted: true}, true},
	} {
		t.Run(fmt.Sprintf("%s deleted %t", c.role.GetStage(), c.role.GetDeleted()), func(t *testing.T) {
			c.role.Name, c.role.IncludedPermissions = name, []string{string(model.PermDownload)}
			f := grpcServer(map[string]func() (proto.Message, error){"IAM/GetRole": func() (proto.Message, error) { return c.role, nil }})
			got := runTask(t, f.cloud(t), narrowQuestion, model.Want{Kind: model.WantRole, Role: name}).Roles[name]
			if !got.Read() || !got.Value.Lists(model.PermDownload) || got.Value.Inert() != c.inert || got.Value.Grants(model.PermDownload) == c.inert ||
				got.Value.Stage != c.role.GetStage().String() {
				t.Errorf("%v is read as %+v", c.role, got)
			}
		})
	}
}
