//go:build e2e

package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// textsJS finds texts of the drawn map that run into each other, leave the picture, or can't be read on their ground.
const textsJS = `(() => {
	const found = [], svg = document.querySelector('svg').getBoundingClientRect();
	const texts = [...document.querySelectorAll('svg text')], boxes = texts.map(t => t.getBoundingClientRect());
	boxes.forEach((a, i) => {
		if (a.left < svg.left || a.right > svg.right || a.top < svg.top || a.bottom > svg.bottom) found.push('outside: ' + texts[i].textContent);
		boxes.slice(0, i).forEach((b, j) => {
			if (a.left < b.right - .5 && b.left < a.right - .5 && a.top < b.bottom - 4 && b.top < a.bottom - 4) found.push(texts[i].textContent + ' over ' + texts[j].textContent);
		});
	});
	const channels = text => text.match(/[\d.]+/g).map(Number);
	const light = colour => channels(colour).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	for (const ground of document.querySelectorAll('svg .page, svg .box')) for (const text of texts) {
		const [a, b] = [light(getComputedStyle(text).fill), light(getComputedStyle(ground).fill)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
		if (ratio < 4.5) found.push(ratio.toFixed(2) + ' ' + text.textContent);
	}
	if (texts.length < 20) found.push('only ' + texts.length + ' texts are shown');
	if (!document.querySelector('svg > title').textContent || !document.querySelector('svg > desc').textContent) found.push('no title or description');
	return found.slice(0, 10);
})()`

// The drawn map stands on its own: nothing else is loaded, no text runs into another or leaves the picture, and all can be read
// on a light page and on a dark one.
func TestBrowserAccessMap(t *testing.T) {
	looksRight(t, "../../report/accessmap/testdata/*.svg", "map")
}

// The pictures of the screens do so too, but for the one that moves: its parts lie over each other.
func TestBrowserScreens(t *testing.T) {
	looksRight(t, "../../docs/pictures/screen-*.svg", "picture")
}

func looksRight(t *testing.T, pattern, kind string) {
	b := browser(t)
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) < 4 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".svg")
		t.Run(name, func(t *testing.T) {
			drawn, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			shown := openPage(t, b, "<!doctype html><title>"+name+"</title>"+string(drawn))
			for _, scheme := range []string{"light", "dark"} {
				shown.emulate(1600, "screen", scheme)
				for _, words := range evaluate[[]string](shown, textsJS) {
					t.Errorf("%s, %s: %s", name, scheme, words)
				}
				shown.saveScreenshot(name, fmt.Sprintf("%s-%s-%s", kind, name, scheme))
			}
			shown.reportProblems()
		})
	}
}
