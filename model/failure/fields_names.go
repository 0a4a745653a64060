package failure

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text/pattern"
)

// findCompact finds what stands between two phrases in the tight text, the first that satisfies the test. What the text has
// blanks in is no name, but somebody's words in its place.
func (m searchText) findCompact(form pattern.Pattern, accept func(string) string) string {
	for _, match := range form().FindAllStringSubmatchIndex(m.compactLower, maxMatches) {
		for at := 2; at < len(match); at += 2 {
			if from, to := match[at], match[at+1]; from < to && !m.hasSpace(from, to) && !touchesEllipsis(m.compact, from, to) {
				if value := accept(m.compact[from:to]); value != "" {
					return value
				}
			}
		}
	}
	return ""
}

// hasSpace reports whether the text has a blank within a part of the tight text.
func (m searchText) hasSpace(from, to int) bool {
	at, _ := slices.BinarySearch(m.spaces, from+1)
	return at < len(m.spaces) && m.spaces[at] < to
}

// findText finds a name in the plain text.
func (m searchText) findText(form pattern.Pattern, accept func(string) string) string {
	for _, match := range form().FindAllStringSubmatchIndex(m.text, maxMatches) {
		for from := match[2:]; len(from) > 0; from = from[2:] {
			group := m.text[max(from[0], 0):max(from[1], 0)]
			if group == "" || touchesEllipsis(m.text, from[0], from[1]) {
				continue
			}
			if value := accept(group); value != "" {
				return value
			}
		}
	}
	return ""
}

// touchesEllipsis reports whether a part of the text touches an ellipsis: then it is a part of a name.
func touchesEllipsis(text string, from, to int) bool {
	return strings.HasSuffix(text[:from], string(ellipsis)) || strings.HasPrefix(text[to:], string(ellipsis))
}

// maxMatches bounds how many matches are tried, so that a text full of near misses costs no more than others.
const maxMatches = 64

// maskForm are the ways in which people and logs hide a name, whole or in part.
var maskForm = pattern.Lazy(`(?i)\*{2,}|x{4,}|#{3,}|_{3,}|\.\.|` + string(ellipsis) + `|<|>|\$|\{|\}|redacted|�`)

// isUnmasked refuses a name that is hidden, in part or as a whole.
func isUnmasked(name string) bool { return name != "" && !maskForm().MatchString(name) }

// placeholderForm are names that somebody put instead of the real ones: PROJECT_ID, your-project, xxx,
// email@….
var placeholderForm = pattern.Lazy(`[A-Z][A-Z0-9]*[_-][A-Z0-9_-]*[A-Z]|^[A-Z][A-Z0-9_-]*@|@[A-Z][A-Z0-9_-]+\.` +
	`|(?i:(?:^|[^a-z0-9])(?:your(?:[^a-z0-9]|project|service|account|image|repo|email|gcp)|x{3,}(?:[^a-z0-9]|$)|project[-_]?(?:id|name|number)(?:[^a-z0-9]|$)|e-?mail@))`)

// isRealName refuses a name that is hidden, and one that stands in for another.
func isRealName(name string) bool { return isUnmasked(name) && !placeholderForm().MatchString(name) }

// trimPunctuation takes off what a sentence put around a name.
func trimPunctuation(name string) string {
	return strings.TrimRight(strings.TrimLeft(name, `"'([`), `"'.,:;)]`)
}

// asImage accepts a reference that can be parsed, as it is written.
func asImage(text string) string {
	text = trimPunctuation(text)
	for _, scheme := range []string{"https://", "http://", "docker://", "oci://"} {
		text = strings.TrimPrefix(text, scheme)
	}
	image, err := model.ParseImage(text)
	if err != nil || !isUnmasked(text) || !isRealName(image.Base()) {
		return ""
	}
	return text
}

