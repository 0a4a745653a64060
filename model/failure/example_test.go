package failure_test

import (
	"fmt"

	"whopulls/model/failure"
)

// What gcloud printed names the service agent: who is at fault, the image, and its project.
func ExampleRead() {
	f := failure.Read("ERROR: (gcloud.run.deploy) Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com " +
		"must have permission to read the image, us-docker.pkg.dev/myproject-b/myrepo/app:v1.")
	fmt.Println(f.Cause, f.Identity)
	fmt.Println(f.Image, f.ImageProject)
	fmt.Println(f.Headline())
	// Output:
	// puller puller
	// us-docker.pkg.dev/myproject-b/myrepo/app:v1 myproject-b
	// PULLS can't read the image
}
