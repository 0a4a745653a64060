package walk

import (
	"fmt"

	"whopulls/model"
	"whopulls/tui/ui"
)

// addDoubt puts into a question what may make a binding somebody else's; sure tells that nothing does.
func (w *Screen) addDoubt(d *ui.Dialog, inverse model.Step, entry string) (sure bool) {
	if cloud, err := w.links.Cloud(w.Context); err == nil {
		if ours, err := cloud.UntouchedSince(w.Context, inverse.Resource, entry); err == nil && ours {
			return true
		}
	}
	d.What += " " + inverse.UndoWarning()
	return false
}

// addDoubts does so for several steps at once.
func (w *Screen) addDoubts(d *ui.Dialog, steps []model.Step, entries map[string]string) (sure map[string]bool) {
	sure = map[string]bool{}
	var doubtful []model.Step
	for _, s := range steps {
		if entries[s.ID] == "" {
			continue
		}
		if sure[s.ID] = w.addDoubt(&ui.Dialog{}, s, entries[s.ID]); !sure[s.ID] {
			doubtful = append(doubtful, s)
		}
	}
	switch len(doubtful) {
	case 0:
	case 1:
		d.What += " Step " + doubtful[0].ID + ": " + doubtful[0].UndoWarning()
	default:
		d.What += fmt.Sprintf(" Of %d of them others changed the policy since: somebody may have made the same change again, and then it is theirs.", len(doubtful))
	}
	return sure
}
