// Package console is the terminal as the commands see it. It has the streams, a printer for people, marks of
// verdicts, questions, menus, and the statuses that become exit codes. It knows no command.
package console
