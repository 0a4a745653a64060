package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// result is what one command printed, and how it ended.
type result struct {
	line           int
	command        string
	name           string
	args           []string
	code           int
	stdout, stderr string
}

// script runs the commands of a test script. It knows the part of the testscript language that prepares and runs commands.
// It ignores what a script expects: here the other build says what is expected.
type script struct {
	folder     string // where the script's files are
	work       string // $WORK
	env        []string
	stdin      string
	last       result
	results    []result
	background map[string]*exec.Cmd
}

// runScript runs a script with one build, which it finds as whopulls. The old build is whopulls-old in every script, so that
// what it wrote can be read by the new one.
func runScript(file, build, old string) ([]result, error) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return nil, err
	}
	s, err := newScript(build, old)
	if err != nil {
		return nil, err
	}
	defer s.close()
	for _, f := range archive.Files {
		if err := s.write(f.Name, f.Data); err != nil {
			return nil, err
		}
	}
	for i, line := range strings.Split(string(archive.Comment), "\n") {
		if err := s.run(i+1, line); errors.Is(err, errSkip) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return s.results, nil
}

// errSkip ends a script.
var errSkip = errors.New("skipped")

// newScript makes an empty folder and an environment without the user's own configuration.
func newScript(build, old string) (*script, error) {
	work, err := os.MkdirTemp("", "contract")
	if err != nil {
		return nil, err
	}
	s := &script{folder: work, work: work, background: map[string]*exec.Cmd{}}
	for _, folder := range []string{".bin", ".tmp"} {
		if err := os.Mkdir(filepath.Join(work, folder), 0o700); err != nil {
			return nil, err
		}
	}
	for name, program := range map[string]string{"whopulls": build, "whopulls-old": old} {
		path, err := filepath.Abs(program)
		if err != nil {
			return nil, err
		}
		if err := os.Symlink(path, filepath.Join(work, ".bin", name)); err != nil {
			return nil, err
		}
	}
	s.env = []string{"WORK=" + work, "HOME=/no-home", "TMPDIR=" + filepath.Join(work, ".tmp"),
		"PATH=" + filepath.Join(work, ".bin") + string(filepath.ListSeparator) + os.Getenv("PATH"),
		"ASK=--project=myproject-a --region=asia-northeast1 --job=myjob",
		"XDG_CACHE_HOME=" + work + "/cache", "XDG_CONFIG_HOME=" + work + "/config", "XDG_STATE_HOME=" + work + "/state",
		"GOOGLE_APPLICATION_CREDENTIALS=" + work + "/none.json"} // nobody is signed in here
	return s, nil
}

// close ends what still runs and removes the folder.
func (s *script) close() {
	for name := range s.background {
		s.kill(name)
	}
	_ = os.RemoveAll(s.work) // it is in a folder for temporary files
}

