package failure_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
	"whopulls/model/failure"
)

// allTexts are all that the tests know by name: the samples and the texts of the field, read right yet or not.
func allTexts(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, s := range samples(t) {
		all[s.ID] = s.Text
	}
	for _, c := range postedCases(t) {
		all[c.name] = c.text
	}
	return all
}

// Whatever a text says, its reading is clean and made of what stands in it.
func TestPostedTextsAreClean(t *testing.T) {
	for name, text := range allTexts(t) {
		t.Run(name, func(t *testing.T) { checkReading(t, text) })
	}
}

var (
	mailInText         = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	memberFlag         = regexp.MustCompile(`--member='?(?:[a-zA-Z]+:)?([^\s']+)`)
	grantedAccount     = regexp.MustCompile(`service-accounts add-iam-policy-binding '?([^\s']+)`)
	capitalMail        = regexp.MustCompile(`(?:^|[.:] )[A-Z][\w.+-]*@`)
	causesWithoutGrant = []failure.Cause{failure.NotAccess, failure.Unrecognized, failure.ServiceControls, failure.OrgPolicy, failure.ImageNotFound, failure.ConcurrentChange}
)

// A command that is printed runs as it stands: it names nobody that the text doesn't name, gives no account a role on
// itself (none of these texts is about one that acts as itself), and grants nothing where no grant helps. The other errors
// of a text are held to the same.
func TestAdviceForPostedTexts(t *testing.T) {
	for name, text := range allTexts(t) {
		t.Run(name, func(t *testing.T) {
			f := failure.Read(text)
			for _, one := range append([]failure.Failure{f}, f.Others...) {
				checkAdvice(t, text, one)
			}
		})
	}
}

func checkAdvice(t *testing.T, text string, f failure.Failure) {
	t.Helper()
	tight := failure.CompactText(text)
	for _, words := range append([]string{f.Summary}, model.AdviceLines(f.Next)...) {
		if mail := capitalMail.FindString(words); mail != "" && !strings.Contains(tight, strings.TrimLeft(mail, ".: ")) {
			t.Errorf("an e-mail begins with a capital: %s", words)
		}
	}
	for _, next := range f.Next {
		if next.Command != "" {
			checkCommand(t, strings.ToLower(tight), f, next)
		}
	}
}

func checkCommand(t *testing.T, tight string, f failure.Failure, next model.Advice) {
	t.Helper()
	for _, mail := range mailInText.FindAllString(next.Command, -1) {
		if !strings.Contains(tight, strings.ToLower(mail)) {
			t.Errorf("%s names %s, which the text doesn't", next.Command, mail)
		}
	}
	member, account := memberFlag.FindStringSubmatch(next.Command), grantedAccount.FindStringSubmatch(next.Command)
	if member == nil {
		return
	}
	if account != nil && account[1] == member[1] {
		t.Errorf("%s gives an account a role on itself", next.Command)
	}
	if slices.Contains(causesWithoutGrant, f.Cause) {
		t.Errorf("%s is of no help against %s", next.Command, f.Cause)
	}
	if shellescape.Quote(member[1]) != member[1] {
		t.Errorf("%s has a member that is not one", next.Command)
	}
}
