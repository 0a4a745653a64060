package googletest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tokens issues access tokens that say nothing, and knows whose each is.
type tokens struct {
	life          time.Duration
	dir           string // while it holds a file named revoked, no refresh token is good
	mu            sync.Mutex
	issued        map[string]issuedToken
	impersonators map[string][]string // who may impersonate: by service account
	counts        map[string]int      // tokens issued, by member
}

type issuedToken struct {
	member       string
	expires      time.Time
	withoutEmail bool // its scopes leave out the e-mail
}

func newTokens(life time.Duration, dir string) *tokens {
	return &tokens{life: life, dir: dir, issued: map[string]issuedToken{}, impersonators: map[string][]string{}, counts: map[string]int{}}
}

// issue makes a token for a member.
func (t *tokens) issue(member string, silent bool) (token string, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	token, until = "ya29.secret-"+rand.Text(), time.Now().Add(t.life)
	t.issued[token] = issuedToken{member, until, silent}
	t.counts[member]++
	return token, until
}

// owner gives whose a token is, while it lives.
func (t *tokens) owner(token string) (issuedToken, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.issued[token]
	return i, ok && time.Now().Before(i.expires)
}

// memberOf finds the member whose token a request carries.
func (t *tokens) memberOf(r *http.Request) (string, bool) {
	i, ok := t.owner(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	return i.member, ok
}

// Token issues an access token outside of any protocol, for an access-token file.
func (g *Google) Token(member string) string {
	token, _ := g.tokens.issue(member, false)
	return token
}

// TokenWithoutEmail issues a token whose scopes leave out the e-mail.
func (g *Google) TokenWithoutEmail(member string) string {
	token, _ := g.tokens.issue(member, true)
	return token
}

// TokensIssued is how many tokens a member was given.
func (g *Google) TokensIssued(member string) int {
	g.tokens.mu.Lock()
	defer g.tokens.mu.Unlock()
	return g.tokens.counts[member]
}

// AllowImpersonation lets a member impersonate a service account.
func (g *Google) AllowImpersonation(account, member string) {
	g.tokens.mu.Lock()
	defer g.tokens.mu.Unlock()
	g.tokens.impersonators[account] = append(g.tokens.impersonators[account], member)
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // who asked is gone otherwise
}

// idToken names its owner; nobody here checks its signature.
func idToken(email string) string {
	part := func(v any) string {
		text, _ := json.Marshal(v) // strings only
		return base64.RawURLEncoding.EncodeToString(text)
	}
	return part(map[string]string{"alg": "RS256"}) + "." + part(map[string]any{"email": email, "sub": "1", "exp": time.Now().Add(time.Hour).Unix()}) + ".c2ln"
}

// emailOf is the part of a member behind its type.
func emailOf(member string) string {
	_, email, _ := strings.Cut(member, ":")
	return email
}
