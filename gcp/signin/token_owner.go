package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"whopulls/model"
)

// maxAnswer is more than any answer about a token comes to.
const maxAnswer = 1 << 16

// tokenInfo asks Google whose an access token is (OAuth 2.0, "tokeninfo"). The token goes in the body, so that no log on
// the way gets it.
func (s *signInRun) tokenInfo(ctx context.Context, token string) (model.Member, error) {
	if s.universe() != defaultDomain {
		return "", errors.New("no service is known that names it in " + s.universe())
	}
	var answer struct {
		Email string `json:"email"`
	}
	if err := s.post(ctx, "https://oauth2.googleapis.com/tokeninfo", url.Values{"access_token": {token}}, &answer); err != nil {
		return "", err
	}
	if answer.Email == "" {
		return "", errors.New("the token does not say whose it is; its scopes leave out the e-mail")
	}
	return memberFromEmail(answer.Email)
}

// introspect asks the Security Token Service about a federated identity's token (RFC 7662).
func (s *signInRun) introspect(ctx context.Context, endpoint, token string) (model.Member, error) {
	if endpoint == "" {
		endpoint = "https://sts." + s.universe() + "/v1/introspect"
	}
	var answer struct {
		Active   bool   `json:"active"`
		Username string `json:"username"`
	}
	form := url.Values{"token": {token}, "token_type_hint": {"urn:ietf:params:oauth:token-type:access_token"}}
	if err := s.post(ctx, endpoint, form, &answer); err != nil {
		return "", err
	}
	if !answer.Active || !strings.HasPrefix(answer.Username, "principal://") {
		return "", errors.New("the Security Token Service does not name its owner")
	}
	return model.ParseMember(answer.Username)
}

func (s *signInRun) post(ctx context.Context, address string, form url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.Client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end; closing has nothing left to lose
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", req.URL.Host, resp.Status)
	}
	return json.Unmarshal(body, into)
}
