package cmd

import (
	"errors"
	"io"
	"log"
	"os"
	"slices"
	"strings"

	"google.golang.org/grpc/grpclog"
)

// loggingVariables make libraries and child programs log whole requests and answers, or the keys that decrypt
// them. Such logs hold the tokens.
var loggingVariables = []string{"GOOGLE_SDK_GO_LOGGING_LEVEL", "GRPC_GO_LOG_SEVERITY_LEVEL", "GRPC_GO_LOG_VERBOSITY_LEVEL", "GRPC_GO_LOG_FORMATTER",
	"GRPC_VERBOSITY", "GRPC_TRACE", "SSLKEYLOGFILE"}

// silenceLibraries takes those switches away before any client exists. Go's HTTP/2 and gRPC read theirs before main runs, so the
// loggers that they write to are silenced too.
func silenceLibraries() error {
	log.SetOutput(io.Discard)
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	var errs []error
	for _, name := range loggingVariables {
		errs = append(errs, os.Unsetenv(name))
	}
	if settings, ok := os.LookupEnv("GODEBUG"); ok {
		errs = append(errs, os.Setenv("GODEBUG", withoutFrameLogging(settings)))
	}
	return errors.Join(errs...)
}

// withoutFrameLogging is GODEBUG without what makes HTTP/2 log its frames.
func withoutFrameLogging(settings string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(settings, ","), func(s string) bool {
		return strings.HasPrefix(strings.TrimSpace(s), "http2debug")
	}), ",")
}
