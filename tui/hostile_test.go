package tui

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"whopulls/model"
	"whopulls/model/garble"
	"whopulls/text"
)

// Whatever stands in a name or a message, each screen is the one that the name without its control characters makes.
func TestHostileNamesOnWholeScreens(t *testing.T) {
	for _, spoil := range []string{
		"\x1b[2J\x1b[HPWNED", "\x1b]0;title\a", "\x9b31m", "\u009b31m", "a\nb\r\nc\rd", "\t\v\f\b\b\b\b", "\u202egnp.exe", "$(touch pwned)`id`'\"", "\x1b[?1049l\x1bc",
	} {
		t.Run(fmt.Sprintf("%q", spoil), func(t *testing.T) {
			want, got := hostileScreens(t, text.Clean(spoil)), hostileScreens(t, spoil)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%q, screen %d:\n%s\nwant\n%s", spoil, i, got[i], want[i])
				}
			}
		})
	}
}

func hostileScreens(t *testing.T, spoil string) (screens []string) {
	cloud := newFakeCloud()
	cloud.nameSuffix = spoil
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		return model.Outcome{Step: s, State: model.StepFailed, Message: "Google refused" + spoil}, errors.New(spoil)
	}
	term := start(t, cloud, Options{}, 100, 30)
	keep := func(texts ...string) {
		screens = append(screens, term.shows(texts...))
	}
	keep("Which project runs the container?", "3 projects", "f1 keys")
	term.press("enter")
	keep("2 workloads", "f1 keys")
	term.stop()
	term = start(t, cloud, Options{Question: articleQuestion()}, 100, 30)
	keep("fix:", "Nothing that was read gives it", "? keys")
	term.press("enter")
	keep("○ to do", "? keys")
	term.press("enter")
	keep("Change the policy")
	term.answerYes()
	keep("Google refused", "? keys")
	term.stop()
	return screens
}

// poisonedCloud is a cloud that puts a poison into every text that it returns; what is ours, as verdicts and kinds, stays.
type poisonedCloud struct {
	*fakeCloud
	poison     string
	everything bool // members and resources too, which then fit nothing any more
}

func poisonTexts[T any](c *poisonedCloud, v T) T {
	return garble.MapTexts(v, func(text reflect.Value, _ string) string {
		switch text.Interface().(type) {
		case string:
			return text.String() + c.poison
		case model.Member, model.Resource:
			if c.everything && text.String() != "" {
				return text.String() + c.poison
			}
		}
		return text.String()
	})
}

func poisonedPages[T any](c *poisonedCloud, pages iter.Seq2[model.ListPage[T], error]) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for page, err := range pages {
			page.Gaps = append(page.Gaps, model.Gap{Reason: "some could not be listed"})
			if !yield(poisonTexts(c, page), err) {
				return
			}
		}
	}
}

func (c *poisonedCloud) Caller() model.Fact[model.Member] {
	return model.Known(devMember + model.Member(c.poison))
}
func (c *poisonedCloud) ImpersonatedBy() string    { return "via" + c.poison }
func (c *poisonedCloud) MismatchedAccount() string { return "other" + c.poison }
func (c *poisonedCloud) World() string             { return "world" + c.poison }

func (c *poisonedCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return poisonedPages(c, c.fakeCloud.Projects(ctx))
}

func (c *poisonedCloud) Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error] {
	return poisonedPages(c, c.fakeCloud.Workloads(ctx, project))
}

func (c *poisonedCloud) Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error] {
	return poisonedPages(c, c.fakeCloud.Repositories(ctx, project))
}

func (c *poisonedCloud) Images(ctx context.Context, _ model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return poisonedPages(c, c.fakeCloud.Images(ctx, repoName))
}

func (c *poisonedCloud) Read(ctx context.Context, q model.Question, o model.PlanOptions, _ func(model.Situation)) (model.Situation, error) {
	s, err := c.fakeCloud.Read(ctx, q, o, nil)
	s.ReadingDone = true
	return poisonTexts(c, s), err
}

func (c *poisonedCloud) ReadScope(ctx context.Context, q model.Question, _ func(model.Situation)) (model.Situation, error) {
	s, err := c.fakeCloud.ReadScope(ctx, q, nil)
	return poisonTexts(c, s), err
}

