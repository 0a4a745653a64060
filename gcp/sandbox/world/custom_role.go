package world

import (
	"slices"
	"strings"

	"cloud.google.com/go/iam/admin/apiv1/adminpb"
)

// CustomRole belongs to a project or to the organization.
type CustomRole struct {
	Name                string   `yaml:"name"` // "projects/P/roles/R" or "organizations/O/roles/R"
	Title               string   `yaml:"title"`
	IncludedPermissions []string `yaml:"includedPermissions"`
	Stage               string   `yaml:"stage"`   // a launch stage of IAM; GA by default
	Deleted             bool     `yaml:"deleted"` // it can still be undeleted
}

// launchStages are those that a custom role may be in.
var launchStages = []string{"ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"}

// LaunchStage is the role's stage as the IAM API has it.
func (r *CustomRole) LaunchStage() adminpb.Role_RoleLaunchStage {
	if stage, ok := adminpb.Role_RoleLaunchStage_value[r.Stage]; ok {
		return adminpb.Role_RoleLaunchStage(stage)
	}
	return adminpb.Role_GA
}

// grants reports whether a binding of the role gives the permission. A role in stage DISABLED contributes
// nothing to anybody (iam-facts 12.2), one in stage DEPRECATED does. Bindings of a deleted role stay in
// policies and have no effect (IAM's reference, projects.roles.delete).
func (r *CustomRole) grants(permission string) bool {
	return !r.Deleted && r.LaunchStage() != adminpb.Role_DISABLED && slices.Contains(r.IncludedPermissions, permission)
}

// CustomRole finds a custom role by its full name. The project in the name is
// its id.
func (w *World) CustomRole(name string) *CustomRole { return w.index.customRoles[name] }

// CustomRolesOf lists the custom roles of a project ("projects/ID") or of the
// organization; the deleted ones only when asked for.
func (w *World) CustomRolesOf(owner string, includeDeleted bool) []*CustomRole {
	var found []*CustomRole
	for i := range w.Roles {
		if r := &w.Roles[i]; strings.HasPrefix(r.Name, owner+"/roles/") && (includeDeleted || !r.Deleted) {
			found = append(found, r)
		}
	}
	return found
}
