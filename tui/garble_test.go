package tui

import (
	"context"
	"errors"
	"testing"

	"whopulls/model"
	"whopulls/model/garble"
	"whopulls/tui/registry"
)

// garbledCloud is a cloud whose last look fails on demand, and which may say nothing but nonsense.
type garbledCloud struct {
	*fakeCloud
	lookFails, garbled bool
}

func (c *garbledCloud) RereadBindings(ctx context.Context, r model.Resource) (model.Situation, error) {
	s, err := c.fakeCloud.RereadBindings(ctx, r)
	if c.lookFails {
		err = errors.New("the backend is away")
	}
	switch {
	case c.garbled && err != nil:
		return model.Situation{}, errors.New(garble.Nonsense)
	case c.garbled:
		return garble.Sentences(s), nil
	}
	return s, err
}

// What a last look decides is the same when every sentence in it is nonsense: of what is as it was, of what is used by now, and of
// what can't be looked at again.
func TestALastLookDecidesByNoSentence(t *testing.T) {
	for name, change := range map[string]func(c *garbledCloud){
		"as it was":     func(*garbledCloud) {},
		"used by now":   func(c *garbledCloud) { c.startUsing("old-campaign-2019") },
		"can't be seen": func(c *garbledCloud) { c.lookFails = true },
	} {
		t.Run(name, func(t *testing.T) {
			cloud := &garbledCloud{fakeCloud: newStaleCloud()}
			s, err := cloud.RereadBindings(t.Context(), repoName.Resource())
			if err != nil {
				t.Fatal(err)
			}
			steps, before := model.StaleSteps(model.FindStale(s).Bindings)
			change(cloud)
			look := &registry.Recheck{Bindings: before, Cloud: func(context.Context) (registry.Cloud, error) { return cloud, nil }}
			for _, step := range steps {
				cloud.garbled = false
				said := look.LookAgain(t.Context(), step).Cause
				cloud.garbled = true
				if nonsense := look.LookAgain(t.Context(), step).Cause; nonsense != said {
					t.Errorf("step %s: %q, with nonsense for sentences %q", step.ID, said, nonsense)
				}
			}
		})
	}
}
