package failure

// causeWords say each cause in a line; the word that programs get stands before it.
var causeWords = map[Cause]string{
	Puller:             "the Cloud Run service agent can't read the image",
	DeployerRead:       "whoever deploys can't read the image",
	ActAs:              "whoever deploys may not act as the runtime service account",
	RunAs:              "the Cloud Run service agent can't get tokens for the runtime service account",
	ImageNotFound:      "the image does not exist",
	ImageReference:     "Cloud Run does not take images from there",
	APIDisabled:        "an API is off",
	RegistryDenied:     "the registry refused whoever asked",
	RepositoryNotFound: "the repository does not exist",
	Permission:         "a permission is missing",
	MemberNotFound:     "a member does not exist",
	OrgPolicy:          "an organization policy refused a member",
	ServiceControls:    "a service perimeter refused the request",
	ConcurrentChange:   "two writers met on one policy",
	NotAccess:          "no question of access",
	Unrecognized:       "no cause could be read",
}

// Words say the cause in a line.
func (c Cause) Words() string { return causeWords[c] }

// Named lists what was read out of the text, each with its name for people.
func (f Failure) Named() [][2]string {
	var named [][2]string
	var workload string
	if w := f.Workload; w != nil {
		workload = w.Kind.Words() + " " + w.Name + " in " + w.Region
	}
	for _, one := range [][2]string{{"image", f.Image}, {"image project", f.ImageProject}, {"consumer project", f.ConsumerProject},
		{"workload", workload}, {"principal", f.Principal}, {"service account", f.ServiceAccount}, {"repository", f.Repository}, {"permission", f.Permission}, {"API", f.API}} {
		if one[1] != "" {
			named = append(named, one)
		}
	}
	return named
}
