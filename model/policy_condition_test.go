package model_test

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whopulls/model"
)

// conditions are what the article's agent may hold the reader role under, on the source project, and what follows for
// the pull (iam-facts 6.2). It is asked on a Tuesday, 14:30 UTC.
var conditions = []struct {
	expression string
	want       model.Verdict
}{
	{"true", model.Granted},
	{"false", model.Missing},

	// request.time is supported everywhere and decided against the given time.
	{"request.time < timestamp('2026-03-03T14:30:01Z')", model.Granted},
	{"request.time < timestamp('2026-03-03T14:30:00Z')", model.Missing},
	{"timestamp('2026-03-03T14:30:00Z') <= request.time", model.Granted},
	{"request.time >= timestamp('2026-01-01T00:00:00Z') && request.time < timestamp('2027-01-01T00:00:00Z')", model.Granted},
	{"request.time.getDayOfWeek() == 2", model.Granted},
	{"request.time.getDayOfWeek('Asia/Tokyo') in [1, 2, 3, 4, 5]", model.Granted},
	{"request.time.getHours('Asia/Tokyo') == 23", model.Granted},
	{"request.time.getHours('Asia/Tokyo') < 18", model.Missing},
	{"request.time < timestamp('2026-01-01T00:00:00Z') + duration('2160h')", model.Granted},
	{"request.time - timestamp('2026-03-03T14:00:00Z') < duration('10m')", model.Missing},
	{"!(request.time > timestamp('2030-01-01T00:00:00Z'))", model.Granted},
	{"request.time < timestamp('2020-01-01T00:00:00Z') ? false : true", model.Granted},

	// date is IAM's own: 00:00 UTC of that day (iam-facts 12.11).
	{"request.time < date('2099-01-01')", model.Granted},
	{"request.time < date('2026-03-03')", model.Missing},
	{"request.time >= date('2026-03-03') && request.time < date('2026-03-04')", model.Granted},
	{"date('2026-03-03') + duration('52200s') == request.time", model.Granted},
	{"request.time - date('2026-03-03') < duration('3600s')", model.Missing},
	{"date('2026-03-03').getDayOfWeek() == 2", model.Granted},
	{"!(request.time < date('2020-01-01'))", model.Granted},
	{"request.time < date('2099-1-1')", model.Unknown},
	{"request.time < date('2099-02-30')", model.Unknown},
	{"request.time < date('2099-01-01T00:00:00Z')", model.Unknown},
	{"request.time < date(2099)", model.Unknown},
	{"request.time < date(resource.name.extract('/day={d}/'))", model.Unknown},

	// A positive test of what a repository does not have never grants.
	{"resource.name.startsWith('projects/myproject-b/locations/asia-northeast1/repositories/myrepo')", model.Missing},
	{"resource.type == 'artifactregistry.googleapis.com/Repository'", model.Missing},
	{"'artifactregistry.googleapis.com' == resource.service", model.Missing},
	{"resource.service in ['artifactregistry.googleapis.com', 'run.googleapis.com']", model.Missing},
	{"resource.name.endsWith('/myrepo') && request.time < timestamp('2030-01-01T00:00:00Z')", model.Missing},
	{"resource.name.contains('myrepo') || request.time < timestamp('2030-01-01T00:00:00Z')", model.Granted},
	{"resource.name.contains('myrepo') && resource.matchTag('1/env', 'prod')", model.Missing},
	{"resource.type == 'x' || resource.name == 'y'", model.Missing},

	// resource.type != "X" is true for a resource of another type (iam-facts 12.11).
	{"resource.type != 'compute.googleapis.com/Disk'", model.Granted},
	{"'compute.googleapis.com/Disk' != resource.type", model.Granted},
	{"resource.type != 'run.googleapis.com/Service'", model.Granted},
	{"resource.type != 'compute.googleapis.com/Disk' || resource.name.startsWith('x')", model.Granted},
	{"resource.type != 'compute.googleapis.com/Disk' || resource.name.endsWith('/myrepo')", model.Granted},
	{"resource.type != 'compute.googleapis.com/Disk' && resource.name.endsWith('/myrepo')", model.Missing},
	{"resource.type != 'compute.googleapis.com/Disk' && resource.type != 'storage.googleapis.com/Bucket'", model.Granted},
	{"resource.type != 'compute.googleapis.com/Disk' && request.time < timestamp('2026-01-01T00:00:00Z')", model.Missing},
	{"!(resource.type != 'compute.googleapis.com/Disk')", model.Missing},

	// Other negated ones are not decided, in whatever clothes.
	{"resource.type != 'artifactregistry.googleapis.com/Repository'", model.Unknown},
	{"resource.type != 'Disk'", model.Unknown},
	{"resource.type != ''", model.Unknown},
	{"resource.type != resource.name", model.Unknown},
	{"resource.service != 'compute.googleapis.com'", model.Unknown},
	{"resource.name != 'projects/_/buckets/b'", model.Unknown},
	{"!(resource.type == 'compute.googleapis.com/Disk')", model.Unknown},
	{"!resource.name.startsWith('projects/_/buckets/b')", model.Unknown},
	{"(resource.type == 'x') == false", model.Unknown},
	{"resource.type == 'x' ? false : true", model.Unknown},
	{"resource.name.startsWith('') ", model.Unknown},
	{"resource.name == ''", model.Unknown},
	{"resource.name < 'q'", model.Unknown},
	{"resource.name.extract('repositories/{r}/') == 'myrepo'", model.Unknown},
	{"resource.type != 'compute.googleapis.com/Disk' || request.time < timestamp('2030-01-01T00:00:00Z')", model.Granted},

	// Tags are not read.
	{"resource.matchTag('1/env', 'prod')", model.Unknown},
	{"!resource.hasTagKey('1/env')", model.Unknown},
	{"resource.matchTagId('tagKeys/1', 'tagValues/2') && request.time < timestamp('2026-01-01T00:00:00Z')", model.Missing},
	{"resource.matchTag('1/env', 'prod') || request.time < timestamp('2030-01-01T00:00:00Z')", model.Granted},
	{"resource.matchTag('1/env', 'prod') ? true : true", model.Granted},

	// What this program does not know, and what is no condition at all.
	{"request.path.startsWith('/v2')", model.Unknown},
	{"request.auth.access_levels == []", model.Unknown},
	{"api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []) == []", model.Unknown},
	{"request.time < 'soon'", model.Unknown},
	{"request.time", model.Unknown},
	{"1 / 0 == 1", model.Unknown},
	{"request.time <", model.Unknown},
	{"", model.Unknown},
	{"[1, 2].exists(x, x == 1)", model.Unknown},
	{"timestamp('2026-03-03T14:30:00') < request.time", model.Unknown},
	{"request.time.getHours('Nowhere/City') == 1", model.Unknown},
}

