package failure

import (
	"strings"
	"unicode/utf8"

	"whopulls/text/pattern"
)

// logicalLine is a line as its writer meant it: with what a terminal or a frame wrapped put together again.
type logicalLine struct {
	text       string // with the signs of the ends of lines
	search     searchText
	class      class
	ruleIndex  int  // the first one that holds, by its place among the rules; none where no rule does
	afterBlank bool // a blank line stands before it
	startsStep bool // another step of a build begins with it
	openBraces int  // braces that are open after it, among those that were opened by it and the units before
}

// class is what a unit is by its beginning.
type class int

const (
	classOther       class = iota
	classError             // an error begins
	classErrorOrRest       // an error begins, or the end of a sentence that the line before began
	classSentence          // one of Google's sentences begins
	classDetail            // belongs to what stands before it
	classJSON              // JSON begins
	classCommand           // a command line
	classProgress          // what a program says while it works
	classFence             // the edge of a block of code
)

// lineOpening is what may stand before the first word of a line: quotes, brackets, and the marks of lists and headings.
const lineOpening = `^["'\s(\[*#>•-]*`

// prompt is what shells write before a command line: a user and a host with a place, zsh's and its themes' arrows.
const prompt = `[\w.-]+@[\w.-]+[:~ ][^$#%]{0,80}[$#%] +|➜ +\S{1,80} +(?:git:\([^)]{1,80}\) +)?(?:✗ +)?`

var classes = []struct {
	class class
	form  pattern.Pattern
}{
	{classFence, pattern.Lazy(`^(?:"""|'''|~~~)[\w+-]*$`)},
	{classDetail, pattern.Lazy(`^(?:with (?:module\.|google|data\.)|on \S+\.tf(?:\.json)? line \d|\d+: +(?:resource|module|data|provider) |[)\]},]+,?(?:\s|$)|[)\]}]*, [a-z][A-Za-z]+$|Details:|"[\w@]+": |\[$)`)},
	{classDetail, pattern.Lazy(`(?i)^(?:cause:|caused by|reason:|GET https|\(or |see https|for more|ensure that|if you |note that|permission must be|please |grant the role|you can |alternatively|to (?:fix|resolve|learn|enable) |this command is authenticated|help:|metadata:)`)},
	{classJSON, pattern.Lazy(`^["'\[\s-]*\{`)},
	{classError, pattern.Lazy(lineOpening + `(?:ERROR\b|FATAL\b|Fatal\b|fatal:|CRITICAL\b|Error:|error:|Error |HTTP Error|Http Error|googleapi: Error|build step \d+ )`)},
	{classErrorOrRest, pattern.Lazy(lineOpening + `(?:denied: |unauthorized: |name unknown: |[A-Z]+_[A-Z]+: |403[ :]|401[ :])`)},
	{classSentence, pattern.Lazy(lineOpening + `(?:Google Cloud Run Service Agent|User must have|User \S+ must have|Images? ['"]|Revision '|Permission ['"\w]+(?:\.\w+)+|Permission denied|Cloud Run Service \S+ failed|Failed to |failed to |Unauthenticated request|Unable to |Missing necessary|Request is prohibited|spec\.template|Expected an image path|The user-provided container|The caller |The principal |\S+@\S+ does not have )`)},
	{classCommand, pattern.Lazy(`^["']*(?:[$%#>+❯➜-]+ +|PS [^>]*> *|` + prompt + `|- (?:run|name): |run: )?(?:sudo +)?(?:gcloud|docker|podman|kubectl|terraform|tofu|firebase|crane|skopeo|gsutil|skaffold|pack|npx|npm|make|export|curl|git|cd|echo|cat) +[a-z./$"'-]`)},
	{classProgress, pattern.Lazy(`^["']*(?:[✓✔✗✘X⠏⠛] +|OK +|Deploying|Deployment failed|Building |Creating|Updating|Uploading|Setting IAM|Routing|Done\b|The push refers|[Pp]ushing|Pushed|exporting |Step \d+/\d+|Starting [Ss]tep|Finished [Ss]tep|Successfully|Normal +|Using default tag|\w+: (?:Preparing|Waiting|Pushed|Layer already|Pulling|Download))`)},
}

