package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"whopulls/tui"
)

const settingsIntro = `# Settings

whopulls' own settings are one file, ` + "`whopulls/settings.yaml`" + ` in the XDG configuration folder (` + "`~/.config`" + ` unless
` + "`XDG_CONFIG_HOME`" + ` says otherwise). A flag comes before a variable, and that before the settings. An error in the file
is reported with its line. Until it is fixed, no command that reads the file runs (exit code 2): the broken half may be the
one that was meant to prevent changes.

` + "```yaml" + `
read-only: true
production: "*-prod"
theme: light
keys:
  copy: c
  reread: [r, f5]
` + "```" + `

| key | value | without it |
|---|---|---|
| ` + "`read-only`" + ` | ` + "`true`" + ` refuses every change, and so does anything but ` + "`false`" + `; ` + "`WHOPULLS_READ_ONLY` and `--read-only`" + ` come before it | ` + "`false`" + ` |
| ` + "`production`" + ` | a pattern of project ids whose projects are changed only by their id; without a value, every project; ` + "`WHOPULLS_PRODUCTION`" + ` comes before it | labels alone (` + "`env=prod`" + `) |
| ` + "`theme`" + ` | %s | ` + "`%s`" + ` |
| ` + "`keys`" + ` | actions, each with a key or a list of keys | the keys below |
| ` + "`recent`" + ` | the last five projects picked in the app, with the workload picked last; the app writes it | none |

The theme ` + "`terminal`" + ` uses the terminal's own sixteen colours, ` + "`dark` and `light`" + ` fixed ones for such backgrounds, and
` + "`mono`" + ` none, also on the command line. ` + "`NO_COLOR`" + ` switches colours off whatever the theme.

The app writes ` + "`recent`" + ` when a pick reaches the map, never for a sandbox, and leaves every other byte of the file alone. A
file that can't be written stays as it is, and a symbolic link stays one.

## Keys

A key is a letter or sign, ` + "`enter`, `tab`, `esc`, `space`, `backspace`, `delete`, `insert`, `up`, `down`, `left`, `right`, `pgup`, `pgdown`, `home`, `end`, `f1` to `f20`" + `,
or one of these behind ` + "`ctrl+`, `alt+` or `shift+`" + `, in this order. Signs that mean something in YAML are quoted: ` + "`help: \"?\"`" + `.
Two actions of one screen can't share a key. ` + "`ctrl+c`" + ` always leaves. A question before a change has keys of its own, which stay
as they are and hold no letter: ← → or tab chooses, enter takes the chosen answer, esc is no. Where letters are text (lists
and text fields) a letter stays one, and an action that was given nothing else keeps its own key there.

| action | does | keys | where letters are text | screens |
|---|---|---|---|---|
`

// settingsPage is docs/settings.md, made from what the program goes by.
func settingsPage() string {
	var b strings.Builder
	themes := make([]string, 0, len(tui.Themes()))
	for _, t := range tui.Themes() {
		themes = append(themes, "`"+string(t)+"`")
	}
	fmt.Fprintf(&b, settingsIntro, strings.Join(themes, ", "), tui.Themes()[0])
	quoted := func(keys []string) string {
		if len(keys) == 0 {
			return ""
		}
		return "`" + strings.Join(keys, "` `") + "`"
	}
	for _, a := range tui.Actions() {
		typing := quoted(a.TypingKeys)
		if slices.Equal(a.TypingKeys, a.Keys) {
			typing = "the same"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", a.Name, a.Description, quoted(a.Keys), typing, strings.Join(a.Screens, ", "))
	}
	return b.String()
}

// The page says what the program does; go test ./cmd -update writes it anew.
func TestSettingsPage(t *testing.T) {
	file := filepath.Join("..", "docs", "settings.md")
	page := settingsPage()
	for key := range strings.SplitSeq("read-only production theme keys recent", " ") {
		if !strings.Contains(page, "| `"+key+"` |") || !strings.Contains(settingsKeysHint, key) {
			t.Errorf("the page, or the advice of an error, lacks %s", key)
		}
	}
	example := strings.SplitN(strings.SplitN(page, "```yaml\n", 2)[1], "```", 2)[0]
	if _, err := parseSettings("example", example); err != nil {
		t.Errorf("the example can't be read: %v", err)
	}
	if *update {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != page {
		t.Error("docs/settings.md is not what the program does; run go test ./cmd -update")
	}
}
