// Package report writes what was found, for people who were not there. It writes a table for a spreadsheet,
// Markdown for a ticket, or a self-contained page. It is pure: findings in, bytes out.
package report
