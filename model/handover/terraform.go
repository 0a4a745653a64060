package handover

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Terraform gives the steps of a plan as a Terraform configuration. It uses the google provider's
// non-authoritative _iam_member resources, which leave every other binding alone (iam-facts 9.5). The Cloud
// Run service agent of the consumer project is named by the project's number, which a data source reads. It
// is formatted as terraform fmt does.
func Terraform(p model.Plan, consumer model.ConsumerRef) string {
	t := &terraformWriter{consumer: consumer, file: hclwrite.NewEmptyFile(), labels: map[string]string{}}
	if slices.ContainsFunc(p.Steps, t.namesAgent) {
		data := t.file.Body().AppendNewBlock("data", []string{"google_project", "consumer"}).Body()
		setString(data, "project_id", consumer.ID)
	}
	for _, s := range p.Steps {
		t.add(s)
	}
	if len(p.Ask) > 0 {
		t.file.Body().AppendNewline()
		appendComment(t.file.Body(), p.AskIntro())
		for _, s := range p.Ask {
			appendComment(t.file.Body(), s.ID+". "+s.Title)
		}
	}
	return string(hclwrite.Format(t.file.Bytes()))
}

// terraformWriter is a configuration that is being written.
type terraformWriter struct {
	consumer model.ConsumerRef
	file     *hclwrite.File
	labels   map[string]string // address of each step's resource, by the step's id
}

// attribute is an argument of a resource. They are kept in order.
type attribute struct{ name, value string }

func (t *terraformWriter) namesAgent(s model.Step) bool {
	return s.Role != "" && t.consumer.Number != nil && s.Member == model.RunServiceAgent(*t.consumer.Number)
}

func (t *terraformWriter) add(s model.Step) {
	kind, attributes := terraformResource(s)
	body := t.file.Body()
	body.AppendNewline()
	appendComment(body, s.Title)
	if !s.Certain {
		appendComment(body, "It may be there already, unseen; it is safe to apply all the same.")
	}
	if s.Caution != "" {
		appendComment(body, s.Caution)
	}
	switch {
	case kind == "":
		appendComment(body, "The google provider has no resource for this.")
		return
	case changesUnicodeForm(s, attributes):
		appendComment(body, "Terraform would change the Unicode form of a name here, and so grant another member or role. Use gcloud for this.")
		return
	}
	label := terraformLabel(s)
	t.labels[s.ID] = kind + "." + label
	block := body.AppendNewBlock("resource", []string{kind, label}).Body()
	if s.Kind == model.StepCreateAgent {
		block.SetAttributeRaw("provider", hclwrite.TokensForIdentifier("google-beta"))
	}
	for _, a := range attributes {
		setString(block, a.name, a.value)
	}
	t.addBindingArguments(block, s)
}

// addBindingArguments adds what a binding has in addition to its place: role, member and condition, and what comes before it.
func (t *terraformWriter) addBindingArguments(block *hclwrite.Body, s model.Step) {
	switch {
	case s.Kind == model.StepEnableAPI:
		block.SetAttributeValue("disable_on_destroy", cty.False)
	case s.Role != "":
		setString(block, "role", s.Role)
		if t.namesAgent(s) {
			block.SetAttributeRaw("member", agentMemberTokens())
		} else {
			setString(block, "member", string(s.Member))
		}
	}
	var before []hclwrite.Tokens
	for _, id := range s.After {
		if address := t.labels[id]; address != "" {
			before = append(before, hclwrite.TokensForIdentifier(address))
		}
	}
	if len(before) > 0 {
		block.SetAttributeRaw("depends_on", hclwrite.TokensForTuple(before))
	}
}

// changesUnicodeForm reports whether Terraform would change a name of the step. Terraform keeps texts in
// Unicode's normal form NFC, and the subject of a federated identity may have another form.
func changesUnicodeForm(s model.Step, attributes []attribute) bool {
	return slices.ContainsFunc(append(attributes, attribute{"role", s.Role}, attribute{"member", string(s.Member)}), func(a attribute) bool {
		return cty.StringVal(a.value).AsString() != a.value
	})
}

func setString(body *hclwrite.Body, name, value string) {
	body.SetAttributeValue(name, cty.StringVal(value))
}

// appendComment writes one line, whatever the text holds.
func appendComment(body *hclwrite.Body, comment string) {
	body.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + text.Clean(comment) + "\n")}})
}

// agentMemberTokens spell the agent's member with the number that the data source reads.
func agentMemberTokens() hclwrite.Tokens {
	before, host, _ := strings.Cut(string(model.RunServiceAgent("")), "@")
	token := func(kind hclsyntax.TokenType, text string) *hclwrite.Token {
		return &hclwrite.Token{Type: kind, Bytes: []byte(text)}
	}
	return hclwrite.Tokens{token(hclsyntax.TokenOQuote, `"`), token(hclsyntax.TokenQuotedLit, before),
		token(hclsyntax.TokenTemplateInterp, "${"), token(hclsyntax.TokenIdent, "data.google_project.consumer.number"),
		token(hclsyntax.TokenTemplateSeqEnd, "}"), token(hclsyntax.TokenQuotedLit, "@"+host), token(hclsyntax.TokenCQuote, `"`)}
}

// terraformResource is the resource of a step with the arguments that say where; empty if the provider has
// none.
func terraformResource(s model.Step) (kind string, location []attribute) {
	r := s.Resource
	project := attribute{"project", r.Project()}
	where := []attribute{project, {"location", r.Segment("locations")}}
	switch {
	case s.Condition != nil || s.Kind == model.StepRevoke:
		return "", nil
	case s.Kind == model.StepEnableAPI:
		return "google_project_service", []attribute{project, {"service", r.ID()}}
	case s.Kind == model.StepCreateAgent:
		return "google_project_service_identity", []attribute{project, {"service", r.ID()}}
	}
	switch r.Kind() {
	case model.KindRepository:
		return "google_artifact_registry_repository_iam_member", append(where, attribute{"repository", r.ID()})
	case model.KindProject:
		return "google_project_iam_member", []attribute{project}
	case model.KindFolder:
		return "google_folder_iam_member", []attribute{{"folder", r.Path()}}
	case model.KindOrganization:
		return "google_organization_iam_member", []attribute{{"org_id", r.ID()}}
	case model.KindAccount:
		return "google_service_account_iam_member", []attribute{{"service_account_id", r.Path()}}
	case model.KindService:
		return "google_cloud_run_v2_service_iam_member", append(where, attribute{"name", r.ID()})
	case model.KindJob:
		return "google_cloud_run_v2_job_iam_member", append(where, attribute{"name", r.ID()})
	case model.KindWorkerPool:
		return "google_cloud_run_v2_worker_pool_iam_member", append(where, attribute{"name", r.ID()})
	}
	return "", nil
}

// terraformLabel is a name that a configuration can keep: what the step closes, and its number, which no other step has.
func terraformLabel(s model.Step) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(s.Check))
	return "whopulls_" + name + "_" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, s.ID)
}
