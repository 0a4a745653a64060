package arch

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sentenceFields are the fields that hold what whopulls says to people, as package.type.field. No decision reads them.
var sentenceFields = []string{
	"model.Outcome.Message", "model.SkipReason.Why", "model.Check.Reason", "model.Check.Advice", "model.Gap.Reason", "model.Gap.Next", "model.Advice.Words",
	"model.Step.Title", "model.Step.Why", "model.Step.Caution", "model.StaleBinding.Reason", "model.Observation.Text", "model.Refusal.Why", "model.Refusal.Next",
	"model.SecondOpinion.Why", "model/failure.Failure.Summary", "model/failure.Failure.Next", "model/pasted.Thing.Summary", "model/ledger.Entry.Message", "model/ledger.NothingToUndo.Why", "model/ledger.NothingToUndo.Next", "gcp/journal.Result.Message",
	"gcp/signin.Error.Why", "gcp/signin.Account.MismatchHint", "gcp.result.message", "gcp/transport.connectionError.reason", "cmd/console.Error.Message", "cmd/console.Error.Hints",
	"tui/ui.Dialog.Title", "tui/ui.Dialog.What", "tui/ui.Dialog.Why", "tui/ui.Dialog.Guard", "tui/ui.NoticeMsg.Text",
	"tui/walk.Headline.Words", "tui/walk.Headline.Details", "tui/walk.BatchWords.Question", "tui/walk.BatchWords.Why", "tui/walk.BatchWords.UndoQuestion",
}

// sentenceCalls are the functions that return such sentences.
var sentenceCalls = []string{"Error", "Hint", "ErrorWithHint", "Sentence", "Heading", "Headline", "Words", "DisplayName", "Reasons", "userMessage", "outcomeNotice"}

// foreignErrorReaders are the functions that read another program's error text, because it has no code: by function, whose.
var foreignErrorReaders = map[string]string{
	"cmd/options.FlagError": "the flag parser's",
	"model.plainReason":     "the image library's",
	"gcp/signin.rawMessage": "gcloud's",
}

// wordingOnly are the functions that read a sentence to write another one, so that nothing is said twice. After a rewording
// they may say something twice. Nothing else changes.
var wordingOnly = map[string]string{
	"model.Sentence":              "the resource is named where the reason does not name it",
	"report/accessmap.notes":      "lines with the same reason share it",
	"report.because":              "the evidence is shown where the reason differs from it",
	"report.gaps":                 "a sentence is shown once",
	"tui.lines":                   "the member is named where the title does not name it",
	"tui/ui.GapBeyond":            "the gap is shown where the reason does not name it",
	"tui/ui.paragraphs":           "a sentence is shown once",
	"cmd/view.writeEntry":         "the member is named where the title does not name it",
	"cmd/view.groupByReasons":     "checks with the same reasons are shown together",
	"cmd.writeError":              "a message has lines",
	"cmd/console.MessageAndHints": "a hint has lines",
}

// textFunctions are the functions of package strings and slices that read a text.
var textFunctions = []string{"HasPrefix", "HasSuffix", "Contains", "ContainsAny", "Cut", "CutPrefix", "CutSuffix", "EqualFold", "Index", "LastIndex", "Count", "Split", "SplitN", "Compare"}

// What whopulls does never depends on its wording: a rewording changes no behaviour.
func TestNothingIsDecidedBySentences(t *testing.T) {
	for _, p := range typedPackages(t) {
		for _, file := range p.files {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Body == nil || cmp.Or(foreignErrorReaders[p.short+"."+f.Name.Name], wordingOnly[p.short+"."+f.Name.Name]) != "" {
					continue
				}
				r := sentenceFinder{p: p, tainted: map[types.Object]bool{}}
				for range 2 { // twice: a loop may assign after it reads
					ast.Inspect(f.Body, r.trackAssignment)
				}
				ast.Inspect(f.Body, func(n ast.Node) bool {
					if what := r.decision(n); what != "" {
						t.Errorf("%s: %s decides by a sentence: %s", p.fset.Position(n.Pos()), f.Name.Name, what)
					}
					return true
				})
			}
		}
	}
}

