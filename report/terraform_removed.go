package report

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/text"
)

// TerraformRemoved says what to take out of a Terraform configuration, for those whose bindings are written there. It is a
// configuration file itself, formatted as terraform fmt does: comments, and a removed block wherever one can say what is
// meant. Without a state the addresses are not known, and it says how to find them.
func (s Stale) TerraformRemoved(w io.Writer, state *handover.TerraformState) error {
	r := &removedWriter{Stale: s, state: state}
	todo := s.chapters()[:2]
	r.comment("What to take out of Terraform: read access to %s.", s.resourceText(s.Scope))
	r.comment("Read %s, by %s, from %s: %d can be removed, %d to be replaced.", s.provenance()[0][1], s.Account, s.CloudName, len(todo[0].Bindings), len(todo[1].Bindings))
	for _, gap := range s.gaps(s.List.Gaps) {
		r.comment("Not all could be listed: %s", gap)
	}
	if s.FilterNote != "" {
		r.comment("%s", s.FilterNote)
	}
	if s.IndexNote != "" {
		r.comment("%s", s.IndexNote)
	}
	if len(todo[0].Bindings)+len(todo[1].Bindings) > 0 {
		r.comment("")
		r.writeGuide()
	}
	for _, c := range todo {
		for _, b := range c.Bindings {
			r.writeBinding(b)
		}
	}
	if _, err := io.WriteString(w, r.text.String()); err != nil {
		return fmt.Errorf("writing what to take out of Terraform: %w", err)
	}
	return nil
}

// removedWriter is such a file that is being written.
type removedWriter struct {
	Stale
	state *handover.TerraformState
	text  strings.Builder
	count int
}

// comment writes one line of comment, whatever the words hold.
func (r *removedWriter) comment(format string, words ...any) {
	line := strings.TrimRight("# "+text.Clean(fmt.Sprintf(format, words...)), " ")
	r.text.WriteString(line + "\n")
}

// writeGuide says how to go about it.
func (r *removedWriter) writeGuide() {
	if r.state == nil {
		r.comment("The addresses stand in the state alone. Find each with the command next to it, or all at once:")
		r.comment("  terraform show -json >state.json")
		r.comment("  whopulls stale list ... --format=terraform-removed --terraform-state=state.json")
		r.comment("Then delete the resource block that it names, plan and apply. A plan that shows more than this is another change.")
		return
	}
	r.comment("Delete the resource blocks that are named here, keep this file next to the configuration as stale_removed.tf, plan,")
	r.comment("apply, and delete the file. A removed block (Terraform 1.7 or later) changes nothing that deleting the resource would")
	r.comment("not; it lets a reader see that it is meant, and an apply fail while the resource is still written somewhere. It can't")
	r.comment("name one instance of count or for_each. A plan that shows more than this is another change.")
}

func (r *removedWriter) writeBinding(b model.StaleBinding) {
	r.count++
	r.text.WriteString("\n")
	r.comment("%d. %s: %s", r.count, b.Status, b.Member)
	r.comment("   %s on %s", b.Role, r.resourceText(b.Resource))
	if b.Condition != nil {
		r.comment("   where %s", b.Condition.Text())
	}
	r.comment("   %s", b.Reason)
	if needsDecision(b) {
		r.comment("   This one is yours to decide; nothing below is in force.")
	}
	r.comment("")
	kind := handover.TerraformType(b.Resource)
	if kind == "" {
		r.comment("   The google provider has no resource for this.")
		return
	}
	if b.Member.Deleted() {
		r.comment("   Terraform takes no deleted members: as long as the member of before stands in a configuration, each apply grants it")
		r.comment("   again, or fails. Take it out there; the binding itself goes with")
		r.writeCommands(b)
	}
	if r.state == nil {
		r.writeUnlocated(b, kind)
		return
	}
	holders := r.state.Holders(b)
	for _, h := range holders {
		r.writeHolder(b, h)
	}
	if len(holders) == 0 {
		r.comment("   address    none: nothing in this state holds it")
		r.writeIDs(b)
		if !b.Member.Deleted() {
			r.comment("   instead    %s", cmp.Or(strings.Join(b.Gcloud, " && "), "whopulls stale remove --status="+string(b.Status)))
		}
	}
}

