//go:build linux

// Command scale measures the scan of a made-up organization with 1, 10 and 100 thousand workloads, and draws the result. Each
// scan is its own process, apart from the sandbox's: go run ./docs/scale docs/pictures/scale.svg
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const worldTemplate = `caller: user:lead@example.com
organization:
  id: "100000000001"
  policy: {bindings: [{role: roles/owner, members: ["user:lead@example.com"]}, {role: roles/cloudasset.viewer, members: ["user:lead@example.com"]}]}
projects:
  - {id: gen-home, number: "2000001", parent: organizations/100000000001, services: [cloudasset.googleapis.com, cloudresourcemanager.googleapis.com]}
generate: {projects: %d, repositories: %d, images: %d, workloads: %d, seed: 7, agents: true}
`

// measurement is one run of the scan.
type measurement struct {
	Workloads int
	Seconds   float64
	Megabytes float64 // the most memory that the process held
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./docs/scale FILE.svg")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file string) (err error) {
	dir, err := os.MkdirTemp("", "scale-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program := filepath.Join(dir, "whopulls")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w\n%s", err, out)
	}
	var all []measurement
	for _, n := range []int{1000, 10000, 100000} {
		m, err := measure(ctx, program, dir, n)
		if err != nil {
			return err
		}
		fmt.Printf("%d workloads: %.1f s, %.0f MB\n", m.Workloads, m.Seconds, m.Megabytes)
		all = append(all, m)
	}
	return writeSVG(file, all)
}

// measure serves a world and scans it.
func measure(ctx context.Context, program, dir string, workloads int) (m measurement, err error) {
	name := filepath.Join(dir, fmt.Sprintf("%d.yaml", workloads))
	text := fmt.Sprintf(worldTemplate, workloads/5, workloads/20, workloads/5, workloads)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		return m, err
	}
	serverCtx, stopServer := context.WithCancel(ctx)
	env := name + ".env"
	server := exec.CommandContext(serverCtx, program, "sandbox", "start", "--world="+name, "--env-file="+env)
	if err := server.Start(); err != nil {
		stopServer()
		return m, err
	}
	defer func() {
		stopServer()
		_ = server.Wait() // it was killed
	}()
	address, err := waitForAddress(env)
	if err != nil {
		return m, err
	}
	scan := exec.CommandContext(ctx, program, "stale", "list", "--organization=100000000001", "--project=gen-home", "--format=json", "--sandbox="+address)
	scan.Stderr = os.Stderr
	began := time.Now()
	if err := scan.Run(); scan.ProcessState == nil || scan.ProcessState.ExitCode() != 3 { // 3: something can be removed
		return m, fmt.Errorf("the scan failed:  %w", err)
	}
	usage, ok := scan.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return m, errors.New("the system does not report how much memory a process used")
	}
	return measurement{workloads, time.Since(began).Seconds(), float64(usage.Maxrss) / 1024}, nil
}

// waitForAddress waits for the file that a sandbox writes when it listens.
func waitForAddress(env string) (string, error) {
	const name = "WHOPULLS_SANDBOX="
	for range 600 {
		text, _ := os.ReadFile(env) // not written yet
		for line := range strings.Lines(string(text)) {
			if _, value, ok := strings.Cut(strings.TrimSpace(line), name); ok {
				return strings.Trim(value, `'"`), nil
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "", errors.New("the sandbox did not begin to listen")
}

//go:embed scale.gosvg
var svgTemplate string

// panel is one of the two diagrams: workloads on a logarithmic axis, seconds or megabytes on a linear one.
type panel struct {
	Title  string
	X      int
	Line   string
	Points []point
	Ticks  []point
}

type point struct {
	X, Y  float64
	Label string
}

// The inside of a panel.
const (
	width, height = 260.0, 160.0
	top           = 60.0
)

func writeSVG(file string, all []measurement) error {
	seconds := newPanel("Time, in seconds", 60, all, func(m measurement) float64 { return m.Seconds }, "%.1f")
	memory := newPanel("Memory of the process at most, in MB", 400, all, func(m measurement) float64 { return m.Megabytes }, "%.0f")
	t, err := template.New("picture").Parse(svgTemplate)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := t.Execute(&b, []panel{seconds, memory}); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

func newPanel(title string, x int, all []measurement, value func(measurement) float64, format string) panel {
	p := panel{Title: title, X: x}
	highest := 0.0
	for _, m := range all {
		highest = max(highest, value(m))
	}
	step := math.Pow(10, math.Floor(math.Log10(highest)))
	if highest/step < 3 {
		step /= 2
	}
	limit := math.Ceil(highest/step) * step
	for v := 0.0; v <= limit; v += step {
		p.Ticks = append(p.Ticks, point{Y: top + height - v/limit*height, Label: fmt.Sprintf("%g", v)})
	}
	var line []string
	for _, m := range all {
		at := point{X: 20 + (math.Log10(float64(m.Workloads))-3)/2*(width-40), Y: top + height - value(m)/limit*height, Label: fmt.Sprintf(format, value(m))}
		p.Points = append(p.Points, at)
		line = append(line, fmt.Sprintf("%.1f,%.1f", at.X, at.Y))
	}
	p.Line = strings.Join(line, " ")
	return p
}
