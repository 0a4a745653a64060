package failure

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// unit is a line as its writer meant it: with what a terminal or a frame wrapped put together again.
type unit struct {
	text  string // with the signs of the ends of lines
	tight message
	class class
	rule  int  // the first one that holds, by its place among the rules; none where no rule does
	para  bool // a blank line stands before it
	step  bool // another step of a build begins with it
	depth int  // braces that are open after it, among those that were opened by it and the units before
}

// class is what a unit is by its beginning.
type class int

const (
	other    class = iota
	failed         // an error begins
	followed       // an error begins, or the end of a sentence that the line before began
	sentence       // one of Google's sentences begins
	detail         // belongs to what stands before it
	object         // JSON begins
	ordered        // a command line
	progress       // what a program says while it works
	fence          // the edge of a block of code
)

// opening is what may stand before the first word of a line: quotes, brackets, and the marks of lists and headings.
const opening = `^["'\s(\[*#>•-]*`

var classes = []struct {
	class class
	form  *regexp.Regexp
}{
	{fence, regexp.MustCompile(`^(?:"""|'''|~~~)[\w+-]*$`)},
	{detail, regexp.MustCompile(`^(?:with (?:module\.|google|data\.)|on \S+\.tf(?:\.json)? line \d|\d+: +(?:resource|module|data|provider) |[)\]},]+,?(?:\s|$)|[)\]}]*, [a-z][A-Za-z]+$|Details:|"[\w@]+": |\[$)`)},
	{detail, regexp.MustCompile(`(?i)^(?:cause:|caused by|reason:|GET https|\(or |see https|for more|ensure that|if you |note that|permission must be|please |grant the role|you can |alternatively|to (?:fix|resolve|learn|enable) |this command is authenticated|help:|metadata:)`)},
	{object, regexp.MustCompile(`^["'\[\s-]*\{`)},
	{failed, regexp.MustCompile(opening + `(?:ERROR\b|FATAL\b|Fatal\b|fatal:|CRITICAL\b|Error:|error:|Error |HTTP Error|Http Error|googleapi: Error|build step \d+ )`)},
	{followed, regexp.MustCompile(opening + `(?:denied: |unauthorized: |name unknown: |[A-Z]+_[A-Z]+: |403[ :]|401[ :])`)},
	{sentence, regexp.MustCompile(opening + `(?:Google Cloud Run Service Agent|User must have|User \S+ must have|Images? ['"]|Revision '|Permission ['"\w]+(?:\.\w+)+|Permission denied|Cloud Run Service \S+ failed|Failed to |failed to |Unauthenticated request|Unable to |Missing necessary|Request is prohibited|spec\.template|Expected an image path|The user-provided container|The caller |The principal |\S+@\S+ does not have )`)},
	{ordered, regexp.MustCompile(`^["']*(?:[$%#>+❯➜-]+ +|PS [^>]*> *|[\w.-]+@[\w.-]+[:~ ][^$#]{0,80}[$#] +|- (?:run|name): |run: )?(?:sudo +)?(?:gcloud|docker|podman|kubectl|terraform|tofu|firebase|crane|skopeo|gsutil|skaffold|pack|npx|npm|make|export|curl|git|cd|echo|cat) +[a-z./$"'-]`)},
	{progress, regexp.MustCompile(`^["']*(?:[✓✔✗✘X⠏⠛] +|OK +|Deploying|Deployment failed|Building |Creating|Updating|Uploading|Setting IAM|Routing|Done\b|The push refers|[Pp]ushing|Pushed|exporting |Step \d+/\d+|Starting [Ss]tep|Finished [Ss]tep|Successfully|Normal +|Using default tag|\w+: (?:Preparing|Waiting|Pushed|Layer already|Pulling|Download))`)},
}

// prompt begins a command line.
var prompt = regexp.MustCompile(`^\$ (?:sudo )?(?:gcloud|docker|podman|kubectl|terraform|firebase) `)

// frameOfGcloud begins an error of gcloud wherever it stands: nothing else is written so.
var frameOfGcloud = regexp.MustCompile(`(?:ERROR|Error|error): \(gcloud\.`)

// units takes a text apart at the ends of lines that its writer meant, and before each error of gcloud.
func units(text string) []unit {
	var all []unit
	para, steps := true, false
	add := func(part string) {
		if part = strings.Trim(part, " "+string(wrapped)+string(ended)); part == "" {
			return
		}
		all = append(all, unit{text: part, para: para, step: steps})
		para, steps = false, false
	}
	from := 0
	for at, r := range text {
		switch {
		case at < from || !edge(text, from, at, r):
			continue
		case r == '\n' || r == stepped:
			add(text[from:at])
			para, steps = true, steps || r == stepped
		default:
			add(text[from:at])
		}
		from = at + utf8.RuneLen(r)
	}
	add(text[from:])
	for i := range all {
		all[i].look()
	}
	nest(all)
	return all
}

// edge tells whether a unit ends at a sign or a blank.
func edge(text string, from, at int, r rune) bool {
	switch r {
	case '\n', stepped:
		return true
	case ended:
		return strings.ContainsAny(text[max(from, at-1):at], sentenceEnds) || begins(text[at+utf8.RuneLen(r):])
	case ' ', wrapped:
		if r == wrapped && prompt.MatchString(text[at+utf8.RuneLen(r):min(len(text), at+40)]) {
			return true
		}
		rest := strings.TrimLeft(text[at+utf8.RuneLen(r):min(len(text), at+40)], `"'([`)
		found := frameOfGcloud.FindStringIndex(rest)
		return found != nil && found[0] == 0 && !strings.HasSuffix(strings.TrimRight(text[from:at], " "), ":")
	}
	return false
}

// sentenceEnds are the signs after which a line that had room for more begins something.
const sentenceEnds = ".!?:}"

// begins tells whether a line begins something: with a capital letter, or with the first words of what is known. With
// anything else it goes on with the sentence, since people break lines wherever they like.
func begins(rest string) bool {
	if end := strings.IndexAny(rest, "\n"+string(wrapped)+string(ended)+string(stepped)); end >= 0 {
		rest = rest[:end]
	}
	return rest == "" || rest[0] >= 'A' && rest[0] <= 'Z' || rest[0] >= utf8.RuneSelf || classOf(rest) != other
}

func classOf(text string) class {
	for _, c := range classes {
		if c.form.MatchString(text) {
			return c.class
		}
	}
	return other
}

// look finds the class and the rule of a unit.
func (u *unit) look() {
	u.tight = newMessage(u.text)
	u.rule = u.tight.rule()
	u.class = classOf(u.tight.plain)
	if (u.class == other || u.class == failed) && u.rule == none && (deployingIn.MatchString(u.tight.low) || pushedTo.MatchString(u.tight.plain)) { // whatever stands before it
		u.class = progress
	}
	if (u.class == ordered || u.class == progress) && u.rule != none { // it says more than that
		u.class = other
	}
}

// nest counts the braces.
func nest(all []unit) {
	depth := 0
	for i := range all {
		depth += strings.Count(all[i].text, "{") - strings.Count(all[i].text, "}")
		all[i].depth = depth
	}
}
