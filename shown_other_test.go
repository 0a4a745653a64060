//go:build !linux

package main

import (
	"fmt"
	"os"
)

// shown needs pseudo terminals as Linux has them; the scripts that use it are left out elsewhere.
func shown() {
	fmt.Fprintln(os.Stderr, "shown: not on this system")
	os.Exit(1)
}

// typing needs them too.
func typing() {
	fmt.Fprintln(os.Stderr, "typing: not on this system")
	os.Exit(1)
}