// run runs one line.
func (s *script) run(number int, line string) error {
	words := s.words(line)
	for len(words) > 0 && (strings.HasPrefix(words[0], "[") || words[0] == "!" || words[0] == "?") {
		if strings.HasPrefix(words[0], "[") && !holds(strings.Trim(words[0], "[]")) {
			return nil
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return nil
	}
	if words[0] == "exec" {
		return s.exec(number, words[1:])
	}
	return s.prepare(words)
}

// holds reports whether a condition is true here. The gcloud command line is not part of the contract.
func holds(condition string) bool {
	condition, negated := strings.CutPrefix(condition, "!")
	return (condition == "unix" || condition == "linux") != negated
}

// prepare runs a command that changes the script's world; every other one checks something and is ignored.
func (s *script) prepare(words []string) error {
	args := words[1:]
	switch words[0] {
	case "skip", "stop":
		return errSkip
	case "env":
		s.env = append(s.env, args...)
	case "stdin":
		text, err := s.read(args[0])
		s.stdin = text
		return err
	case "cd":
		s.folder = s.path(args[0])
	case "cp":
		return s.copy(args)
	case "mv":
		return os.Rename(s.path(args[0]), s.path(args[1]))
	case "mkdir":
		return s.each(args, func(path string) error { return os.MkdirAll(path, 0o777) })
	case "rm":
		return s.each(args, os.RemoveAll)
	case "await":
		return s.await(args[0])
	case "source":
		return s.source(args[0])
	case "kill":
		s.kill(strings.Trim(args[len(args)-1], "&"))
	}
	return nil
}

func (s *script) each(names []string, do func(path string) error) error {
	for _, name := range names {
		if err := do(s.path(name)); err != nil {
			return err
		}
	}
	return nil
}

func (s *script) copy(args []string) error {
	to := args[len(args)-1]
	for _, from := range args[:len(args)-1] {
		text, err := s.read(from)
		if err != nil {
			return err
		}
		name := to
		if info, err := os.Stat(s.path(to)); err == nil && info.IsDir() {
			name = filepath.Join(to, filepath.Base(from))
		}
		if err := s.write(name, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// waitLimit is how long the script waits for a file and for a command.
const waitLimit = 30 * time.Second

func (s *script) await(pattern string) error {
	for deadline := time.Now().Add(waitLimit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if found, err := filepath.Glob(s.path(pattern)); err == nil && len(found) > 0 {
			return nil
		}
	}
	return errors.New(pattern + " was not written")
}

// source takes the export lines of a shell into the environment.
func (s *script) source(file string) error {
	text, err := s.read(file)
	for line := range strings.Lines(text) {
		if assignment, ok := strings.CutPrefix(strings.TrimSpace(line), "export "); ok {
			name, value, _ := strings.Cut(assignment, "=")
			s.env = append(s.env, name+"="+strings.Trim(value, "'"))
		}
	}
	return err
}

func (s *script) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.folder, name)
}

func (s *script) read(name string) (string, error) {
	switch name {
	case "stdout":
		return s.last.stdout, nil
	case "stderr":
		return s.last.stderr, nil
	}
	data, err := os.ReadFile(s.path(name))
	if errors.Is(err, fs.ErrNotExist) { // a command that this tool can't run would have written it
		return "", nil
	}
	return string(data), err
}

func (s *script) write(name string, data []byte) error {
	path := s.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, bytes.ReplaceAll(data, []byte("$WORK"), []byte(s.work)), 0o666)
}

// value gives a variable of the script.
func (s *script) value(name string) string {
	for i := len(s.env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(s.env[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// exec runs a command. The exit code that a script wants is left out: the other build has it.
func (s *script) exec(number int, words []string) error {
	env := s.env
	for len(words) > 0 {
		switch {
		case words[0] == "exits" && len(words) > 2:
			words = words[2:]
			continue
		case words[0] == "env" && len(words) > 1:
			words = words[1:]
			continue
		case strings.Contains(words[0], "=") && !strings.HasPrefix(words[0], "-"):
			env = append(env[:len(env):len(env)], words[0])
			words = words[1:]
			continue
		}
		break
	}
	switch {
	case len(words) == 0:
		return nil
	case words[0] == "google":
		return errSkip // the rest of the script needs a server of the tests
	case slices.Contains([]string{"shown", "typing", "gcloud", "timeout"}, words[0]):
		s.last, s.stdin = result{}, ""
		return nil // these need a terminal or tools that are not installed everywhere
	}
	if last := words[len(words)-1]; strings.HasPrefix(last, "&") {
		return s.start(strings.Trim(last, "&"), words[:len(words)-1], env)
	}
	return s.finish(number, words, env)
}

func (s *script) command(words, env []string) *exec.Cmd {
	name := words[0]
	if strings.HasPrefix(name, "whopulls") {
		name = filepath.Join(s.work, ".bin", name)
	}
	c := exec.CommandContext(context.Background(), name, words[1:]...)
	c.Dir, c.Env = s.folder, env
	c.WaitDelay = time.Second
	return c
}

func (s *script) start(name string, words, env []string) error {
	c := s.command(words, env)
	s.background[name] = c
	return c.Start()
}

func (s *script) kill(name string) {
	if c := s.background[name]; c != nil {
		_ = c.Process.Signal(os.Interrupt) // it may have ended already
		_ = c.Wait()
	}
	delete(s.background, name)
}

// finish runs a command to its end, and keeps its result when it is whopulls.
func (s *script) finish(number int, words, env []string) error {
	c := s.command(words, env)
	var stdout, stderr strings.Builder
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(s.stdin), &stdout, &stderr
	s.stdin = ""
	if err := c.Start(); err != nil {
		return nil // a tool that is not installed here
	}
	timer := time.AfterFunc(waitLimit, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	_ = c.Wait() // the code says how it ended
	s.last = result{line: number, command: strings.Join(words, " "), name: words[0], args: words[1:], code: c.ProcessState.ExitCode(),
		stdout: s.portable(stdout.String()), stderr: s.portable(stderr.String())}
	if words[0] == "whopulls" || words[0] == "cat" {
		s.results = append(s.results, s.last)
	}
	return nil
}

// address is where a server of this machine listens.
var address = regexp.MustCompile(`127\.0\.0\.1:[0-9]{4,}`)

// portable takes out what differs from one run to the next: the folder and the ports.
func (s *script) portable(text string) string {
	return address.ReplaceAllString(strings.ReplaceAll(text, s.work, "$WORK"), "127.0.0.1:PORT")
}