// shellPrompt begins a command line: a prompt, and a program that people deploy with.
var shellPrompt = pattern.Lazy(`^(?:[$%❯➜] +|` + prompt + `)(?:sudo +)?(?:gcloud|docker|podman|kubectl|terraform|firebase) `)

// maxPrompt is how many bytes of a line are looked at for its prompt.
const maxPrompt = 160

// gcloudErrorStart begins an error of gcloud wherever it stands: nothing else is written so.
var gcloudErrorStart = pattern.Lazy(`(?:ERROR|Error|error): \(gcloud\.`)

// logicalLines takes a text apart at the ends of lines that its writer meant, and before each error of gcloud.
func logicalLines(text string) []logicalLine {
	var all []logicalLine
	afterBlank, startsStep := true, false
	add := func(part string) {
		if part = strings.Trim(part, " "+string(wrapped)+string(lineEnded)); part == "" {
			return
		}
		all = append(all, logicalLine{text: part, afterBlank: afterBlank, startsStep: startsStep})
		afterBlank, startsStep = false, false
	}
	from := 0
	for at, r := range text {
		switch {
		case at < from || !isLineEnd(text, from, at, r):
			continue
		case r == '\n' || r == stepStarted:
			add(text[from:at])
			afterBlank, startsStep = true, startsStep || r == stepStarted
		default:
			add(text[from:at])
		}
		from = at + utf8.RuneLen(r)
	}
	add(text[from:])
	for i := range all {
		all[i].classify()
	}
	countBraces(all)
	return all
}

// isLineEnd reports whether a unit ends at a sign or a blank.
func isLineEnd(text string, from, at int, r rune) bool {
	switch r {
	case '\n', stepStarted:
		return true
	case lineEnded:
		return strings.ContainsAny(text[max(from, at-1):at], sentenceEnds) || startsLogicalLine(text[at+utf8.RuneLen(r):])
	case ' ', wrapped:
		if r == wrapped && shellPrompt().MatchString(text[at+utf8.RuneLen(r):min(len(text), at+maxPrompt)]) {
			return true
		}
		rest := strings.TrimLeft(text[at+utf8.RuneLen(r):min(len(text), at+40)], `"'([`)
		found := gcloudErrorStart().FindStringIndex(rest)
		return found != nil && found[0] == 0 && !strings.HasSuffix(strings.TrimRight(text[from:at], " "), ":")
	}
	return false
}

// sentenceEnds are the signs after which a line that had room for more begins something.
const sentenceEnds = ".!?:}"

// startsLogicalLine reports whether a line begins something: with a capital letter, or with the first words of what is known. With
// anything else it continues with the sentence, since people break lines wherever they like.
func startsLogicalLine(rest string) bool {
	if end := strings.IndexAny(rest, "\n"+string(wrapped)+string(lineEnded)+string(stepStarted)); end >= 0 {
		rest = rest[:end]
	}
	return rest == "" || rest[0] >= 'A' && rest[0] <= 'Z' || rest[0] >= utf8.RuneSelf || classOf(rest) != classOther
}

func classOf(text string) class {
	for _, c := range classes {
		if c.form().MatchString(text) {
			return c.class
		}
	}
	return classOther
}

// classify finds the class and the rule of a unit.
func (u *logicalLine) classify() {
	u.search = newSearchText(u.text)
	u.ruleIndex = u.search.ruleIndex()
	u.class = classOf(u.search.text)
	if (u.class == classOther || u.class == classError) && u.ruleIndex == noRule && (deployProgress().MatchString(u.search.compactLower) || pushRepository().MatchString(u.search.text)) { // whatever stands before it
		u.class = classProgress
	}
	if (u.class == classCommand || u.class == classProgress) && u.ruleIndex != noRule { // it says more than that
		u.class = classOther
	}
}

// countBraces counts the braces.
func countBraces(all []logicalLine) {
	depth := 0
	for i := range all {
		depth += strings.Count(all[i].text, "{") - strings.Count(all[i].text, "}")
		all[i].openBraces = depth
	}
}
