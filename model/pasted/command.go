package pasted

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// commandLine is a line of a text. Its commands are those in it that are known; none for another line.
type commandLine struct{ commands [][]string }

// prompt is what stands before a command: a shell's prompt, the mark of a list, the key of a pipeline's file.
var prompt = regexp.MustCompile(`^\s*(?:[-*•]\s+)?(?:(?:run|cmd|command|script):\s*[|>]?\s*)?` +
	`(?:(?:\([\w.-]+\)\s*)?(?:[\w.-]+@[\w.-]+[^$#%>]{0,80}|\[[^\]]{1,80}\])?[$#%>❯➜!]\s*|(?:PS )?[A-Za-z]:\\[^>]{0,120}>\s*|PS [^>]{0,120}>\s*)?["']?`)

// programs are those whose command lines are read.
var programs = []string{"gcloud", "whopulls", "docker", "podman", "nerdctl", "buildah", "crane", "gcrane", "skopeo", "oras"}

// commandAmid is a command behind other words of its line, with the sign before it.
var commandAmid = regexp.MustCompile(`(^|[^\w/.@=-])((?:` + strings.Join(programs, "|") + `)\s+[a-z-].*)$`)

// commandLines takes a text apart into its lines. A line that begins with a flag continues the one before.
func commandLines(plain string) []commandLine {
	var joined []string
	for line := range strings.SplitSeq(plain, "\n") {
		switch {
		case strings.TrimSpace(line) == "":
		case len(joined) > 0 && strings.HasPrefix(strings.TrimSpace(line), "--"):
			joined[len(joined)-1] += " " + line
		default:
			joined = append(joined, line)
		}
	}
	lines := make([]commandLine, len(joined))
	for i, line := range joined {
		lines[i].commands = commandsOf(prompt.ReplaceAllString(line, ""))
		if m := commandAmid.FindStringSubmatch(line); len(lines[i].commands) == 0 && m != nil {
			lines[i].commands = [][]string{append(splitShell(cutSentence(m[2], m[1]))[0], extraWord)}
		}
	}
	return lines
}

// cutSentence cuts off what follows a command in its sentence: other scripts, what stands behind the quote that closes
// it, and the stop. Quotes within it begin behind a blank or a sign of equality.
func cutSentence(command, before string) string {
	if at := strings.IndexFunc(command, func(r rune) bool { return r >= unicode.MaxASCII }); at >= 0 {
		command = command[:at]
	}
	isOpen := false
	for i := range len(command) {
		switch {
		case before != `"` && before != "'" || command[i] != before[0]:
		case isOpen:
			isOpen = false
		case strings.IndexByte(" =", command[i-1]) >= 0:
			isOpen = true
		default:
			return command[:i]
		}
	}
	return strings.TrimRight(command, closingSigns)
}

// extraWord marks a command that other words surround.
const extraWord = "\x00"

// commandsOf are the known commands of a line, without what is set for them and who runs them.
func commandsOf(line string) (known [][]string) {
	for _, words := range splitShell(line) {
		var flags []string
		for len(words) > 0 && (isAssignment.MatchString(words[0]) || slices.Contains(wrappers, words[0])) {
			flags = append(flags, flagOf(words[0])...)
			words = words[1:]
		}
		if len(words) > 0 && slices.Contains(programs, programName(words[0])) {
			known = append(known, slices.Concat([]string{programName(words[0])}, words[1:], flags))
		}
	}
	return known
}

// flagOf is the flag that a variable of gcloud stands for. The flag itself comes first, and counts.
func flagOf(assignment string) []string {
	for variable, flag := range map[string]string{"CLOUDSDK_CORE_PROJECT": "project", "CLOUDSDK_RUN_REGION": "region", "CLOUDSDK_ARTIFACTS_LOCATION": "location"} {
		if value, found := strings.CutPrefix(assignment, variable+"="); found {
			return []string{"--" + flag + "=" + value}
		}
	}
	return nil
}

var (
	isAssignment = regexp.MustCompile(`^[A-Za-z_]\w*=`)
	wrappers     = []string{"sudo", "time", "env", "exec", "command", "nohup", "-E"}
)

// programName is a program without its folder and Windows' ending.
func programName(word string) string {
	name := strings.ToLower(path.Base(strings.ReplaceAll(word, `\`, "/")))
	return strings.TrimSuffix(strings.TrimSuffix(name, ".exe"), ".cmd")
}

// wholeCommand is a text of command lines and nothing else: no line is another, and no word is left over.
func wholeCommand(lines []commandLine) Thing {
	for _, line := range lines {
		if len(line.commands) == 0 {
			return Thing{}
		}
		for _, words := range line.commands {
			if _, leftOver := command(words); leftOver {
				return Thing{}
			}
		}
	}
	return bestCommand(lines)
}

// firstCommand is the best command among other lines.
func firstCommand(lines []commandLine) Thing {
	best := bestCommand(lines)
	if best.Kind == Unknown {
		return Thing{}
	}
	return best
}

// bestCommand is the one that tells most. What gcloud config set project set before it counts for it too.
func bestCommand(lines []commandLine) (best Thing) {
	configured := ""
	for _, line := range lines {
		for _, words := range line.commands {
			t, _ := command(words)
			if t.configures {
				configured = t.Consumer
			} else if t.isRun && t.Consumer == "" {
				t.Consumer = configured
			}
			best = better(best, t)
		}
	}
	return best
}

// command reads the words of a command. leftOver says that it has words which it doesn't take.
func command(words []string) (t Thing, leftOver bool) {
	surrounded := slices.Contains(words, extraWord)
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word == extraWord })
	switch words[0] {
	case "gcloud":
		t, leftOver = gcloud(parseFlags(words[1:]))
	case "whopulls":
		t = own(parseFlags(words[1:]))
	default:
		t, leftOver = registryClient(words[1:])
	}
	return t, leftOver || surrounded
}
