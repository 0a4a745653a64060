package handover

import (
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
)

// afterwardsIntro stands before the commands that show whether a change works.
const afterwardsIntro = "A grant takes some minutes to reach everything. Then these show it:"

// failures say what fails while a check is not granted.
var failures = map[string]string{
	model.CheckRunAPI: "Cloud Run is off in the project.", model.CheckAgent: "Cloud Run can't work in the project.",
	model.CheckPull: "Cloud Run can't pull the image.", model.CheckUpstream: "Cloud Run can't pull the image.",
	model.CheckImage: "The image can't be used.", model.CheckDeploy: "The deploy is refused.",
	model.CheckReadImage: "The deploy is refused.", model.CheckActAs: "The deploy is refused.",
	model.CheckRunAs: "Cloud Run may not run as the account.", model.CheckRuntimeAccount: "The container can't run as its account.",
}

// failure says what fails: in the words of Cloud Run where the workload had them, else in ours.
func (r ChangeRequest) failure() string {
	for _, o := range r.Diagnosis.Observations {
		if o.Quoted {
			return o.Text
		}
	}
	var all []string
	for _, c := range r.Diagnosis.Checks {
		words := failures[c.BaseID()]
		if (c.Verdict == model.Missing || c.Verdict == model.Denied) && words != "" && !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	switch {
	case len(all) > 0:
		return strings.Join(all, " ")
	case r.Plan.Verdict == model.Granted:
		return "Nothing that was looked at."
	}
	return "That is not known, because something could not be read."
}

// afterwards are the commands that show whether the changes work: the same question again, and the policies themselves.
func (r ChangeRequest) afterwards() []string {
	steps := slices.Concat(r.Plan.Steps, r.Plan.Ask)
	if len(steps) == 0 {
		return nil
	}
	commands := []string{shellescape.QuoteCommand(append([]string{"whopulls", "check"}, r.questionFlags()...))}
	for _, s := range steps {
		if s.Role == "" {
			continue
		}
		if c := model.PolicyCommand(s.Resource); !slices.Contains(commands, c) {
			commands = append(commands, c)
		}
	}
	return commands
}

// questionFlags ask the same question for somebody else: the deployer is named, because the reader is another one.
func (r ChangeRequest) questionFlags() []string {
	q := r.Situation.Question
	flags := []string{"--project=" + r.Diagnosis.Consumer.ID}
	add := func(name, value string) {
		if value != "" {
			flags = append(flags, "--"+name+"="+value)
		}
	}
	if w := q.Workload; w != nil {
		add("region", w.Region)
		add(string(w.Kind), w.Name)
	} else {
		add("kind", string(q.Kind))
	}
	if q.Repository.ID != "" {
		add("repository", q.Repository.String())
	} else if q.Image != (model.Image{}) {
		add("image", q.Image.String())
	}
	add("service-account", q.ServiceAccount)
	add("deployer", string(r.Diagnosis.Identities.Deployer))
	return flags
}
