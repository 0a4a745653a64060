package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// prose names the fields whose sentences may change. Two of them agree when both say something or both say nothing.
var prose = []string{"advice", "caution", "description", "headline", "hints", "message", "next", "notes", "reason", "result", "status_text",
	"summary", "text", "title", "warning", "why", "words", "gcloudNeeds"}

// volatile names the fields that differ from one run to the next. What is tested first depends on the order of answers.
var volatile = []string{"at", "commit", "date", "entry", "go", "indexed", "pid", "run", "tested", "time", "undoes", "until", "version"}

// drawn is a value that is drawn at random: the id of an entry of the journal, or of a sandbox.
var drawn = regexp.MustCompile(`^([a-z0-9]{10}|sandbox:[A-Z0-9]{26})$`)

// comparison collects what is different between two results.
type comparison struct {
	differences []string
	structured  bool // more than the exit code was compared
}

func (c *comparison) add(format string, args ...any) {
	c.differences = append(c.differences, fmt.Sprintf(format, args...))
}

// results compares two runs of one command.
func (c *comparison) results(before, after result) {
	if before.code != after.code {
		c.add("exit code %d, was %d; standard error: %s", after.code, before.code, firstLine(after.stderr))
	}
	if before.stdout == "" != (after.stdout == "") {
		c.add("standard output is %q, was %q", firstLine(after.stdout), firstLine(before.stdout))
		return
	}
	if before.stdout == "" {
		return
	}
	c.structured = true
	switch format := formatOf(before); format {
	case "help":
		c.lines("flags", flagsOf(before.stdout), flagsOf(after.stdout))
	case "complete":
		c.lines("completions", completions(before.stdout), completions(after.stdout))
	case "json", "yaml":
		c.documents(format, before.stdout, after.stdout)
	case "csv":
		c.tables(before.stdout, after.stdout)
	case "html":
		c.lines("rows", []string{fmt.Sprint(strings.Count(before.stdout, "<tr"))}, []string{fmt.Sprint(strings.Count(after.stdout, "<tr"))})
		c.lines("header", headerCell.FindAllString(before.stdout, -1), headerCell.FindAllString(after.stdout, -1))
	case "gcloud", "terraform", "terraform-removed":
		c.lines("lines", statements(before.stdout), statements(after.stdout))
	default:
		c.structured = false
	}
}

// headerCell is a heading of a table of a page.
var headerCell = regexp.MustCompile(`<th[ >][^<]*`)

// formatOf says how a result is to be read.
func formatOf(r result) string {
	format := ""
	if r.name == "cat" && strings.HasPrefix(r.stdout, "{") {
		return "json"
	}
	for i, arg := range r.args {
		switch value, ok := strings.CutPrefix(arg, "--format="); {
		case arg == "--":
			return format
		case arg == "--help" || arg == "-h" || i == 0 && arg == "help":
			return "help"
		case i == 0 && strings.HasPrefix(arg, "__complete"):
			return "complete"
		case ok:
			format = value
		case arg == "--format" && i+1 < len(r.args):
			format = r.args[i+1]
		}
	}
	return format
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// lines compares lists of lines.
func (c *comparison) lines(what string, before, after []string) {
	if slices.Equal(before, after) {
		return
	}
	for _, line := range before {
		if !slices.Contains(after, line) {
			c.add("%s: gone: %s", what, line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			c.add("%s: new: %s", what, line)
		}
	}
	if len(c.differences) == 0 {
		c.add("%s: in another order or number: %q, were %q", what, after, before)
	}
}

// completions are the words that a shell completes, without what is said about them.
func completions(output string) (words []string) {
	for line := range strings.Lines(output) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		words = append(words, word)
	}
	return words
}

// statements are the lines that are not comments: commands, or a configuration.
func statements(output string) (lines []string) {
	for line := range strings.Lines(output) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// tables compares the headers and the number of rows of two CSV files.
func (c *comparison) tables(before, after string) {
	old, errOld := csv.NewReader(strings.NewReader(before)).ReadAll()
	now, errNew := csv.NewReader(strings.NewReader(after)).ReadAll()
	if errOld != nil || errNew != nil || len(old) == 0 || len(now) == 0 {
		c.add("the CSV can't be read: %v, was %v", errNew, errOld)
		return
	}
	c.lines("columns", old[0], now[0])
	if len(old) != len(now) {
		c.add("%d rows, were %d", len(now)-1, len(old)-1)
	}
}

// documents compares two JSON or YAML documents.
func (c *comparison) documents(format, before, after string) {
	old, errOld := decode(format, before)
	now, errNew := decode(format, after)
	if errOld != nil || errNew != nil {
		c.add("the document can't be read: %v, was %v", errNew, errOld)
		return
	}
	c.values("document", "", old, now)
}

// decode reads the documents of an output and keeps the order of their fields.
func decode(format, text string) (any, error) {
	if format == "yaml" {
		var value any
		err := yaml.UnmarshalWithOptions([]byte(text), &value, yaml.UseOrderedMap())
		return value, err
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	all := []any{}
	for {
		value, err := decodeValue(d)
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, value)
	}
}

// decodeValue reads one JSON value.
func decodeValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		fields := yaml.MapSlice{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			fields = append(fields, yaml.MapItem{Key: key, Value: value})
		}
		_, err = d.Token()
		return fields, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err
	}
	return token, nil
}

// values compares two values of a field; at is where it stands.
func (c *comparison) values(at, field string, before, after any) {
	if slices.Contains(prose, field) {
		if isEmpty(before) != isEmpty(after) {
			c.add("%s: %v, was %v", at, after, before)
		}
		return
	}
	if fmt.Sprintf("%T", before) != fmt.Sprintf("%T", after) {
		c.add("%s: %v (%T), was %v (%T)", at, after, after, before, before)
		return
	}
	if slices.Contains(volatile, field) {
		return
	}
	switch old := before.(type) {
	case yaml.MapSlice:
		c.fields(at, old, after.(yaml.MapSlice))
	case []any:
		now := after.([]any)
		if len(old) != len(now) {
			c.add("%s: %d elements, were %d", at, len(now), len(old))
		}
		for i := range min(len(old), len(now)) {
			c.values(fmt.Sprintf("%s[%d]", at, i), field, old[i], now[i])
		}
	case string:
		if old != after.(string) && (!drawn.MatchString(old) || !drawn.MatchString(after.(string))) {
			c.add("%s: %q, was %q", at, after, old)
		}
	default:
		if before != after {
			c.add("%s: %v, was %v", at, after, before)
		}
	}
}

// fields compares two objects: the same fields in the same order.
func (c *comparison) fields(at string, before, after yaml.MapSlice) {
	names := func(fields yaml.MapSlice) (list []string) {
		for _, f := range fields {
			list = append(list, fmt.Sprint(f.Key))
		}
		return list
	}
	if old, now := names(before), names(after); !slices.Equal(old, now) {
		c.lines(at+": fields", old, now)
		return
	}
	for i := range before {
		name := fmt.Sprint(before[i].Key)
		c.values(at+"."+name, name, before[i].Value, after[i].Value)
	}
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}
