package gcp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"cloud.google.com/go/auth"
	"github.com/googleapis/gax-go/v2/apierror"
	"golang.org/x/oauth2"
	"google.golang.org/grpc/codes"

	"whopulls/model"
)

// trouble is why a call failed, in one form for gRPC and REST. This file is the one place that reads errors of Google.
type trouble struct {
	code       codes.Code
	reason     string // of ErrorInfo, for example SERVICE_DISABLED
	permission model.Permission
	service    string // the API that is meant
	consumer   string // projects/NUMBER
	quota      string
	message    string
}

func troubleOf(err error) trouble {
	var api *apierror.APIError
	if !errors.As(err, &api) {
		api, _ = apierror.FromError(err)
	}
	if why := signInTrouble(err); why != "" {
		return trouble{code: codes.Unauthenticated, message: why}
	}
	if api == nil {
		return plainTrouble(err)
	}
	t := trouble{code: api.GRPCStatus().Code(), reason: api.Reason(), message: sentence(api.Message())}
	m := api.Metadata()
	t.permission = model.Permission(clean(m["permission"]))
	t.service, t.consumer = clean(m["service"]), clean(m["consumer"])
	t.quota = clean(firstOf(m["quota_limit"], m["quota_metric"]))
	return t
}

// signInTrouble tells why no token could be had, empty when err is of another kind. A token service that is down says
// nothing about the sign-in.
func signInTrouble(err error) string {
	var token *auth.Error
	var retrieve *oauth2.RetrieveError
	switch {
	case errors.As(err, &token) && refuses(token.Response):
		return sentence(token.Error())
	case errors.As(err, &retrieve) && refuses(retrieve.Response):
		return sentence(retrieve.Error())
	}
	return ""
}

func refuses(r *http.Response) bool { return r != nil && r.StatusCode < http.StatusInternalServerError }

// plainTrouble reads what never came from Google: a deadline, a refused connection.
func plainTrouble(err error) trouble {
	var network net.Error
	var asked *url.Error
	switch {
	case errors.Is(err, context.Canceled):
		return trouble{code: codes.Canceled, message: "interrupted"}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return trouble{code: codes.DeadlineExceeded, message: "no answer in time"}
	case errors.As(err, &asked):
		return trouble{code: codes.Unavailable, message: sentence(asked.Err.Error())}
	}
	return trouble{code: codes.Unknown, message: sentence(err.Error())}
}

// unreachable holds for silence too: behind a network that swallows everything, a connection is never refused.
func (t trouble) unreachable() bool {
	return t.code == codes.Unavailable || t.code == codes.DeadlineExceeded
}

func (t trouble) unauthenticated() bool { return t.code == codes.Unauthenticated }

func (t trouble) disabled() bool { return t.reason == "SERVICE_DISABLED" }

// ask describes a call, for the words of what becomes of it.
type ask struct {
	does     string // what it does, as it goes after "you may not": read the policy of repository myrepo
	resource model.Resource
	need     model.Permission // documented for the call (iam-facts 8.1); Google's own word on it comes first
	absent   string           // what does not exist on NOT_FOUND: repository myrepo
	decides  bool             // NOT_FOUND is an answer, no gap
}

// fact makes a fact of a call's end.
func fact[T any](a ask, value T, err error) model.Fact[T] {
	if err == nil {
		return model.Known(value)
	}
	t := troubleOf(err)
	if t.code == codes.NotFound && a.decides {
		return model.Absent[T]()
	}
	return model.Unread[T](a.gap(t))
}

// gap says why the call gave nothing, and what would let the caller read it.
func (a ask) gap(t trouble) model.Gap {
	g := model.Gap{Resource: a.resource, Reason: a.why(t)}
	if t.code == codes.PermissionDenied && !t.disabled() {
		g.Need = a.need
		if t.permission != "" {
			g.Need = t.permission
		}
	}
	return g
}

// why is one plain sentence without its dot.
func (a ask) why(t trouble) string {
	switch {
	case t.disabled():
		return fmt.Sprintf("the API %s is off in %s, or not yet on everywhere",
			firstOf(t.service, "that answers this"), projectWords(t.consumer))
	case t.code == codes.PermissionDenied:
		return "you may not " + a.does
	case t.code == codes.NotFound:
		return firstOf(a.absent, "what was asked for") + " does not exist"
	case t.code == codes.Unauthenticated:
		return "the sign-in was not accepted: " + t.message
	case t.code == codes.ResourceExhausted:
		return "a quota is used up (" + firstOf(t.quota, t.message, "unnamed") + "); it fills again within minutes"
	case t.code == codes.DeadlineExceeded:
		return "no answer came in time when asked to " + a.does
	case t.code == codes.Unavailable:
		return "it could not be reached: " + t.message
	case t.code == codes.Unknown && t.message != "":
		return t.message
	}
	return fmt.Sprintf("Google refused to %s: %s", a.does, firstOf(t.message, t.code.String()))
}

func projectWords(consumer string) string {
	if id, ok := strings.CutPrefix(consumer, "projects/"); ok {
		return "project " + id
	}
	return firstOf(consumer, "the project")
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// sentence is a message of Google's as it fits into a sentence of ours.
func sentence(text string) string { return strings.TrimSuffix(clean(text), ".") }

// clean makes text from outside safe to show: no control characters, and none that turn the direction of writing.
// Every text that Google returns comes through here before it gets into a fact.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == unicode.ReplacementChar, unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text))
}