// A name in the lists above that names nothing any more checks nothing.
func TestSentencesAreNamed(t *testing.T) {
	fields, functions := map[string]bool{}, map[string]bool{}
	for _, p := range typedPackages(t) {
		for _, object := range p.info.Defs {
			switch o := object.(type) {
			case *types.TypeName:
				if s := structOf(o.Type()); s != nil && o.Parent() == o.Pkg().Scope() {
					for i := range s.NumFields() {
						fields[p.short+"."+o.Name()+"."+s.Field(i).Name()] = true
					}
				}
			case *types.Func:
				functions[p.short+"."+o.Name()] = true
			}
		}
	}
	for _, name := range sentenceFields {
		if !fields[name] {
			t.Errorf("sentenceFields: there is no field %s", name)
		}
	}
	for _, readers := range []map[string]string{foreignErrorReaders, wordingOnly} {
		for name := range readers {
			if !functions[name] {
				t.Errorf("foreignErrorReaders, wordingOnly: there is no function %s", name)
			}
		}
	}
}

// The test itself: what it must find, and what it must not.
func TestDecidingBySentencesIsFound(t *testing.T) {
	const head = "package x\nimport (\"strings\"; \"errors\"; \"regexp\")\nvar _ = strings.Cut; var _ = errors.New; var _ = regexp.MustCompile\n" +
		"type Outcome struct { Message, State string }\nfunc f(o Outcome, err error) bool {\n"
	for body, want := range map[string]bool{
		`return strings.HasPrefix(o.Message, "x")`:                                    true,
		`return o.Message == "left out"`:                                              true,
		`why := o.Message; return why != "left out"`:                                  true,
		`why := "because " + o.Message; _, _, ok := strings.Cut(why, ":"); return ok`: true,
		`switch o.Message { case "x": return true }; return false`:                    true,
		`return map[string]bool{"x": true}[o.Message]`:                                true,
		`return strings.Contains(err.Error(), "x")`:                                   true,
		`return regexp.MustCompile("x").MatchString(o.Message)`:                       true,
		`return o.Message == ""`:                                                      false,
		`return o.State == "done"`:                                                    false,
		`return strings.HasPrefix(o.State, "x")`:                                      false,
		`return len(strings.TrimSuffix(o.Message, ".")) > 0`:                          false,
	} {
		t.Run(body, func(t *testing.T) {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, "x.go", head+body+"\n}", 0)
			if err != nil {
				t.Fatal(err)
			}
			p := &typedPackage{path: "x", short: "model", fset: fset, files: []*ast.File{file}}
			if err := p.typeCheck(importer.Default()); err != nil {
				t.Fatal(err)
			}
			r := sentenceFinder{p: p, tainted: map[types.Object]bool{}}
			found := false
			ast.Inspect(file, r.trackAssignment)
			ast.Inspect(file, func(n ast.Node) bool { found = found || r.decision(n) != ""; return true })
			if found != want {
				t.Errorf("found %v, want %v", found, want)
			}
		})
	}
}

// sentenceFinder finds sentences in the code of a package.
type sentenceFinder struct {
	p       *typedPackage
	tainted map[types.Object]bool // variables that hold a sentence
}

// trackAssignment records the variables that a sentence is assigned to.
func (r sentenceFinder) trackAssignment(n ast.Node) bool {
	a, ok := n.(*ast.AssignStmt)
	if !ok || len(a.Lhs) != len(a.Rhs) {
		return true
	}
	for i, left := range a.Lhs {
		if name, ok := left.(*ast.Ident); ok && r.isSentence(a.Rhs[i]) {
			r.tainted[r.p.info.ObjectOf(name)] = true
		}
	}
	return true
}

// isSentence reports whether an expression is a sentence.
func (r sentenceFinder) isSentence(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return r.isSentence(e.X)
	case *ast.Ident:
		return r.tainted[r.p.info.ObjectOf(e)]
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (r.isSentence(e.X) || r.isSentence(e.Y))
	case *ast.SelectorExpr:
		return slices.Contains(sentenceFields, r.fieldName(e))
	case *ast.IndexExpr:
		return r.isSentence(e.X)
	case *ast.CallExpr:
		name, of := callee(e)
		return slices.Contains(sentenceCalls, name) || (of == "strings" || name == "clean" || name == "Clean" || name == "CleanTrim" || name == "string") && slices.ContainsFunc(e.Args, r.isSentence)
	}
	return false
}

