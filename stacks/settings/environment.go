package settings

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/msur/platform/components/ingress"
	"github.com/msur/platform/internal/config"
)

// Class is the purpose of an environment. It decides the properties that no setting changes.
type Class string

// Classes of environments.
const (
	// Disposable environments are for trying the platform, and are deleted with all their data.
	Disposable Class = "disposable"
	// Durable environments survive the loss of a zone, and leave their data behind when they are deleted.
	Durable Class = "durable"
)

// Classes returns all classes.
func Classes() []Class { return []Class{Disposable, Durable} }

// Environment is the section platform:environment.
type Environment struct {
	// Class decides what no setting changes: high availability, retention of data and logs, and whether the API server
	// may be open to the internet. See docs/environments.md. It has no default: a wrong guess would cost either money or
	// data.
	Class Class `mapstructure:"class"`
	// Protect forbids the deletion of resources that hold data, and of their containers. Default: true in durable
	// environments.
	Protect *bool `mapstructure:"protect"`
	// PermissionsBoundary is the name of an IAM policy that limits every role of the environment. The roles of
	// infra/bootstrap can deploy only with it. Default: none; an account without infra/bootstrap has no such policy.
	PermissionsBoundary string `mapstructure:"permissionsBoundary"`
}

const (
	environmentPath = "platform:environment"
	tagsPath        = "aws:defaultTags.tags"
)

func environmentKeys() config.Keys {
	return config.Keys{
		tagsPath: {Expected: "an object with the tags Environment, Project and ManagedBy", Element: "a string"},

		environmentPath + ".class":               {Expected: config.Choice(Classes()), Example: string(Durable)},
		environmentPath + ".protect":             {Expected: boolean},
		environmentPath + ".permissionsBoundary": {Expected: "the name of an IAM policy, such as platform-boundary"},
	}
}

// boundaryForm matches the name of an IAM policy (IAM API Reference, CreatePolicy).
var boundaryForm = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{1,128}$`)

func (c *checker) checkEnvironment() {
	config.OneOf(c.Checker, environmentPath+".class", c.settings.Environment.Class, Classes())
	c.MatchesIfSet(environmentPath+".permissionsBoundary", c.settings.Environment.PermissionsBoundary, boundaryForm)

	if tag := tagsPath + ".Environment"; c.settings.DefaultTags.Tags["Environment"] != c.Stack() {
		c.Report(tag, "the environment's name, "+c.Stack(), c.Set(tag, c.Stack()))
	}
}

// CheckName returns the problem with the name of an environment, if it has one. others are the other environments. All
// names of its resources start with the name, and infra/bootstrap grants privileges by that prefix.
func CheckName(name string, others []string) config.Problems {
	var expected string

	// The name of a target group has the lowest limit; a test of package stacks checks all names.
	longest, owner := ingress.MaxEnvironment(), ownerOf(name, others)

	switch {
	case !nameForm.MatchString(name) || len(name) > longest:
		expected = fmt.Sprintf(nameRule, longest)
	case owner != "":
		expected = "a name that does not start with " + owner + "-, which starts the names of other resources"
	default:
		return nil
	}

	return config.Problems{{
		Path: "stack", Got: fmt.Sprintf("%q", name), Expected: expected,
		Fix: fmt.Sprintf("make environment NAME=%s LIKE=%s", validName(strings.TrimPrefix(name, owner), longest), name),
	}}
}

// ownerOf returns what already owns the prefix of a name, or "". "platform" starts the names of the roles of
// infra/bootstrap, and "aws" those of AWS.
func ownerOf(name string, others []string) string {
	for _, reserved := range []string{"platform", "aws"} {
		if strings.HasPrefix(name+"-", reserved+"-") {
			return reserved
		}
	}

	for _, other := range others {
		if strings.HasPrefix(name, other+"-") {
			return other
		}
	}

	return ""
}

// validName returns a valid name that resembles the given one.
func validName(name string, longest int) string {
	words := notInWords.ReplaceAllString(strings.ToLower(name), "-")
	words = strings.TrimLeft(words, "-0123456789")

	if words = strings.TrimRight(words[:min(len(words), longest)], "-"); words == "" {
		return "production"
	}

	return words
}
