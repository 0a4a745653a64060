package oracle

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whopulls/gcp"
	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// The worlds for the direct reader, and those for the real clients.
var (
	scenarios       = rapid.Custom(func(t *rapid.T) *scenario { return drawScenario(t, false) })
	clientScenarios = rapid.Custom(func(t *rapid.T) *scenario { return drawScenario(t, true) })
)

// shards run side by side, since rapid itself uses one core.
const shards = 2

func readTime() time.Time {
	at, err := time.Parse(time.RFC3339, readTimestamp)
	if err != nil {
		panic(err)
	}
	return at
}

// sizeFromEnv gives how many worlds are drawn: the variable's number, or else the default.
func sizeFromEnv(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" && testing.Short() {
		return otherwise / 10
	}
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s is no number: %v", variable, err)
	}
	return n
}

// setRapidChecks sets how often the next properties run, which is a flag of rapid's, and sets it back in the end.
func setRapidChecks(t *testing.T, n int) {
	t.Helper()
	const name = "rapid.checks"
	old := flag.Lookup(name).Value.String()
	if err := flag.Set(name, strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(name, old) })
}

// isSurvey reports whether a run continues after a violation.
func isSurvey() bool { return os.Getenv("ORACLE_SURVEY") != "" }

// The reasoning against the truth, with facts straight from the world.
func TestVerdictsAgreeWithTheWorld(t *testing.T) {
	cov := newCoverage()
	cov.check(t, sizeFromEnv(t, "ORACLE_WORLDS", 10_000), 10_000, checkCoverage(), func(t *rapid.T) {
		s := scenarios.Draw(t, "world")
		cov.verify(t, s, s.read(readTime()))
	})
}

// verify compares one read Situation with the truth.
func (cov *coverage) verify(t *rapid.T, s *scenario, situation model.Situation) {
	d := model.Diagnose(situation)
	found := s.violations(situation, d, func(c model.Check, truth truth, everything bool) { cov.countCheck(s, c, truth, everything) })
	if b, same := survivesJSON(situation, d); !same {
		found = append(found, b)
	}
	cov.failOrNote(t, s, found...)
}

// failOrNote ends the property with the violations, or in a survey notes them.
func (cov *coverage) failOrNote(t *rapid.T, s *scenario, found ...violation) {
	for _, b := range found {
		if !strings.Contains(b.kind(), os.Getenv("ORACLE_KIND")) {
			continue
		}
		if isSurvey() {
			cov.noteViolation(b, s)
			continue
		}
		t.Fatalf("%s: %s", b.kind(), b.detail)
	}
}

// The same through the real clients, which must read what the direct reader shows. In some worlds they ask Policy
// Troubleshooter too.
func TestClientsReadTheSame(t *testing.T) {
	setRapidChecks(t, sizeFromEnv(t, "ORACLE_CLIENT_WORLDS", 100))
	cov := newCoverage()
	rapid.Check(t, func(t *rapid.T) {
		s := clientScenarios.Draw(t, "world")
		read := readByClients(t, s)
		cov.verify(t, s, read)
		if s.troubleshooterOn || s.world.Project(s.question.Project) == nil { // it answers for what is not there too
			return
		}
		direct := s.read(read.Time)
		theirs, ours := asJSON(withoutSentences(model.Diagnose(read))), asJSON(withoutSentences(model.Diagnose(direct)))
		if !bytes.Equal(theirs, ours) {
			cov.failOrNote(t, s, violation{"the clients and the direct reader differ", "", fmt.Sprintf("clients: %s\nreader:  %s", theirs, ours)})
		}
	})
	cov.report(t)
	cov.reportSurvey(t)
}

// readByClients serves the world and reads it as the caller.
func readByClients(t rapid.TB, s *scenario) model.Situation {
	server, err := sandbox.Start(sandbox.Options{World: s.world})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	cloud, err := gcp.Dial(context.Background(), gcp.Options{Sandbox: server.Addr(), Account: model.Member(s.caller)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cloud.Close() }()
	read, err := cloud.Read(context.Background(), s.question, model.PlanOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// GoString gives what one needs to see a scenario again; rapid prints it for the smallest world that fails.
func (s *scenario) GoString() string {
	return fmt.Sprintf("question: %s\ncaller: %s seesEverything=%t policyV1=%t unknownCaller=%t\n%s", asJSON(s.question), s.caller, s.seesEverything, s.policyV1, s.unknownCaller, s.file)
}
