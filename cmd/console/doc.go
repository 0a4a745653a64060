// Package console is the terminal as the commands see it: the streams, a printer for people, marks of verdicts, questions and
// menus, and the statuses that become exit codes. It knows no command.
package console
