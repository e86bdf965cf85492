// Command scorecard writes docs/scorecard.md: how each control stands in each environment, by its golden graph, how
// those of the account stand, and which test holds those that no graph says anything of. It runs in its own folder.
package main

import (
	"fmt"
	"io/fs"
	"os"
)

//go:generate go run .

// root is the repository's, and target the document that is written.
const (
	root   = "../.."
	target = "docs/scorecard.md"
)

func main() {
	files := os.DirFS(root)

	text, err := generate(files)
	if err == nil {
		err = os.WriteFile(root+"/"+target, []byte(text), 0o600)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "writing the score card:", err)
		os.Exit(1)
	}
}

// generate returns the document.
func generate(files fs.FS) (string, error) {
	known, err := readEnvironments(files)
	if err != nil {
		return "", err
	}

	account, err := readAccount(files)
	if err != nil {
		return "", err
	}

	return page(check(known, account))
}
