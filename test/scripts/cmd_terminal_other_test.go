//go:build !linux

package scripts

import (
	"fmt"
	"os"
)

// shownCommand needs pseudo terminals as Linux has them; the scripts that use it are left out elsewhere.
func shownCommand() {
	fmt.Fprintln(os.Stderr, "shown: not on this system")
	os.Exit(1)
}

// typingCommand needs them too.
func typingCommand() {
	fmt.Fprintln(os.Stderr, "typing: not on this system")
	os.Exit(1)
}
