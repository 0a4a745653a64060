package failure

// CompactText is the text in which names are looked for.
func CompactText(text string) string { return newSearchText(normalize(text)).compact }

// Fields are what was read, without the words and what they are made of.
func Fields(f Failure) Failure {
	return Failure{Cause: f.Cause, Image: f.Image, ImageProject: f.ImageProject, ConsumerProject: f.ConsumerProject, Workload: f.Workload, Principal: f.Principal,
		ServiceAccount: f.ServiceAccount, Repository: f.Repository, Permission: f.Permission, API: f.API}
}

// SameError reports whether two messages are of one error.
func SameError(f, g Failure) bool { return f.isSameError(g) }
