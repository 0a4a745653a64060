package world

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/type/expr"
)

// TestConditionsByResource holds sections 6.2 and 12.11 of the fact sheet, each
// condition for an access to a repository, a service account and a service at
// noon of 2026-03-03.
func TestConditionsByResource(t *testing.T) {
	at := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	resources := []string{
		"//artifactregistry.googleapis.com/projects/src-b/locations/us/repositories/one",
		"//iam.googleapis.com/projects/run-a/serviceAccounts/web@run-a.iam.gserviceaccount.com",
		"//run.googleapis.com/projects/run-a/locations/us-central1/services/one",
	}
	w := parseWorld(t, engineWorld)
	for _, c := range []struct{ expression, want string }{ // want: repository, account, service
		{"true", "yyy"},
		{"request.time < date('2099-01-01')", "yyy"},
		{"request.time < date('2026-03-03')", "nnn"},
		{"request.time > date('2026-03-03')", "yyy"},
		{"date('2026-03-03') + duration('43200s') == request.time", "yyy"},
		{"request.time < date('2026-03-03') + duration('86400s')", "yyy"},
		{"date('2026-03-03').getDayOfWeek() == 2", "yyy"},
		{"request.time < date('2099-1-1')", "nnn"},
		{"request.time < date('2099-02-30')", "nnn"},
		{"request.time < date('2099-01-01T00:00:00Z')", "nnn"},
		{"request.time > date('soon') || true", "yyy"},
		{"!(request.time < date('soon'))", "nnn"},

		{"resource.type != 'compute.googleapis.com/Disk'", "yyy"},
		{"'compute.googleapis.com/Disk' != resource.type", "yyy"},
		{"resource.type != 'compute.googleapis.com/Disk' || resource.name.endsWith('devResource')", "yyy"},
		{"resource.type != 'compute.googleapis.com/Disk' && request.time < date('2026-01-01')", "nnn"},
		{"resource.type != 'run.googleapis.com/Service'", "yyn"},
		{"resource.service != 'storage.googleapis.com'", "yyy"},
		{"resource.type == 'compute.googleapis.com/Disk'", "nnn"},
		{"resource.type == 'run.googleapis.com/Service'", "nny"},
		{"resource.type == 'iam.googleapis.com/ServiceAccount'", "nyn"},
		{"resource.type == 'artifactregistry.googleapis.com/Repository'", "nnn"},
		{"resource.type != 'artifactregistry.googleapis.com/Repository'", "nyy"},
		{"resource.type in ['artifactregistry.googleapis.com/Repository', 'run.googleapis.com/Service']", "nny"},
		{"resource.service == 'artifactregistry.googleapis.com'", "nnn"},
		{"resource.type == ''", "nnn"},

		{"resource.name.startsWith('projects/')", "nny"},
		{"!resource.name.startsWith('buckets/')", "nny"},
		{"resource.name != 'x'", "nny"},
		{"resource.name.endsWith('one') || request.time < date('2099-01-01')", "yyy"},
		{"request.time < date('2099-01-01') && resource.name.endsWith('one')", "nny"},

		{"resource.matchTag('1/env', 'prod')", "nnn"},
		{"!resource.matchTag('1/env', 'prod')", "nnn"},
		{"resource.matchTag('1/env', 'prod') || request.time < date('2099-01-01')", "yyy"},
		{"resource.hasTagKeyId('tagKeys/1') || resource.type != 'compute.googleapis.com/Disk'", "yyy"},
		{"api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/viewer']) || true", "yyy"},
		{"destination.port == 22 || request.time < date('2099-01-01')", "yyy"},
		{"destination.port == 22", "nnn"},
		{"request.time < 5", "nnn"},
		{"request.time", "nnn"},
		{"this is no condition (", "nnn"},
	} {
		t.Run(c.expression+" "+c.want, func(t *testing.T) {
			got := strings.Builder{}
			for _, r := range resources {
				if w.conditionHolds(&expr.Expr{Expression: c.expression}, r, at) {
					got.WriteByte('y')
				} else {
					got.WriteByte('n')
				}
			}
			if got.String() != c.want {
				t.Errorf("%s: repository, account and service: %s, want %s", c.expression, got.String(), c.want)
			}
		})
	}
}

// TestSeenConditions holds what Policy Troubleshooter can't decide apart from
// what does not hold.
func TestSeenConditions(t *testing.T) {
	w := parseWorld(t, engineWorld)
	noon := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		expression string
		at         time.Time
		want       Knowledge
	}{
		{"request.time < date('2099-01-01')", noon, Yes},
		{"request.time < date('2020-01-01')", noon, No},
		{"request.time < date('2099-01-01')", time.Time{}, Conditional},
		{"resource.type != 'compute.googleapis.com/Disk'", time.Time{}, Yes},
		{"resource.name == 'x'", noon, No},
		{"resource.matchTag('1/env', 'prod')", noon, Conditional},
		{"resource.matchTag('1/env', 'prod') || request.time < date('2099-01-01')", noon, Yes},
		{"resource.matchTag('1/env', 'prod') && request.time < date('2020-01-01')", noon, No},
		{"this is no condition (", noon, Conditional},
	} {
		t.Run(c.expression, func(t *testing.T) {
			if got := w.EvaluateCondition(&expr.Expr{Expression: c.expression}, repo("one"), ConditionContext{Time: c.at}); got != c.want {
				t.Errorf("%s: %v, want %v", c.expression, got, c.want)
			}
		})
	}
}
