package scenarios_test

import (
	"regexp"
	"slices"
	"strings"
)

// together leaves out what is not run, and makes one block of those that are run in the same shell one after the other,
// each line where it was: to open the rehearsal's shell takes a second.
func together(blocks []block) []block {
	var all []block

	for _, b := range blocks {
		last := len(all) - 1

		switch {
		case b.mark != "" && b.settings().text == "", b.mark == "" && b.isElsewhere():
		case last < 0 || b.mark != "" || all[last].mark != "" || all[last].ofPulumi() != b.ofPulumi():
			all = append(all, b)
		default:
			between := b.line - all[last].line - strings.Count(all[last].text, "\n")
			all[last].text += `cd "$project"` + strings.Repeat("\n", between) + b.text
		}
	}

	return all
}

// settings is what a block sets in stack files, each line where it was, and a preview after the last one.
func (b block) settings() block {
	var stacks []string

	lines, last := strings.Split(b.text, "\n"), -1

	for i, line := range lines {
		found := setsIn.FindStringSubmatch(line)
		if found == nil || found[1] == "account" { // its settings are those of another project
			lines[i] = ""

			continue
		}

		stacks, last = append(stacks, found[1]), i
	}

	if last < 0 || b.mark != needsAccount {
		return block{}
	}

	slices.Sort(stacks)

	for _, stack := range slices.Compact(stacks) {
		lines[last] += " && pulumi preview --stack " + stack
	}

	b.text = strings.Join(lines, "\n")

	return b
}

var toFail = regexp.MustCompile(`(?m)^(.+\S) +# (.*\b(?:refused|fails)\b.*)$`)

// script is what bash reads: each line where it is in the document. Whoever is asked by pulumi says yes, what make
// builds first is built, and what is run elsewhere is passed over.
func (b block) script(failed string) string {
	targets := make([]string, 0, len(elsewhere()))
	for target := range elsewhere() {
		targets = append(targets, target)
	}

	slices.Sort(targets)

	before := "set -eo pipefail; project=$PWD; trap 'echo $LINENO >" + failed + "' ERR; " +
		`make() { for word in "$@"; do case $word in ` + strings.Join(targets, "|") + `) return ;; esac; done; ` +
		`command make --no-print-directory -o rehearsal "$@" || return; }; ` +
		`pulumi() { case "$*" in *--preview-only*) ;; cancel*) set -- "$@" --yes ;; ` +
		`up*|refresh*|destroy*) set -- "$@" --yes --skip-preview ;; esac; command pulumi "$@" || return; }; `

	text := toFail.ReplaceAllString(b.text, `if $1; then echo "it was to fail: $2" >&2; (exit 1); fi`)

	return before + strings.Repeat("\n", b.line-1) + text
}
