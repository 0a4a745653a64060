package pasted

import (
	"regexp"
	"strings"

	"whopulls/model"
)

// webAddress is an address taken apart.
type webAddress struct {
	host   string
	path   []string // its segments, without their matrix parameters (;tab=versions)
	params map[string]string
	raw    string // everything after the host, with its escapes resolved
}

// addressForm is an address with or without its scheme: host, path, query and fragment.
var addressForm = regexp.MustCompile(`^(?i:(https?)://)?(?:[^/@?#]*@)?([A-Za-z0-9.-]+)(?::\d+)?((?:[/?#].*)?)$`)

func parseAddress(s string) (a webAddress, hasScheme, ok bool) {
	m := addressForm.FindStringSubmatch(s)
	if m == nil {
		return a, false, false
	}
	a = webAddress{host: strings.ToLower(m[2]), params: map[string]string{}, raw: unescape(m[3])}
	path, rest := m[3], ""
	if at := strings.IndexAny(path, "?#"); at >= 0 {
		path, rest = path[:at], path[at:]
	}
	for segment := range strings.SplitSeq(path, "/") {
		segment, matrix, _ := strings.Cut(segment, ";")
		if a.addParams(matrix); segment != "" {
			a.path = append(a.path, unescape(segment))
		}
	}
	a.addParams(rest)
	return a, m[1] != "", true
}

// addParams takes the parameters of a query, a fragment or a segment. The first of a name counts.
func (a webAddress) addParams(text string) {
	for _, pair := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("?#&;", r) }) {
		if name, value, found := strings.Cut(pair, "="); found && a.params[name] == "" {
			a.params[name] = unescape(value)
		}
	}
}

// below are the segments behind the first one.
func (a webAddress) below() []string { return a.path[min(1, len(a.path)):] }

// address reads an address of the console, of a service, of Google's APIs or of a registry. Any other address can't be
// used.
func address(s string, at place) Thing {
	a, hasScheme, ok := parseAddress(s)
	if !ok {
		return Thing{}
	}
	switch {
	case a.host == "console.cloud.google.com" || a.host == "console.developers.google.com":
		return a.console()
	case strings.HasSuffix(a.host, ".run.app"):
		return a.service()
	case functionHost.MatchString(a.host):
		return Thing{Kind: Project, Consumer: functionHost.FindStringSubmatch(a.host)[1]}
	case strings.HasSuffix(a.host, ".googleapis.com") && len(a.path) > 0:
		return a.api()
	case hasScheme && at == alone && !registryHost.MatchString(s):
		return unusable("An address of " + a.host + " leads to nothing here. " + usable)
	}
	return Thing{}
}

// The addresses of services have two forms (Cloud Run, "URLs of services").
// [TAG---]NAME-NUMBER.REGION.run.app shows everything. The older [TAG---]NAME-HASH-CODE.a.run.app shows only
// the name, and cuts a long one short.
var (
	numberedService = regexp.MustCompile(`^(?:[a-z0-9-]+---)?([a-z][a-z0-9-]*)-([0-9]{6,19})\.([a-z]+-[a-z]+[0-9]+)\.run\.app$`)
	hashedService   = regexp.MustCompile(`^(?:[a-z0-9-]+---)?([a-z][a-z0-9-]*)-[a-z0-9]{10}-[a-z]{2,3}\.a\.run\.app$`)
)

// functionHost is where functions are called: REGION-PROJECT.cloudfunctions.net.
var functionHost = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+-([a-z][a-z0-9-]{4,28}[a-z0-9])\.cloudfunctions\.net$`)

func (a webAddress) service() Thing {
	if m := numberedService.FindStringSubmatch(a.host); m != nil {
		return Thing{Kind: Workload, Consumer: m[2], Workload: workload(model.Service, m[1], m[3])}
	}
	if m := hashedService.FindStringSubmatch(a.host); m != nil {
		return Thing{Kind: Workload, Workload: workload(model.Service, m[1], "")}
	}
	return unusable("This address of Cloud Run names no service")
}

// apiRegion is the region in the host of a regional endpoint: REGION-run.googleapis.com or run.REGION.rep.googleapis.com.
var apiRegion = regexp.MustCompile(`^(?:([a-z]+-[a-z]+[0-9]+)-)?([a-z]+)(?:\.([a-z]+-[a-z]+[0-9]+)\.rep)?\.googleapis\.com$`)

// api reads an address of a Google API: the name of the resource follows the version.
func (a webAddress) api() Thing {
	m := apiRegion.FindStringSubmatch(a.host)
	if m == nil {
		m = []string{"", "", "other", ""}
	}
	if t := resource(m[2], strings.Join(a.path, "/"), m[1]+m[3]); t.Kind != "" {
		return t
	}
	return unusable("This address of " + a.host + " names no project")
}
