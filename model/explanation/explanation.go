package explanation

import (
	"strings"

	"whopulls/model"
	"whopulls/model/words"
)

// Explanation is what there is to say about one line, in no language yet.
type Explanation struct {
	values        values
	what, why, do []claim
	page          Source
	Lesson        Link // the lesson about it; empty until there is one
}

// Link is a page that a reader may open.
type Link struct{ Title, URL string }

// Section is a heading with its text.
type Section struct{ Heading, Text string }

// The three questions.
var (
	headingWhat = noun{EN: "What is this?", JA: "これは何ですか？"}
	headingWhy  = noun{EN: "Why is it needed?", JA: "なぜ必要ですか？"}
	headingDo   = noun{EN: "What to do", JA: "どうすればよいですか？"}
)

// Sections are the answers to the three questions.
func (e Explanation) Sections(language words.Language) []Section {
	section := func(heading noun, claims []claim) Section {
		return Section{unnamed(heading).Render(language), paragraph(claims, e.values, language)}
	}
	return []Section{section(headingWhat, e.what), section(headingWhy, e.why), section(headingDo, e.do)}
}

// Page is Google's page about the line, in the language of the reader.
func (e Explanation) Page(language words.Language) Link {
	if language != words.Japanese {
		return Link(e.page)
	}
	address, fragment, hasFragment := strings.Cut(e.page.URL, "#")
	if address += "?hl=ja"; hasFragment {
		address += "#" + fragment
	}
	return Link{e.page.Title, address}
}

// Remedy is what the plan has for a line.
type Remedy struct {
	Step *model.Step // closes it; nil: no step does
	Ask  *model.Step // would, and is to be asked for only when the place is known to exist; may be nil
	Made bool        // the step is in place
}

func (r Remedy) step() *model.Step {
	if r.Step == nil {
		return r.Ask
	}
	return r.Step
}

// OfCheck explains a line of the map.
func OfCheck(d model.Diagnosis, c model.Check, r Remedy) Explanation {
	return explain(c, c.Ground(), r, checkValues(d, c, r.step()))
}

func explain(c model.Check, ground model.Ground, r Remedy, v values) Explanation {
	of, rests := catalogue[c.BaseID()], grounds[ground]
	e := Explanation{values: v, what: of.what, why: of.why, page: of.page}
	if r.Made {
		e.do = r.done()
		return e
	}
	if rests.page.URL != "" {
		e.page = rests.page
	}
	e.do = append(append(e.do, rests.found...), rests.advice...)
	switch {
	case c.Verdict == model.Unknown && r.Step != nil:
		e.do = append(append(e.do, repeatIt), of.remedy...)
	case c.Verdict == model.Unknown && r.Ask != nil:
		e.do = append(append(e.do, checkOwner), of.remedy...)
	case rests.closes && ground == model.GroundAbsent && c.Permission != "":
		e.do = append(e.do, makeItFirst)
	case rests.closes:
		e.do = append(e.do, of.remedy...)
	}
	if r.asksSomebody() {
		e.do = append(e.do, askForIt)
	}
	return e
}

// done is what there is to do once the step is made: a grant still has to arrive, and a deploy shows it.
func (r Remedy) done() []claim {
	if r.step() == nil || r.step().Role == "" {
		return []claim{isDone}
	}
	return []claim{isGranted, arrivesLater, deployAgain}
}

// asksSomebody reports whether the reader may have to ask for the grant.
func (r Remedy) asksSomebody() bool {
	step := r.step()
	return step != nil && step.Role != "" && (step.Allowed == nil || !*step.Allowed)
}