func TestConditions(t *testing.T) {
	for _, c := range conditions {
		t.Run(cmp.Or(c.expression, "empty"), func(t *testing.T) {
			w := article()
			condition := &model.Condition{Title: "t", Expression: c.expression}
			w.bindIf(projectB, reader, condition, agent)
			d := model.Decide(w.Situation, pull)
			if d.Verdict != c.want {
				t.Errorf("%s: the pull is %s, want %s", c.expression, d.Verdict, c.want)
			}
			if d.Verdict == model.Unknown && (len(d.Gaps) != 1 || !strings.Contains(d.Gaps[0].Reason, condition.Text())) {
				t.Errorf("%s: the gaps are %v", c.expression, d.Gaps)
			}
			if d.Verdict == model.Granted && d.Evidence[0].Condition != condition.Text() {
				t.Errorf("%s: the evidence is %v", c.expression, d.Evidence)
			}
			w.bind(projectB, reader, agent)
			if d := model.Decide(w.Situation, pull); d.Verdict != model.Granted || d.Evidence[0].Condition != "" {
				t.Errorf("%s: next to an unconditional binding it is %s by %v", c.expression, d.Verdict, d.Evidence)
			}
		})
	}
}

// Whether a project, an account or a workload has the attributes depends on the resource: repositories are known to have
// none (iam-facts 6.2), and accounts to have no name (12.11).
func TestConditionsOnOtherResources(t *testing.T) {
	for _, c := range []struct {
		expression string
		want       model.Verdict
	}{
		{"resource.type == 'iam.googleapis.com/ServiceAccount'", model.Unknown},
		{"resource.type != 'iam.googleapis.com/ServiceAccount'", model.Unknown},
		{"resource.service == 'iam.googleapis.com'", model.Unknown},
		{"resource.type != 'compute.googleapis.com/Disk'", model.Granted},
		{"resource.type != 'run.googleapis.com/Service'", model.Granted},
		{"resource.name.endsWith('web')", model.Missing},
		{"resource.name == 'projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com'", model.Missing},
		{"!resource.name.startsWith('x')", model.Unknown},
		{"resource.name.startsWith('x') || resource.type != 'compute.googleapis.com/Disk'", model.Granted},
	} {
		t.Run(c.expression, func(t *testing.T) {
			w := article()
			w.unbind(webAccount, dev)
			w.unbind(projectA, dev)
			w.bindIf(projectA, accountUser, &model.Condition{Expression: c.expression}, dev)
			d := model.Decide(w.Situation, model.Access{Principal: dev, Permission: actAs, Resource: webAccount})
			if d.Verdict != c.want {
				t.Errorf("%s: act-as is %s, want %s", c.expression, d.Verdict, c.want)
			}
		})
	}
}

