package explanation

import (
	"strings"

	"whopulls/model/words"
)

// Source is what a sentence rests on.
type Source struct {
	Title string // of the page
	URL   string // empty: it is no page
}

// Sources that are no page.
var (
	// Here is what was read here, what a line asks for, and what whopulls offers.
	Here = Source{Title: "what was read here"}
	// NotDocumented is what follows from Google's pages and is said by none. A reader sees the mark.
	NotDocumented = Source{Title: "not documented"}
)

// Google's pages, as iam-facts names them.
var (
	pageDeploying       = Source{"Deploying container images to Cloud Run", "https://docs.cloud.google.com/run/docs/deploying"}
	pageOtherProjects   = Source{"Deploying images from other Google Cloud projects", "https://docs.cloud.google.com/run/docs/deploying#other-projects"}
	pageRunRoles        = Source{"Cloud Run IAM roles: deployment permissions", "https://docs.cloud.google.com/run/docs/reference/iam/roles"}
	pageTroubleshooting = Source{"Troubleshoot Cloud Run issues: deployment errors", "https://docs.cloud.google.com/run/docs/troubleshooting"}
	pageIdentity        = Source{"Introduction to service identity", "https://docs.cloud.google.com/run/docs/securing/service-identity"}
	pageServiceAgents   = Source{"Service agents", "https://docs.cloud.google.com/iam/docs/service-agents"}
	pageAccountTypes    = Source{"Types of service accounts: service agents", "https://docs.cloud.google.com/iam/docs/service-account-types"}
	pageCreateAgents    = Source{"Create and grant roles to service agents", "https://docs.cloud.google.com/iam/docs/create-service-agents"}
	pageAttach          = Source{"Attach service accounts to resources", "https://docs.cloud.google.com/iam/docs/attach-service-accounts"}
	pageAllowPolicies   = Source{"Understanding allow policies: inheritance", "https://docs.cloud.google.com/iam/docs/allow-policies"}
	pageDeny            = Source{"Deny policies", "https://docs.cloud.google.com/iam/docs/deny-overview"}
	pageBoundaries      = Source{"Principal access boundary policies", "https://docs.cloud.google.com/iam/docs/principal-access-boundary-policies"}
	pageCustomRoles     = Source{"Create and manage custom roles: disabled roles", "https://docs.cloud.google.com/iam/docs/creating-custom-roles"}
	pagePropagation     = Source{"Access change propagation", "https://docs.cloud.google.com/iam/docs/access-change-propagation"}
	pageTesting         = Source{"Testing permissions for custom user interfaces", "https://docs.cloud.google.com/iam/docs/testing-permissions"}
	pageRegistryAccess  = Source{"Artifact Registry: access control", "https://docs.cloud.google.com/artifact-registry/docs/access-control"}
	pageRepositories    = Source{"Artifact Registry: repositories", "https://docs.cloud.google.com/artifact-registry/docs/repositories"}
	pageRegistryAgent   = Source{"Artifact Registry service agent", "https://docs.cloud.google.com/artifact-registry/docs/ar-service-account"}
	pageImageNames      = Source{"Repository and image names", "https://docs.cloud.google.com/artifact-registry/docs/docker/names"}
	pageEnable          = Source{"Service Usage API: services.enable", "https://docs.cloud.google.com/service-usage/docs/reference/rest/v1/services/enable"}
	pageDeleteProject   = Source{"Resource Manager API: projects.delete", "https://docs.cloud.google.com/resource-manager/reference/rest/v3/projects/delete"}
)

// claim is one sentence with its source.
type claim struct {
	words.Message[values]
	source Source
}

func say(source Source, en, ja string) claim {
	return claim{words.Message[values]{EN: en, JA: ja}, source}
}

// undocumented marks a sentence that no page says.
var undocumented = words.Message[struct{}]{EN: "(not documented)", JA: "（公式文書に記載なし）"}

// paragraph is several sentences, one after the other.
func paragraph(claims []claim, v values, language words.Language) string {
	var b strings.Builder
	for _, c := range claims {
		if b.Len() > 0 && language != words.Japanese {
			b.WriteByte(' ')
		}
		b.WriteString(c.With(v).Render(language))
		if c.source == NotDocumented {
			if language != words.Japanese {
				b.WriteByte(' ')
			}
			b.WriteString(undocumented.With(struct{}{}).Render(language))
		}
	}
	return b.String()
}
