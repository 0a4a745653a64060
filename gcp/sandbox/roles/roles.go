// Package roles is the sandbox's table of predefined IAM roles.
//
// It holds every role that matters when a container image is pulled across projects. That includes roles
// which people expect to have the pull permission, but which don't have it. Each role lists its permissions
// from a fixed set. Permissions outside that set are not known here.
package roles

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// Role is one predefined role.
type Role struct {
	Name        string   `json:"-"` // "roles/artifactregistry.reader"
	Title       string   `json:"title"`
	Stage       string   `json:"stage"` // ALPHA, BETA, GA or DEPRECATED
	Permissions []string `json:"permissions"`
}

// Has reports whether the role has the permission.
func (r Role) Has(permission string) bool {
	return slices.Contains(r.Permissions, permission)
}

//go:embed predefined.json
var predefinedJSON []byte

type tableFile struct {
	Permissions []string        `json:"asked"`
	Roles       map[string]Role `json:"roles"`
}

// table is read once. The embedded file is part of the build, so a mistake in it is a bug of the program.
var table = sync.OnceValue(func() tableFile {
	var f tableFile
	if err := json.Unmarshal(predefinedJSON, &f); err != nil {
		panic("roles: the embedded predefined.json cannot be read: " + err.Error())
	}
	for name, r := range f.Roles {
		r.Name = name
		f.Roles[name] = r
	}
	return f
})

// Get gives the predefined role of that name, such as "roles/run.admin".
func Get(name string) (Role, bool) {
	r, ok := table().Roles[name]
	return r, ok
}

// All lists the table, ordered by name.
func All() []Role {
	all := make([]Role, 0, len(table().Roles))
	for _, r := range table().Roles {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Role) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// CoveredPermissions is the set of permissions that the table covers.
func CoveredPermissions() []string { return table().Permissions }
