package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// assetQuery is a query of the two searches: one comparison, or several parts. Either all parts must match,
// or any part.
type assetQuery struct {
	term  *assetTerm
	parts []assetQuery
	anyOf bool // one part is enough
}

// assetTerm is one comparison, FIELD:VALUE. A bare word has no field.
type assetTerm struct {
	field, value string
	words        []string // of the value, in lower case
	isPrefix     bool     // the last word is a prefix
}

// The limits are those of Google's page on the query syntax.
const (
	maxQueryTerms  = 10
	maxQueryLength = 2048
)

// The grammar is that of Google's page "Search query syntax". Comparisons with AND or nothing between them
// must all match; with OR, one is enough. Parentheses group, and may follow a field: policy:(a OR b). The
// page gives no order of precedence, so the sandbox refuses AND and OR in one group. It also refuses what it
// does not support: NOT, "-" and the exact match "=".
var queryToken = regexp.MustCompile(`\(|\)|[A-Za-z.]+:\(|(?:[A-Za-z.]+[:=])?"[^"]*"|[^\s()]+`)

// queryParser reads one query.
type queryParser struct {
	query  string
	fields []string // the fields that may be searched
	tokens []string // the tokens that are left
	terms  int
}

// parseAssetQuery reads a query. It refuses what the sandbox can't search by, rather than ignore it. An empty
// query matches everything.
func parseAssetQuery(query, orderBy string, fields ...string) (assetQuery, error) {
	if orderBy != "" {
		return assetQuery{}, invalid("The sandbox does not order results; leave order_by empty.")
	}
	if len(query) > maxQueryLength {
		return assetQuery{}, invalid("The query has %d characters; at most %d are allowed.", len(query), maxQueryLength)
	}
	p := &queryParser{query: query, fields: fields, tokens: queryToken.FindAllString(query, -1)}
	if len(p.tokens) == 0 {
		return assetQuery{}, nil
	}
	q, err := p.parseGroup("")
	if err == nil && len(p.tokens) > 0 {
		err = p.syntaxError("a parenthesis closes nothing")
	}
	return q, err
}

func (p *queryParser) syntaxError(why string) error {
	return invalid("Query %q is not understood: %s. The sandbox searches by %s, each FIELD:VALUE, and by words, with AND, OR and parentheses.",
		p.query, why, strings.Join(p.fields, ", "))
}

// parseGroup reads up to the closing parenthesis, or to the end. field is the field of the group's bare
// words.
func (p *queryParser) parseGroup(field string) (assetQuery, error) {
	var found assetQuery
	joined := "" // AND or OR
	for {
		part, err := p.parseOperand(field)
		if err != nil {
			return found, err
		}
		found.parts = append(found.parts, part)
		if len(p.tokens) == 0 || p.tokens[0] == ")" {
			break
		}
		word := "AND"
		if p.tokens[0] == "OR" || p.tokens[0] == "AND" {
			word, p.tokens = p.tokens[0], p.tokens[1:]
		}
		if joined != "" && joined != word {
			return found, p.syntaxError("AND and OR stand next to each other; group them by parentheses")
		}
		joined = word
	}
	found.anyOf = joined == "OR"
	if len(found.parts) == 1 {
		return found.parts[0], nil
	}
	return found, nil
}

