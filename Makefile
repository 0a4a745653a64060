# The recipes here and in CI are the same words.
GO         ?= go
GOBIN      := $(shell $(GO) env GOPATH)/bin
LINT       := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GORELEASER := github.com/goreleaser/goreleaser/v2@v2.14.3
SBOM       := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
VULN       := golang.org/x/vuln/cmd/govulncheck@v1.9.0
# A copy of the database will do as well: file:///DIR
VULNDB     ?= https://vuln.go.dev

VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT     := $(shell git rev-parse HEAD 2>/dev/null)
# What is built of a commit is dated with the commit, so that it is the same each time.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH

# As in .goreleaser.yaml.
TARGETS    := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
BUILD      := CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)"

# What is not to be run for long compiles in two thirds of the time this way.
QUICK      := -gcflags='all=-N -l'

# GoReleaser wants to know where the repository is at home, and without that does not even look at the commit. A checkout
# without a remote is lent one.
REMOTE     := $(if $(shell git remote 2>/dev/null),,GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=remote.origin.url \
              GIT_CONFIG_VALUE_0=https://github.com/example/whopulls.git)

.PHONY: all build test test-full contract vet lint vuln race e2e golden docs notice man man-check completions release-files fuzz soak mutate bench scale picture \
	cross rebuild release-check workflow-check snapshot reproducible release ci full

all: build test

build: ## one binary, ./whopulls
	$(BUILD) -o whopulls .

test: ## what the README promises
	$(GO) test ./...

test-full: ## the same, with nothing taken from the last time
	$(GO) test -count=1 -timeout 30m ./...

# What an earlier build answers to the commands of all scripts: codes, documents and flags stay, sentences may change. What
# verify.txtar gets depends on the clock: its sandbox takes seconds to apply a change.
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

vuln: ## known vulnerabilities in what the program calls, by Go's database, which must be in reach
	@curl -fsS -m 30 -o /dev/null $(VULNDB)/index/db.json || \
		{ echo "make vuln: nothing was checked, because the vulnerability database $(VULNDB) is out of reach" >&2; exit 1; }
	$(GO) run $(VULN) -db $(VULNDB) ./...

# The core has no goroutines; what -short skips only starts programs. Both run without the detector. A program with the
# detector waits a second before it exits, and the scripts run hundreds.
race:
	GORACE=atexit_sleep_ms=50 SOUNDNESS_WORLDS=500 SOUNDNESS_CLIENT_WORLDS=20 CRASH_KILLS=3 CRASH_SECONDS=3 $(GO) test -race -short $$($(GO) list ./... | grep -v /model)

e2e: ## the whole program in a real terminal (tmux), its page in a real browser (chromium)
	$(GO) test -tags e2e -count=1 ./test/terminal ./test/browser

golden: ## write the golden screens anew; look at the difference before committing
	$(GO) test ./tui ./cmd ./report -update
	$(GO) test -tags e2e -count=1 ./test/terminal -update

docs: ## write docs/reference.md anew from the commands
	$(GO) run ./docs/generate reference docs/reference.md

notice: ## write NOTICE anew: the licences of all modules that a release links
	$(GO) run ./docs/notice NOTICE

man: ## man pages into release/man
	rm -rf release/man
	$(GO) run ./docs/generate man release/man "$(VERSION)"

man-check: man ## what mandoc says of them; it must be nothing
	mandoc -T lint -W warning release/man/*.1

completions: ## for four shells, into release/completions
	rm -rf release/completions
	mkdir -p release/completions
	$(GO) run . completion bash >release/completions/whopulls.bash
	$(GO) run . completion zsh >release/completions/whopulls.zsh
	$(GO) run . completion fish >release/completions/whopulls.fish
	$(GO) run . completion powershell >release/completions/whopulls.ps1

release-files: man completions ## what a release holds beside the binary; packages want their man pages compressed
	rm -rf release/man-gz
	cp -R release/man release/man-gz
	gzip -9n release/man-gz/*.1

FUZZTIME ?= 30s
FUZZED   ?= ./model ./model/failure ./files ./gcp/journal
fuzz: ## half a minute for each fuzz test of the core and of what reads files, two of them side by side
	.ci/fuzz $(FUZZTIME) $(FUZZED)

SOAK_CHECKS ?= 2000
soak: ## check after check in one process: nothing may be left behind
	SOAK_CHECKS=$(SOAK_CHECKS) $(GO) test ./cmd -run TestSoak -count=1 -v

mutate: ## put each fault of test/mutate/*.json into the program: a test must fail; takes minutes
	$(GO) run ./test/mutate

bench:
	$(GO) test -run xxx -bench . ./model/... ./gcp/...

picture: ## docs/pictures/stale.png anew: the page of stale list in a real browser; look at it before committing
	mkdir -p release/pictures
	$(GO) test -tags e2e -count=1 ./test/browser -args -pictures=$(CURDIR)/release/pictures
	cp release/pictures/crowd-1280-screen-light.png docs/pictures/stale.png

scale: ## measure the scan of an organization, and draw it
	$(GO) run ./docs/scale docs/pictures/scale.svg

cross: ## compile for every other target of the release, and keep nothing; rebuild makes linux/amd64
	for t in $(filter-out linux/amd64,$(TARGETS)); do \
		echo $$t; \
		GOOS=$${t%/*} GOARCH=$${t#*/} $(BUILD) $(QUICK) -o /dev/null . || exit 1; \
	done

rebuild: ## build the last commit twice, in two places: the binaries must be equal
	.ci/reproducible build whopulls

release-check: $(GOBIN)/goreleaser ## the release's configuration
	$(REMOTE) $(GOBIN)/goreleaser check

workflow-check: $(GOBIN)/actionlint ## .github/workflows
	$(GOBIN)/actionlint

snapshot: $(GOBIN)/goreleaser $(GOBIN)/cyclonedx-gomod ## the whole release into dist, published nowhere and unsigned
	$(REMOTE) PATH="$(GOBIN):$$PATH" $(GOBIN)/goreleaser release --snapshot --clean

reproducible: $(GOBIN)/goreleaser $(GOBIN)/cyclonedx-gomod ## make the last commit's snapshot twice, in two places: all checksums must be equal
	.ci/reproducible snapshot dist/checksums.txt

release: $(GOBIN)/goreleaser $(GOBIN)/cyclonedx-gomod ## what the release workflow runs at a tag; needs cosign
	PATH="$(GOBIN):$$PATH" $(GOBIN)/goreleaser release --clean

$(GOBIN)/goreleaser:
	$(GO) install $(QUICK) $(GORELEASER)

$(GOBIN)/cyclonedx-gomod: # an SBOM names the tool that made it by its checksum, so this must be reproducible too
	CGO_ENABLED=0 $(GO) install -trimpath -buildvcs=false $(SBOM)

$(GOBIN)/actionlint:
	$(GO) install $(ACTIONLINT)

ci: test vet lint workflow-check man-check cross rebuild release-check race fuzz e2e ## as .ci/run, which also installs what is needed

# Every test at its full size, which is the size it has when no variable makes it smaller. Takes more than an hour.
full: export SCAN_WORKLOADS := 100000
full: FUZZTIME := 1m
full: FUZZED := ./model ./model/failure ./files ./gcp ./gcp/gcloud ./gcp/journal ./gcp/sandbox ./gcp/sandbox/world ./report ./cmd
full: vet lint cross test-full race fuzz soak bench e2e man-check workflow-check release-check rebuild reproducible
