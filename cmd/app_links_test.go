package cmd

import "testing"

// A console without windows is sent no links; all others leave out what they do not know.
func TestWhichTerminalsTakeLinks(t *testing.T) {
	for terminal, want := range map[string]bool{"xterm-256color": true, "tmux-256color": true, "screen": true, "linux": false, "dumb": false, "": false} {
		t.Run(terminal, func(t *testing.T) {
			if got := takesLinks(terminal); got != want {
				t.Errorf("%q takes links: %t", terminal, got)
			}
		})
	}
}
