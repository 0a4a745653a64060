package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// platform is a system and a processor of a release, and how the program is built for them.
type platform struct {
	system, processor string
	env               []string
}

// releasedPlatforms reads the platforms from the release's configuration.
func releasedPlatforms(folder string) ([]platform, error) {
	text, err := os.ReadFile(filepath.Join(folder, ".goreleaser.yaml"))
	if err != nil {
		return nil, err
	}
	var release struct {
		Builds []struct{ Env, Goos, Goarch []string }
	}
	if err := yaml.Unmarshal(text, &release); err != nil {
		return nil, fmt.Errorf(".goreleaser.yaml: %w", err)
	}
	var all []platform
	for _, b := range release.Builds {
		for _, system := range b.Goos {
			for _, processor := range b.Goarch {
				all = append(all, platform{system, processor, b.Env})
			}
		}
	}
	if len(all) == 0 {
		return nil, errors.New(".goreleaser.yaml: no build names a goos and a goarch")
	}
	return all, nil
}

// module is a module that the program links, with the folders of its linked packages.
type module struct {
	path, version, folder string
	packages              []string
}

// goToolchain is the standard library and the runtime, which are in every binary. The release says which Go built it; all
// versions have the same licence.
const goToolchain = "The Go standard library and runtime"

// linkedModules lists the modules of the program on all platforms, by path.
func linkedModules(ctx context.Context, folder string, platforms []platform) ([]module, error) {
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	root := strings.TrimSpace(string(goroot))
	found := map[string]*module{goToolchain: {path: goToolchain, folder: root, packages: []string{root}}}
	for _, p := range platforms {
		if err := addLinked(ctx, folder, p, found); err != nil {
			return nil, err
		}
	}
	var all []module
	for _, m := range found {
		slices.Sort(m.packages)
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// listedPackage is what go list reports about a package.
type listedPackage struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path, Version, Dir string }
	}
}

// addLinked adds the modules that one platform links.
func addLinked(ctx context.Context, folder string, p platform, found map[string]*module) error {
	list := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Dir,Standard,Module", ".")
	list.Dir = folder
	list.Env = append(append(os.Environ(), "GOOS="+p.system, "GOARCH="+p.processor), p.env...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list for %s/%s: %w", p.system, p.processor, err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var l listedPackage
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("go list for %s/%s: %w", p.system, p.processor, err)
		}
		if l.Standard || l.Module.Main {
			continue
		}
		if r := l.Module.Replace; r != nil {
			l.Module.Path, l.Module.Version, l.Module.Dir = r.Path, r.Version, r.Dir
		}
		m := found[l.Module.Path]
		if m == nil {
			m = &module{path: l.Module.Path, version: l.Module.Version, folder: l.Module.Dir}
			found[m.path] = m
		}
		if !slices.Contains(m.packages, l.Dir) {
			m.packages = append(m.packages, l.Dir)
		}
	}
}
