// Command generate writes the program's reference and its man pages from the commands themselves, so that both match the
// program.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"whopulls/cmd"
)

const usage = `usage: generate reference FILE
       generate man FOLDER VERSION   (SOURCE_DATE_EPOCH is the pages' date)`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	pages := pagesOf(cmd.Commands())
	switch {
	case len(args) == 2 && args[0] == "reference":
		var b bytes.Buffer
		writeReference(&b, pages)
		return os.WriteFile(args[1], b.Bytes(), 0o644)
	case len(args) == 3 && args[0] == "man":
		date, err := commitDate(os.Getenv("SOURCE_DATE_EPOCH"))
		if err != nil {
			return err
		}
		return writeManPages(args[1], edition{version: args[2], date: date}, pages)
	}
	return errors.New(usage)
}

// commitDate reads the time of the commit from the environment, so that every build of a commit dates its pages the same.
func commitDate(epoch string) (time.Time, error) {
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q, not a number of seconds: make man sets it to the time of the commit", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// writeManPages writes a man page for each command into a folder, and creates the folder if needed.
func writeManPages(folder string, e edition, pages []page) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, p := range pages {
		var b bytes.Buffer
		writeManPage(&b, e, p)
		if err := os.WriteFile(filepath.Join(folder, p.manName()+".1"), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writef writes into memory, which can't fail.
func writef(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// isListed reports whether the help shows a command.
func isListed(c *cobra.Command) bool { return c.IsAvailableCommand() || c.Name() == "help" }
