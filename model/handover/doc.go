// Package handover writes a plan for people and tools that make its changes elsewhere. It writes a Terraform
// configuration, or a change request for a ticket or a mail. It also reads a Terraform state and finds the
// resources that hold a binding. Like model it is pure.
package handover