func (c *poisonedCloud) RereadBindings(ctx context.Context, _ model.Resource) (model.Situation, error) {
	return c.ReadScope(ctx, model.StaleInRepository(repoName), nil)
}

func (c *poisonedCloud) ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project] {
	return poisonTexts(c, c.fakeCloud.ProjectOf(ctx, r))
}

func (c *poisonedCloud) Perform(_ context.Context, _ model.Gate, ws []model.Write) ([]model.Outcome, error) {
	said := model.Outcome{Step: ws[0].Step, State: model.StepFailed, Message: "Google refused"}
	return []model.Outcome{poisonTexts(c, said)}, errors.New("refused" + c.poison)
}

// poisonedError is why there is no connection, in somebody else's words.
type poisonedError struct{ poison string }

func (e poisonedError) Error() string { return "no answer" + e.poison }
func (e poisonedError) SignIn() bool  { return true }
func (e poisonedError) Nexts() []model.Advice {
	return []model.Advice{{Words: "sign in" + e.poison, Command: "gcloud auth login" + e.poison}}
}

// recorder keeps what is written to a terminal.
type recorder struct {
	mu     sync.Mutex
	buffer bytes.Buffer
	out    io.Writer
}

func (w *recorder) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buffer.Write(p)
	return w.out.Write(p)
}

func (w *recorder) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buffer.String()
}

// ownSequences are the ends of the control sequences that the program itself sends: colours, movements, parts of the screen that
// are cleared or moved, modes, and what it asks of the terminal. None of them types, rings, resizes or sets a title.
const ownSequences = "mABCDEFGHJKLMPXSTZdfrbhlscqupn@"

// foreignSequences gives what a terminal would obey or not show of what was written, apart from what the program means.
func foreignSequences(written string) (trouble []string) {
	var state byte
	for len(written) > 0 {
		sequence, width, n, next := ansi.DecodeSequence(written, state, nil)
		state, written = next, written[n:]
		switch {
		case width > 0:
			if strings.ContainsFunc(sequence, text.IsInvisible) {
				trouble = append(trouble, sequence)
			}
		case strings.HasPrefix(sequence, "\x1b["):
			if !strings.Contains(ownSequences, sequence[len(sequence)-1:]) || strings.Contains(sequence, "31337") {
				trouble = append(trouble, sequence)
			}
		case strings.HasPrefix(sequence, "\x1b]"):
			if !isOwnOSC(sequence) {
				trouble = append(trouble, sequence)
			}
		case !slices.Contains([]string{"\n", "\r", "\b", "\t", "\x1b7", "\x1b8", "\x1b=", "\x1b>", "\x1bM"}, sequence):
			trouble = append(trouble, sequence)
		}
	}
	return trouble
}

// isOwnOSC tells our window's titles, and clipboards in which nothing is that a shell would run when it is pasted.
func isOwnOSC(sequence string) bool {
	command := strings.TrimRight(sequence, "\a\x1b\\")
	if title, ok := strings.CutPrefix(command, "\x1b]2;"); ok {
		return title == "" || strings.HasPrefix(title, "whopulls") && !strings.Contains(title, "PWNED")
	}
	sent, ok := strings.CutPrefix(command, "\x1b]52;c;")
	copied, err := base64.StdEncoding.DecodeString(sent)
	return ok && err == nil && !strings.ContainsFunc(string(copied), func(r rune) bool { return r != '\n' && text.IsInvisible(r) })
}

// poisons are what a terminal obeys, or nobody sees, each with what it would do: a title, a link, the clipboard and the
// size of the window, colours, a line of its own, text that runs backwards and names that look alike.
var poisons = []string{"\x1b]2;PWNED\a", "\x1b]8;;http://pwned\x1b\\x\x1b]8;;\x1b\\", "\x1b]52;c;UFdORUQ=\a\x1b[8;1;1t\x1bP$q\x1b\\", "\x1b[31337m\u009b31337m\x9b31337m",
	"a\nb\r\nc\rd\v\f\u2028e\u0085\a\b\x00\x7f", "\u202egnp\u2066.\u200f\u200b\u200d\ufeff\u3164\U000e0041\u00ad"}

