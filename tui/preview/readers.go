package preview

import (
	"slices"

	"whopulls/model"
	"whopulls/tui/ui"
)

// readers are who may read a repository: by a binding on it, or by one on a level above it. What is public comes first.
func (s *sheet) readers(levels []model.LevelReaders, project string, reading bool) {
	var ancestors []model.Ancestor
	for _, l := range levels {
		ancestors = append(ancestors, l.Level)
	}
	if n := slices.IndexFunc(levels, func(l model.LevelReaders) bool { return l.Policy.State == model.FactAbsent }); n >= 0 {
		s.signed("", model.Missing, "missing: "+model.Describe(levels[n].Level.Resource, ancestors)+" does not exist")
		return
	}
	s.lines = append(s.lines, s.styles.Dim.Render(readersText(levels, reading)))
	for _, public := range []bool{true, false} {
		for _, l := range levels {
			for _, b := range l.Bindings {
				if isPublic(b) == public {
					s.reader(b, standsOn(l.Level.Resource, project, ancestors))
				}
			}
		}
	}
	for _, l := range levels {
		s.unread(l, ancestors)
	}
}

// readersText counts the members, each once, as far as they are known.
func readersText(levels []model.LevelReaders, reading bool) string {
	members, doubt := map[model.Member]bool{}, false
	for _, l := range levels {
		doubt = doubt || !l.Policy.Read() || len(l.Gaps) > 0
		for _, b := range l.Bindings {
			for _, m := range b.Members {
				members[m] = true
			}
		}
	}
	return countText(len(members), "reader", doubt, reading)
}

func isPublic(b model.Binding) bool { return slices.ContainsFunc(b.Members, model.Member.IsEverybody) }

// standsOn says on which level above the repository a binding stands; nothing for the repository itself.
func standsOn(at model.Resource, project string, levels []model.Ancestor) string {
	if at.Kind() == model.KindRepository {
		return ""
	}
	return " " + ui.InheritedFrom(at, project, levels)
}

// reader is a binding and its members.
func (s *sheet) reader(b model.Binding, where string) {
	role := ui.ShortRole(b.Role)
	if b.Condition != nil {
		role += ", on a condition"
	}
	s.hung("  ", role+where)
	for _, m := range b.Members {
		if m.IsEverybody() {
			s.hung("  "+s.styles.Verdicts[model.Unknown].Render("!")+" ", "public: "+string(m))
			continue
		}
		s.hung("    ", ui.MemberName(m))
	}
}

// unread says what of a level could not be read.
func (s *sheet) unread(l model.LevelReaders, levels []model.Ancestor) {
	sign := s.styles.Verdicts[model.Unknown].Render(ui.VerdictSigns[model.Unknown]) + " "
	if !l.Policy.Read() && !l.Policy.Gap.Pending() {
		s.hung(sign, model.Describe(l.Level.Resource, levels)+" can't be read"+needText(l.Policy.Gap))
	}
	for _, g := range l.Gaps {
		if !g.Pending() {
			s.hung(sign, ui.GapText(g))
		}
	}
}

// needText is what would let somebody read a level, or why nothing would.
func needText(g model.Gap) string {
	if g.Need == "" {
		return ": " + g.Reason
	}
	return " (needs " + string(g.Need) + ")"
}
