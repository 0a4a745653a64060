package sandbox

import (
	"context"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox/world"
)

type callerKey struct{}

// identity is who makes a call, or why that is not known.
type identity struct {
	member string
	err    error
}

// parseCaller reads the Authorization header: the bearer token is a member. No
// header is the fallback.
func parseCaller(header, fallback string) (string, error) {
	if header == "" {
		return fallback, nil
	}
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || !world.ValidCaller(token) {
		return "", status.Error(codes.Unauthenticated, "Request had invalid authentication credentials. "+
			"The sandbox takes a member as the access token, like user:dev@example.com.")
	}
	return token, nil
}

func withCaller(ctx context.Context, member string, err error) context.Context {
	return context.WithValue(ctx, callerKey{}, identity{member, err})
}

// caller is the member who makes the call.
func caller(ctx context.Context) string {
	who, _ := ctx.Value(callerKey{}).(identity)
	return who.member
}

// callerError is why the caller is not known; nil when it is.
func callerError(ctx context.Context) error {
	who, _ := ctx.Value(callerKey{}).(identity)
	return who.err
}
