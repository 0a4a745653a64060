// Package model says what is true about images, identities, policies, access and plans.
//
// It is pure: no network, no file, no clock, no terminal. Facts from Google Cloud come in as a Situation,
// together with what could not be read. Diagnose turns them into a Diagnosis. PlanFor turns that into the
// Plan that closes what is missing. Wants says which facts must be read before either is final.
package model
