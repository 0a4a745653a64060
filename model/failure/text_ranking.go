package failure

import "slices"

// maxOthers bounds how many errors a reading lists; a log may hold thousands.
const maxOthers = 20

// parseMessages reads the messages and puts the errors about Cloud Run first, each group in the order of the text. What is said
// again is left out.
func parseMessages(messages []errorMessage) []parsedMessage {
	var cloudRun, rest []parsedMessage
	for _, p := range messages {
		r := p.parse()
		switch {
		case mergeRepeat(cloudRun, r) || mergeRepeat(rest, r):
		case r.details.aboutCloudRun && len(cloudRun) <= maxOthers:
			cloudRun = append(cloudRun, r)
		case !r.details.aboutCloudRun && len(rest) <= maxOthers:
			rest = append(rest, r)
		}
	}
	all := slices.Concat(cloudRun, rest)
	return all[:min(len(all), maxOthers+1)]
}

// mergeRepeat reports whether an error is among those that were read before. The message that tells more of it stays.
func mergeRepeat(before []parsedMessage, r parsedMessage) bool {
	at := slices.IndexFunc(before, func(b parsedMessage) bool { return b.isSameError(r.Failure) })
	if at < 0 {
		return false
	}
	if b := before[at]; b.Cause == r.Cause && r.fieldCount() > b.fieldCount() || trailingCauses[r.Cause][b.Cause] {
		before[at] = r
	}
	return true
}

// comparedFields are the fields by which two readings are compared.
func (f Failure) comparedFields() [8]string {
	return [8]string{f.Image, f.ImageProject, f.ConsumerProject, f.Principal, f.ServiceAccount, f.Repository, f.Permission, f.API}
}

// fieldCount counts what was read.
func (f Failure) fieldCount() (n int) {
	for _, one := range f.comparedFields() {
		if one != "" {
			n++
		}
	}
	return n
}

// isSameError reports whether two messages are of one error: a retry, or the same with fewer words. They say nothing against each
// other, and share a name, or one of them tells nothing that the other does not.
func (f Failure) isSameError(g Failure) bool {
	if f.Cause != g.Cause && !trailingCauses[f.Cause][g.Cause] && !trailingCauses[g.Cause][f.Cause] || f.details.variant != g.details.variant {
		return false
	}
	shared, onlyF, onlyG := 0, 0, 0
	of, og := f.comparedFields(), g.comparedFields()
	for i := range of {
		switch {
		case of[i] == og[i] && of[i] != "":
			shared++
		case of[i] != "" && og[i] != "":
			return false
		case of[i] != "":
			onlyF++
		case og[i] != "":
			onlyG++
		}
	}
	if f.Cause != g.Cause {
		return shared > 0
	}
	return shared > 0 || onlyF == 0 || onlyG == 0
}
