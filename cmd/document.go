package cmd

import (
	"fmt"
	"io"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
)

// writeResult writes a result by one of its two writers: as a document for programs, or as text for people.
func (p *program) writeResult(f options.Format, document any, write func(*console.Printer)) error {
	if f.IsDocument() {
		return writeDocument(p.io.Out, f, document)
	}
	out := p.io.OutPrinter()
	write(out)
	return out.Err
}

// writeDocument writes one document in the format, JSON or YAML.
func writeDocument(w io.Writer, f options.Format, document any) error {
	write := view.JSON
	if f == options.FormatYAML {
		write = view.YAML
	}
	if err := write(w, document); err != nil {
		return fmt.Errorf("writing the result as %s: %w", f, err)
	}
	return nil
}
