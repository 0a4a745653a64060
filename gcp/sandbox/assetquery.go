package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// assetQuery is a query of the two searches: one comparison, or several parts
// of which all must hold, or any.
type assetQuery struct {
	term  *assetTerm
	parts []assetQuery
	any   bool // one part is enough
}

// assetTerm is one comparison, FIELD:VALUE; a bare word has no field.
type assetTerm struct {
	field, value string
	words        []string // of the value, in small letters
	open         bool     // the last word is the beginning of one
}

// What Google's page on the syntax of queries allows.
const (
	queryTerms  = 10
	queryLength = 2048
)

// The grammar of Google's page "Search query syntax": comparisons beside each
// other or with AND between them must all hold, of those with OR between them
// one must; parentheses group, also behind a field: policy:(a OR b). The page
// gives no order of precedence, so AND and OR in one group are refused here,
// and so is what the sandbox does not do: NOT, "-" and the exact match "=".
var queryToken = regexp.MustCompile(`\(|\)|[A-Za-z.]+:\(|(?:[A-Za-z.]+[:=])?"[^"]*"|[^\s()]+`)

// queryReader reads one query.
type queryReader struct {
	query  string
	fields []string // that may be searched by
	tokens []string // that are left
	terms  int
}

// readQuery reads a query. What the sandbox cannot search by is refused, not
// passed over. An empty query holds for everything.
func readQuery(query, orderBy string, fields ...string) (assetQuery, error) {
	if orderBy != "" {
		return assetQuery{}, invalid("The sandbox does not order results; leave order_by empty.")
	}
	if len(query) > queryLength {
		return assetQuery{}, invalid("The query has %d characters; at most %d are allowed.", len(query), queryLength)
	}
	r := &queryReader{query: query, fields: fields, tokens: queryToken.FindAllString(query, -1)}
	if len(r.tokens) == 0 {
		return assetQuery{}, nil
	}
	q, err := r.group("")
	if err == nil && len(r.tokens) > 0 {
		err = r.wrong("a parenthesis closes nothing")
	}
	return q, err
}

func (r *queryReader) wrong(why string) error {
	return invalid("Query %q is not understood: %s. The sandbox searches by %s, each FIELD:VALUE, and by words, with AND, OR and parentheses.",
		r.query, why, strings.Join(r.fields, ", "))
}

// group reads up to the parenthesis that closes it, or to the end. field is
// that of its bare words.
func (r *queryReader) group(field string) (assetQuery, error) {
	var found assetQuery
	joined := "" // by which word
	for {
		part, err := r.operand(field)
		if err != nil {
			return found, err
		}
		found.parts = append(found.parts, part)
		if len(r.tokens) == 0 || r.tokens[0] == ")" {
			break
		}
		word := "AND"
		if r.tokens[0] == "OR" || r.tokens[0] == "AND" {
			word, r.tokens = r.tokens[0], r.tokens[1:]
		}
		if joined != "" && joined != word {
			return found, r.wrong("AND and OR stand beside each other; group them by parentheses")
		}
		joined = word
	}
	found.any = joined == "OR"
	if len(found.parts) == 1 {
		return found.parts[0], nil
	}
	return found, nil
}

func (r *queryReader) operand(field string) (assetQuery, error) {
	if len(r.tokens) == 0 {
		return assetQuery{}, r.wrong("it ends too early")
	}
	token := r.tokens[0]
	r.tokens = r.tokens[1:]
	inner, opens := strings.CutSuffix(token, ":(")
	if opens || token == "(" {
		if opens && (field != "" || !slices.Contains(r.fields, inner)) {
			return assetQuery{}, r.wrong("there is no field " + inner)
		}
		if !opens {
			inner = field
		}
		found, err := r.group(inner)
		if err == nil && len(r.tokens) == 0 {
			err = r.wrong("a parenthesis is not closed")
		}
		if err != nil {
			return assetQuery{}, err
		}
		r.tokens = r.tokens[1:]
		return found, nil
	}
	return r.comparison(field, token)
}

var (
	fieldName   = regexp.MustCompile(`^([A-Za-z.]+)([:=])`)
	memberKinds = []string{"user", "serviceAccount", "group", "domain", "deleted"}
)

// comparison reads FIELD:VALUE, or a word of the field that its group has. A
// member is a word too, so that user:amy@example.com names no field.
func (r *queryReader) comparison(field, token string) (assetQuery, error) {
	value := token
	m := fieldName.FindStringSubmatch(token)
	isWord := m == nil || (m[2] == ":" && (field != "" || slices.Contains(memberKinds, m[1])))
	switch {
	case isWord:
	case !slices.Contains(r.fields, m[1]):
		return assetQuery{}, r.wrong("there is no field " + m[1])
	case m[2] == "=":
		return assetQuery{}, r.wrong("exact matches by = are left out")
	default:
		field, value = m[1], token[len(m[0]):]
	}
	if slices.Contains([]string{"", "AND", "OR", "NOT", ")"}, value) || strings.HasPrefix(value, "-") {
		return assetQuery{}, r.wrong("a value is missing, or NOT or - stands there")
	}
	if r.terms++; r.terms > queryTerms {
		return assetQuery{}, invalid("The query has more than %d comparisons.", queryTerms)
	}
	t := newTerm(field, strings.Trim(value, `"`))
	if len(t.words) == 0 || strings.Count(value, `"`)%2 == 1 {
		return assetQuery{}, r.wrong("a value holds no word, or half of a quotation")
	}
	return assetQuery{term: t}, nil
}

func newTerm(field, value string) *assetTerm {
	return &assetTerm{
		field: field, value: value, open: strings.HasSuffix(value, "*"),
		words: strings.FieldsFunc(strings.ToLower(value), func(c rune) bool { return c < utf8.RuneSelf && !inWord(byte(c)) }),
	}
}

// holds decides a query by its comparisons.
func (q assetQuery) holds(decide func(*assetTerm) bool) bool {
	if q.term != nil {
		return decide(q.term)
	}
	for _, part := range q.parts {
		if part.holds(decide) == q.any {
			return q.any
		}
	}
	return !q.any || len(q.parts) == 0
}

// each goes through the comparisons of a query.
func (q assetQuery) each(visit func(*assetTerm)) {
	if q.term != nil {
		visit(q.term)
	}
	for _, part := range q.parts {
		part.each(visit)
	}
}

// in says whether a text has the words of a comparison, whole, one after the
// other and whatever stands between them: Cloud Asset takes texts apart at all
// that is no letter, digit, underscore or ampersand.
func (t *assetTerm) in(text string) bool {
	for at := 0; at < len(text); {
		if !inWord(lower(text[at])) {
			at++
			continue
		}
		if t.begins(text[at:]) {
			return true
		}
		for at < len(text) && inWord(lower(text[at])) {
			at++
		}
	}
	return false
}

// begins says whether a text, which starts with a word, starts with those of
// the comparison.
func (t *assetTerm) begins(text string) bool {
	at := 0
	for i, word := range t.words {
		for i > 0 && at < len(text) && !inWord(lower(text[at])) {
			at++
		}
		if len(text)-at < len(word) {
			return false
		}
		for j := range len(word) {
			if lower(text[at+j]) != word[j] {
				return false
			}
		}
		at += len(word)
		last := i == len(t.words)-1
		if at < len(text) && inWord(lower(text[at])) && (!last || !t.open) {
			return false
		}
	}
	return true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// inWord is about a byte in small letters.
func inWord(b byte) bool {
	return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '&' || b >= utf8.RuneSelf
}
