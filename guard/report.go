package guard

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"whopulls/text"
)

// header begins a report. It says what the file is to somebody who finds it later.
const header = "whopulls ended because of a fault of its own. This report holds where, and nothing that identifies anybody.\n"

// report is what a report holds.
type report struct {
	version, command, changes string
	said                      string // what the panic said, without what may identify somebody
	stack                     string
}

// writeReport writes the report of a fall, and gives its name.
func (r *running) writeReport(v any, stack []byte, f Fall) (string, error) {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	return report{r.Version, r.command(), fmt.Sprintf("%d finished, %d open", f.Finished, f.Open),
		fmt.Sprintf("panic: %T: %s", v, redact(fmt.Sprint(v))), string(stack)}.write(r.Folder, now())
}

// write writes the report into a folder, and gives its name.
func (r report) write(folder string, at time.Time) (string, error) {
	changes := cmp.Or(r.changes, "not known")
	return createReport(folder, at, fmt.Sprintf("%s\ntime:     %s\nversion:  %s\ngo:       %s %s/%s\ncommand:  %s\nchanges under way: %s\n%s\n\n%s",
		header, at.UTC().Format(time.RFC3339), r.version, runtime.Version(), runtime.GOOS, runtime.GOARCH, r.command, changes, r.said, withoutHome(r.stack)))
}

// createReport makes a new file that only the user may read.
func createReport(folder string, at time.Time, content string) (string, error) {
	if folder == "" {
		return "", errors.New("there is no folder for it: set XDG_STATE_HOME to a folder of your own")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	name := filepath.Join(folder, "crash-"+at.UTC().Format("20060102T150405.000Z")+".txt")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(content)
	return name, errors.Join(err, file.Close())
}

// hidden stands for what a report must not hold.
const hidden = "[…]"

// maxPanicText limits what is kept of a panic's own text, in bytes. The stack says more.
const maxPanicText = 1000

// identifying are the forms of what may identify somebody or let somebody in. They are quoted texts, which hold names, then
// e-mail addresses, paths and URLs. Tokens are known by their beginnings, and keys are words with digits.
var identifying = []string{
	`"[^"]*"?`, "`[^`]*`?", `\S+@\S+`, `\S*/\S*`, `(?i)bearer\s+\S+`, `\b(ya29|eyJ)\S*`, `\b[\w.~+=-]*\d[\w.~+=-]*\b`,
}

// redact takes out of a panic's text what came from outside. It rather hides too much.
func redact(said string) string {
	said = text.Clean(said[:min(len(said), maxPanicText)])
	for _, form := range identifying {
		said = regexp.MustCompile(form).ReplaceAllStringFunc(said, func(found string) string {
			if len(found) < 8 && strings.Trim(found, "0123456789") == "" { // an index or a length
				return found
			}
			return hidden
		})
	}
	return said
}

// withoutHome hides the user's name in the paths of a stack.
func withoutHome(stack string) string {
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		return strings.ReplaceAll(stack, home, "~")
	}
	return stack
}
