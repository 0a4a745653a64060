package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// mutantVariable is the environment variable that switches a mutant of a test binary on.
const mutantVariable = "WHOPULLS_MUTANT"

// withSwitches gives a file with all its mutants that lie within one function, and which ones those are. Next to the function it
// adds a second one with the fault, which the first one calls when that mutant is on. So one binary holds them all.
func withSwitches(source string, mutants map[int]*mutant) (string, map[int]bool, error) {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, "", source, 0)
	if err != nil {
		return "", nil, err
	}
	var out, faulty bytes.Buffer
	in, at := map[int]bool{}, 0
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		begin, body, end := files.Position(f.Pos()).Offset, files.Position(f.Body.Lbrace).Offset+1, files.Position(f.End()).Offset
		call, ok := forwardingCall(f)
		if !ok {
			continue
		}
		out.WriteString(source[at:body])
		at = body
		for _, i := range slices.Sorted(maps.Keys(mutants)) {
			m := mutants[i]
			offset := strings.Index(source, m.Old)
			if offset < begin || offset+len(m.Old) > end {
				continue
			}
			text := strings.Replace(source[begin:end], m.Old, m.New, 1)
			name := fmt.Sprintf("%s_mutant%d", f.Name.Name, i)
			head := files.Position(f.Name.Pos()).Offset - begin
			faulty.WriteString("\n\n" + text[:head] + name + text[head+len(f.Name.Name):])
			fmt.Fprintf(&out, "\nif mutant_is == %q { %s }\n", fmt.Sprint(i), fmt.Sprintf(call, name))
			in[i] = true
		}
	}
	out.WriteString(source[at:])
	out.Write(faulty.Bytes())
	return out.String(), in, nil
}

// forwardingCall gives the call that passes a function's own arguments on, with a placeholder for the name. ok is false where an
// argument has no name or a type must be inferred.
func forwardingCall(f *ast.FuncDecl) (text string, ok bool) {
	var b strings.Builder
	if f.Type.Results != nil {
		b.WriteString("return ")
	}
	if f.Type.TypeParams != nil {
		return "", false
	}
	if f.Recv != nil {
		names := f.Recv.List[0].Names
		if len(names) != 1 || names[0].Name == "_" {
			return "", false
		}
		b.WriteString(names[0].Name + ".")
	}
	b.WriteString("%s(")
	for _, field := range f.Type.Params.List {
		if len(field.Names) == 0 {
			return "", false
		}
		for _, name := range field.Names {
			if name.Name == "_" {
				return "", false
			}
			b.WriteString(name.Name)
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				b.WriteString("...")
			}
			b.WriteString(", ")
		}
	}
	b.WriteString(")")
	if f.Type.Results == nil {
		b.WriteString("; return")
	}
	return b.String(), true
}

// switchFile gives the file that says in a package which mutant is on.
func switchFile(dir string) string {
	return "package " + packageOf(dir) + "\n\nimport \"os\"\n\nvar mutant_is = os.Getenv(\"" + mutantVariable + "\")\n"
}

// packageOf gives the name of the package in a folder.
func packageOf(dir string) string {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return ""
	}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(file, "_test.go") {
			return tree.Name.Name
		}
	}
	return ""
}
