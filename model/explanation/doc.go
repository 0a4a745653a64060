// Package explanation explains the lines of the map and the rows of the registry to somebody who has never seen IAM. It
// answers three questions: what is this, why is it needed, and what to do.
//
// It is one catalogue of short sentences in English and Japanese. Each has its source: a page of Google's, what was read
// here, or that it is not documented. Which of them are said depends on values alone: the check, what its verdict rests on,
// and the step that closes it. Like model it is pure.
package explanation
