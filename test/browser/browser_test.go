//go:build e2e

package browser

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/rogpeppe/go-internal/txtar"

	"whopulls/model"
	"whopulls/report"
)

var pictures = flag.String("pictures", "", "folder to write pictures of the pages to")

// tab is a page in a real browser, with all problems found in it.
type tab struct {
	t        *testing.T
	ctx      context.Context
	mu       sync.Mutex
	problems []string
}

// browser starts a browser without a window. The test is skipped where none is installed, unless WHOPULLS_NEED_BROWSER is set.
func browser(t *testing.T) context.Context {
	t.Helper()
	var found string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if file, err := exec.LookPath(name); err == nil && found == "" {
			found = file
		}
	}
	if found == "" {
		if os.Getenv("WHOPULLS_NEED_BROWSER") != "" {
			t.Fatal("no chromium is installed")
		}
		t.Skip("no chromium is installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(found), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// openPage shows a document, and records every request after its own, every message on the console and every dialog.
func openPage(t *testing.T, browser context.Context, document string) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(stop)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	own := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	shown := &tab{t: t, ctx: ctx}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if to, _, _ := strings.Cut(e.Request.URL, "#"); to != own {
				shown.addProblem("a request for %s", e.Request.URL)
			}
		case *runtime.EventConsoleAPICalled:
			shown.addProblem("the console: %s", e.Type)
		case *runtime.EventExceptionThrown:
			shown.addProblem("an exception: %s", e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			shown.addProblem("the log: %s", e.Entry.Text)
		case *page.EventJavascriptDialogOpening:
			shown.addProblem("a dialog: %s", e.Message)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	callCommand(shown, network.Enable, network.EnableParams{})
	callCommand(shown, runtime.Enable, cdp.Empty{})
	callCommand(shown, cdplog.Enable, cdp.Empty{})
	runAction(shown, chromedp.Navigate(own))
	return shown
}

func (shown *tab) addProblem(format string, words ...any) {
	shown.mu.Lock()
	defer shown.mu.Unlock()
	shown.problems = append(shown.problems, fmt.Sprintf(format, words...))
}

// runAction runs an action, and gives its result.
func runAction[T any](shown *tab, action chromedp.Action[T]) T {
	shown.t.Helper()
	answer, err := chromedp.Run(shown.ctx, action)
	if err != nil {
		shown.t.Fatal(err)
	}
	return answer
}

// callCommand sends a command of the protocol.
func callCommand[P, R any](shown *tab, command cdp.Command[P, R], parameters P) R {
	shown.t.Helper()
	answer, err := chromedp.Call(shown.ctx, command, parameters)
	if err != nil {
		shown.t.Fatal(err)
	}
	return answer
}

// reportProblems reports the problems found so far.
func (shown *tab) reportProblems() {
	shown.t.Helper()
	shown.mu.Lock()
	defer shown.mu.Unlock()
	for _, words := range shown.problems {
		shown.t.Error(words)
	}
}

// emulate sets the width, the medium, and light or dark, from now on.
func (shown *tab) emulate(width int64, medium, scheme string) {
	shown.t.Helper()
	callCommand(shown, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 1120, DeviceScaleFactor: 1, Mobile: width < 700})
	callCommand(shown, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// evaluate evaluates a function in the page. The debugger may run scripts, the page may not.
func evaluate[T any](shown *tab, expression string) T {
	shown.t.Helper()
	return runAction(shown, chromedp.Evaluate[T](expression))
}

// lowContrastJS finds text whose contrast to its background is lower than WCAG's level AA requires.
const lowContrastJS = `(() => {
	const channels = text => (text.match(/[\d.]+/g) || []).map(Number);
	const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const ground = element => {
		for (let e = element; e; e = e.parentElement) {
			const c = channels(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] > 0) return c;
		}
		return [255, 255, 255];
	};
	const found = [];
	let seen = 0;
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement, style = getComputedStyle(element);
		if (!text || element.closest('svg title, svg desc, caption') || element.getClientRects().length === 0) continue;
		seen++;
		const ink = channels(element.namespaceURI.endsWith('svg') ? style.fill : style.color);
		const [a, b] = [light(ink), light(ground(element))].sort((x, y) => y - x), size = parseFloat(style.fontSize);
		const ratio = (a + .05) / (b + .05), enough = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
		if (ratio < enough) found.push(ratio.toFixed(2) + ' ' + text.slice(0, 40));
	}
	if (seen < 30) found.push('only ' + seen + ' texts are shown');
	return found.slice(0, 10);
})()`

// overflowJS finds what overflows the page or the picture's frame.
const overflowJS = `(() => {
	const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth, found = [];
	if (wide > 0) found.push('the page is ' + wide + ' px too wide');
	const svg = document.querySelector('svg.pulls').getBoundingClientRect();
	for (const text of document.querySelectorAll('svg.pulls text')) {
		const box = text.getBoundingClientRect();
		if (box.left < svg.left - 1 || box.right > svg.right + 1 || box.bottom > svg.bottom + 1) found.push('over the edge: ' + text.textContent);
	}
	return found.slice(0, 10);
})()`

// injectedJS counts the elements that only a name read as markup could have made.
const injectedJS = `document.querySelectorAll('script, iframe, object, embed, img, link, form, input, style:not(head > style)').length +
	[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length +
	[...document.querySelectorAll('a')].filter(a => !a.getAttribute('href').startsWith('#')).length`

const (
	drawnBindingsJS = `[...document.querySelectorAll('svg.pulls [data-bindings]')].reduce((sum, line) => sum + Number(line.dataset.bindings), 0)`
	tableRowsJS     = `document.querySelectorAll('tbody').length`
	pictureLinesJS  = `document.querySelectorAll('svg.pulls path.seen').length`
	brokenLinksJS   = `[...document.querySelectorAll('a[href^="#"]')].filter(a => !document.getElementById(a.getAttribute('href').slice(1))).length`
	unnamedPartsJS  = `[...document.querySelectorAll('section, svg[role], [role=region]')].filter(e => !(e.getAttribute('aria-labelledby') || '').split(' ').every(id => document.getElementById(id)?.textContent)).length +
		[...document.querySelectorAll('table')].filter(t => !t.caption.textContent || t.querySelectorAll('th[scope=col]').length < 4).length`
	foldedInPrintJS   = `[...document.querySelectorAll('pre, td li')].filter(e => !e.checkVisibility({contentVisibilityAuto: true}) || e.getBoundingClientRect().height === 0).length`
	colouredInPrintJS = `[...document.querySelectorAll('body, table, .tally a')].filter(e => !['rgb(0, 0, 0)'].includes(getComputedStyle(e).color)).length`
	unrepeatedHeadsJS = `[...document.querySelectorAll('thead')].filter(e => getComputedStyle(e).display !== 'table-header-group').length`
)

func TestBrowserStaleReport(t *testing.T) {
	b := browser(t)
	for name, document := range map[string]string{"crowd": crowdPage(t), "names": render(t, hostileReport()), "many": render(t, manyBindings())} {
		t.Run(name, func(t *testing.T) {
			shown := openPage(t, b, document)
			for _, width := range []int64{1280, 390} {
				for _, look := range [][2]string{{"screen", "light"}, {"screen", "dark"}, {"print", "light"}} {
					shown.emulate(width, look[0], look[1])
					about := fmt.Sprintf("%s, %d px, %s, %s", name, width, look[0], look[1])
					for _, words := range append(evaluate[[]string](shown, lowContrastJS), evaluate[[]string](shown, overflowJS)...) {
						t.Errorf("%s: %s", about, words)
					}
					shown.saveScreenshot(name, fmt.Sprintf("%s-%d-%s-%s", name, width, look[0], look[1]))
				}
			}
			for what, expression := range map[string]string{"things that a name made": injectedJS, "links to nowhere": brokenLinksJS, "parts without a name": unnamedPartsJS,
				"folded in print": foldedInPrintJS, "coloured in print": colouredInPrintJS, "table heads that are not repeated": unrepeatedHeadsJS} {
				if n := evaluate[int](shown, expression); n != 0 {
					t.Errorf("%s: %d %s", name, n, what)
				}
			}
			told, inRows, inLines := evaluate[int](shown, drawnBindingsJS), evaluate[int](shown, tableRowsJS), evaluate[int](shown, pictureLinesJS)
			if told != inRows || inRows == 0 || inLines == 0 || inLines > 60 {
				t.Errorf("%s: %d bindings in the tables, %d in %d lines of the picture", name, inRows, told, inLines)
			}
			printed := runAction(shown, chromedp.PrintToPDF())
			if !bytes.HasPrefix(printed, []byte("%PDF")) {
				t.Errorf("%s: it does not print", name)
			}
			shown.reportProblems()
		})
	}
}

// saveScreenshot writes a picture of the page to a file, if -pictures names a folder.
func (shown *tab) saveScreenshot(name, file string) {
	shown.t.Helper()
	if *pictures == "" || name == "many" {
		return
	}
	picture := runAction(shown, chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(*pictures, file+".png"), picture, 0o644); err != nil {
		shown.t.Fatal(err)
	}
}

// crowdPage is the page that the program writes for a world with every status.
func crowdPage(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("../scripts/testdata/script/stale.txtar")
	if err != nil {
		t.Fatal(err)
	}
	own := t.TempDir()
	for _, f := range archive.Files {
		if f.Name == "crowd.yaml" {
			if err := os.WriteFile(filepath.Join(own, f.Name), f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	binary := filepath.Join(t.TempDir(), "whopulls")
	if out, err := exec.Command("go", "build", "-o", binary, "whopulls").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	command := exec.Command(binary, "stale", "list", "--format=html", "--sandbox=crowd.yaml", "--repository=projects/source-b/locations/us/repositories/images")
	command.Dir, command.Env = own, append(os.Environ(), "XDG_CACHE_HOME="+own, "XDG_CONFIG_HOME="+own, "XDG_STATE_HOME="+own)
	out, err := command.Output()
	if command.ProcessState.ExitCode() != 3 {
		t.Fatalf("stale list: %v\n%s", err, out)
	}
	return string(out)
}

func render(t *testing.T, s report.Stale) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func newReport(bindings []model.StaleBinding) report.Stale {
	return report.Stale{Scope: model.AncestorResource("organizations/1"), At: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC), CloudName: "sandbox", Account: "dev@example.com",
		List: model.StaleList{Bindings: bindings}}
}

// hostileReport has a hostile name wherever the page shows one.
func hostileReport() report.Stale {
	var bindings []model.StaleBinding
	for _, name := range []string{"<script>alert(1)</script>", `"onload="alert(1)`, `"><img src=x onerror=alert(1)>`, "</title><script>alert(1)</script>", "</style><style>*{display:none}", "javascript:alert(1)",
		"\u202egnirts", "\u05e2\u05d1\u05e8\u05d9\u05ea \u05d0\u05d1", strings.Repeat("x", 300), strings.Repeat("\u6f22", 150), "<svg onload=alert(1)>", "https://example.com/x.png"} {
		r := model.RepositoryName{Project: name, Location: "us", ID: name}.Resource()
		bindings = append(bindings, model.StaleBinding{Resource: r, Role: name, Member: model.Member("serviceAccount:" + name), Owner: name, Status: model.StaleIdle, Removable: true,
			Reason: name, Condition: &model.Condition{Title: name, Expression: name}, Gcloud: []string{"gcloud " + name}, Gaps: []model.Gap{{Reason: name, Next: name}},
			Evidence: []model.Use{{Project: name, Image: name, Revision: name}}})
	}
	s := newReport(bindings)
	s.CloudName, s.Account, s.List.Gaps = bindings[0].Role, bindings[1].Role, bindings[0].Gaps
	return s
}

// manyBindings gives more bindings than the picture draws one by one.
func manyBindings() report.Stale {
	var bindings []model.StaleBinding
	for n := range 500 {
		b := model.StaleBinding{Resource: model.RepositoryName{Project: "source", Location: "us", ID: fmt.Sprintf("images-%d", n%40)}.Resource(), Role: model.RoleReader,
			Member: model.RunServiceAgent(fmt.Sprint(n)), Owner: fmt.Sprintf("team-%d", n), Status: model.StaleActive, Reason: "It is in use."}
		if n%3 == 0 {
			b.Status, b.Removable, b.Reason, b.Gcloud = model.StaleIdle, true, "Nothing uses it.", []string{"gcloud projects remove-iam-policy-binding source --role=" + model.RoleReader}
		}
		bindings = append(bindings, b)
	}
	return newReport(bindings)
}
