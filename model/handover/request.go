package handover

import (
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// ChangeRequest asks somebody who may make the steps of a plan to make them. Each step has its reason, its
// risk, the exact command, and how to undo it.
type ChangeRequest struct {
	Situation model.Situation
	Diagnosis model.Diagnosis
	Plan      model.Plan
}

// subject is the request in a line; summary what it comes to.
func (r ChangeRequest) subject(escape func(string) string) string {
	return "Let " + escape(r.Diagnosis.Consumer.ID) + " run " + escape(strings.Join(model.ImageNames(r.Situation, r.Diagnosis), ", "))
}

func (r ChangeRequest) summary() string {
	switch n := len(r.Plan.Steps); n {
	case 0:
		if len(r.Plan.Ask) > 0 {
			return "What would help lies where nothing could be seen."
		}
		return "There is nothing to grant."
	case 1:
		return "One change is asked for."
	default:
		return fmt.Sprintf("%d changes are asked for.", n)
	}
}

// stepFacts are the facts of one step, each with its label.
func (r ChangeRequest) stepFacts(s model.Step) [][2]string {
	facts := [][2]string{{"resource", s.Resource.Path()}}
	add := func(label, words string) {
		if words != "" {
			facts = append(facts, [2]string{label, words})
		}
	}
	add("role", s.Role)
	add("member", string(s.Member))
	var needs []string
	for _, p := range s.Requires {
		needs = append(needs, string(p))
	}
	add("needs", strings.Join(needs, ", "))
	add("may make it, as far as policies could be read", strings.Join(PermittedMembers(r.Situation, s), ", "))
	return facts
}

// Markdown gives the request for a ticket.
func (r ChangeRequest) Markdown() string {
	var b strings.Builder
	say := func(format string, words ...any) { fmt.Fprintf(&b, format+"\n", words...) }
	say("# %s\n", r.subject(EscapeMarkdown))
	say("What fails: %s\n\n%s", EscapeMarkdown(r.failure()), r.summary())
	for _, sentence := range model.Reasons(r.Diagnosis.Unclosed(), model.Missing) {
		say("\nNot closed by any grant: %s", EscapeMarkdown(sentence))
	}
	for _, sentence := range r.Diagnosis.NearMissSentences() {
		say("\n%s", EscapeMarkdown(sentence))
	}
	for _, s := range r.Plan.Steps {
		r.markdownStep(say, s)
	}
	if first := r.Plan.AskIntro(); first != "" {
		say("\n%s", EscapeMarkdown(first))
	}
	for _, s := range r.Plan.Ask {
		r.markdownStep(say, s)
	}
	if commands := r.afterwards(); len(commands) > 0 {
		say("\n## Check it afterwards\n\n%s\n", afterwardsIntro)
		say("%s", MarkdownScript(commands))
	}
	if access := r.PrivilegedAccess(); access != nil {
		access.markdown(say)
	}
	return b.String()
}

func (r ChangeRequest) markdownStep(say func(string, ...any), s model.Step) {
	say("\n## %s. %s\n", s.ID, EscapeMarkdown(s.Title))
	say("%s", EscapeMarkdown(strings.Join(r.stepReasons(s), " ")))
	say("\n| | |\n|---|---|")
	for _, fact := range r.stepFacts(s) {
		say("| %s | %s |", fact[0], MarkdownCode(fact[1]))
	}
	say("")
	writeFenced(say, changeHeading(s), s.Gcloud)
	if inverse, err := s.Inverse(); err == nil {
		writeFenced(say, "To undo it", inverse.Gcloud)
	} else {
		say("%s.", EscapeMarkdown(err.Error()))
	}
}

// changeHeading stands before the commands of a step.
func changeHeading(s model.Step) string {
	if s.GcloudNeeds != "" {
		return "The change, with a gcloud " + s.GcloudNeeds
	}
	return "The change"
}

// Text gives the request for a mail or a chat.
func (r ChangeRequest) Text() string {
	var b strings.Builder
	say := func(format string, words ...any) { fmt.Fprintf(&b, format+"\n", words...) }
	say("%s\n", r.subject(text.Clean))
	say("What fails: %s\n\n%s", text.Clean(r.failure()), r.summary())
	for _, sentence := range model.Reasons(r.Diagnosis.Unclosed(), model.Missing) {
		say("Not closed by any grant: %s", text.Clean(sentence))
	}
	for _, sentence := range r.Diagnosis.NearMissSentences() {
		say("%s", text.Clean(sentence))
	}
	for _, s := range r.Plan.Steps {
		r.textStep(say, s)
	}
	if first := r.Plan.AskIntro(); first != "" {
		say("\n%s", text.Clean(first))
	}
	for _, s := range r.Plan.Ask {
		r.textStep(say, s)
	}
	if commands := r.afterwards(); len(commands) > 0 {
		say("\nCheck it afterwards")
		writeIndented(say, strings.TrimSuffix(afterwardsIntro, ":"), commands)
	}
	if access := r.PrivilegedAccess(); access != nil {
		access.text(say)
	}
	return b.String()
}

func (r ChangeRequest) textStep(say func(string, ...any), s model.Step) {
	say("\n%s. %s", s.ID, text.Clean(s.Title))
	for _, words := range r.stepReasons(s) {
		say("   %s", text.Clean(words))
	}
	for _, fact := range r.stepFacts(s) {
		say("   %s: %s", fact[0], text.Clean(fact[1]))
	}
	writeIndented(say, changeHeading(s), s.Gcloud)
	if inverse, err := s.Inverse(); err == nil {
		writeIndented(say, "To undo it", inverse.Gcloud)
	} else {
		say("   %s.", text.Clean(err.Error()))
	}
}

// stepReasons say what is missing, why a step is asked for, and what it opens.
func (r ChangeRequest) stepReasons(s model.Step) []string {
	words := []string{s.Why, grantRisk(s)}
	if c, ok := r.Diagnosis.CheckByID(s.Check); ok && c.Reason != "" {
		words = append([]string{c.Reason}, words...)
	}
	if !s.Certain {
		words = append(words, "It may be there already, unseen; it is safe to repeat.")
	}
	if s.Caution != "" {
		words = append(words, "Mind: "+s.Caution)
	}
	return words
}

const noCommand = "gcloud has no command for this."

func writeIndented(say func(string, ...any), heading string, commands []string) {
	say("   %s:", heading)
	for _, c := range commands {
		say("     %s", text.Clean(c))
	}
	if len(commands) == 0 {
		say("     %s", noCommand)
	}
}

func writeFenced(say func(string, ...any), heading string, commands []string) {
	if len(commands) == 0 {
		say("%s: %s\n", heading, noCommand)
		return
	}
	say("%s:\n\n%s\n", heading, MarkdownScript(commands))
}

// grantRisk says what a grant opens, at most.
func grantRisk(s model.Step) string {
	switch s.Role {
	case model.RoleReader:
		return "It lets the member read what the " + string(s.Resource.Kind()) + " holds, and change nothing."
	case model.RoleDeveloper:
		return "It lets the member deploy, change and delete there, and read its settings."
	case model.RoleAccountUser:
		return "It lets the member run code as that account, with all that the account may do."
	case model.RoleTokenCreator:
		return "It lets the member get tokens of that account, with all that the account may do."
	case model.RoleRunAgent:
		return "It is the role that Google itself gives its agent."
	}
	return "It opens nothing to anybody by itself."
}
