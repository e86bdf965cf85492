package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// command is a command of the AWS CLI in a file of the repository.
type command struct {
	// at is its place: docs/operations.md:88.
	at string
	// service and operation are its first two words. If the second is "wait", the operation includes the third.
	service, operation string
	arguments          []argument
	// mentioned reports whether a sentence mentions the command, which then need not be complete.
	mentioned bool
}

// name returns the words after "aws".
func (c command) name() string { return c.service + " " + c.operation }

// waiter returns the name of the waiter that the command calls, and whether it calls one.
func (c command) waiter() (string, bool) { return strings.CutPrefix(c.operation, "wait ") }

// document is the extension of documents.
const document = ".md"

// part is a part of a file that contains commands.
type part struct {
	file string
	// line is the line of the first command.
	line      int
	text      string
	mentioned bool
}

// repositoryParts returns the parts of all documents, scripts and workflows that git does not ignore.
func repositoryParts(ctx context.Context, root string) ([]part, error) {
	git := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	git.Dir = root

	listed, err := git.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the files of the repository: %w", err)
	}

	var all []part

	for name := range strings.SplitSeq(strings.TrimRight(string(listed), "\x00"), "\x00") {
		if !hasCommands(name) {
			continue
		}

		text, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted, and not committed yet
		}

		if err != nil {
			return nil, fmt.Errorf("reading the repository: %w", err)
		}

		all = append(all, partsOf(name, string(text))...)
	}

	return all, nil
}

func hasCommands(file string) bool {
	known := slices.Contains([]string{document, ".sh", ".yml"}, filepath.Ext(file))

	return known && !strings.Contains(file, "testdata/") || file == "Makefile" || file == ".ci/run"
}

var (
	fence  = regexp.MustCompile("^ *```")
	inline = regexp.MustCompile("`aws [^`]+`")
	step   = regexp.MustCompile(`(?m)^[ -]*run: *[|>]?-?`)
)

// partsOf returns the parts of a file. A document contains blocks of commands, and sentences that mention commands, in
// which a line may end within a command.
func partsOf(file, text string) []part {
	if filepath.Ext(file) != document {
		return []part{{file: file, line: 1, text: step.ReplaceAllString(text, "")}}
	}

	var (
		all    []part
		prose  strings.Builder
		inside bool
	)

	for i, line := range strings.Split(text, "\n") {
		begins := fence.MatchString(line)

		switch {
		case begins && !inside:
			all = append(all, part{file: file, line: i + 2})
		case inside && !begins:
			all[len(all)-1].text += line + "\n"
		case !inside:
			prose.WriteString(line)
		}

		inside = inside != begins

		prose.WriteString("\n")
	}

	sentences := prose.String()
	for _, at := range inline.FindAllStringIndex(sentences, -1) {
		all = append(all, part{
			file: file, line: strings.Count(sentences[:at[0]], "\n") + 1, mentioned: true,
			text: strings.ReplaceAll(sentences[at[0]+1:at[1]-1], "\n", " "),
		})
	}

	return all
}

// commands returns the commands of the AWS CLI in a part. Another command, which calls it, may precede "aws".
func (p part) commands() []command {
	var all []command

	for _, shell := range commandsIn(p.text) {
		at := slices.IndexFunc(shell.words, func(word argument) bool { return word.text == "aws" && !word.quoted })
		if at < 0 || len(shell.words) < at+3 {
			continue
		}

		words := shell.words[at+1:]
		found := command{
			at: fmt.Sprintf("%s:%d", p.file, p.line+shell.line), service: words[0].text, operation: words[1].text,
			arguments: words[2:], mentioned: p.mentioned,
		}

		if found.operation == "wait" && len(found.arguments) > 0 {
			found.operation += " " + words[2].text
			found.arguments = words[3:]
		}

		all = append(all, found)
	}

	return all
}
