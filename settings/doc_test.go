package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"whopulls/test/golden"
	"whopulls/tui/ui"
)

const settingsIntro = `# Settings

whopulls' own settings are one file: ` + "`whopulls/settings.yaml` in the XDG configuration folder, which is `~/.config`" + ` unless
` + "`XDG_CONFIG_HOME`" + ` is set. A flag overrides a variable, and a variable overrides the settings.

An error in the file is reported with its line. No command that reads the file runs until it is fixed (exit code 2).
The broken half may be the one that was meant to prevent changes.

In the app, ` + "`ctrl+p`" + ` lists every setting with its value and what says so. Enter opens the file in the editor that ` + "`VISUAL` or `EDITOR`" + `
names. The settings are read again after it.

` + "```" + `yaml
read-only: true
production: "*-prod"
theme: light
keys:
  copy: c
  reread: [r, f5]
` + "```" + `

| key | value | without it |
|---|---|---|
| ` + "`read-only` | `true`, or anything but `false`, refuses every change; `WHOPULLS_READ_ONLY` and `--read-only` override it | `false`" + ` |
| ` + "`production` | a pattern of project ids; these projects change only when their id is typed. Without a value it is every project. `WHOPULLS_PRODUCTION` overrides it | labels alone (`env=prod`" + `) |
| ` + "`theme` | %s | `%s`" + ` |
| ` + "`accessible` | `always` turns plain mode on, `never` keeps gcloud's property from doing so, `auto` leaves it to that; `ACCESSIBLE` and `--accessible` override it | `auto`" + ` |
| ` + "`mouse` | `off` leaves the mouse to the terminal, which selects text by it | `on`" + ` |
| ` + "`language` | `en` or `ja`: the language of explanations (`e`) and of the reading of error messages. The rest of the app is in English. `auto` is the language of the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`). `--lang` overrides it | `auto`" + ` |
| ` + "`ascii` | `always` draws with ASCII signs alone, `never` with all signs, `auto` with what the locale can show (`LC_ALL`, `LC_CTYPE`, `LANG`), and in ASCII where the terminal gives ambiguous signs two columns | `auto`" + ` |
| ` + "`keys`" + ` | actions, each with a key or a list of keys | the keys below |
| ` + "`recent`" + ` | the last five projects picked in the app, each with its last workload and the last verdict about it; the app writes it | none |

The theme ` + "`auto` asks the terminal for its background, and follows a change of it. It is `dark` or `light`, or `terminal`" + ` where the terminal
does not answer or has few colours.
` + "`terminal` uses the terminal's own sixteen colours. `dark` and `light`" + ` use fixed colours for such backgrounds.
` + "`mono` uses none, also on the command line. `NO_COLOR`" + ` turns colours off in every theme.

The app writes ` + "`recent`" + ` when a pick reaches the map, and again when the map has a verdict, but never for a sandbox.
It leaves every other byte of the file alone.
A file that can't be written stays as it is, and a symbolic link stays a link.

## Mouse

A click chooses a row, and a click on the chosen row does what enter does. The wheel scrolls what is under the pointer by three lines.
The hints of the last line and the parts of the path in the first line can be clicked.

- In a question only the answers can be clicked. One click chooses an answer, and another click on it takes it.
- To select text, hold shift (option in iTerm2, fn in Terminal.app) while you drag.
- "Let go of the mouse" in ` + "`ctrl+p` leaves it to the terminal for this run, and `mouse: off`" + ` for every run.

## Keys

A key is a letter or sign, or has a name: ` + "`enter` `tab` `esc` `space` `backspace` `delete` `insert` `up` `down` `left` `right`" + `
` + "`pgup` `pgdown` `home` `end`, and `f1` to `f20`. `ctrl+`, `alt+` and `shift+`" + ` may stand before it, in this order. Quote signs that
mean something in YAML: ` + "`help: \"?\"`" + `.

- Two actions of one screen can't share a key.
- ` + "`ctrl+c`" + ` always quits.
- A question before a change has keys of its own, and no letters: ← → or tab chooses, enter takes the chosen answer, esc is no.
- In lists and text fields a letter is text. An action whose keys are all letters keeps its default key there.

| action | does | keys | where letters are text | screens |
|---|---|---|---|---|
`

// settingsPage is docs/settings.md, made from what the program goes by.
func settingsPage() string {
	var b strings.Builder
	themes := make([]string, 0, len(ui.Themes()))
	for _, t := range ui.Themes() {
		themes = append(themes, "`"+string(t)+"`")
	}
	fmt.Fprintf(&b, settingsIntro, strings.Join(themes, ", "), ui.Themes()[0])
	quoted := func(keys []string) string {
		if len(keys) == 0 {
			return ""
		}
		return "`" + strings.Join(keys, "` `") + "`"
	}
	for _, a := range ui.Actions() {
		typing := quoted(a.TypingKeys)
		if len(a.Keys) > 0 && slices.Equal(a.TypingKeys, a.Keys) {
			typing = "the same"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", a.Name, a.Description, quoted(a.Keys), typing, strings.Join(a.Screens, ", "))
	}
	return b.String()
}

// The page says what the program does; go test ./settings -update writes it again.
func TestSettingsPage(t *testing.T) {
	file := filepath.Join("..", "docs", "settings.md")
	page := settingsPage()
	for key := range strings.SplitSeq("read-only production theme accessible mouse language keys recent", " ") {
		if !strings.Contains(page, "| `"+key+"` |") || !strings.Contains(keysHint, key) {
			t.Errorf("the page, or the advice of an error, lacks %s", key)
		}
	}
	example := strings.SplitN(strings.SplitN(page, "```yaml\n", 2)[1], "```", 2)[0]
	if _, err := Parse("example", example); err != nil {
		t.Errorf("the example can't be read: %v", err)
	}
	if golden.Updating() {
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != page {
		t.Error("docs/settings.md is not what the program does; run go test ./settings -update")
	}
}
