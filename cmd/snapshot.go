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

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/files"
	"whopulls/model"
	"whopulls/text"
)

// snapshot is a file of check --save: all that was read about a question, and what else the answer needs. It holds
// policies and names, and never a token.
type snapshot struct {
	Kind        string          `json:"kind"`
	Version     int             `json:"version"`
	Sandbox     string          `json:"where,omitempty"` // the sandbox it was read from
	RepeatFlags []string        `json:"again,omitempty"` // the flags that ask the same question
	Situation   model.Situation `json:"situation"`

	Target  string             `json:"target,omitempty"`  // of a plan: the cloud that it is for
	Options *model.PlanOptions `json:"options,omitempty"` // of a plan: what was asked of it
}

const (
	snapshotKind    = "whopulls.snapshot"
	snapshotVersion = 1
	// maxSnapshotSize is far more than the largest policies of a question and its ancestors come to.
	maxSnapshotSize = 256 << 20
	// maxSnapshotValues is how many values it may hold; the largest that are real have a tenth of it.
	maxSnapshotValues = 5_000_000
)

// addSnapshots gives a command the flags that save what was read and answer from it.
func (f *snapshotFlags) addSnapshots(c *cobra.Command) {
	s := c.Flags()
	s.StringVar(&f.save, "save", "", "`FILE` to keep everything in that was read")
	s.StringVar(&f.from, "from", "", "`FILE` of --save to answer from, without a network")
}

// flagsWithFrom are the flags that change how an answer from a snapshot is written; the question is in the file.
var flagsWithFrom = []string{"from", "format", options.FlagQuiet, options.FlagVerbosity, options.FlagAccessible, "read-only"}

// checkFromSnapshot answers from a snapshot, without a network.
func (p *program) checkFromSnapshot(set *pflag.FlagSet, from string, r options.Request) (err error) {
	set.Visit(func(f *pflag.Flag) {
		if err == nil && !slices.Contains(flagsWithFrom, f.Name) {
			err = console.UsageError("--from and --"+f.Name+" are both given", "the question is in the file: leave --"+f.Name+" out, or ask again without --from")
		}
	})
	if err != nil {
		return err
	}
	saved, err := loadSnapshot(from, snapshotKind, "whopulls check --save=FILE")
	if err != nil {
		return err
	}
	r.Question, r.RepeatFlags = saved.Situation.Question, saved.RepeatFlags
	f := assessmentOf(saved.Situation, r.Plan, saved.Sandbox, "")
	p.warnUnreadProject(f, r)
	if err := p.writeCheck(f, r); err != nil {
		return err
	}
	return console.Exit(console.Status(f.Diagnosis.Verdict))
}

func snapshotOf(f assessment, r options.Request) snapshot {
	return snapshot{Kind: snapshotKind, Version: snapshotVersion, Sandbox: f.Sandbox, RepeatFlags: r.RepeatFlags, Situation: f.Situation}
}

func saveSnapshot(ctx context.Context, file string, s snapshot) error {
	data, err := view.EncodeJSON(s)
	if err == nil {
		err = writePrivate(ctx, file, string(data))
	}
	if err != nil {
		return fmt.Errorf("the %s can't be written: %w", kindNoun(s.Kind), err)
	}
	return nil
}

// noteSaved says where a file was written, and the command that takes it up.
func (p *program) noteSaved(r options.Session, sentence string, command ...string) {
	if r.HidesWarnings() {
		return
	}
	notes := p.io.ErrPrinter()
	notes.Line(console.Text(sentence))
	if len(command) > 0 {
		notes.Line(console.Text("  whopulls " + shellescape.QuoteCommand(command)))
	}
}

// loadSnapshot reads a file that may come from anybody, with texts as Google gave them; made is the command that makes one.
func loadSnapshot(file, kind, writtenBy string) (snapshot, error) {
	data, err := files.Read(file, maxSnapshotSize)
	if err != nil {
		return snapshot{}, &console.Error{Status: console.StatusError, Message: "the " + kindNoun(kind) + " can't be read: " + err.Error(),
			Hints: []string{"name a file that " + writtenBy + " wrote"}, Cause: err}
	}
	s, err := parseSnapshot(data, kind)
	if err != nil {
		return s, &console.Error{Status: console.StatusError, Message: file + " is no " + kindNoun(kind) + " that can be answered from: " + err.Error(),
			Hints: []string{"make one with " + writtenBy}, Cause: err}
	}
	s.Situation.ReadingDone = true
	return s, nil
}

// kindNoun names a kind of file.
func kindNoun(kind string) string { return strings.TrimPrefix(kind, "whopulls.") }

func parseSnapshot(data []byte, kind string) (s snapshot, err error) {
	var head struct {
		Kind    string `json:"kind"`
		Version int    `json:"version"`
	}
	if err := model.CheckJSONLimits(data, maxSnapshotValues); err != nil {
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
	return s, s.validate()
}

// validate refuses what a command line would have been refused for.
func (s snapshot) validate() error {
	if err := options.ValidateQuestion(s.Situation.Question); err != nil {
		return errors.New("it holds no whole question")
	}
	if image := s.Situation.Question.Image; !image.IsZero() {
		if _, err := model.ParseImage(image.Text); err != nil {
			return err
		}
	}
	for _, word := range s.RepeatFlags {
		name := options.FlagName(word)
		if text.Clean(word) != word || !strings.HasPrefix(word, "--") || !slices.Contains(options.RepeatableNames, name) {
			return fmt.Errorf("it repeats %q, which is no flag of a question", word)
		}
	}
	return nil
}
