package failure

import "slices"

// mostOthers bounds how many errors a reading lists; a log may hold thousands.
const mostOthers = 20

// ranked puts the errors about Cloud Run first, each group in the order of the text, and leaves out what is said again.
func ranked(all []Failure) []Failure {
	var once []Failure
	for _, f := range all {
		at := slices.IndexFunc(once, func(before Failure) bool { return before.same(f) })
		switch {
		case at < 0:
			once = append(once, f)
		case once[at].Cause == f.Cause && f.tells() > once[at].tells() || tails[f.Cause][once[at].Cause]:
			once[at] = f
		}
	}
	slices.SortStableFunc(once, func(a, b Failure) int { return b.rank() - a.rank() })
	return once[:min(len(once), mostOthers+1)]
}

func (f Failure) rank() int {
	if f.matter.cloudRun {
		return 1
	}
	return 0
}

// named are the fields by which two readings are compared.
func (f Failure) named() [8]string {
	return [8]string{f.Image, f.ImageProject, f.ConsumerProject, f.Principal, f.ServiceAccount, f.Repository, f.Permission, f.API}
}

// tells counts what was read.
func (f Failure) tells() (n int) {
	for _, one := range f.named() {
		if one != "" {
			n++
		}
	}
	return n
}

// same tells whether two messages are of one error: a retry, or the same with fewer words. They say nothing against each
// other, and share a name, or one of them tells nothing that the other does not.
func (f Failure) same(g Failure) bool {
	if f.Cause != g.Cause && !tails[f.Cause][g.Cause] && !tails[g.Cause][f.Cause] || f.matter.wording != g.matter.wording {
		return false
	}
	shared, onlyF, onlyG := 0, 0, 0
	of, og := f.named(), g.named()
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
