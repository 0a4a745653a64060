package world

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"whopulls/files"
)

//go:embed worlds/*.yaml
var builtInFiles embed.FS

// Info names a built-in world.
type Info struct {
	Name  string
	Title string // one line
}

// Default is the world that is used when none is named.
const Default = "article"

// BuiltIn lists the built-in worlds, the default one first.
func BuiltIn() []Info {
	entries, err := fs.ReadDir(builtInFiles, "worlds")
	if err != nil {
		panic("world: the embedded worlds cannot be listed: " + err.Error())
	}
	var infos []Info
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".yaml")
		info := Info{Name: name, Title: builtInTitle(e.Name())}
		if name == Default {
			infos = append([]Info{info}, infos...)
			continue
		}
		infos = append(infos, info)
	}
	return infos
}

// builtInTitle reads only the title of a built-in world: the rest may be long.
func builtInTitle(file string) string {
	data, err := builtInFiles.ReadFile(path.Join("worlds", file))
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimPrefix(first, "title: ")
}

// maxFileSize is more than a world that somebody writes comes to; what is larger is generated. The tree of a file takes some
// hundred times its size.
const maxFileSize = 8 << 20

// Load gives a new copy of the built-in world of that name, or else reads the
// file of that name. What is wrong with a file is reported as
// "FILE:LINE: KEY: what was found and what was expected", a line for each.
func Load(nameOrFile string) (*World, error) {
	if data, ok := BuiltInFile(nameOrFile); ok {
		return Parse(nameOrFile, data)
	}
	data, err := files.Read(nameOrFile, maxFileSize)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no built-in world and no file called %q; the built-in worlds are %s", nameOrFile, builtInNames())
	}
	if err != nil {
		return nil, fmt.Errorf("reading the world file: %w", err)
	}
	return Parse(nameOrFile, data)
}

// BuiltInFile gives the file of the built-in world of that name; ok is false if there is none.
func BuiltInFile(name string) (content []byte, ok bool) {
	content, err := builtInFiles.ReadFile("worlds/" + name + ".yaml") // not path.Join: ./article is a file
	return content, err == nil
}

func builtInNames() string {
	var names []string
	for _, info := range BuiltIn() {
		names = append(names, info.Name)
	}
	return strings.Join(names, ", ")
}

// Parse reads a world from YAML. The name is the world's, and the file's in
// errors.
func Parse(name string, data []byte) (*World, error) {
	tree, err := files.ParseYAML(data)
	if err != nil {
		return nil, syntaxError(name, err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, fmt.Errorf("%s:1: a world file is one YAML document with the keys caller and projects", name)
	}
	body := tree.Docs[0].Body
	where := newPositions(name, body)
	if len(where.nulls) > 0 {
		return nil, where.errorf(where.nulls[0], "the entry is empty; fill it in or take it out")
	}
	if len(where.tags) > 0 {
		return nil, where.errorf(where.tags[0], "a tag has no meaning in a world; leave it out")
	}
	w := &World{Name: name}
	if err := files.DecodeYAML(body, w); err != nil {
		return nil, where.decodeError(err)
	}
	w.setDefaults()
	w.buildIndex()
	if err := validate(w, where); err != nil {
		return nil, err
	}
	w.generate()
	w.setUp()
	return w, nil
}

// setDefaults fills in what a file may leave out.
func (w *World) setDefaults() {
	for _, p := range w.Projects {
		setDefault(&p.State, "ACTIVE")
		setDefault(&p.GCRRedirection, "ENABLED")
		setDefault(&p.DisplayName, p.ID)
		for _, r := range p.Repositories {
			setDefault(&r.Format, "DOCKER")
			setDefault(&r.Mode, "STANDARD")
			for i := range r.Rules {
				setDefault(&r.Rules[i].Operation, "DOWNLOAD")
			}
		}
	}
	for i := range w.Roles {
		setDefault(&w.Roles[i].Stage, "GA")
	}
	for i, b := range w.AccessBoundaries {
		setDefault(&b.ID, fmt.Sprintf("boundary-%d", i+1))
		if b.EnforcementVersion == 0 {
			b.EnforcementVersion = latestEnforcementVersion
		}
	}
	for i, d := range w.DenyPolicies {
		setDefault(&d.ID, fmt.Sprintf("deny-%d", i+1))
	}
}

func setDefault(field *string, fallback string) {
	if *field == "" {
		*field = fallback
	}
}
