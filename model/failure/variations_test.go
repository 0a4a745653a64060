package failure_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/failure"
)

// fieldNames are the fields that hold what was read.
var fieldNames = []string{"workload", "image", "imageProject", "consumerProject", "principal", "serviceAccount", "repository", "permission", "api"}

// wrapWords breaks at spaces only, as Terraform does.
func wrapWords(text string, width int) string {
	return eachLine(text, func(line string) string {
		var b strings.Builder
		column := 0
		for i, word := range strings.Split(line, " ") {
			length := len([]rune(word))
			switch {
			case i == 0:
			case column+1+length > width:
				b.WriteByte('\n')
				column = 0
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += length
		}
		return b.String()
	})
}

// wrapHard breaks at the column, wherever that is, as a terminal does.
func wrapHard(text string, width int) string {
	return eachLine(text, func(line string) string {
		var parts []string
		for r := []rune(line); len(r) > 0; {
			n := min(width, len(r))
			parts = append(parts, string(r[:n]))
			r = r[n:]
		}
		return strings.Join(parts, "\n")
	})
}

// wrapHyphens breaks at spaces and after hyphens, and within words that are longer than a line, as text tools do.
func wrapHyphens(text string, width int) string {
	return eachLine(text, func(line string) string {
		var lines []string
		current := ""
		for _, piece := range pieces(line) {
			if len(current)+len(strings.TrimRight(piece, " ")) > width && current != "" {
				lines = append(lines, strings.TrimRight(current, " "))
				current = ""
			}
			current += piece
			for len(current) > width+1 {
				lines = append(lines, current[:width])
				current = current[width:]
			}
		}
		return strings.Join(append(lines, current), "\n")
	})
}

// pieces are what a line may be broken between.
func pieces(line string) []string {
	var all []string
	start := 0
	for i := range len(line) {
		if line[i] == ' ' || line[i] == '-' {
			all = append(all, line[start:i+1])
			start = i + 1
		}
	}
	return append(all, line[start:])
}

func eachLine(text string, do func(string) string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = do(lines[i])
	}
	return strings.Join(lines, "\n")
}

func prefixed(text, prefix string) string {
	return eachLine(text, func(line string) string { return prefix + line })
}

func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// boxed is Terraform's frame.
func boxed(text string) string {
	return "╷\n" + prefixed(text, "│ ") + "\n│ \n│   with google_cloud_run_v2_service.web,\n│   on main.tf line 1, in resource \"google_cloud_run_v2_service\" \"web\":\n│    1: resource \"google_cloud_run_v2_service\" \"web\" {\n│ \n╵\n"
}

func coloured(text string) string {
	return "\x1b[31m\x1b[1m" + strings.NewReplacer("ERROR:", "\x1b[1;31mERROR:\x1b[0m", "Error:", "\x1b[31mError: \x1b[0m\x1b[0m\x1b[1m", "image", "\x1b[4mimage\x1b[24m").Replace(text) + "\x1b[0m"
}

func stamped(text string) string {
	n := 0
	return eachLine(text, func(line string) string {
		n++
		return fmt.Sprintf("2026-03-04T05:06:%02d.1234567Z %s", n%60, line)
	})
}

// variations change nothing of what a text says.
var variations = map[string]func(string) string{
	"wrapped at 80":      func(s string) string { return wrapWords(s, 80) },
	"wrapped at 60":      func(s string) string { return wrapWords(s, 60) },
	"cut at 80":          func(s string) string { return wrapHard(s, 80) },
	"cut at 60":          func(s string) string { return wrapHard(s, 60) },
	"hyphenated at 80":   func(s string) string { return wrapHyphens(s, 80) },
	"hyphenated at 60":   func(s string) string { return wrapHyphens(s, 60) },
	"coloured":           coloured,
	"boxed":              boxed,
	"boxed and wrapped":  func(s string) string { return boxed(wrapWords(s, 78)) },
	"boxed and cut":      func(s string) string { return boxed(wrapHard(s, 78)) },
	"indented and cut":   func(s string) string { return prefixed(wrapHard(s, 70), "    ") },
	"coloured box":       func(s string) string { return prefixed(wrapWords(coloured(s), 78), "\x1b[31m│\x1b[0m \x1b[0m") },
	"escaped":            quoted,
	"twice escaped":      func(s string) string { return quoted(`{"textPayload":` + quoted(s) + `,"severity":"ERROR"}`) },
	"three times":        func(s string) string { return quoted(quoted(quoted(s))) },
	"escaped and cut":    func(s string) string { return wrapHard(quoted(s), 80) },
	"escaped and broken": func(s string) string { return quoted(wrapWords(s, 80)) },
	"escaped box":        func(s string) string { return quoted(boxed(wrapWords(s, 78))) },
	"stamped":            stamped,
	"stamped and cut":    func(s string) string { return stamped(wrapHard(s, 80)) },
	"a build's step":     func(s string) string { return prefixed(stamped(wrapWords(s, 90)), `Step #1 - "deploy": `) },
	"quoted mail":        func(s string) string { return prefixed(wrapWords(s, 72), "> ") },
	"lower case":         func(s string) string { return strings.Replace(s, "ERROR:", "error:", 1) },
	"upper case":         func(s string) string { return strings.Replace(s, "Error:", "ERROR:", 1) },
	"windows lines":      func(s string) string { return strings.ReplaceAll(wrapWords(s, 80), "\n", "\r\n") },
	"typographic":        func(s string) string { return strings.NewReplacer("'", "’", `"`, "“").Replace(s) },
	"html": func(s string) string {
		return strings.NewReplacer("&", "&amp;", "'", "&#39;", `"`, "&quot;").Replace(s)
	},
	"around it": func(s string) string {
		return "Deploying container to Cloud Run service [web]\n✓ Creating Revision...\nX Routing traffic...\nDeployment failed\n\n" + s + "\n\nFor more information see the log.\n"
	},
}

