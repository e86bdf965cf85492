package controls

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// typeKey is that of KMS keys.
const typeKey = "aws:kms/key:Key"

var (
	// root is the principal that stands for an account.
	root = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:root$`)
	// logGroups is a pattern that names the account, and how the names of its log groups begin: with less, the
	// logs service would use the key for anyone's.
	logGroups = regexp.MustCompile(`^arn:aws[a-z-]*:logs:[^:]+:\d{12}:log-group:/?\w`)
)

// keys is A3.
func keys(environment Environment, v *verdict) {
	for _, key := range of(environment.State, typeKey) {
		rotates, _ := input(key, "enableKeyRotation").(bool)
		v.hold(key, "enableKeyRotation", rotates, "it does not rotate")

		policy, is := readDocument(text(key, "policy"))
		if !is {
			v.hold(key, "policy", false, "it has no explicit policy")

			continue
		}

		allowed := policy.allowed()
		v.hold(key, "policy", slices.ContainsFunc(allowed, statement.delegates), "no statement delegates to the account")
		v.hold(key, "policy", !slices.ContainsFunc(allowed, statement.public), "anyone may use it")
		v.hold(key, "policy", !slices.ContainsFunc(allowed, statement.unbound),
			"the logs service may use it for log groups of any name")

		if encryptsLogs(environment.State, key) {
			v.hold(key, "policy", slices.ContainsFunc(allowed, statement.forLogs), "the logs service may not use it")
		}
	}
}

// delegates reports whether all of the key is the account's to give: its own IAM policies then rule.
func (s statement) delegates() bool {
	return slices.Contains(texts(s.Action), "kms:*") && slices.ContainsFunc(texts(s.Principal), root.MatchString)
}

// everybody reports whether a principal stands for all there are.
func (s statement) everybody() bool { return slices.Contains(texts(s.Principal), "*") }

// public reports whether a statement that allows something does so to everybody, or to all but some.
func (s statement) public() bool { return s.everybody() || s.NotPrincipal != nil }

// forLogs reports whether the logs service is a principal.
func (s statement) forLogs() bool {
	return slices.ContainsFunc(texts(s.Principal), func(name string) bool { return strings.HasPrefix(name, "logs.") })
}

// namesLogGroups reports whether the statement is only for what the logs service encrypts for named log groups.
// Of several patterns each must name them: one that matches is enough for AWS.
func (s statement) namesLogGroups() bool {
	patterns := texts(s.Condition["ArnLike"]["kms:EncryptionContext:aws:logs:arn"])
	vague := slices.ContainsFunc(patterns, func(pattern string) bool { return !logGroups.MatchString(pattern) })

	return len(patterns) > 0 && !vague
}

// unbound reports whether the statement lets the logs service do more than it needs for named log groups.
func (s statement) unbound() bool { return s.forLogs() && !s.namesLogGroups() }

// encryptsLogs reports whether a log group is encrypted with the key: the logs service must be let use it.
func encryptsLogs(s *state.State, key state.Resource) bool {
	return slices.ContainsFunc(of(s, typeLogGroup), func(group state.Resource) bool {
		_, is := byARN([]state.Resource{key}, text(group, "kmsKeyId"))

		return is
	})
}
