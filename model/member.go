package model

import (
	"fmt"
	"regexp"
	"strings"
)

// Member is a principal as an allow policy spells it, for example user:dev@example.com. Written out as JSON, an empty
// one (nobody, or nobody known) is null.
type Member string

// Members that stand for everybody.
const (
	AllUsers              Member = "allUsers"
	AllAuthenticatedUsers Member = "allAuthenticatedUsers"
)

const (
	runAgentHost       = "serverless-robot-prod.iam.gserviceaccount.com"
	registryAgentHost  = "gcp-sa-artifactregistry.iam.gserviceaccount.com"
	accountSuffix      = ".iam.gserviceaccount.com"
	computeSuffix      = "-compute@developer.gserviceaccount.com"
	appEngineSuffix    = "@appspot.gserviceaccount.com"
	deletedPrefix      = "deleted:"
	serviceAccountKind = "serviceAccount"
)

// RunServiceAgent is the Cloud Run service agent of the project with that number: the identity that pulls images
// (IAM reference "Service agents"; iam-facts 1.3).
func RunServiceAgent(projectNumber string) Member {
	return Member(serviceAccountKind + ":service-" + projectNumber + "@" + runAgentHost)
}

// RegistryServiceAgent is the Artifact Registry service agent of the project with that number. It reads the
// upstreams of virtual and remote repositories (iam-facts 4.5, 4.6).
func RegistryServiceAgent(projectNumber string) Member {
	return Member(serviceAccountKind + ":service-" + projectNumber + "@" + registryAgentHost)
}

// DefaultComputeAccount is the e-mail of the runtime account that Cloud Run uses when none is named (iam-facts 1.5).
func DefaultComputeAccount(projectNumber string) string { return projectNumber + computeSuffix }

// ServiceAccountMember spells a service account's e-mail as a member.
func ServiceAccountMember(email string) Member {
	if email == "" {
		return ""
	}
	return Member(serviceAccountKind + ":" + email)
}

// MarshalJSON writes null for nobody.
func (m Member) MarshalJSON() ([]byte, error) { return marshalNullable(string(m)) }

// Type is the part before the colon: user, serviceAccount, group, domain, deleted, principal, principalSet,
// projectOwner …, or the whole of allUsers and allAuthenticatedUsers.
func (m Member) Type() string {
	kind, _, _ := strings.Cut(string(m), ":")
	return kind
}

// Value is the part after the colon, empty for allUsers and allAuthenticatedUsers.
func (m Member) Value() string {
	_, value, _ := strings.Cut(string(m), ":")
	return value
}

// Email is the address of a user, service account or group, the deleted form of them included; empty for others.
func (m Member) Email() string {
	if m.Deleted() {
		address, _, _ := strings.Cut(string(m)[len(deletedPrefix):], "?")
		return Member(address).Email()
	}
	switch m.Type() {
	case "user", serviceAccountKind, "group":
		return m.Value()
	}
	return ""
}

// Deleted reports whether the member was deleted; its bindings give nobody anything (iam-facts 7.1).
func (m Member) Deleted() bool { return strings.HasPrefix(string(m), deletedPrefix) }

// Undeleted is a deleted member as it was written before; every other member as it is.
func (m Member) Undeleted() Member {
	if !m.Deleted() {
		return m
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(string(m), deletedPrefix), "?uid=")
	return Member(name)
}

// IsServiceAccount reports whether the member is a service account or a service agent.
func (m Member) IsServiceAccount() bool { return m.Type() == serviceAccountKind }

// Same compares two members as IAM does: e-mail addresses without regard to case.
func (m Member) Same(other Member) bool {
	return m == other || (m.Email() != "" && strings.EqualFold(string(m), string(other)))
}

// AccountProject gives the project, as ID or number, that owns a service account of this e-mail; empty if the
// address does not tell (iam-facts 1.5).
func AccountProject(email string) string {
	email = strings.ToLower(email)
	if number, ok := strings.CutSuffix(email, computeSuffix); ok {
		return number
	}
	if project, ok := strings.CutSuffix(email, appEngineSuffix); ok {
		return unscope(project)
	}
	_, host, _ := strings.Cut(email, "@")
	project, ok := strings.CutSuffix(host, accountSuffix)
	if !ok || isAgentHost(host) { // agents are in projects of Google's
		return ""
	}
	return unscope(project)
}

// unscope gives back the ID of a domain-scoped project from the host of an e-mail, where example.com:app is written
// app.example.com.
func unscope(project string) string {
	name, domain, scoped := strings.Cut(project, ".")
	if !scoped {
		return project
	}
	return domain + ":" + name
}

// accountEmail: a service account's address; userEmail: any address with a domain.
var (
	accountEmail = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*@[a-z0-9][a-z0-9.-]*\.gserviceaccount\.com$`)
	userEmail    = regexp.MustCompile(`^[^\s@:]+@[^\s@:]+\.[^\s@:]+$`)
)

// ParseAccountEmail checks the e-mail of a service account as typed; a leading serviceAccount: is allowed.
func ParseAccountEmail(text string) (string, error) {
	email := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), serviceAccountKind+":"))
	if !accountEmail.MatchString(email) {
		return "", &InputError{What: "service account", Text: text,
			Why:  "it is not the e-mail of a service account",
			Next: "write it as NAME@PROJECT_ID.iam.gserviceaccount.com"}
	}
	return email, nil
}

// ParseMember checks a member as typed. A bare e-mail is read as a user or, by its host, as a service account.
func ParseMember(text string) (Member, error) {
	m := Member(strings.TrimSpace(text))
	if userEmail.MatchString(string(m)) {
		if lower := strings.ToLower(string(m)); accountEmail.MatchString(lower) {
			return ServiceAccountMember(lower), nil
		}
		return Member("user:" + string(m)), nil
	}
	if err := validateMember(m); err != nil {
		return "", &InputError{What: "member", Text: text, Why: err.Error(),
			Next: "write it as user:EMAIL, serviceAccount:EMAIL, group:EMAIL or principal://…"}
	}
	return m, nil
}

func validateMember(m Member) error {
	switch m.Type() {
	case "user", "group":
		if !userEmail.MatchString(m.Value()) {
			return fmt.Errorf("%q is not an e-mail address", m.Value())
		}
	case serviceAccountKind:
		if !accountEmail.MatchString(m.Value()) {
			return fmt.Errorf("%q is not the e-mail of a service account", m.Value())
		}
	case "principal", "principalSet":
		if !strings.HasPrefix(m.Value(), "//") {
			return fmt.Errorf("a %s continues with ://", m.Type())
		}
	default:
		return fmt.Errorf("it is neither an e-mail address nor begins with a kind of member that can deploy")
	}
	return nil
}

// InputError is bad input: what was given, why it can't be used, and what to write instead.
type InputError struct{ What, Text, Why, Next string }

// Error says it in one sentence, without the advice.
func (e *InputError) Error() string { return fmt.Sprintf("%s %q: %s", e.What, e.Text, e.Why) }

// Hint is the advice.
func (e *InputError) Hint() string { return e.Next }
