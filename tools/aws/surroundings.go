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
	assignment = regexp.MustCompile(`(?m)(?:^|[\s;(&|])(\w+)=|\bread(?: -rs?)?((?: [A-Za-z_]\w*)+)\b|\bfor (\w+) in\b`)
	use        = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)
)

// checkAll checks every command, and that each has a region and the variables that it uses.
func (a apis) checkAll(parts []part) []error {
	var (
		problems []error
		file     string
		assigned map[string]bool
	)

	for _, p := range parts {
		for _, c := range p.commands() {
			problems = append(problems, a.check(c))
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

// assigned returns the variables that a part assigns.
func (p part) assigned() map[string]bool {
	names := map[string]bool{}

	for _, found := range assignment.FindAllStringSubmatch(p.text, -1) {
		for name := range strings.FieldsSeq(strings.Join(found[1:], " ")) {
			names[name] = true
		}
	}

	return names
}

// needsRegion reports whether a command is regional and has no --region. In a workflow, an action sets the region.
func (c command) needsRegion() bool {
	global := c.service == "iam" || c.service == "sts"
	given := slices.ContainsFunc(c.arguments, func(word argument) bool { return word.text == "--region" })

	return !global && !given && !strings.Contains(c.at, ".yml:")
}

// checkSurroundings checks that the part, or an earlier part of the file, assigns the variables that the part uses.
func (p part) checkSurroundings(assigned map[string]bool) []error {
	var problems []error

	for _, c := range p.commands() {
		if !assigned["AWS_REGION"] && c.needsRegion() {
			problems = append(problems,
				fmt.Errorf("%s: aws %s: expected export AWS_REGION=… in an earlier block", c.at, c.name()))
		}
	}

	if filepath.Ext(p.file) != document {
		return problems // shellcheck finds the variables of scripts
	}

	for i, line := range strings.Split(p.text, "\n") {
		for _, found := range use.FindAllStringSubmatch(line, -1) {
			if !assigned[found[1]] {
				problems = append(problems, fmt.Errorf("%s:%d: no earlier block assigns $%s", p.file, p.line+i, found[1]))
			}
		}
	}

	return problems
}
