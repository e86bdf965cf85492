package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var (
	assignment = regexp.MustCompile(`(?m)(?:^|[\s;(&|])([A-Za-z_]\w*)=`)
	assigns    = regexp.MustCompile(`\b(?:read(?: -rs?)?((?: [A-Za-z_]\w*)+)|for ([A-Za-z_]\w*) in)\b`)
	uses       = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)
)

// checkAll checks every command, and that each has a region and the variables that it uses.
func (known apis) checkAll(parts []part) []error {
	var (
		problems []error
		file     string
		assigned map[string]bool
	)

	for _, p := range parts {
		for _, c := range p.commands() {
			problems = append(problems, known.check(c))
		}

		if p.mentioned {
			continue
		}

		if p.file != file {
			file, assigned = p.file, map[string]bool{"HOME": true, "PWD": true, "PATH": true}
		}

		maps.Copy(assigned, p.assigned())
		problems = append(problems, p.checkSurroundings(assigned)...)
	}

	return slices.DeleteFunc(problems, func(problem error) bool { return problem == nil })
}

// assigned returns the variables to which a part gives a value.
func (p part) assigned() map[string]bool {
	names := map[string]bool{}

	for _, found := range assignment.FindAllStringSubmatch(p.text, -1) {
		names[found[1]] = true
	}

	for _, found := range assigns.FindAllStringSubmatch(p.text, -1) {
		for name := range strings.FieldsSeq(found[1] + " " + found[2]) {
			names[name] = true
		}
	}

	return names
}

// needsRegion reports whether the command is of one region and does not say which. An action sets that of a workflow.
func (c command) needsRegion() bool {
	isGlobal := c.service == "iam" || c.service == "sts"
	says := slices.ContainsFunc(c.arguments, func(word argument) bool { return word.text == "--region" })

	return !isGlobal && !says && !strings.Contains(c.at, ".yml:")
}

// checkSurroundings checks what a part needs from those before it in the same file.
func (p part) checkSurroundings(assigned map[string]bool) []error {
	var problems []error

	for _, c := range p.commands() {
		if !assigned["AWS_REGION"] && c.needsRegion() {
			problems = append(problems, fmt.Errorf("%s: aws %s: expected export AWS_REGION=… in a block before it",
				c.at, c.name()))
		}
	}

	if filepath.Ext(p.file) != document {
		return problems // shellcheck finds the variables of scripts
	}

	for i, line := range strings.Split(p.text, "\n") {
		for _, found := range uses.FindAllStringSubmatch(line, -1) {
			if !assigned[found[1]] {
				problems = append(problems, fmt.Errorf("%s:%d: no block before it assigns $%s", p.file, p.line+i, found[1]))
			}
		}
	}

	return problems
}
