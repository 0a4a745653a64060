package cmd

import (
	"strings"
	"testing"
)

// What was meant is suggested where it can be known; want is a line of advice, and empty where there must be none.
func TestSuggestions(t *testing.T) {
	for typed, want := range map[string]string{
		"chek":                         "did you mean check?",
		"hcekc":                        "did you mean check?",
		"gran":                         "did you mean grant?",
		"hsitory":                      "did you mean history?",
		"histroy":                      "did you mean history?",
		"explan":                       "did you mean explain?",
		"UNDO":                         "did you mean undo?",
		"und":                          "did you mean undo?",
		"hepl":                         "did you mean help?",
		"apply":                        "did you mean grant?",
		"rollback":                     "did you mean undo?",
		"diagnose":                     "did you mean check?",
		"list":                         "",
		"x":                            "",
		"deploy":                       "",
		"sandbox statr":                "did you mean start?",
		"sandbox world":                "did you mean worlds?",
		"sandbox list":                 "did you mean worlds?",
		"sandbox check":                "",
		"help chek":                    "did you mean check?",
		"help sandbox statr":           "did you mean start?",
		"completion bsh":               "did you mean bash or zsh?",
		"check --zone=a":               "did you mean --region?",
		"check --location=a":           "did you mean --region?",
		"history --location=a":         "",
		"check --json":                 "did you mean --format=json?",
		"grant --yes":                  "did you mean --quiet?",
		"check --worker=a":             "did you mean --worker-pool?",
		"check --worker_pool=a":        "did you mean --worker-pool?",
		"check --projct=a":             "did you mean --project?",
		"check --porject=a":            "did you mean --project?",
		"check --repo=a":               "did you mean --repository?",
		"check --quite":                "did you mean --quiet?",
		"check --jop=a":                "did you mean --job?",
		"check --svc=a":                "",
		"check --nonsense":             "",
		"check --confirm=a":            "--confirm is a flag of whopulls grant, whopulls stale remove, whopulls undo",
		"undo --all":                   "--all is a flag of whopulls check, whopulls history",
		"check --latency=1s":           "--latency is a flag of whopulls sandbox start",
		"version --quiet":              "--quiet is a flag of whopulls, whopulls accessibility, whopulls check, whopulls explain, whopulls grant, whopulls history, whopulls info, whopulls open, whopulls plan, whopulls stale list, whopulls stale remove, whopulls undo",
		"check --format=jsn":           "did you mean json?",
		"plan --format=terafrom":       "did you mean terraform?",
		"check --format=xml":           "",
		"version --format=yml":         "did you mean yaml?",
		"check --verbosity=warn":       "did you mean warning?",
		"check --verbosity=loud":       "",
		"grant --only=pul":             "did you mean pull?",
		"grant --only=readimage":       "did you mean read-image?",
		"plan --scope=repo":            "did you mean repository?",
		"grant --verify=depoly":        "did you mean deploy?",
		"check --sandbox=artcle":       "did you mean article?",
		"check --sandbox=production":   "",
		"sandbox start --world=aricle": "did you mean article?",
	} {
		t.Run(typed, func(t *testing.T) {
			tt := (&cliRun{cloud: article()}).run(strings.Fields(typed)...).expect(t, 2)
			var advice []string
			for line := range strings.Lines(tt.err) {
				line = strings.TrimSpace(line)
				if strings.HasPrefix(line, "did you mean") || strings.Contains(line, "is a flag of") {
					advice = append(advice, line)
				}
			}
			if got := strings.Join(advice, "; "); got != want {
				t.Errorf("%s: %q, not %q\n%s", typed, got, want, tt.err)
			}
		})
	}
}
