// Score checks all controls on FILE, an exported state or a preview of a real account, prints the results and writes
// them as SARIF. It fails if a control fails. It runs in its module's folder. The rehearsal has no such command: that
// takes minutes to build.
package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/sarif"
)

// root is the repository's folder.
const root = ".."

func main() {
	if err := run(os.Getenv("FILE"), os.DirFS(root), root+"/out", os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run scores a file with those of the repository, and writes score.sarif into a folder.
func run(file string, repository fs.FS, folder string, out io.Writer, now time.Time) error {
	scored, err := read(file)
	if err != nil {
		return err
	}

	findings := controls.Score(controls.NewEnvironment(scored.known, repository, now), scored.changed)

	text, err := sarif.Of(scored.stack, controls.StackFile(repository, scored.stack), findings)
	if err != nil {
		return fmt.Errorf("scoring %s: %w", scored.stack, err)
	}

	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}

	if err := os.WriteFile(filepath.Join(folder, "score.sarif"), text, 0o600); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}

	failed, err := show(out, findings)
	if err != nil {
		return err
	}

	fmt.Fprintln(out, "\nResults as SARIF: out/score.sarif")

	if len(failed) > 0 {
		return fmt.Errorf("%s fails these controls: %s; the table has the reasons", scored.stack, strings.Join(failed, ", "))
	}

	return nil
}

// show prints a table of the findings, and returns the ids of the failed controls.
func show(out io.Writer, findings []controls.Finding) ([]string, error) {
	var failed []string

	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RESULT\t\tCONTROL\tREASON")

	for _, found := range findings {
		if found.Result == controls.Fail {
			failed = append(failed, found.ID)
		}

		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", found.Result, found.ID, found.Title, found.Reason)
	}

	if err := table.Flush(); err != nil {
		return nil, fmt.Errorf("printing the results: %w", err)
	}

	return failed, nil
}
