// Command scorecard writes docs/scorecard.md: the result of each control in each environment, judging by its golden
// graph; the results for the account; and the tests of controls that no graph shows. It runs in its own folder.
package main

import (
	"fmt"
	"io/fs"
	"os"
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

// generate returns the document.
func generate(files fs.FS) (string, error) {
	environments, err := readEnvironments(files)
	if err != nil {
		return "", err
	}

	account, err := readAccount(files)
	if err != nil {
		return "", err
	}

	return render(check(environments, account))
}
