// Command whopulls shows who pulls a Cloud Run image across projects, and grants what is missing.
package main

import (
	"os"

	"whopulls/cmd"
)

// Set by the linker in a release.
var version, commit, date string

func main() {
	os.Exit(cmd.Main(cmd.Build{Version: version, Commit: commit, Date: date}))
}
