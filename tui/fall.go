package tui

import (
	"os"
	"reflect"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/guard"
)

// runProgram runs the program, and gives the terminal back however it ends. A panic in Update or View passes through it.
func runProgram(p *tea.Program) error {
	restore := func() {
		p.Kill()                                              // does nothing where the program has ended by itself
		_, _ = os.Stdout.WriteString(ansi.ResetModeLightDark) // a terminal that is gone needs nothing
	}
	over := guard.WhileDrawing(restore)
	defer over()
	defer restore()
	_, err := p.Run()
	return err
}

// guarded is the app, with a guard around its commands. Bubble Tea runs them in goroutines of its own, and would print the text of
// a panic, which may hold anything.
type guarded struct{ tea.Model }

// Init starts the app.
func (g guarded) Init() tea.Cmd { return guardCmd(g.Model.Init()) }

// Update hands a message on.
func (g guarded) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := g.Model.Update(msg)
	return guarded{next}, guardCmd(cmd)
}

// guardCmd guards a command, and those that it gives.
func guardCmd(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		defer guard.Catch()
		return guardCmds(cmd())
	}
}

// cmdList is the type of several commands.
var cmdList = reflect.TypeFor[[]tea.Cmd]()

// guardCmds guards the commands of a batch or a sequence, whose type Bubble Tea does not export. Any other message stays as it is.
func guardCmds(msg tea.Msg) tea.Msg {
	cmds, ok := cmdsOf(msg)
	if !ok {
		return msg
	}
	all := make([]tea.Cmd, len(cmds))
	for i, cmd := range cmds {
		all[i] = guardCmd(cmd)
	}
	return reflect.ValueOf(all).Convert(reflect.TypeOf(msg)).Interface()
}

// cmdsOf gives the commands of a batch or a sequence.
func cmdsOf(msg tea.Msg) (cmds []tea.Cmd, ok bool) {
	v := reflect.ValueOf(msg)
	if !v.IsValid() || v.Kind() != reflect.Slice || !v.CanConvert(cmdList) {
		return nil, false
	}
	cmds, ok = v.Convert(cmdList).Interface().([]tea.Cmd)
	return cmds, ok
}
