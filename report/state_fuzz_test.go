package report

import (
	"io"
	"os"
	"testing"

	"whopulls/model/handover"
)

// Whatever stands in a state of Terraform, it is read or refused, and what it holds is found in it.
func FuzzTerraformState(f *testing.F) {
	for _, name := range []string{"pulled.tfstate", "shown.json"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"version":4,"resources":[{"mode":"managed","type":"google_project_iam_policy","instances":[{"index_key":1e300,"attributes":{"project":"p","policy_data":"{\"bindings\":[{\"role\":\"r\",\"members\":[\"m\"]}]}"}},{"attributes":null}]}]}`))
	f.Add([]byte(`{"format_version":"1.0","values":{"root_module":{"child_modules":[{"address":"module.a[0]","resources":[{"address":"a","mode":"managed","type":"google__iam_binding","index":0,"values":{"role":"r","condition":[{}]}}]}]}},"prior_state":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := handover.ParseTerraformState(data)
		if err != nil {
			return
		}
		for _, b := range sampleReport().List.Bindings {
			for _, h := range state.Holders(b) {
				if h.Form == "" || h.OtherMembers < 0 {
					t.Errorf("%+v", h)
				}
			}
		}
		_ = render(t, func(w io.Writer) error { return sampleReport().TerraformRemoved(w, &state) }) // only that it comes back
	})
}