func TestVariations(t *testing.T) {
	for _, s := range samples(t) {
		plain := documentOf(t, s.Text)
		for name, vary := range variations {
			if strings.HasPrefix(s.ID, "puller-yaml-") && (name == "a build's step" || strings.Contains(name, "cut") || strings.Contains(name, "hyphen") || strings.Contains(name, "wrapped")) { // its folds are wrapped apart
				continue
			}
			t.Run(s.ID+" "+name, func(t *testing.T) {
				text := vary(s.Text)
				got := documentOf(t, text)
				for _, field := range append(slices.Clone(fieldNames), "cause") {
					if got[field] != plain[field] {
						t.Errorf("%s, %s: %s is %v, not %v", s.ID, name, field, got[field], plain[field])
					}
				}
			})
		}
	}
}

// coarserCauses are the causes that may be read in place of others where a text was cut short.
var coarserCauses = map[string][]string{
	"deployer-read": {"permission"}, "act-as": {"permission"}, "run-as": {"permission"}, "api-disabled": {"permission"},
	"vpc-service-controls": {"permission"}, "image-not-found": {"registry-denied"}, "registry-denied": {"permission"},
}

// checkCut: of a text that was cut short less can be read, and nothing wrong.
func checkCut(t *testing.T, id, cut string, plain map[string]any) {
	t.Helper()
	got := documentOf(t, cut)
	cause := got["cause"].(string)
	if cause != plain["cause"] && cause != string(failure.Unrecognized) && !slices.Contains(coarserCauses[plain["cause"].(string)], cause) {
		t.Errorf("%s cut after %q: the cause is %s", id, tail(cut), cause)
	}
	for _, field := range fieldNames {
		if field == "principal" && cause != plain["cause"] { // who was refused depends on what was
			continue
		}
		if field == "consumerProject" && got[field] == agentNumber(plain) { // the same project: its ID was cut off
			continue
		}
		if got[field] != nil && got[field] != plain[field] {
			t.Errorf("%s cut after %q: %s is %v, not %v", id, tail(cut), field, got[field], plain[field])
		}
	}
}

// agentNumber is the project number of a Cloud Run service agent that was refused; nil for nobody else.
func agentNumber(reading map[string]any) any {
	email, _ := reading["principal"].(string)
	if number := model.RunServiceAgentProject(model.ServiceAccountMember(email)); number != "" {
		return number
	}
	return nil
}

func TestCutShort(t *testing.T) {
	for _, s := range samples(t) {
		plain := documentOf(t, s.Text)
		for i, r := range s.Text {
			if (r == ' ' || r == '\n') && !strings.HasPrefix(s.ID, "puller-yaml-") { // a fold is no end of a word
				checkCut(t, s.ID, s.Text[:i], plain)
				checkCut(t, s.ID, s.Text[:i]+"...", plain)
			}
		}
	}
}

// A person copies the first lines from a terminal, which breaks names anywhere.
func TestCutInTheTerminal(t *testing.T) {
	for _, s := range samples(t) {
		plain := documentOf(t, s.Text)
		for _, width := range []int{60, 72, 80, 100} {
			t.Run(fmt.Sprintf("%s at %d", s.ID, width), func(t *testing.T) {
				text := wrapHard(s.Text, width)
				for i, r := range text {
					if r == '\n' && i > width && !strings.HasPrefix(s.ID, "puller-yaml-") { // of a single line nobody can tell that it continues
						checkCut(t, s.ID, text[:i], plain)
					}
				}
			})
		}
	}
}

func tail(s string) string { return s[max(0, len(s)-30):] }
