package cmd

import "github.com/spf13/cobra"

// Commands gives the commands as they run, for the reference and the man pages that are made from them.
func Commands() *cobra.Command {
	root := newRoot(&program{})
	root.InitDefaultHelpCmd()
	return root
}
