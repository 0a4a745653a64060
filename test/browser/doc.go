// Package browser opens the page that the built program writes in a real browser. Its tests need chromium and the build tag e2e;
// make e2e runs them.
package browser
