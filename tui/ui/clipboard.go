package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// CopyCommands goes through the terminal, which works over SSH; nothing reports whether it took the text.
func CopyCommands(commands []string) tea.Cmd {
	text := strings.Join(commands, "\n")
	return tea.Batch(tea.SetClipboard(text), Notice("sent to the clipboard: "+text))
}
