package arch

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// phrase is a way to say something that a reader has to read twice.
type phrase struct {
	pattern *regexp.Regexp
	better  string
	example string // a text that has it
	fine    string // a text that has its words, but not in this sense
}

func newPhrase(pattern, better, example, fine string) phrase {
	pattern = strings.ReplaceAll(pattern, " ", `[\s#]+`) // a line may end there
	return phrase{regexp.MustCompile(`(?i)\b(?:` + pattern + `)\b`), better, example, fine}
}

// bannedPhrases are the ones that nothing of this project says.
var bannedPhrases = []phrase{
	newPhrase(`h[au]ng(s|ing)? on`, "depends on", "it hangs on the role", "the call hangs"),
	newPhrase(`(is|are|was|were|be|been|being|not) told( apart)?`, "is reported, is shown, knows", "a script is told of it", "they are told apart"),
	newPhrase(`(tells?|telling|told) of`, "reports, names, mentions", "the journal tells of it", "tell one of them"),
	newPhrase(`(tells?|telling|told) (whether|how|what|where|when|which|why|who)`, "reports whether, shows, says", "covers tells whether", "tell them apart"),
	newPhrase(`g(o|oes|oing) on|went on`, "continues, goes to the next", "the walk goes on", "the walk goes to the next step"),
	newPhrase(`(is|are|was|were) none( of)?`, "is not one; doesn't have one; is not among them", "what is none of its words", "there is none"),
	newPhrase(`whoever`, "the caller, the account that, an administrator, a person who", "whoever deploys", "who deploys"),
	newPhrase(`pass(es|ed|ing)? over`, "ignores, skips", "passes over what it doesn't know", "passes it on"),
	newPhrase(`wants that (the|it|no|an?)`, "checks that, requires that", "it wants that the API is on", "it wants the API"),
	newPhrase(`beneath`, "below", "every project beneath", "every project below"),
	newPhrase(`(to|for) who (may|can|has|have|is|are)`, "for a caller that", "open to who may see it", "ask who may see it"),
	newPhrase(`what lies`, "what is in", "what lies in a project", "an address lies in it"),
	newPhrase(`beside`, "next to, in addition to, with, apart from", "beside the role", "on the right side"),
	newPhrase(`whom(ever)?`, "who", "to whom", "who is signed in"),
	newPhrase(`time to come`, "in the future", "a file of a time to come", "the time to complete"),
	newPhrase(`(has|have|had|having) (its|their|his|the last|the first) (word|way|say)`, "applies, overrides, decides", "a deny policy has its word", "has the last line"),
	newPhrase(`t(ake|akes|aken|aking|ook) (up|down)`, "handles, continues; records", "the journal takes down", "takes it"),
	newPhrase(`(come|comes|came|coming) about`, "is produced", "how a verdict comes about", "comes from"),
	newPhrase(`without a word`, "silently", "it ends without a word", "without a wordlist"),
	newPhrase(`(stands?|speaks?) for itself`, "is self-contained, is clear", "each line stands for itself", "each line stands alone"),
	newPhrase(`(on|in|into) the scales`, "records what it contributes", "puts a binding on the scales", "the scale"),
	newPhrase(`what (an?|the|each|every|this) [\w-]+ (is|was) of`, "Y's X", "what a role is of a project", "what a role is"),
	newPhrase(`anew`, "again, from scratch", "reads it anew", "new"),
	newPhrase(`surety`, "delegates, is impersonated by", "stands surety for", "sure"),
	newPhrase(`worth a word`, "reported, shown", "a grant is worth a word", "worth it"),
	newPhrase(`(says?|said|saying) of`, "says about, reports about", "what a role says of it", "says it"),
	newPhrase(`(knows?|known|knew) of`, "knows, knows about", "what is known of it", "knows it"),
	newPhrase(`for (it|they) (is|are|was|were|has|have|can|may|might|could)`, "because", "nothing is said, for it is known", "for it"),
	newPhrase(`has to say`, "reports", "what gcloud has to say", "has said"),
	newPhrase(`in (its|his|their|whose) stead`, "instead", "another one in its stead", "in their place"),
}

// quotedPhrases are texts that somebody else wrote, and who.
var quotedPhrases = map[string]string{}

// Plain English: what a reader has to read twice is worded in a simpler way. This holds for texts, comments and documents.
func TestPlainEnglish(t *testing.T) {
	used := map[string]bool{}
	for folder, files := range textFiles(t) {
		t.Run(folder, func(t *testing.T) {
			for _, file := range files {
				if file == "test/arch/phrases_test.go" { // it names them all
					continue
				}
				for _, text := range textsOf(t, file) {
					for _, found := range findPhrases(text.text) {
						if quote := quoted(text.text); quote != "" {
							used[quote] = true
							continue
						}
						t.Errorf("%s:%d: …%s…: say %s", file, text.line+strings.Count(text.text[:found.at], "\n"), found.excerpt, found.better)
					}
				}
			}
		})
	}
	for text := range quotedPhrases {
		if !used[text] {
			t.Errorf("quotedPhrases: nothing quotes %q any more", text)
		}
	}
}

// The test itself: what it must find, and what it must not.
func TestPhrasesAreFound(t *testing.T) {
	for _, p := range bannedPhrases {
		t.Run(p.example, func(t *testing.T) {
			if found := findPhrases(p.example); len(found) == 0 || !slices.ContainsFunc(found, func(f foundPhrase) bool { return f.better == p.better }) {
				t.Errorf("found %v, want %s", found, p.better)
			}
			if found := findPhrases(p.fine); len(found) > 0 {
				t.Errorf("%q is fine, but %v is found", p.fine, found)
			}
		})
	}
	if found := findPhrases("It hangs\n\ton the role."); len(found) != 1 {
		t.Errorf("a line break hides a phrase: %v", found)
	}
}

// foundPhrase is a phrase in a text.
type foundPhrase struct {
	at              int
	excerpt, better string
}

// thereIs comes before "is none" in good English.
var thereIs = regexp.MustCompile(`(?i)\bthere\s+$`)

// isFine reports whether a phrase is "there is none" or "are told apart", which are good English.
func isFine(text string, at []int) bool {
	words := strings.Fields(strings.ToLower(text[at[0]:at[1]]))
	if words[len(words)-1] == "apart" {
		return true
	}
	return words[len(words)-1] == "none" && thereIs.MatchString(text[:at[0]])
}

func findPhrases(text string) (found []foundPhrase) {
	for _, p := range bannedPhrases {
		for _, at := range p.pattern.FindAllStringIndex(text, -1) {
			if isFine(text, at) {
				continue
			}
			around := strings.ToValidUTF8(text[max(0, at[0]-25):min(len(text), at[1]+25)], "")
			found = append(found, foundPhrase{at[0], strings.Join(strings.Fields(around), " "), p.better})
		}
	}
	return found
}

// quoted gives the quotation that a text holds.
func quoted(text string) string {
	for quote := range quotedPhrases {
		if strings.Contains(text, quote) {
			return quote
		}
	}
	return ""
}