func (p *queryParser) parseOperand(field string) (assetQuery, error) {
	if len(p.tokens) == 0 {
		return assetQuery{}, p.syntaxError("it ends too early")
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	inner, opens := strings.CutSuffix(token, ":(")
	if opens || token == "(" {
		if opens && (field != "" || !slices.Contains(p.fields, inner)) {
			return assetQuery{}, p.syntaxError("there is no field " + inner)
		}
		if !opens {
			inner = field
		}
		found, err := p.parseGroup(inner)
		if err == nil && len(p.tokens) == 0 {
			err = p.syntaxError("a parenthesis is not closed")
		}
		if err != nil {
			return assetQuery{}, err
		}
		p.tokens = p.tokens[1:]
		return found, nil
	}
	return p.parseComparison(field, token)
}

var (
	fieldPrefix = regexp.MustCompile(`^([A-Za-z.]+)([:=])`)
	memberKinds = []string{"user", "serviceAccount", "group", "domain", "deleted"}
)

// parseComparison reads FIELD:VALUE, or a bare word, which gets its group's field. A member is a word too:
// user:amy@example.com does not name a field.
func (p *queryParser) parseComparison(field, token string) (assetQuery, error) {
	value := token
	m := fieldPrefix.FindStringSubmatch(token)
	isWord := m == nil || (m[2] == ":" && (field != "" || slices.Contains(memberKinds, m[1])))
	switch {
	case isWord:
	case !slices.Contains(p.fields, m[1]):
		return assetQuery{}, p.syntaxError("there is no field " + m[1])
	case m[2] == "=":
		return assetQuery{}, p.syntaxError("exact matches by = are left out")
	default:
		field, value = m[1], token[len(m[0]):]
	}
	if slices.Contains([]string{"", "AND", "OR", "NOT", ")"}, value) || strings.HasPrefix(value, "-") {
		return assetQuery{}, p.syntaxError("a value is missing, or NOT or - stands there")
	}
	if p.terms++; p.terms > maxQueryTerms {
		return assetQuery{}, invalid("The query has more than %d comparisons.", maxQueryTerms)
	}
	t := newTerm(field, strings.Trim(value, `"`))
	if len(t.words) == 0 || strings.Count(value, `"`)%2 == 1 {
		return assetQuery{}, p.syntaxError("a value holds no word, or half of a quotation")
	}
	return assetQuery{term: t}, nil
}

func newTerm(field, value string) *assetTerm {
	return &assetTerm{
		field: field, value: value, isPrefix: strings.HasSuffix(value, "*"),
		words: strings.FieldsFunc(strings.ToLower(value), func(c rune) bool { return c < utf8.RuneSelf && !isWordByte(byte(c)) }),
	}
}

// matches evaluates a query by its comparisons.
func (q assetQuery) matches(decide func(*assetTerm) bool) bool {
	if q.term != nil {
		return decide(q.term)
	}
	for _, part := range q.parts {
		if part.matches(decide) == q.anyOf {
			return q.anyOf
		}
	}
	return !q.anyOf || len(q.parts) == 0
}

// eachTerm visits the comparisons of a query.
func (q assetQuery) eachTerm(visit func(*assetTerm)) {
	if q.term != nil {
		visit(q.term)
	}
	for _, part := range q.parts {
		part.eachTerm(visit)
	}
}

// matches reports whether a text has the words of a comparison, whole and in this order, with any separators
// between them. Cloud Asset splits texts at every character that is not a letter, digit, underscore or
// ampersand.
func (t *assetTerm) matches(text string) bool {
	for at := 0; at < len(text); {
		if !isWordByte(toLowerByte(text[at])) {
			at++
			continue
		}
		if t.matchesStart(text[at:]) {
			return true
		}
		for at < len(text) && isWordByte(toLowerByte(text[at])) {
			at++
		}
	}
	return false
}

// matchesStart reports whether a text, which begins with a word, begins with the words of the comparison.
func (t *assetTerm) matchesStart(text string) bool {
	at := 0
	for i, word := range t.words {
		for i > 0 && at < len(text) && !isWordByte(toLowerByte(text[at])) {
			at++
		}
		if len(text)-at < len(word) {
			return false
		}
		for j := range len(word) {
			if toLowerByte(text[at+j]) != word[j] {
				return false
			}
		}
		at += len(word)
		last := i == len(t.words)-1
		if at < len(text) && isWordByte(toLowerByte(text[at])) && (!last || !t.isPrefix) {
			return false
		}
	}
	return true
}

func toLowerByte(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// isWordByte takes a byte of a lower-case text.
func isWordByte(b byte) bool {
	return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '&' || b >= utf8.RuneSelf
}
