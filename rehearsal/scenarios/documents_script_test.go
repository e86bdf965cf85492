package scenarios_test

import (
	"regexp"
	"slices"
	"strings"
)

// merge omits blocks that are not run, and merges consecutive blocks that run in the same shell, which saves a second
// for each shell. Each line keeps its number.
func merge(blocks []block) []block {
	var all []block

	for _, b := range blocks {
		last := len(all) - 1

		switch {
		case b.mark != "" && b.settings().text == "", b.mark == "" && b.isRunElsewhere():
		case last < 0 || b.mark != "" || all[last].mark != "" || all[last].usesPulumi() != b.usesPulumi():
			all = append(all, b)
		default:
			between := b.line - all[last].line - strings.Count(all[last].text, "\n")
			all[last].text += `cd "$project"` + strings.Repeat("\n", between) + b.text
		}
	}

	return all
}

// settings returns the commands of a block that change stack files, and a preview after the last one. Each line keeps
// its number.
func (b block) settings() block {
	var stacks []string

	lines, last := strings.Split(b.text, "\n"), -1

	for i, line := range lines {
		found := checkedConfig.FindStringSubmatch(line)
		if found == nil || found[1] == "account" { // the account is another project
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

var expectedFailure = regexp.MustCompile(`(?m)^(.+\S) +# (.*\b(?:refused|fails)\b.*)$`)

// script returns the script for bash, with each line at its number in the document. The answer to pulumi's questions is
// yes; make does not build the rehearsal, and skips targets that are run elsewhere.
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

	text := expectedFailure.ReplaceAllString(b.text,
		`if $1; then echo "the command succeeded; expected a failure: $2" >&2; (exit 1); fi`)

	return before + strings.Repeat("\n", b.line-1) + text
}
