package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/files"
	"whopulls/model"
)

// snapshot is a file of check --save: all that was read about a question, and what the answer needs beside it. It holds
// policies and names, and never a token.
type snapshot struct {
	Kind      string          `json:"kind"`
	Version   int             `json:"version"`
	Where     string          `json:"where,omitempty"` // the sandbox it was read from
	Again     []string        `json:"again,omitempty"` // the flags that ask the same question
	Situation model.Situation `json:"situation"`

	Target  string             `json:"target,omitempty"`  // of a plan: the cloud that it is for
	Options *model.PlanOptions `json:"options,omitempty"` // of a plan: what was asked of it
}

const (
	snapshotKind    = "whopulls.snapshot"
	snapshotVersion = 1
	// snapshotMost is far more than the largest policies of a question and its ancestors come to.
	snapshotMost = 256 << 20
	// valuesMost is how many values it may hold; the largest that are real have a tenth of it.
	valuesMost = 5_000_000
)

// addSnapshots gives a command the flags that keep and take up what was read.
func (f *flags) addSnapshots(c *cobra.Command) {
	s := c.Flags()
	s.StringVar(&f.save, "save", "", "`FILE` to keep everything in that was read")
	s.StringVar(&f.from, "from", "", "`FILE` of --save to answer from, without a network")
}

// besideFrom are the flags that change how an answer from a snapshot is written; the question is in the file.
var besideFrom = []string{"from", "format", flagQuiet, flagVerbosity, "read-only"}

// checkFrom answers from a snapshot, without a network.
func (p *program) checkFrom(set *pflag.FlagSet, r request) (err error) {
	set.Visit(func(f *pflag.Flag) {
		if err == nil && !slices.Contains(besideFrom, f.Name) {
			err = usage("--from and --"+f.Name+" are both given", "the question is in the file: leave --"+f.Name+" out, or ask anew without --from")
		}
	})
	if err != nil {
		return err
	}
	saved, err := loadSnapshot(r.from, snapshotKind, "whopulls check --save=FILE")
	if err != nil {
		return err
	}
	r.question, r.again = saved.Situation.Question, saved.Again
	d := model.Diagnose(saved.Situation)
	f := finding{saved.Situation, d, model.PlanFor(saved.Situation, d, r.plan), r.plan, saved.Where, ""}
	p.warnUnread(f, r)
	if err := p.writeCheck(f, r); err != nil {
		return err
	}
	return endWith(status(d.Verdict))
}

func snapshotOf(f finding, r request) snapshot {
	return snapshot{Kind: snapshotKind, Version: snapshotVersion, Where: f.where, Again: r.again, Situation: f.situation}
}

func saveSnapshot(ctx context.Context, file string, s snapshot) error {
	data, err := encode(s)
	if err == nil {
		err = writeWhole(ctx, file, string(data))
	}
	if err != nil {
		return fmt.Errorf("the %s can't be written: %w", noun(s.Kind), err)
	}
	return nil
}

// tellKept says where a file was written, and the command that takes it up.
func (p *program) tellKept(r request, sentence string, next ...string) {
	if terse(r.verbosity) {
		return
	}
	notes := p.io.notes()
	notes.line(text(sentence))
	if len(next) > 0 {
		notes.line(text("  whopulls " + shellescape.QuoteCommand(next)))
	}
}

// loadSnapshot reads a file that may come from anybody, with texts as Google gave them; made is the command that makes one.
func loadSnapshot(file, kind, made string) (snapshot, error) {
	data, err := files.Read(file, snapshotMost)
	if err != nil {
		return snapshot{}, &failure{status: statusError, message: "the " + noun(kind) + " can't be read: " + err.Error(),
			hints: []string{"name a file that " + made + " wrote"}, cause: err}
	}
	s, err := parseSnapshot(data, kind)
	if err != nil {
		return s, &failure{status: statusError, message: file + " is no " + noun(kind) + " that can be answered from: " + err.Error(),
			hints: []string{"make one with " + made}, cause: err}
	}
	s.Situation.ReadingDone = true
	return s, nil
}

// noun names a kind of file.
func noun(kind string) string { return strings.TrimPrefix(kind, "whopulls.") }

func parseSnapshot(data []byte, kind string) (s snapshot, err error) {
	var head struct {
		Kind    string `json:"kind"`
		Version int    `json:"version"`
	}
	if err := model.CheckJSONLimits(data, valuesMost); err != nil {
		return s, err
	}
	switch err := json.Unmarshal(data, &head); {
	case err != nil:
		return s, err
	case head.Kind != kind:
		return s, fmt.Errorf("its kind is %q, want %q", head.Kind, kind)
	case head.Version != snapshotVersion:
		return s, fmt.Errorf("its version is %d, and this whopulls knows %d; take the whopulls that wrote it", head.Version, snapshotVersion)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, err
	}
	return s, s.check()
}

// check refuses what a command line would have been refused for.
func (s snapshot) check() error {
	if err := (request{question: s.Situation.Question}).complete(); err != nil {
		return errors.New("it holds no whole question")
	}
	for _, word := range s.Again {
		name := flagOf(word)
		if clean(word) != word || !strings.HasPrefix(word, "--") || !slices.Contains(repeated, name) {
			return fmt.Errorf("it repeats %q, which is no flag of a question", word)
		}
	}
	return nil
}
