package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

// AWS holds the settings of the AWS provider, which every program has.
type AWS struct {
	// Region is the AWS region of all resources.
	Region string `mapstructure:"aws:region"`
	// AllowedAccountIDs are the accounts that the program may deploy to. Default: none, which allows any: no id is right
	// for everyone who uses the repository.
	AllowedAccountIDs []string `mapstructure:"aws:allowedAccountIds"`
	// DefaultTags are put on every AWS resource that can have tags.
	DefaultTags DefaultTags `mapstructure:"aws:defaultTags"`
}

// DefaultTags holds the tags one level down, as the AWS provider's own setting does.
type DefaultTags struct {
	Tags map[string]string `mapstructure:"tags"`
}

const (
	regionPath   = "aws:region"
	accountsPath = "aws:allowedAccountIds"
	tagsPath     = "aws:defaultTags.tags"
)

// AWSKeys describe the settings of the AWS provider.
func AWSKeys() Keys {
	return Keys{
		regionPath: {Expected: "an AWS region", Example: "us-east-1"},
		accountsPath: {
			Expected: "a list of account ids", Element: "an account id of 12 digits, in quotes if it starts with 0",
		},
		tagsPath: {Expected: "an object with the tags Project and ManagedBy", Element: "a string"},
	}
}

var (
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	tagForm     = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+@-]+$`)
	notInTags   = regexp.MustCompile(`[^\p{L}\p{N}_.:/=+@-]+`)
)

// The bounds of a tag (IAM and RDS API References, Tag, whose pattern is the strictest) and of their number (AWS
// General Reference, "Tag naming limits and requirements").
const (
	maxTagKey   = 128
	maxTagValue = 256
	maxTags     = 50 - 3
)

// AWS checks the settings of the AWS provider. The regions are those that the program supports. The function completes
// the sentence "expected …" for any other region, and returns "" for one of them.
func (c *Checker) AWS(settings AWS, regions []string, unsupported func(region string) string) {
	if expected := unsupported(settings.Region); expected != "" {
		region := "us-east-1"
		// Three letters would lead from an isolated region to another one of the government.
		const farthest = 2
		if meant := Nearest(settings.Region, regions); meant != "" &&
			levenshtein.Distance(settings.Region, meant, nil) <= farthest {
			region, expected = meant, fmt.Sprintf("%s (did you mean %s?)", expected, meant)
		}

		c.Report(regionPath, expected, c.Set(regionPath, region))
	}

	Unique(c, accountsPath, settings.AllowedAccountIDs, accountForm.MatchString)
	c.accountNumbers()

	tags := settings.DefaultTags.Tags
	for name, value := range map[string]string{"Project": "platform", "ManagedBy": "pulumi"} {
		c.RequireTag(tags, name, value)
	}

	known := map[string]string{"name": "Name"}

	for _, key := range slices.Sorted(maps.Keys(tags)) {
		c.tag(key, tags[key], known[strings.ToLower(key)])
		known[strings.ToLower(key)] = key
	}

	if len(tags) > maxTags {
		last := Member(tagsPath, slices.Max(slices.Collect(maps.Keys(tags))))
		c.Report(tagsPath, fmt.Sprintf("at most %d tags: AWS accepts 50 on a resource, and a subnet has 3 of its own",
			maxTags), c.Remove(last))
	}
}

// accountNumbers replaces the fix of an account id whose digits are written in another way: with dashes, or as a
// number. YAML drops the zero of 012345678901. A number with fewer than 11 digits may be anything, because YAML reads
// one whose digits are at most 7 as octal; removing the only id would allow any account.
func (c *Checker) accountNumbers() {
	const digits = 12

	list, _ := c.raw[accountsPath].([]any)
	for i, id := range list {
		path, written := Element(accountsPath, i), fmt.Sprint(id)
		_, isNumber := id.(json.Number)

		switch meant := strings.NewReplacer("-", "", " ", "").Replace(written); {
		case accountForm.MatchString(written):
		case accountForm.MatchString(meant):
			c.Report(path, c.Expected(path), c.SetString(path, meant))
		case accountForm.MatchString("0" + meant):
			c.Report(path, c.Expected(path), c.SetString(path, "0"+meant))
		case isNumber && len(written) < digits:
			c.Report(path, c.Expected(path), c.edit())
		}
	}
}

// RequireTag requires a default tag, which cost reports and drift detection use.
func (c *Checker) RequireTag(tags map[string]string, name, example string) {
	if path := Member(tagsPath, name); tags[name] == "" {
		c.Report(path, "a string", c.Set(path, example))
	}
}

// tag refuses a tag that any AWS service refuses, because the default tags are put on everything. It also refuses a key
// that is equal to another one if the case of letters is ignored, as IAM does (IAM User Guide, "Tags for IAM
// resources"), or to Name, which the resources have.
func (c *Checker) tag(key, value, other string) {
	const letters = "letters, digits, spaces and . : / = + - @ _"

	path := Member(tagsPath, key)

	fix := c.Remove(path)
	if strings.Contains(key, ":") { // the CLI has no path to such a key
		fix = c.edit()
	}

	switch {
	case utf8.RuneCountInString(key) > maxTagKey, !tagForm.MatchString(key),
		strings.HasPrefix(strings.ToLower(key), "aws:"):
		c.Report(path, fmt.Sprintf("a key of at most %d characters (%s), not starting with aws:", maxTagKey, letters), fix)
	case utf8.RuneCountInString(value) > maxTagValue, value != "" && !tagForm.MatchString(value):
		if valid := validTagValue(value); valid != "" && !strings.Contains(key, ":") {
			fix = c.Set(path, valid)
		}

		c.Report(path, fmt.Sprintf("a value that IAM accepts, too: at most %d characters (%s)", maxTagValue, letters), fix)
	case isClusterTag(key):
		c.Report(path, "another key: Kubernetes, EKS and Karpenter set "+key+" themselves, and Karpenter refuses it for its "+
			"nodes", fix)
	case other == "Name":
		c.Report(path, "another key: each resource has a Name of its own, and IAM ignores the case of letters", fix)
	case other != "":
		c.Report(path, fmt.Sprintf("another key than %s: IAM ignores the case of letters, so both are the same", other), fix)
	}
}

// isClusterTag reports whether a tag belongs to the software that runs a cluster's nodes. Karpenter refuses these tags
// for its nodes (Karpenter, "NodeClasses", spec.tags).
func isClusterTag(key string) bool {
	return strings.HasPrefix(key, "kubernetes.io/cluster/") || slices.Contains([]string{
		"eks:eks-cluster-name", "karpenter.sh/nodepool", "karpenter.sh/nodeclaim", "karpenter.k8s.aws/ec2nodeclass",
	}, key)
}

// validTagValue returns a valid value that resembles the given one. Spaces replace the characters that IAM refuses.
func validTagValue(value string) string {
	valid := []rune(strings.TrimSpace(notInTags.ReplaceAllString(value, " ")))

	return strings.TrimSpace(string(valid[:min(len(valid), maxTagValue)]))
}
