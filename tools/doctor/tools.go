package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
)

// versions matches a version in the output of a program.
var versions = regexp.MustCompile(`([0-9]+)\.([0-9]+)[0-9.]*`)

var errNoVersion = errors.New("prints no version")

// tools finds the programs that a deployment needs (docs/real-account.md, "Tools").
func (d *doctor) tools(ctx context.Context) []finding {
	minor, _ := numbers(d.settings.Cluster.Version)

	return slices.Concat(
		d.tool(ctx, "pulumi 3.257 or later", []int{3, 257}, []int{4, 0}, "pulumi", "version"),
		d.tool(ctx, "AWS CLI 2", []int{2, 0}, []int{3, 0}, "aws", "--version"),
		// kubectl works with the minors next to its own (Kubernetes, "Version Skew Policy").
		d.tool(ctx, "kubectl of a minor next to "+d.settings.Cluster.Version,
			[]int{minor[0], minor[1] - 1}, []int{minor[0], minor[1] + 2}, "kubectl", "version", "--client"),
	)
}

// tool finds whether a program's version is at least one and below another.
func (d *doctor) tool(
	ctx context.Context, expected string, least, below []int, program string, args ...string,
) []finding {
	found := finding{status: missing, subject: program, fix: "install " + expected}

	output, err := d.run(ctx, program, args...)
	if errors.Is(err, exec.ErrNotFound) {
		found.text = "got none, expected " + expected

		return []finding{found}
	}

	version, text := numbers(string(output))

	switch {
	case err != nil:
		return failed(program, err)
	case text == "":
		return failed(program, errNoVersion)
	case slices.Compare(version, least) < 0, slices.Compare(version, below) >= 0:
		found.text = fmt.Sprintf("got %s, expected %s", text, expected)
	default:
		return []finding{{status: ready, subject: program, text: text}}
	}

	return []finding{found}
}

// numbers returns the first two numbers of the first version in a text, and the version.
func numbers(text string) ([]int, string) {
	match := versions.FindStringSubmatch(text)
	if match == nil {
		return []int{0, 0}, ""
	}

	major, _ := strconv.Atoi(match[1])
	minor, _ := strconv.Atoi(match[2])

	return []int{major, minor}, match[0]
}
