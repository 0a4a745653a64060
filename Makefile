# CI runs the same recipes.
GO         ?= go
GOBIN      := $(shell $(GO) env GOPATH)/bin
LINT       := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GORELEASER := github.com/goreleaser/goreleaser/v2@v2.14.3
SBOM       := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
VULN       := golang.org/x/vuln/cmd/govulncheck@v1.9.0
# A copy of the database works too: file:///DIR
VULNDB     ?= https://vuln.go.dev

VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT     := $(shell git rev-parse HEAD 2>/dev/null)
# A build has the date of its commit, so that it is the same each time.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH

# As in .goreleaser.yaml.
TARGETS    := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
BUILD      := CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)"

# What runs only for a moment compiles in two thirds of the time this way.
QUICK      := -gcflags='all=-N -l'

# GoReleaser reads the commit only in a repository with a remote. A checkout without one gets a placeholder.
REMOTE     := $(if $(shell git remote 2>/dev/null),,GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=remote.origin.url \
              GIT_CONFIG_VALUE_0=https://github.com/example/whopulls.git)

.PHONY: all build test test-full contract vet lint vuln race e2e golden docs notice man man-check completions release-files fuzz soak mutate bench scale picture pictures \
	cross rebuild release-check workflow-check snapshot reproducible release ci full

all: build test

build: ## one binary, ./whopulls
	$(BUILD) -o whopulls .

test: ## all tests, at the size for every day
	$(GO) test ./...

test-full: ## the same, without cached results
	$(GO) test -count=1 -timeout 30m ./...

# An earlier build and this one answer the commands of all scripts: codes, documents and flags stay, sentences may change.
# verify.txtar depends on the clock: its sandbox takes seconds to apply a change.
contract: ## make contract OLD=PATH of a build to compare with
	@test -x "$(OLD)" || { echo "make contract OLD=PATH: name an earlier build to compare with" >&2; exit 2; }
	@folder=$$(mktemp -d) && trap 'rm -rf $$folder' EXIT && $(GO) build -o $$folder/whopulls . && \
		$(GO) run ./test/contract -old "$(OLD)" -new $$folder/whopulls $$(find . -name '*.txtar' -path '*/script/*' ! -name verify.txtar) test/contract/corpus/*.txtar

vet:
	$(GO) vet ./...
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }

lint: $(GOBIN)/golangci-lint
	$(GOBIN)/golangci-lint run

$(GOBIN)/golangci-lint:
	$(GO) install $(LINT)

vuln: ## known vulnerabilities in what the program calls; needs Go's database or a copy
	@curl -fsS -m 30 -o /dev/null $(VULNDB)/index/db.json || \
		{ echo "make vuln: nothing was checked, because the vulnerability database $(VULNDB) can't be reached" >&2; exit 1; }
	$(GO) run $(VULN) -db $(VULNDB) ./...

# The core has no goroutines; what -short skips only starts programs. Both run without the detector. A program with the
# detector waits a second before it exits, and the scripts run hundreds.
race:
	GORACE=atexit_sleep_ms=50 ORACLE_WORLDS=500 ORACLE_CLIENT_WORLDS=20 CRASH_KILLS=3 CRASH_SECONDS=3 $(GO) test -race -short -timeout 30m $$($(GO) list ./... | grep -v /model)

e2e: ## the whole program in a real terminal (tmux), its page and its pictures in a real browser (chromium)
	$(GO) test -tags e2e -count=1 ./test/terminal ./test/browser ./docs/screens

golden: ## write the golden screens again; read the difference before you commit
	$(GO) test ./tui ./cmd ./settings ./report -update
	$(GO) test -tags e2e -count=1 ./test/terminal -update

docs: ## write docs/reference.md from the commands
	$(GO) run ./docs/generate reference docs/reference.md

notice: ## write NOTICE: the licences of all modules that a release links
	$(GO) run ./docs/notice NOTICE

man: ## man pages into release/man
	rm -rf release/man
	$(GO) run ./docs/generate man release/man "$(VERSION)"

man-check: man ## mandoc must find nothing wrong with them
	mandoc -T lint -W warning release/man/*.1

completions: ## for four shells, into release/completions
	rm -rf release/completions
	mkdir -p release/completions
	$(GO) run . completion bash >release/completions/whopulls.bash
	$(GO) run . completion zsh >release/completions/whopulls.zsh
	$(GO) run . completion fish >release/completions/whopulls.fish
	$(GO) run . completion powershell >release/completions/whopulls.ps1

release-files: man completions ## what a release holds apart from the binary; packages need compressed man pages
	rm -rf release/man-gz
	cp -R release/man release/man-gz
	gzip -9n release/man-gz/*.1

FUZZTIME ?= 30s
FUZZED   ?= ./text ./model ./model/failure ./model/pasted ./files ./gcp/journal
fuzz: ## each fuzz test of the core and of what reads files, for half a minute, two at a time
	.ci/fuzz $(FUZZTIME) $(FUZZED)

SOAK_CHECKS ?= 2000
soak: ## check after check in one process; nothing may leak
	SOAK_CHECKS=$(SOAK_CHECKS) $(GO) test ./cmd -run TestSoak -count=1 -v

mutate: ## put each fault of test/mutate/*.json into the program; a test must fail; takes minutes
	$(GO) run ./test/mutate

bench:
	$(GO) test -run xxx -bench . ./model/... ./gcp/...

pictures: ## write the screens of docs/pictures from the program itself; look at them before you commit
	$(GO) run ./docs/screens docs/pictures

picture: ## write docs/pictures/stale.png: the page of stale list in a real browser; look at it before you commit
	mkdir -p release/pictures
	$(GO) test -tags e2e -count=1 ./test/browser -args -pictures=$(CURDIR)/release/pictures
	cp release/pictures/crowd-1280-screen-light.png docs/pictures/stale.png

scale: ## measure the scan of an organization, and draw it
	$(GO) run ./docs/scale docs/pictures/scale.svg

cross: ## compile for each other target of the release, and keep nothing; rebuild compiles linux/amd64
	for t in $(filter-out linux/amd64,$(TARGETS)); do \
		echo $$t; \
		GOOS=$${t%/*} GOARCH=$${t#*/} $(BUILD) $(QUICK) -o /dev/null . || exit 1; \
	done