// fieldName gives a field as package.type.field.
func (r sentenceFinder) fieldName(e *ast.SelectorExpr) string {
	selection := r.p.info.Selections[e]
	if selection == nil || selection.Kind() != types.FieldVal {
		return ""
	}
	owner := selection.Recv()
	for _, step := range selection.Index()[:len(selection.Index())-1] { // a field of an embedded struct is that struct's
		owner = structOf(owner).Field(step).Type()
	}
	if pointer, ok := owner.(*types.Pointer); ok {
		owner = pointer.Elem()
	}
	named, ok := types.Unalias(owner).(*types.Named)
	if !ok {
		return ""
	}
	home := r.p.short
	if pkg := named.Obj().Pkg(); pkg != nil && pkg.Path() != r.p.path {
		home = strings.TrimPrefix(pkg.Path(), "whopulls/")
	}
	return home + "." + named.Obj().Name() + "." + e.Sel.Name
}

func structOf(t types.Type) *types.Struct {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

func callee(c *ast.CallExpr) (name, pkg string) {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name, ""
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			pkg = x.Name
		}
		return f.Sel.Name, pkg
	}
	return "", ""
}

// decision names what in a node reads a sentence; empty: nothing does.
func (r sentenceFinder) decision(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CallExpr:
		name, pkg := callee(n)
		matches := strings.HasPrefix(name, "Match") || strings.HasPrefix(name, "Find")
		if (pkg == "strings" || pkg == "slices") && slices.Contains(textFunctions, name) || matches {
			if slices.ContainsFunc(n.Args, r.isSentence) {
				return pkg + "." + name
			}
		}
	case *ast.BinaryExpr:
		if (n.Op == token.EQL || n.Op == token.NEQ) && (r.isSentence(n.X) && !r.isEmpty(n.Y) || r.isSentence(n.Y) && !r.isEmpty(n.X)) {
			return n.Op.String()
		}
	case *ast.SwitchStmt:
		if n.Tag != nil && r.isSentence(n.Tag) {
			return "switch"
		}
	case *ast.IndexExpr:
		if r.isSentence(n.Index) {
			return "an index"
		}
	}
	return ""
}

func (r sentenceFinder) isEmpty(e ast.Expr) bool {
	v := r.p.info.Types[e]
	return v.IsNil() || v.Value != nil && v.Value.Kind() == constant.String && constant.StringVal(v.Value) == ""
}

// typedPackage is a package of the module with its types.
type typedPackage struct {
	path, short string
	fset        *token.FileSet
	files       []*ast.File
	info        types.Info
}

func (p *typedPackage) typeCheck(imports types.Importer) error {
	p.info = types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}}
	_, err := (&types.Config{Importer: imports}).Check(p.path, p.fset, p.files, &p.info)
	return err
}

// typedPackages gives the packages of the module with their types. The sandbox is left out: its texts are Google's. Imports are
// read from the go command's own cache.
func typedPackages(t *testing.T) []*typedPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles,Standard", "./cmd", "./tui", "./gcp/...", "./report").Output()
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	var packages []*typedPackage
	fset := token.NewFileSet()
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var l struct {
			ImportPath, Export, Dir string
			GoFiles                 []string
			Standard                bool
		}
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[l.ImportPath] = l.Export
		if !isWithin(l.ImportPath, "whopulls") || isWithin(l.ImportPath, "whopulls/gcp/sandbox", "whopulls/gcp/googletest") {
			continue
		}
		watch(t, l.Dir)
		p := &typedPackage{path: l.ImportPath, short: strings.TrimPrefix(l.ImportPath, "whopulls/"), fset: fset}
		for _, name := range l.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, file)
		}
		packages = append(packages, p)
	}
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})
	for _, p := range packages {
		if err := p.typeCheck(imports); err != nil {
			t.Fatal(err)
		}
	}
	return packages
}
