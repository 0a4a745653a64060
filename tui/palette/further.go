package palette

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// Further is a search that reaches beyond the library. What it finds joins the library.
type Further struct {
	Search    func(ctx context.Context, words []string) (said string) // outside the program's loop; nil: nothing can be asked now
	Searching string                                                  // said meanwhile
	WhyNot    string                                                  // why nothing can be asked
}

// further is the search beyond the library for what is typed.
type further struct {
	version int // answers to an older one are dropped
	busy    bool
	said    string
	cancel  context.CancelFunc
}

// stop ends the search under way, and forgets what it said.
func (f *further) stop() {
	f.version++
	if f.cancel != nil {
		f.cancel()
	}
	f.busy, f.said, f.cancel = false, "", nil
}

// furtherMsg brings what a search beyond the library says.
type furtherMsg struct {
	to      *Palette
	version int
	said    string
}

const (
	furtherPause   = 250 * time.Millisecond // how long nothing was typed before anything is asked
	furtherLetters = 2                      // how many letters a word has at least: fewer find too much
)

// findFurther searches beyond the library once the typing rests.
func (p *Palette) findFurther() tea.Cmd {
	f := &p.further
	f.stop()
	search, words := p.library().Further.Search, p.query.Words()
	if search == nil || !slices.ContainsFunc(words, func(w string) bool { return utf8.RuneCountInString(w) >= furtherLetters }) {
		return nil
	}
	ctx, cancel := context.WithCancel(p.Context)
	f.busy, f.cancel = true, cancel
	version := f.version
	return func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-p.After(furtherPause):
		}
		return furtherMsg{p, version, search(ctx, words)}
	}
}

// takeFurther takes what a search beyond the library says, and searches what it brought.
func (p *Palette) takeFurther(msg furtherMsg) tea.Cmd {
	if msg.to != p || msg.version != p.further.version {
		return nil
	}
	p.further.stop()
	p.further.said = msg.said
	return p.findAgain()
}

// furtherText says how the search beyond the library stands.
func (p *Palette) furtherText() string {
	switch f := p.library().Further; {
	case p.query.Empty():
		return ""
	case p.further.busy:
		return f.Searching
	case p.further.said != "":
		return p.further.said
	default:
		return f.WhyNot
	}
}