// A deployment that is to be made is asked of the project: its own types, and those of what is made, stay open.
func TestConditionsOnAProject(t *testing.T) {
	for expression, want := range map[string]model.Verdict{
		"resource.type != 'compute.googleapis.com/Disk'":                 model.Granted,
		"resource.type != 'run.googleapis.com/Service'":                  model.Unknown,
		"resource.type != 'cloudresourcemanager.googleapis.com/Project'": model.Unknown,
		"resource.name.startsWith('projects/')":                          model.Unknown,
	} {
		t.Run(expression, func(t *testing.T) {
			w := article()
			w.unbind(projectA, dev)
			w.bindIf(projectA, "roles/run.developer", &model.Condition{Expression: expression}, dev)
			d := model.Decide(w.Situation, model.Access{Principal: dev, Permission: "run.services.create", Resource: projectA})
			if d.Verdict != want {
				t.Errorf("%s: deploy is %s, want %s", expression, d.Verdict, want)
			}
		})
	}
}

func TestConditionSaysWhy(t *testing.T) {
	w := article()
	w.bindIf(projectB, reader, &model.Condition{Expression: "request.time < timestamp('2026-01-01T00:00:00Z')"}, agent)
	got := w.check(t, "pull")
	for _, part := range []string{reader, "project myproject-b", "does not hold", "request.time < timestamp('2026-01-01T00:00:00Z')"} {
		if !strings.Contains(got.Reason, part) {
			t.Errorf("the reason %q does not name %q", got.Reason, part)
		}
	}
}

// A policy that was read in a version without conditions hides them in the role's name (iam-facts 6.2).
func TestHiddenCondition(t *testing.T) {
	w := article()
	w.bind(projectB, reader+"_withcond_0123456789abcdef", agent)
	d := model.Decide(w.Situation, pull)
	if d.Verdict != model.Unknown || len(d.Gaps) != 1 || !strings.Contains(d.Gaps[0].Reason, "version 3") {
		t.Errorf("it is %s with the gaps %v", d.Verdict, d.Gaps)
	}
	w = article()
	w.bind(projectB, "roles/storage.objectViewer_withcond_0123456789abcdef", agent)
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Missing {
		t.Errorf("a role that doesn't read is %s with the gaps %v", d.Verdict, d.Gaps)
	}
}

// Without a time nothing that depends on it is decided.
func TestConditionWithoutTime(t *testing.T) {
	w := article()
	w.Time = time.Time{}
	w.bindIf(projectB, reader, &model.Condition{Expression: "request.time < timestamp('2030-01-01T00:00:00Z')"}, agent)
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Unknown {
		t.Errorf("it is %s, want unknown", d.Verdict)
	}
}

// FuzzCondition holds that an expression together with its opposite never gives two answers that can't both be, that
// what grants still grants with "or", and what doesn't still does not with "and".
func FuzzCondition(f *testing.F) {
	for _, c := range conditions {
		f.Add(c.expression)
	}
	f.Fuzz(func(t *testing.T, expression string) { conditionAgrees(t, expression) })
}

func TestConditionsAgree(t *testing.T) {
	atom := rapid.SampledFrom(conditions)
	join := rapid.SampledFrom([]string{" && ", " || "})
	rapid.Check(t, func(t *rapid.T) {
		a, b := atom.Draw(t, "a").expression, atom.Draw(t, "b").expression
		conditionAgrees(t, "("+a+")"+join.Draw(t, "join")+"!("+b+")")
	})
}

func conditionAgrees(t interface{ Errorf(string, ...any) }, expression string) {
	ask := func(e string) model.Verdict {
		w := article()
		w.bindIf(projectB, reader, &model.Condition{Expression: e}, agent)
		return model.Decide(w.Situation, pull).Verdict
	}
	plain := ask(expression)
	if plain == model.Denied {
		t.Errorf("%q denies", expression)
	}
	if opposite := ask("!(" + expression + "\n)"); plain == model.Granted && opposite == model.Granted {
		t.Errorf("%q and its opposite both grant", expression)
	}
	if either := ask("(" + expression + "\n) || true"); plain == model.Granted && either != model.Granted {
		t.Errorf("%q grants, and with or it is %s", expression, either)
	}
	if both := ask("(" + expression + "\n) && false"); plain == model.Missing && both != model.Missing {
		t.Errorf("%q does not grant, and with and it is %s", expression, both)
	}
}
