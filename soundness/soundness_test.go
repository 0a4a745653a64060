package soundness

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

// The worlds for the mirror, and those for the real clients.
var (
	worlds       = rapid.Custom(func(t *rapid.T) *story { return drawStory(t, false) })
	clientWorlds = rapid.Custom(func(t *rapid.T) *story { return drawStory(t, true) })
)

// shards run side by side, since rapid itself uses one core.
const shards = 2

func atMoment() time.Time {
	at, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		panic(err)
	}
	return at
}

// amount is how many worlds are drawn: by the variable, or otherwise.
func amount(t *testing.T, variable string, otherwise int) int {
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

// checks sets how often the next properties run, which is a flag of rapid's, and sets it back in the end.
func checks(t *testing.T, n int) {
	t.Helper()
	const name = "rapid.checks"
	old := flag.Lookup(name).Value.String()
	if err := flag.Set(name, strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(name, old) })
}

// surveys tells whether a run goes on after a breach.
func surveys() bool { return os.Getenv("SOUNDNESS_SURVEY") != "" }

// The reasoning against the truth, with facts straight from the world.
func TestVerdictsAgreeWithTheWorld(t *testing.T) {
	n := amount(t, "SOUNDNESS_WORLDS", 10_000)
	checks(t, max(n/shards, 1))
	y := newTally()
	t.Run("worlds", func(t *testing.T) {
		for i := range shards {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(t *rapid.T) {
					s := worlds.Draw(t, "world")
					y.settle(t, s, s.read(atMoment()))
				})
			})
		}
	})
	y.report(t, n >= 10_000)
	y.survey(t)
}

// settle holds one read Situation against the truth.
func (y *tally) settle(t *rapid.T, s *story, situation model.Situation) {
	d := model.Diagnose(situation)
	found := s.breaches(situation, d, func(c model.Check, truth truth, everything bool) { y.seen(s, c, truth, everything) })
	if b, same := keeps(situation, d); !same {
		found = append(found, b)
	}
	y.stop(t, s, found...)
}

// stop ends the property with the breaches, or in a survey notes them.
func (y *tally) stop(t *rapid.T, s *story, found ...breach) {
	for _, b := range found {
		if !strings.Contains(b.kind(), os.Getenv("SOUNDNESS_KIND")) {
			continue
		}
		if surveys() {
			y.broke(b, s)
			continue
		}
		t.Fatalf("%s: %s", b.kind(), b.about)
	}
}

// The same through the real clients, which must read what the mirror shows. In some worlds they ask Policy
// Troubleshooter too.
func TestClientsReadTheSame(t *testing.T) {
	checks(t, amount(t, "SOUNDNESS_CLIENT_WORLDS", 100))
	y := newTally()
	rapid.Check(t, func(t *rapid.T) {
		s := clientWorlds.Draw(t, "world")
		read := clientRead(t, s)
		y.settle(t, s, read)
		if s.advised || s.world.Project(s.question.Project) == nil { // it answers for what is not there too
			return
		}
		mirrored := s.read(read.Time)
		theirs, ours := asJSON(wordless(model.Diagnose(read))), asJSON(wordless(model.Diagnose(mirrored)))
		if !bytes.Equal(theirs, ours) {
			y.stop(t, s, breach{"the clients and the mirror differ", "", fmt.Sprintf("clients: %s\nmirror:  %s", theirs, ours)})
		}
	})
	y.report(t, false)
	y.survey(t)
}

// clientRead serves the world and reads it as the caller.
func clientRead(t *rapid.T, s *story) model.Situation {
	server, err := sandbox.Start(sandbox.Options{World: s.world})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	cloud, err := gcp.Dial(context.Background(), gcp.Target{Sandbox: server.Addr(), Account: model.Member(s.caller)})
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

// GoString is what it takes to see a story again; rapid prints it for the smallest world that fails.
func (s *story) GoString() string {
	return fmt.Sprintf("question: %s\ncaller: %s fiat=%t olden=%t nameless=%t\n%s", asJSON(s.question), s.caller, s.fiat, s.olden, s.nameless, s.file)
}
