//go:build unix

// Command screens draws the pictures of the documents. It runs the program on an emulated terminal, presses keys, and writes
// the terminal's cells as SVG, dark and light. One picture moves: the main job, from the first screen to the green map.
//
//	go run ./docs/screens docs/pictures
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./docs/screens FOLDER")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

// run builds the program and writes all pictures into a folder.
func run(ctx context.Context, folder string) error {
	pictures, err := draw(ctx)
	for name, svg := range pictures {
		err = errors.Join(err, os.WriteFile(filepath.Join(folder, name), []byte(svg), 0o644))
	}
	return err
}

// draw gives the pictures by the names of their files.
func draw(ctx context.Context) (pictures map[string]string, err error) {
	dir, err := os.MkdirTemp("", "screens-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program := filepath.Join(dir, "whopulls")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "whopulls")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building: %w\n%s", err, out)
	}
	var mu sync.Mutex
	pictures = map[string]string{}
	plays, ctx := errgroup.WithContext(ctx)
	plays.SetLimit(runtime.NumCPU())
	for _, s := range scenes {
		for _, look := range looks {
			plays.Go(func() error {
				name := s.name + "-" + look.name
				frames, err := s.play(ctx, program, filepath.Join(dir, name), look)
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				mu.Lock()
				defer mu.Unlock()
				pictures[name+".svg"] = s.picture(look, frames)
				return nil
			})
		}
	}
	return pictures, plays.Wait()
}

// picture draws what was shown.
func (s scene) picture(look look, frames []frame) string {
	if s.moves {
		return moving(look, s.title, s.about, frames)
	}
	return still(look, s.title, s.about, frames[len(frames)-1])
}

// play runs a scene on a terminal of its own, and gives what was shown.
func (s scene) play(ctx context.Context, program, home string, look look) (frames []frame, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(home, "world.yaml"), []byte(s.world), 0o600); err != nil {
		return nil, err
	}
	term, err := open(ctx, s.width, s.height, look, home, program, s.args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, term.close()) }()
	for _, step := range s.steps {
		if err := term.write(step.keys); err != nil {
			return nil, err
		}
		cells, err := term.waitFor(ctx, step.shows)
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame{cells: cells, caption: step.caption, lasts: step.lasts})
	}
	return frames, nil
}
