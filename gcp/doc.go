// Package gcp is the one place that talks to Google Cloud: it reads the facts that a model.Situation is made of, lists
// what a person can pick from, and performs a model.Step.
//
// The same code speaks to Google and to a sandbox; only where a connection goes and who calls differ (connect.go).
// Perform is the only function that changes anything.
package gcp
