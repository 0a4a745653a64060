# The recipes here and in CI are the same words.
GO       ?= go
GOBIN    := $(shell $(GO) env GOPATH)/bin
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: all build test vet lint race e2e golden fuzz ci

all: build test

build: ## one binary, ./whopulls
	$(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o whopulls .

test: ## what the README promises
	$(GO) test ./...

vet:
	$(GO) vet ./...
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }

lint: $(GOBIN)/golangci-lint
	$(GOBIN)/golangci-lint run

$(GOBIN)/golangci-lint:
	$(GO) install $(LINT)

race:
	SOUNDNESS_WORLDS=500 SOUNDNESS_CLIENT_WORLDS=20 FORCE_KILLS=3 FORCE_SECONDS=3 $(GO) test -race ./... # the rest runs without it

e2e: ## the whole program in a real terminal (tmux)
	$(GO) test -tags e2e -count=1 -run TestTerminal ./e2e

golden: ## write the golden screens anew; look at the difference before committing
	$(GO) test ./tui ./cmd -update
	$(GO) test -tags e2e -count=1 -run TestTerminal ./e2e -update

FUZZTIME ?= 1m
fuzz: ## a minute for each fuzz test of the core
	for p in ./model ./model/failure; do \
		for f in $$($(GO) test -list '^Fuzz' $$p | grep ^Fuzz); do \
			$(GO) test $$p -run xxx -fuzz "^$$f$$" -fuzztime $(FUZZTIME) || exit 1; \
		done; \
	done

ci: vet lint test race fuzz e2e
