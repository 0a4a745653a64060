package sandbox

import (
	"context"
	"encoding/json"
	"maps"
	"strings"

	"whopulls/gcp/sandbox/world"
)

// v1Body is the part of a written resource that the sandbox reads. It keeps the whole spec too, because v1
// shows it again.
type v1Body struct {
	Metadata struct {
		Name        string            `json:"name"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec json.RawMessage `json:"spec"`
}

type v1Spec struct {
	Template       v1SpecTemplate    `json:"template"`
	Traffic        []v1TrafficTarget `json:"traffic"`
	InstanceSplits []v1TrafficTarget `json:"instanceSplits"`
}

// v1SpecTemplate is a template of revisions, or of a job's executions, which holds the template of tasks.
type v1SpecTemplate struct {
	Metadata struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		Account    string `json:"serviceAccountName"`
		Containers []struct {
			Image string `json:"image"`
		} `json:"containers"`
		Sandboxes struct {
			Templates []struct {
				Image string `json:"image"`
			} `json:"templates"`
		} `json:"sandboxes"`
		Template *v1SpecTemplate `json:"template"`
	} `json:"spec"`
}

type v1TrafficTarget struct {
	Revision string `json:"revisionName"`
	Percent  int    `json:"percent"`
	Tag      string `json:"tag"`
}

func (s *runV1) create(ctx context.Context, k v1Kind, call restCall) (any, error) {
	return s.deployV1(ctx, k, deployCreate, call)
}

func (s *runV1) replace(ctx context.Context, k v1Kind, call restCall) (any, error) {
	return s.deployV1(ctx, k, deployReplace, call)
}

func (s *runV1) deployV1(ctx context.Context, k v1Kind, mode deployMode, call restCall) (any, error) {
	var body v1Body
	var spec v1Spec
	if err := json.Unmarshal(call.body, &body); err != nil {
		return nil, invalid("The %s is not valid: %v", k.name, err)
	}
	if err := json.Unmarshal(body.Spec, &spec); err != nil {
		return nil, invalid("The spec of the %s is not valid: %v", k.name, err)
	}
	if call.region == "" {
		return nil, invalid("The host does not name a region; expected REGION-run.googleapis.com.")
	}
	delete(body.Metadata.Labels, locationLabel) // Cloud Run's own label, which clients send back after a read
	id := body.Metadata.Name
	if mode == deployReplace && id != call.pathValues["name"] {
		return nil, invalid("The path names %q, metadata.name %q.", call.pathValues["name"], id)
	}
	d := deployment{
		kind: k.runKind, mode: mode, project: call.pathValues["project"], region: call.region, id: id,
		errorName: k.errorName(call.pathValues["project"], id), dryRun: call.query.Get("dryRun") == "all",
		submitted: world.Submitted{Labels: body.Metadata.Labels, Annotations: v1Annotations(ctx, k, mode, body), Spec: body.Spec},
	}
	d.applySpec(spec)
	l, err := s.deploy(ctx, d)
	if err != nil {
		return nil, err
	}
	if l == nil {
		return json.RawMessage(call.body), nil
	}
	return k.toObject(l), nil
}

// applySpec reads the fields of a spec that matter to a deployment.
func (d *deployment) applySpec(spec v1Spec) {
	t, field := &spec.Template, "spec.template.spec.containers[%d].image"
	d.revision = t.Metadata.Name
	if t.Spec.Template != nil {
		t, field, d.revision = t.Spec.Template, "spec.template.spec.template.spec.containers[%d].image", ""
	}
	d.account, d.imageField = t.Spec.Account, field
	for _, c := range t.Spec.Containers {
		d.images = append(d.images, c.Image)
	}
	for _, t := range t.Spec.Sandboxes.Templates {
		d.sandboxImages = append(d.sandboxImages, t.Image)
	}
	for _, target := range append(spec.Traffic, spec.InstanceSplits...) {
		d.traffic = append(d.traffic, world.TrafficTarget{Revision: target.Revision, Percent: target.Percent, Tag: target.Tag})
	}
}

// v1Annotations adds who made the resource and who changed it last.
func v1Annotations(ctx context.Context, k v1Kind, mode deployMode, body v1Body) map[string]string {
	all := map[string]string{}
	maps.Copy(all, body.Metadata.Annotations)
	prefix, _, _ := strings.Cut(k.apiVersion, "/")
	_, email, _ := strings.Cut(caller(ctx), ":")
	if mode == deployCreate {
		all[prefix+"/creator"] = email
	}
	all[prefix+"/lastModifier"] = email
	return all
}