// writeUnlocated says how to find what holds a binding, while no state is known.
func (r *removedWriter) writeUnlocated(b model.StaleBinding, kind string) {
	r.comment("   resource   %s", kind)
	r.comment("   address    terraform state list -id=%s", shellescape.Quote(handover.StateID(b)))
	r.comment("   or, where a resource holds all of the role's members")
	r.comment("   resource   %s", strings.TrimSuffix(kind, "member")+"binding")
	r.comment("   address    terraform state list -id=%s", shellescape.Quote(handover.BindingStateID(b)))
	r.writeIDs(b)
	r.comment("   to do      %s", todoText(b, handover.TerraformHolder{Form: "member"}))
}

func (r *removedWriter) writeIDs(b model.StaleBinding) {
	r.comment("   import id  %s", handover.ImportID(b))
	r.comment("   state id   %s", handover.StateID(b))
}

// writeHolder says what to do with a resource that holds a binding.
func (r *removedWriter) writeHolder(b model.StaleBinding, h handover.TerraformHolder) {
	r.comment("   address    %s", h.Address)
	switch h.Form {
	case "member":
		r.writeIDs(b)
	case "binding":
		r.comment("   state id   %s", handover.BindingStateID(b))
	}
	r.comment("   to do      %s", todoText(b, h))
	if h.Form == "member" && h.Key == "" && !h.ModuleHasKey && b.Replace == "" && plainAddress.MatchString(h.Address) {
		r.writeBlock(h.Address, needsDecision(b))
	}
}

// todoText is the change of a configuration, in words.
func todoText(b model.StaleBinding, h handover.TerraformHolder) string {
	member := string(b.Member)
	switch {
	case h.Form == "policy":
		return grantFirst("take "+member+" out of the binding of "+b.Role+" in its policy_data", b)
	case h.Form == "binding" && h.OtherMembers == 0 && b.Replace == "":
		return "delete the resource block: " + member + " is its only member" + keySuffix(h)
	case h.Form == "binding":
		return grantFirst("take "+member+" out of its members"+keySuffix(h), b)
	case b.Replace != "":
		return `set role = "` + b.Replace + `"` + keySuffix(h) + `, with lifecycle { create_before_destroy = true }, so that reading never stops in between`
	case h.HasCountIndex():
		return "take element " + h.Key + " out of what count counts; those after it move up, and are removed and granted again: give them moved blocks, or for_each"
	case h.Key != "":
		return "take the key " + h.Key + " out of what for_each goes over"
	case h.ModuleHasKey:
		return "take it out of the module; where all of the instance goes, take the module's key out"
	}
	return "delete the resource block"
}

// grantFirst adds what comes before, for a binding that is replaced.
func grantFirst(words string, b model.StaleBinding) string {
	if b.Replace == "" {
		return words
	}
	return "grant " + b.Replace + " to it first, in a change of its own; then " + words
}

func keySuffix(h handover.TerraformHolder) string {
	if h.Key == "" {
		return ""
	}
	return ", for " + h.Key + " alone"
}

// plainAddress is one without keys; a state that was tampered with writes nothing else into a configuration.
var plainAddress = regexp.MustCompile(`^[\pL_][\pL\pN_.-]*$`)

// writeBlock writes a removed block, as a comment where somebody has to decide first.
func (r *removedWriter) writeBlock(address string, commented bool) {
	prefix := ""
	if commented {
		prefix = "# "
	}
	for _, line := range []string{"removed {", "  from = " + text.Clean(address), "", "  lifecycle {", "    destroy = true", "  }", "}"} {
		r.text.WriteString(strings.TrimRight(prefix+line, " ") + "\n")
	}
}

func (r *removedWriter) writeCommands(b model.StaleBinding) {
	for _, c := range b.Gcloud {
		r.comment("     %s", c)
	}
	r.comment("")
}