// keyJourneys go through every screen: which keys one presses after which beginning.
var keyJourneys = map[string]struct {
	options Options
	keys    []string
	paste   string // after the keys
	then    []string
}{
	"lists":     {keys: []string{"f1", "esc", "down", "up", "enter", "down", "enter", "down", "enter", "enter", "down", "enter", "esc", "esc", "enter"}},
	"filter":    {keys: []string{"p"}, paste: "nothing like it", then: []string{"esc", "esc"}},
	"reference": {options: Options{Question: model.Question{Project: "myproject-a"}}, keys: []string{"enter"}, paste: "us-docker.pkg.dev/p/r", then: []string{"enter"}},
	"image":     {options: Options{Question: model.Question{Project: "myproject-a"}}, paste: imageText, then: []string{"down", "down", "y", "enter"}},
	"map": {options: Options{Question: articleQuestion(), ReadOnly: true}, keys: []string{"?", "pgdown", "esc", "home", "y", "down", "y", "down", "y", "down", "y", "down", "y", "down", "y", "down", "y", "down", "y", "down", "y",
		"pgdown", "pgdown", "r", "u", "enter", "y", "x", "enter"}},
	"walk":     {options: Options{Question: articleQuestion()}, keys: []string{"enter", "y", "x", "s", "up", "enter", "right", "enter", "y", "enter", "u", "esc"}},
	"together": {options: Options{Question: articleQuestion()}, keys: []string{"enter", "a", "right", "enter", "esc"}},
	"registry": {options: Options{Question: articleQuestion()}, keys: []string{"ctrl+p", "r", "e", "g", "i", "s", "enter", "y", "down", "y", "down", "y", "down", "y", "down", "enter", "down", "down", "/", "e", "enter", "tab", "tab", "a", "enter", "y", "x", "enter", "right", "enter", "up", "down", "f1"}},
	"explain":  {options: Options{Question: articleQuestion()}, keys: []string{"e", "end", "enter"}, paste: failureText, then: []string{"down", "down", "y", "enter"}},
	"unknown":  {options: Options{Question: articleQuestion()}, keys: []string{"e", "end", "enter"}, paste: "this went wrong today\nand nobody knows why", then: []string{"enter", "esc"}},
	"guarded":  {options: Options{Question: articleQuestion(), Production: "*"}, keys: []string{"enter", "enter", "m", "y", "p", "r", "o", "j", "enter", "esc"}},
}

// Nothing that comes from elsewhere reaches the terminal but as text that is seen: not on any screen, and not in titles,
// links, notices or the clipboard.
func TestTheTerminalObeysNobodyElse(t *testing.T) {
	for name, j := range keyJourneys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, p := range fewIfShort(poisons...) {
				o := j.options
				o.Title = "title" + p
				cloud := &poisonedCloud{newStaleCloud(), p, n%2 == 0}
				if name == "lost" {
					o.Connect = func(context.Context) (Cloud, error) { return nil, poisonedError{p} }
				}
				term, written := startRecorded(t, cloud, o, func(frame string) {
					if trouble := foreignSequences(frame); len(trouble) > 0 {
						t.Errorf("%q draws %q:\n%s", p, trouble, ansi.Strip(frame))
					}
				})
				press := func(keys []string) {
					for _, key := range keys {
						term.press(key)
						term.shows()
					}
				}
				term.shows()
				press(j.keys)
				if j.paste != "" {
					term.paste(j.paste + p)
					term.shows()
				}
				press(j.then)
				if trouble := foreignSequences(written.String()); len(trouble) > 0 {
					t.Errorf("%q sends %q; the last screen is\n%s", p, trouble, term.screenText())
				}
				term.stop()
				if left := strings.Join(term.root.changes.lines(60), "\n"); len(foreignSequences(left)) > 0 {
					t.Errorf("%q leaves %q", p, left)
				}
			}
		})
	}
}

// startRecorded runs the program on a terminal, and keeps what it writes.
func startRecorded(t *testing.T, cloud Cloud, o Options, frame func(string)) (*terminal, *recorder) {
	t.Helper()
	screen := &emulatedScreen{Emulator: vt.NewEmulator(100, 30)}
	go func() { _, _ = io.Copy(io.Discard, screen) }() // a terminal that doesn't reply
	written := &recorder{out: screen}
	return startWithFrames(t, cloud, o, screen, written, nil, frame), written
}
