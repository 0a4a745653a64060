package gcp

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/model"
)

// Hosts are compared without regard to case: an image that is named in capital letters is a use like any other.
func TestImagesOfArtifactRegistry(t *testing.T) {
	box := func(image string) any { return map[string]any{"image": image} }
	template, err := structpb.NewStruct(map[string]any{
		"containers": []any{box("us-docker.pkg.dev/p/r/a"), box("US-DOCKER.PKG.DEV/p/r/b"), box("Docker.US-East1.rep.pkg.dev/p/r/c"),
			box("nginx"), box("quay.io/a/b"), map[string]any{"name": "without"}},
		"sandboxes": map[string]any{"templates": []any{box("EU.GCR.IO/p/d"), box("ghcr.io/a/b")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"us-docker.pkg.dev/p/r/a", "US-DOCKER.PKG.DEV/p/r/b", "EU.GCR.IO/p/d"}
	if got := imagesOf(template); !slices.Equal(got, model.ImagesOf(want...)) {
		t.Errorf("the images are %+v, not %q", got, want)
	}
}

// One project is no projects.
func TestNotesOfAScan(t *testing.T) {
	for direct, want := range map[int][]string{
		0: nil,
		1: {"in 1 project, where the index shows no use, what runs was looked at directly"},
		7: {"in 7 projects, where the index shows no use, what runs was looked at directly"},
	} {
		t.Run(fmt.Sprint(direct), func(t *testing.T) {
			if got := (&scan{checkpoint: &checkpoint{}}).notes(direct); !slices.Equal(got, want) {
				t.Errorf("%d: the notes are %q, not %q", direct, got, want)
			}
		})
	}
}
