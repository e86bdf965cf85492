package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/infra/bootstrap/access"
	"github.com/msur/platform/infra/bootstrap/account"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/scope"
	"github.com/msur/platform/stacks/settings"
)

// environment is the new environment.
type environment struct{ root, name, like string }

// check reports everything that is wrong with NAME and LIKE.
func (e environment) check() error {
	known, err := config.Stacks(e.root)
	if err != nil {
		return err
	}

	var problems []error

	for _, problem := range settings.CheckName(e.name, known) {
		problems = append(problems, fmt.Errorf("NAME: got %s, expected %s", problem.Got, problem.Expected))
	}

	taken, err := filepath.Glob(filepath.Join(e.root, "apps", "*", "environments", e.name+".yaml"))
	if slices.Contains(known, e.name) || err != nil || len(taken) > 0 {
		problems = append(problems, fmt.Errorf("NAME: got %q, expected a new name: %s, or values in apps, exists", e.name,
			config.File("", e.name)))
	}

	if !slices.Contains(known, e.like) {
		problems = append(problems, fmt.Errorf("LIKE: got %q, expected one of %s", e.like, strings.Join(known, ", ")))
	}

	return errors.Join(problems...)
}

// files returns the contents of the new files by path.
func (e environment) files() (map[string]string, error) {
	stack, err := e.stackFile()
	if err != nil {
		return nil, err
	}

	created := map[string]string{config.File(e.root, e.name): stack}

	values, err := filepath.Glob(filepath.Join(e.root, "apps", "*", "environments", e.like+".yaml"))
	if err != nil {
		return nil, fmt.Errorf("looking for the values of services: %w", err)
	}

	// A comment may name the environment; nothing else does.
	comment := regexp.MustCompile(`(?m)^(#.*\b)(?:the )?` + e.like + `\b`)

	for _, file := range values {
		content, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return nil, fmt.Errorf("reading the values of %s: %w", e.like, err)
		}

		created[filepath.Join(filepath.Dir(file), e.name+".yaml")] = comment.ReplaceAllString(string(content), "${1}"+e.name)
	}

	return created, nil
}

// stackFile returns the stack file: a copy with values of its own where two environments cannot have the same.
func (e environment) stackFile() (string, error) {
	file := config.File(e.root, e.like)

	content, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return "", fmt.Errorf("reading the settings of %s: %w", e.like, err)
	}

	values, err := config.Parse(file, content)
	if err != nil {
		return "", err
	}

	theirs, problems := settings.Load(e.like, values, nil)
	if len(problems) > 0 {
		return "", fmt.Errorf("the settings of %s are invalid: fix them first\n%w", e.like, problems)
	}

	if existing := theirs.Network.Existing; existing != nil {
		return "", fmt.Errorf("LIKE: got %q, expected an environment without %s: the copy would use the subnets of %s in "+
			"%s; copy %s and the values in apps by hand, with subnets of its own", e.like, settings.ExistingPath, e.like,
			existing.VPC, file)
	}

	if err := e.checkAccount(theirs.Region); err != nil {
		return "", err
	}

	neighbours, err := settings.ReadNeighbours(e.root, e.name)
	if err != nil {
		return "", err
	}

	cidr := neighbours.Free(theirs.Network.CIDR.Bits())
	text := replaceValue(string(content), "Environment", e.like, e.name)
	text = replaceValue(text, "cidr", theirs.Network.CIDR.String(), cidr.String())

	// Environments that follow main share it. A release moves the branch of each other environment separately.
	if revision := theirs.GitOps.Revision; revision != settings.MainBranch {
		text = replaceValue(text, "revision", revision, "release-"+e.name)
	}

	// `pulumi stack init` gives each stack a key of its own.
	text = regexp.MustCompile(`(?m)^(encryptionsalt|encryptedkey):.*\n`).ReplaceAllString(text, "")

	return text, e.verify(text, neighbours)
}

// checkAccount refuses an environment more than the account of infra/bootstrap has room for.
func (e environment) checkAccount(region string) error {
	environments, err := config.Stacks(e.root)
	if err != nil {
		return err
	}

	// The number of every account is as long as this one.
	place := scope.Place{Partition: scope.PartitionOf(region), Region: region, AccountID: "123456789012"}

	if err := access.CheckEnvironments(place, account.Name, append(environments, e.name)); err != nil {
		return fmt.Errorf("NAME: one account has no room for %d environments: %w, with a copy of the repository",
			len(environments)+1, err)
	}

	return nil
}

// replaceValue replaces the value of a key, with or without quotes.
func replaceValue(text, key, old, value string) string {
	at := regexp.MustCompile(`(\b` + key + `"?:\s*["']?)` + regexp.QuoteMeta(old) + `\b`)

	return at.ReplaceAllString(text, "${1}"+value)
}

// verify parses the new settings, which must be valid beside those of the other environments.
func (e environment) verify(text string, neighbours settings.Neighbours) error {
	values, err := config.Parse(config.File(e.root, e.name), []byte(text))
	if err != nil {
		return err
	}

	if _, problems := settings.Load(e.name, values, neighbours); len(problems) > 0 {
		return fmt.Errorf("a copy of %s would be invalid: copy %s by hand, and correct this\n%w", e.like,
			config.File("", e.like), problems)
	}

	return nil
}
