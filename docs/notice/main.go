// Command notice writes NOTICE: the modules that the program's binaries contain, and their licences in full. It lists what the
// go command links for each system and processor of a release, so nothing that only tests use.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "notice:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: notice FILE   (in the top folder of the repository)")
	}
	text, err := notice(ctx, ".")
	if err != nil {
		return err
	}
	return os.WriteFile(args[0], text, 0o644)
}

// notice gives the text of NOTICE for the repository in a folder.
func notice(ctx context.Context, folder string) ([]byte, error) {
	platforms, err := releasedPlatforms(folder)
	if err != nil {
		return nil, err
	}
	modules, err := linkedModules(ctx, folder, platforms)
	if err != nil {
		return nil, err
	}
	var all []licensedModule
	for _, m := range modules {
		l, err := readLicences(m)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	apache, err := os.ReadFile(folder + "/LICENSE")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	writeNotice(&b, all, normalize(string(apache)))
	return b.Bytes(), nil
}
