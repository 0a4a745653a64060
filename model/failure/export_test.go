package failure

// Tight is the text in which names are looked for.
func Tight(text string) string { return newMessage(normalise(text)).tight }

// Fields are what was read, without the words and what they are made of.
func Fields(f Failure) Failure {
	return Failure{Cause: f.Cause, Image: f.Image, ImageProject: f.ImageProject, ConsumerProject: f.ConsumerProject, Workload: f.Workload, Principal: f.Principal,
		ServiceAccount: f.ServiceAccount, Repository: f.Repository, Permission: f.Permission, API: f.API}
}

// SaysTheSame tells whether two messages are of one error.
func SaysTheSame(f, g Failure) bool { return f.same(g) }
