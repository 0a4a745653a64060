package failure

import "slices"

// mostOthers bounds how many errors a reading lists; a log may hold thousands.
const mostOthers = 20

// ranked reads the messages and puts the errors about Cloud Run first, each group in the order of the text. What is said
// again is left out.
func ranked(parts []part) []reading {
	var ofRun, ofOther []reading
	for _, p := range parts {
		r := p.read()
		switch {
		case again(ofRun, r) || again(ofOther, r):
		case r.matter.cloudRun && len(ofRun) <= mostOthers:
			ofRun = append(ofRun, r)
		case !r.matter.cloudRun && len(ofOther) <= mostOthers:
			ofOther = append(ofOther, r)
		}
	}
	all := slices.Concat(ofRun, ofOther)
	return all[:min(len(all), mostOthers+1)]
}

// again tells whether an error is among those that were read before. The message that tells more of it stays.
func again(before []reading, r reading) bool {
	at := slices.IndexFunc(before, func(b reading) bool { return b.same(r.Failure) })
	if at < 0 {
		return false
	}
	if b := before[at]; b.Cause == r.Cause && r.tells() > b.tells() || tails[r.Cause][b.Cause] {
		before[at] = r
	}
	return true
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
