package report

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
)

// Removed says what to take out of a Terraform configuration, for those whose bindings are written there. It is a
// configuration file itself, formatted as terraform fmt does: comments, and a removed block wherever one can say what is
// meant. Without a state the addresses are not known, and it says how to find them.
func (s Stale) Removed(w io.Writer, state *model.TerraformState) error {
	r := &removed{Stale: s, state: state}
	todo := s.chapters()[:2]
	r.note("What to take out of Terraform, for who may read %s.", s.place(s.Scope))
	r.note("Read %s, by %s, from %s: %d can be removed, %d to be replaced.", s.made()[0][1], s.Account, s.Target, len(todo[0].Bindings), len(todo[1].Bindings))
	for _, gap := range s.gaps(s.List.Gaps) {
		r.note("Not all could be listed: %s", gap)
	}
	if s.Only != "" {
		r.note("%s", s.Only)
	}
	if s.Index != "" {
		r.note("%s", s.Index)
	}
	if len(todo[0].Bindings)+len(todo[1].Bindings) > 0 {
		r.note("")
		r.guide()
	}
	for _, c := range todo {
		for _, b := range c.Bindings {
			r.binding(b)
		}
	}
	if _, err := io.WriteString(w, r.text.String()); err != nil {
		return fmt.Errorf("writing what to take out of Terraform: %w", err)
	}
	return nil
}

// removed is such a file that is being written.
type removed struct {
	Stale
	state *model.TerraformState
	text  strings.Builder
	count int
}

// note writes one line of comment, whatever the words hold.
func (r *removed) note(format string, words ...any) {
	line := strings.TrimRight("# "+model.OneLine(fmt.Sprintf(format, words...)), " ")
	r.text.WriteString(line + "\n")
}

// guide says how to go about it.
func (r *removed) guide() {
	if r.state == nil {
		r.note("The addresses stand in the state alone. Find each with the command beside it, or all at once:")
		r.note("  terraform show -json >state.json")
		r.note("  whopulls stale list ... --format=terraform-removed --terraform-state=state.json")
		r.note("Then delete the resource block that it names, plan and apply. A plan that shows more than this is another change.")
		return
	}
	r.note("Delete the resource blocks that are named here, keep this file beside the configuration as stale_removed.tf, plan,")
	r.note("apply, and delete the file. A removed block (Terraform 1.7 or later) changes nothing that deleting the resource would")
	r.note("not; it lets a reader see that it is meant, and an apply fail while the resource is still written somewhere. It can't")
	r.note("name one instance of count or for_each. A plan that shows more than this is another change.")
}

func (r *removed) binding(b model.StaleBinding) {
	r.count++
	r.text.WriteString("\n")
	r.note("%d. %s: %s", r.count, b.Status, b.Member)
	r.note("   %s on %s", b.Role, r.place(b.Resource))
	if b.Condition != nil {
		r.note("   where %s", b.Condition.Text())
	}
	r.note("   %s", b.Reason)
	if decide(b) {
		r.note("   This one is yours to decide; nothing below is in force.")
	}
	r.note("")
	kind := model.TerraformType(b.Resource)
	if kind == "" {
		r.note("   The google provider has no resource for this.")
		return
	}
	if b.Member.Deleted() {
		r.note("   Terraform takes no deleted members: as long as the member of before stands in a configuration, each apply grants it")
		r.note("   anew, or fails. Take it out there; the binding itself goes with")
		r.commands(b)
	}
	if r.state == nil {
		r.unlocated(b, kind)
		return
	}
	holders := r.state.Holders(b)
	for _, h := range holders {
		r.holder(b, h)
	}
	if len(holders) == 0 {
		r.note("   address    none: nothing in this state holds it")
		r.ids(b)
		if !b.Member.Deleted() {
			r.note("   instead    %s", cmp.Or(strings.Join(b.Gcloud, " && "), "whopulls stale remove --status="+string(b.Status)))
		}
	}
}

// unlocated says how to find what holds a binding, while no state is known.
func (r *removed) unlocated(b model.StaleBinding, kind string) {
	r.note("   resource   %s", kind)
	r.note("   address    terraform state list -id=%s", shellescape.Quote(b.StateID()))
	r.note("   or, where a resource holds all of the role's members")
	r.note("   resource   %s", strings.TrimSuffix(kind, "member")+"binding")
	r.note("   address    terraform state list -id=%s", shellescape.Quote(b.BindingStateID()))
	r.ids(b)
	r.note("   to do      %s", todoOf(b, model.TerraformHolder{Form: "member"}))
}

func (r *removed) ids(b model.StaleBinding) {
	r.note("   import id  %s", b.ImportID())
	r.note("   state id   %s", b.StateID())
}

// holder says what to do with a resource that holds a binding.
func (r *removed) holder(b model.StaleBinding, h model.TerraformHolder) {
	r.note("   address    %s", h.Address)
	switch h.Form {
	case "member":
		r.ids(b)
	case "binding":
		r.note("   state id   %s", b.BindingStateID())
	}
	r.note("   to do      %s", todoOf(b, h))
	if h.Form == "member" && h.Key == "" && !h.ModuleHasKey && b.Replace == "" && plainAddress.MatchString(h.Address) {
		r.block(h.Address, decide(b))
	}
}

// todoOf is the change of a configuration, in words.
func todoOf(b model.StaleBinding, h model.TerraformHolder) string {
	member := string(b.Member)
	switch {
	case h.Form == "policy":
		return with("take "+member+" out of the binding of "+b.Role+" in its policy_data", b)
	case h.Form == "binding" && h.OtherMembers == 0 && b.Replace == "":
		return "delete the resource block: " + member + " is its only member" + keyed(h)
	case h.Form == "binding":
		return with("take "+member+" out of its members"+keyed(h), b)
	case b.Replace != "":
		return `set role = "` + b.Replace + `"` + keyed(h) + `, with lifecycle { create_before_destroy = true }, so that reading never stops in between`
	case h.HasCountIndex():
		return "take element " + h.Key + " out of what count counts; those after it move up, and are taken away and granted anew: give them moved blocks, or for_each"
	case h.Key != "":
		return "take the key " + h.Key + " out of what for_each goes over"
	case h.ModuleHasKey:
		return "take it out of the module; where all of the instance goes, take the module's key out"
	}
	return "delete the resource block"
}

// with adds what comes before, for a binding that is replaced.
func with(words string, b model.StaleBinding) string {
	if b.Replace == "" {
		return words
	}
	return "grant " + b.Replace + " to it first, in a change of its own; then " + words
}

func keyed(h model.TerraformHolder) string {
	if h.Key == "" {
		return ""
	}
	return ", for " + h.Key + " alone"
}

// plainAddress is one without keys; a state that was tampered with writes nothing else into a configuration.
var plainAddress = regexp.MustCompile(`^[\pL_][\pL\pN_.-]*$`)

// block writes a removed block, as a comment where somebody has to decide first.
func (r *removed) block(address string, comment bool) {
	begin := ""
	if comment {
		begin = "# "
	}
	for _, line := range []string{"removed {", "  from = " + model.OneLine(address), "", "  lifecycle {", "    destroy = true", "  }", "}"} {
		r.text.WriteString(strings.TrimRight(begin+line, " ") + "\n")
	}
}

func (r *removed) commands(b model.StaleBinding) {
	for _, c := range b.Gcloud {
		r.note("     %s", c)
	}
	r.note("")
}
