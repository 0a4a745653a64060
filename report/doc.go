// Package report writes what was found, for people who were not there: as a table for a spreadsheet, as Markdown for a
// ticket, as a page that stands alone. It is pure: findings in, bytes out.
package report
