package sandbox

import (
	"context"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox/world"
)

type callerKey struct{}

// identity is the caller of a request, or the reason why it is not known.
type identity struct {
	member string
	err    error
}

// parseCaller reads the Authorization header. The bearer token is a member. Without a header it gives the
// fallback.
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

// caller is the member that makes the call.
func caller(ctx context.Context) string {
	who, _ := ctx.Value(callerKey{}).(identity)
	return who.member
}

// callerError says why the caller is not known; nil if it is.
func callerError(ctx context.Context) error {
	who, _ := ctx.Value(callerKey{}).(identity)
	return who.err
}