// asGoogleImage accepts an image of a registry that IAM guards.
func asGoogleImage(text string) string {
	text = asImage(text)
	if image, err := model.ParseImage(text); err != nil || image.Registry != model.ArtifactRegistry {
		return ""
	}
	if _, path, _ := strings.Cut(text, "/"); strings.HasPrefix(path, "v2/") { // the registry's API, not an image
		return ""
	}
	return text
}

// toolProjects hold the images that builds run in; none of them is what somebody deploys.
var toolProjects = map[string]bool{"cloud-builders": true, "google.com:cloudsdktool": true, "google.com/cloudsdktool": true, "k8s-skaffold": true, "buildpacks": true}

// asUserImage accepts an image that somebody built, not one that a build runs in.
func asUserImage(text string) string {
	if text = asGoogleImage(text); toolProjects[imageOf(text).Repository.Project] {
		return ""
	}
	return text
}

// asImagePath accepts an image of any registry, but no bare word.
func asImagePath(text string) string {
	if text = asImage(text); !strings.Contains(text, "/") {
		return ""
	}
	return text
}

// asProject accepts a project's ID or number.
func asProject(text string) string {
	text = trimPunctuation(text)
	if model.ValidateProject(text) != nil || !isRealName(text) {
		return ""
	}
	return text
}

// asRepository accepts the API's name of a repository.
func asRepository(text string) string {
	text = trimPunctuation(text)
	name, err := model.ParseRepository(text)
	if err != nil || !isRealName(text) || name.String() != text {
		return ""
	}
	return text
}

// asAccount accepts a service account's e-mail.
func asAccount(text string) string {
	text = trimPunctuation(text)
	if email, err := model.ParseAccountEmail(text); err != nil || !isRealName(text) || !strings.EqualFold(email, text) {
		return ""
	}
	return strings.ToLower(text)
}

// asRunAgent accepts the e-mail of a Cloud Run service agent.
func asRunAgent(text string) string {
	if text = asAccount(text); !runAgentForm().MatchString(text) {
		return ""
	}
	return text
}

var runAgentForm = pattern.Lazy(`^service-[0-9]+@serverless-robot-prod\.[a-z0-9.-]*iam\.gserviceaccount\.com$`)

// asEmail accepts anybody's e-mail.
func asEmail(text string) string {
	text = trimPunctuation(text)
	if member, err := model.ParseMember(text); err != nil || member.Email() == "" || !isRealName(text) || !emailForm().MatchString(text) {
		return ""
	}
	return text
}

var emailForm = pattern.Lazy(`^[\w.+-]+@[\w-]+(\.[\w-]+)+$`)

// asPermission accepts a permission, in IAM's spelling: Cloud Run writes iam.serviceaccounts.actAs.
func asPermission(text string) string {
	text = trimPunctuation(text)
	if !isUnmasked(text) || !permissionForm().MatchString(text) || strings.HasSuffix(text, ".com") || strings.HasPrefix(text, "type.") {
		return ""
	}
	if proper, ok := permissionSpelling[strings.ToLower(text)]; ok {
		return proper
	}
	return text
}

var permissionForm = pattern.Lazy(`^[a-z]+(\.[A-Za-z_]+){2,3}$`)

// permissionSpelling has the permissions that messages are known to spell in other cases.
var permissionSpelling = map[string]string{
	"iam.serviceaccounts.actas": string(model.PermActAs), "iam.serviceaccounts.getaccesstoken": string(model.PermGetAccessToken),
	"artifactregistry.repositories.downloadartifacts": string(model.PermDownload),
}

// asAPI accepts the name of a Google API.
func asAPI(text string) string {
	text = strings.ToLower(trimPunctuation(text))
	if !isUnmasked(text) || !apiForm().MatchString(text) {
		return ""
	}
	return text
}

var apiForm = pattern.Lazy(`^[a-z][a-z0-9-]*\.googleapis\.com$`)

// imageOf takes a name apart; zero for none.
func imageOf(text string) model.Image {
	image, err := model.ParseImage(text)
	if text == "" || err != nil {
		return model.Image{}
	}
	return image
}
