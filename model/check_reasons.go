package model

import "slices"

// ImageNames name what is to be run: the images, or the repository where no image is known yet.
func ImageNames(s Situation, d Diagnosis) []string {
	if r := s.Question.Repository; r.ID != "" {
		return []string{"images of " + r.String()}
	}
	var names []string
	for _, i := range d.Images {
		names = append(names, i.Reference)
	}
	if len(names) == 0 {
		return []string{"an image that is not known"}
	}
	return names
}

// Reasons are the sentences that say why checks have a verdict, and what to do about it, each once.
func Reasons(checks []Check, v Verdict) []string {
	var sentences []string
	for _, c := range checks {
		parts := append([]string{c.OpinionSentence()}, c.Advice...)
		if v != Unknown {
			parts = append([]string{c.Reason}, parts...)
		}
		for _, s := range parts {
			if s != "" && !slices.Contains(sentences, s) {
				sentences = append(sentences, s)
			}
		}
	}
	return sentences
}

// Unclosed are the checks that are missing or denied and that no step of a plan closes.
func (d Diagnosis) Unclosed() []Check {
	return slices.DeleteFunc(d.NotFixable(), func(c Check) bool { return c.Verdict == Unknown })
}
