package failure

import (
	"cmp"
	"fmt"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
)

// agentWords names the puller as well as the text allows.
func (f Failure) agentWords() string {
	s := "the Cloud Run service agent"
	if f.Principal != "" {
		s += " " + f.Principal
	}
	if f.ConsumerProject != "" {
		return s + " of " + f.ConsumerProject
	}
	return s + " of the project that runs the image"
}

func (f Failure) callerWords() string { return cmp.Or(f.Principal, "whoever deploys") }

func (f Failure) imageWords() string {
	if f.Image != "" {
		return f.Image
	}
	if f.Repository != "" {
		return "the images of " + f.Repository
	}
	return "the image"
}

func (f Failure) accountWords() string {
	return cmp.Or(f.ServiceAccount, "the runtime service account")
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// summaries say which identity is at fault and what it lacks.
var summaries = map[Cause]func(Failure) string{
	Puller: func(f Failure) string {
		return capital(f.agentWords()) + " may not read the image." +
			" It is the agent that pulls: neither you nor the runtime service account needs anything for that."
	},
	DeployerRead: func(f Failure) string {
		return capital(f.callerWords()) + " may not read the image. Cloud Run asks this of whoever deploys, apart from the agent that pulls."
	},
	ActAs: func(f Failure) string {
		return capital(f.callerWords()) + " may not act as " + f.accountWords() + ", or that account does not exist."
	},
	RunAs: func(f Failure) string {
		lacks := capital(f.agentWords()) + " may not get access tokens for " + f.accountWords()
		if f.atHome() {
			return lacks + ", an account of its own project: it lost its own role, or never had it."
		}
		return lacks + ": either it lost its own role, or the account lies in another project."
	},
	ImageNotFound: func(f Failure) string {
		return capital(f.imageWords()) + " does not exist: its name, its tag or its digest is wrong, or it was never pushed."
	},
	ImageReference: func(f Failure) string {
		return "Cloud Run does not take " + f.imageWords() + ": it pulls from Artifact Registry, the gcr.io hosts and Docker Hub only."
	},
	APIDisabled: func(f Failure) string {
		return capital(cmp.Or(f.API, "an API")) + " is off in " + cmp.Or(f.ConsumerProject, "a project") + "."
	},
	RegistryDenied: func(f Failure) string {
		return fmt.Sprintf("The registry refused %s %s. That says nothing yet about Cloud Run's service agent, which pulls with its own rights.",
			cmp.Or(f.Principal, "whoever asked for"), f.deniedWords())
	},
	RepositoryNotFound: func(f Failure) string {
		return capital(cmp.Or(f.Repository, "the repository")) + " does not exist in that project and location."
	},
	Permission: func(f Failure) string {
		return capital(cmp.Or(f.Principal, "the caller")) + " lacks " + cmp.Or(f.Permission, "a permission that the text does not name") + "."
	},
	MemberNotFound: func(f Failure) string {
		return "The binding was refused because " + cmp.Or(f.Principal, "its member") + " does not exist."
	},
	OrgPolicy: func(f Failure) string {
		return "An organization policy does not allow " + cmp.Or(f.Principal, "that member") + ". No grant helps before it does."
	},
	ServiceControls: func(Failure) string {
		return "A VPC Service Controls perimeter refused the request. No grant helps against it."
	},
	ConcurrentChange: func(Failure) string {
		return "Two writers met on one policy; nothing was changed by the one that got this answer."
	},
	NotAccess: func(Failure) string {
		return "This is no question of access: Cloud Run had, or did not need, the image."
	},
	Unrecognized: func(Failure) string {
		return "None of the failures that are known here stands in the text; it may be cut too short, or come from something else."
	},
}

func (f Failure) deniedWords() string {
	if f.Principal != "" {
		return "for " + f.imageWords()
	}
	return f.imageWords()
}

// next says what to do, in order.
func next(f Failure) []model.Next {
	switch f.Cause {
	case Puller:
		return f.nextPuller()
	case DeployerRead, RegistryDenied:
		return f.nextReader()
	case ActAs:
		return f.nextActAs()
	case RunAs:
		return f.nextRunAs()
	case MemberNotFound:
		return f.nextMember()
	case APIDisabled:
		return f.nextAPI()
	case Permission:
		return append(says("Have it granted to the caller, or deploy as somebody who has it."), f.diagnose()...)
	case ImageNotFound, RepositoryNotFound:
		return append(f.listCommand(), f.diagnose()...)
	case Unrecognized:
		return says("Paste the whole message, from ERROR: or Error: to its end; of a log entry the message or textPayload.",
			"Or ask without a text: "+f.check())
	}
	return says(advice[f.Cause]...)
}

// advice is for the causes that no command of ours or gcloud's settles.
var advice = map[Cause][]string{
	ImageReference: {"Make a remote repository in Artifact Registry for that registry, and deploy LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE through it."},
	OrgPolicy:      {"Ask whoever manages the organization's policies about iam.allowedPolicyMemberDomains and iam.managed.allowedPolicyMembers on the project of the resource."},
	ServiceControls: {"Ask whoever manages the perimeter, with the unique identifier from the text: it finds the entry in their audit log.",
		"Cloud Run's service agent needs an ingress rule where the repository lies inside a perimeter."},
	ConcurrentChange: {"Read the policy and write the change again; whopulls grant does that by itself."},
	NotAccess:        {"Read the workload's own logs: gcloud run services logs read, or gcloud run jobs executions describe."},
}

func (f Failure) nextPuller() []model.Next {
	steps := says(f.rightProject())
	if f.Repository == "" || f.Principal == "" {
		return append(append(steps, f.numberCommand()...), f.diagnose()...)
	}
	steps = append(steps, model.Next{Words: "Let the agent read the repository:"}, f.readerCommand(model.ServiceAccountMember(f.Principal)),
		model.Next{Words: "Then wait some minutes before the next deploy: a new grant takes effect late."})
	return append(steps, f.diagnose()...)
}

// rightProject: deploying to a wrong project by gcloud's configuration reads like a missing grant.
func (f Failure) rightProject() string {
	if f.ConsumerProject == "" {
		return "Make sure that the deploy went to the project that you meant: gcloud takes it from its configuration."
	}
	return "Make sure that " + f.ConsumerProject + " is the project that you meant to deploy to."
}

// numberCommand finds the number that the agent's e-mail is made of.
func (f Failure) numberCommand() []model.Next {
	if f.ConsumerProject == "" || f.Principal != "" {
		return nil
	}
	return []model.Next{{Words: "The agent's e-mail begins with service- and the number of that project:"}, command("gcloud", "projects", "describe", f.ConsumerProject, "--format=value(projectNumber)")}
}

func (f Failure) nextReader() []model.Next {
	member, err := model.ParseMember(f.Principal)
	if f.Repository == "" || f.Principal == "" || err != nil {
		return append(says(f.needReader()), f.diagnose()...)
	}
	return append([]model.Next{{Words: "Let them read the repository:"}, f.readerCommand(member)}, f.diagnose()...)
}

func (f Failure) needReader() string {
	if f.Cause == RegistryDenied {
		return "Whoever asked needs " + model.RoleReader + " on the repository, or is not signed in to the registry (gcloud auth configure-docker)."
	}
	return "Whoever deploys needs " + model.RoleReader + " on the repository."
}

func (f Failure) readerCommand(member model.Member) model.Next {
	r, err := model.ParseRepository(f.Repository)
	if err != nil {
		return model.Next{}
	}
	return command("gcloud", "artifacts", "repositories", "add-iam-policy-binding", r.ID, "--location="+r.Location, "--project="+r.Project,
		"--member="+string(member), "--role="+model.RoleReader)
}

func (f Failure) nextActAs() []model.Next {
	grant := f.accountCommand(f.Principal, model.RoleAccountUser)
	if grant == (model.Next{}) {
		return append(says("Whoever deploys needs "+model.RoleAccountUser+" on the runtime service account."), f.diagnose()...)
	}
	return append([]model.Next{{Words: "Let the deployer act as the account:"}, grant}, f.diagnose()...)
}

// atHome tells whether the agent and the runtime account show the same project number.
func (f Failure) atHome() bool {
	number, _, _ := strings.Cut(strings.TrimPrefix(f.Principal, "service-"), "@")
	return asAgent(f.Principal) != "" && number == model.AccountProject(f.ServiceAccount)
}

func (f Failure) nextRunAs() []model.Next {
	if f.atHome() {
		return append([]model.Next{{Words: "Give the agent its role back:"},
			command("gcloud", "projects", "add-iam-policy-binding", model.AccountProject(f.ServiceAccount),
				"--member="+string(model.ServiceAccountMember(f.Principal)), "--role="+model.RoleRunAgent, "--condition=None")}, f.diagnose()...)
	}
	steps := says("Where the account is of the project that runs the image, the agent needs " + model.RoleRunAgent + " there.")
	if grant := f.accountCommand(f.Principal, model.RoleTokenCreator); grant != (model.Next{}) {
		return append(append(steps, model.Next{Words: "Where it is of another project, let the agent get its tokens:"}, grant), f.diagnose()...)
	}
	return append(append(steps, model.Next{Words: "Where it is of another project, the agent needs " + model.RoleTokenCreator + " on the account."}), f.diagnose()...)
}

// accountCommand is empty where the text does not tell the account, its project, or who needs the role.
func (f Failure) accountCommand(email, role string) model.Next {
	project := model.AccountProject(f.ServiceAccount)
	member, err := model.ParseMember(email)
	if f.ServiceAccount == "" || project == "" || email == "" || err != nil {
		return model.Next{}
	}
	return command("gcloud", "iam", "service-accounts", "add-iam-policy-binding", f.ServiceAccount, "--project="+project,
		"--member="+string(member), "--role="+role, "--condition=None")
}

// nextMember: a service agent comes to be with the first use of its API, or by this call (IAM, "Create service agents").
func (f Failure) nextMember() []model.Next {
	number, isAgent := strings.CutPrefix(f.Principal, "service-")
	if number, _, _ = strings.Cut(number, "@"); !isAgent || asAgent(f.Principal) == "" {
		return says("Correct the e-mail; a service account has to exist before a binding may name it.")
	}
	return []model.Next{{Words: "Create the agent, give it its own role, then repeat the binding:"},
		command("gcloud", "beta", "services", "identity", "create", "--service="+runAPI, "--project="+number),
		command("gcloud", "projects", "add-iam-policy-binding", number, "--member="+string(model.ServiceAccountMember(f.Principal)),
			"--role="+model.RoleRunAgent, "--condition=None")}
}

func (f Failure) nextAPI() []model.Next {
	if f.API == "" || f.ConsumerProject == "" {
		return says("Turn the API on in the project that the text names; it may be the quota project of the credentials.")
	}
	return append([]model.Next{{Words: "Turn it on:"}, command("gcloud", "services", "enable", f.API, "--project="+f.ConsumerProject)}, f.diagnose()...)
}

func (f Failure) listCommand() []model.Next {
	steps := says("Push the image, or correct its name; then deploy again.")
	at := imageOf(f.Image)
	if at.Registry != model.ArtifactRegistry {
		return steps
	}
	return append(steps, model.Next{Words: "To see which tags and digests there are:"}, command("gcloud", "artifacts", "docker", "images", "list", at.Base(), "--include-tags"))
}

// check is how to ask where the text does not tell enough of the question for a command.
func (f Failure) check() string { return cmp.Or(f.how, "whopulls check with --project and --image.") }

// NextBy is what to do, where a question that the text does not tell whole is asked in another way than by a command.
func (f Failure) NextBy(how string) []model.Next {
	f.how = how
	return next(f)
}

// diagnose is the question to ask next, as far as the text tells it.
func (f Failure) diagnose() []model.Next {
	if f.ConsumerProject == "" || (f.Image == "" && f.Repository == "") {
		return says("Ask which of the identities lacks what: " + f.check())
	}
	about := "--image=" + f.Image
	if f.Image == "" {
		about = "--repository=" + f.Repository
	}
	return []model.Next{{Words: "To see each identity with what it holds and lacks:"}, command("whopulls", "check", "--project="+f.ConsumerProject, about)}
}

// command makes a line that runs as it stands: whatever a text held, the shell sees words.
func command(words ...string) model.Next { return model.Next{Command: shellescape.QuoteCommand(words)} }

// says is advice in words.
func says(sentences ...string) []model.Next {
	nexts := make([]model.Next, len(sentences))
	for i, s := range sentences {
		nexts[i].Words = s
	}
	return nexts
}