rebuild: ## build the last commit twice, in two places; the binaries must be equal
	.ci/reproducible build whopulls

release-check: $(GOBIN)/goreleaser ## check the release's configuration
	$(REMOTE) $(GOBIN)/goreleaser check

workflow-check: $(GOBIN)/actionlint ## check .github/workflows
	$(GOBIN)/actionlint

snapshot: $(GOBIN)/goreleaser $(GOBIN)/cyclonedx-gomod ## the whole release in dist, unpublished and unsigned
	$(REMOTE) PATH="$(GOBIN):$$PATH" $(GOBIN)/goreleaser release --snapshot --clean

reproducible: $(GOBIN)/goreleaser $(GOBIN)/cyclonedx-gomod ## make the last commit's snapshot twice, in two places; all checksums must be equal
	.ci/reproducible snapshot dist/checksums.txt

release: $(GOBIN)/goreleaser $(GOBIN)/cyclonedx-gomod ## what the release workflow runs at a tag; needs cosign
	PATH="$(GOBIN):$$PATH" $(GOBIN)/goreleaser release --clean

$(GOBIN)/goreleaser:
	$(GO) install $(QUICK) $(GORELEASER)

$(GOBIN)/cyclonedx-gomod: # an SBOM has the checksum of the tool that made it, so the tool must be reproducible too
	CGO_ENABLED=0 $(GO) install -trimpath -buildvcs=false $(SBOM)

$(GOBIN)/actionlint:
	$(GO) install $(ACTIONLINT)

ci: test vet lint workflow-check man-check cross rebuild release-check race fuzz e2e ## as .ci/run, which also installs the tools

# Every test at its full size: no variable makes it smaller. Takes more than an hour.
full: export SCAN_WORKLOADS := 100000
full: FUZZTIME := 1m
full: FUZZED := ./text ./model ./model/failure ./model/pasted ./files ./gcp ./gcp/gcloud ./gcp/journal ./gcp/sandbox ./gcp/sandbox/world ./report ./cmd
full: vet lint cross test-full race fuzz soak bench e2e man-check workflow-check release-check rebuild reproducible
