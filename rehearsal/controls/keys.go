package controls

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const typeKey = "aws:kms/key:Key"

var (
	// accountRoot is the principal that stands for an account.
	accountRoot = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:root$`)
	// namedLogGroups is a pattern that names the account and the beginning of its log groups' names. With a wider pattern
	// the logs service would use the key for other log groups, even of other accounts.
	namedLogGroups = regexp.MustCompile(`^arn:aws[a-z-]*:logs:[^:]+:\d{12}:log-group:/?\w`)
)

// keys is A3.
func keys(c *check) {
	for _, key := range c.all(typeKey) {
		c.require(key, requirements{{"enableKeyRotation", is(true), "the key does not rotate; expected true"}})

		policy, ok := readPolicy(text(key, "policy"))
		if !ok {
			c.hold(key, "policy", false, "the key has no explicit policy")

			continue
		}

		allowed := policy.allowed()
		c.hold(key, "policy", slices.ContainsFunc(allowed, statement.delegates), "no statement delegates to the account")
		c.hold(key, "policy", !slices.ContainsFunc(allowed, statement.isPublic), "anyone may use the key")
		c.hold(key, "policy", !slices.ContainsFunc(allowed, func(s statement) bool {
			return s.isForLogs() && !s.namesLogGroups()
		}), "the logs service may use the key for any log group; expected a condition that names log groups")

		logs := slices.ContainsFunc(c.all(typeLogGroup), func(group state.Resource) bool {
			_, ok := byARN([]state.Resource{key}, text(group, "kmsKeyId"))

			return ok
		})
		if logs {
			c.hold(key, "policy", slices.ContainsFunc(allowed, statement.isForLogs),
				"a log group uses the key, but the policy does not allow the logs service to use it")
		}
	}
}

// delegates reports whether the statement gives the account control of the key, so that its IAM policies apply.
func (s statement) delegates() bool {
	return slices.Contains(texts(s.Action), "kms:*") && slices.ContainsFunc(texts(s.Principal), accountRoot.MatchString)
}

// isForLogs reports whether the logs service is a principal.
func (s statement) isForLogs() bool {
	return slices.ContainsFunc(texts(s.Principal), func(name string) bool { return strings.HasPrefix(name, "logs.") })
}

// namesLogGroups reports whether the statement is limited to named log groups. Every pattern must name them, because
// AWS requires that one of the patterns matches.
func (s statement) namesLogGroups() bool {
	patterns := texts(s.Condition["ArnLike"]["kms:EncryptionContext:aws:logs:arn"])

	return len(patterns) > 0 && !slices.ContainsFunc(patterns, func(pattern string) bool {
		return !namedLogGroups.MatchString(pattern)
	})
}
