// Command scorecard writes docs/scorecard.md: the result of each control in each environment, judging by its golden
// graph; the results for the account; and the tests of controls that no graph shows. It runs in its own folder.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/msur/platform/rehearsal/controls"
)

//go:generate go run .

// root is the repository's folder, and target the document in it.
const (
	root   = "../.."
	target = "docs/scorecard.md"
)

func main() {
	document, err := generate(os.DirFS(root))
	if err == nil {
		err = os.WriteFile(root+"/"+target, []byte(document), 0o600)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "writing the score card:", err)
		os.Exit(1)
	}
}

// asOf returns the day of the check, because Kubernetes versions go out of support (K2). It is fixed so that the page
// does not change without a commit.
func asOf() time.Time { return time.Date(2026, time.November, 25, 0, 0, 0, 0, time.UTC) }

// generate returns the document.
func generate(files fs.FS) (string, error) {
	environments, account, err := read(files)
	if err != nil {
		return "", err
	}

	return render(check(environments, account))
}

// read reads the golden graphs of the environments and of the account.
func read(files fs.FS) (map[string]controls.Environment, controls.Environment, error) {
	environments, err := controls.ReadGoldens(files, asOf())
	if err != nil {
		return nil, controls.Environment{}, err
	}

	account, err := controls.ReadGolden(files, "infra/bootstrap/account/testdata/account.json", asOf())

	return environments, account, err
}
