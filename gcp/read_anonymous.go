package gcp

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"whopulls/gcp/transport"
	"whopulls/model"
)

// anonymousTimeout is how long a registry may take to answer a request without credentials.
const anonymousTimeout = 2 * time.Second

// manifestTypes are the forms of a manifest, of one image and of several platforms.
const manifestTypes = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, " +
	"application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json"

// anonymousTask asks for an image's manifest as nobody: once, without credentials or cookies, and without following the
// answer anywhere. Only a manifest proves something; what it holds is not looked at.
func (c *Cloud) anonymousTask(image model.Image) task {
	field := func(s *model.Situation) map[string]model.Fact[model.ImageFact] { return s.Anonymous }
	a := operation{action: "see image " + image.Short() + " without signing in", resource: image.Repository.Resource()}
	return storeIn(field, image.String(), a, func(ctx context.Context) (model.ImageFact, error) {
		return c.readAnonymously(ctx, image)
	})
}

func (c *Cloud) readAnonymously(ctx context.Context, image model.Image) (model.ImageFact, error) {
	url, ok := manifestURL(image)
	if !ok {
		return model.ImageFact{}, fmt.Errorf("%s is not asked without signing in", image.Host)
	}
	ctx, cancel := context.WithTimeout(transport.WithCallOptions(ctx, transport.CallOptions{NoRetry: true}), anonymousTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return model.ImageFact{}, err
	}
	req.Header.Set("Accept", manifestTypes)
	resp, err := c.anonymous.Do(req)
	if err != nil {
		return model.ImageFact{}, err
	}
	_ = resp.Body.Close() // nothing of it is read
	if resp.StatusCode != http.StatusOK {
		return model.ImageFact{}, fmt.Errorf("asked without signing in, %s answered with status %d", image.Host, resp.StatusCode)
	}
	digest := resp.Header.Get("Docker-Content-Digest")
	if !digestPattern.MatchString(digest) {
		digest = ""
	}
	return model.ImageFact{Digest: digest}, nil
}

var digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// manifestURL is where the manifest is served (OCI distribution specification); ok is false for a host that is not
// Artifact Registry's.
func manifestURL(i model.Image) (url string, ok bool) {
	if i.Registry != model.ArtifactRegistry || i.Regional {
		return "", false
	}
	name := strings.TrimPrefix(i.Base(), i.Host+"/")
	reference := i.Tag
	if i.Digest != "" {
		reference = i.Digest
	}
	return "https://" + i.Host + "/v2/" + name + "/manifests/" + reference, true
}
