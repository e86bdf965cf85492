package controls

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
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

// keyPolicy is what A3 reads of a key's policy document. (AWS capitalises the names; the decoder does not mind.)
type keyPolicy struct {
	Statement []statement `json:"statement"`
}

// statement is one of a policy. Where a field is of any type, AWS takes a text or a list of texts.
type statement struct {
	Effect    string                    `json:"effect"`
	Principal any                       `json:"principal"`
	Action    any                       `json:"action"`
	Condition map[string]map[string]any `json:"condition"`
}

// keys is A3.
func keys(environment Environment, v *verdict) {
	for _, key := range of(environment.State, typeKey) {
		rotates, _ := input(key, "enableKeyRotation").(bool)
		v.hold(key, "enableKeyRotation", rotates, "it does not rotate")

		var policy keyPolicy
		if err := json.Unmarshal([]byte(text(key, "policy")), &policy); err != nil {
			v.hold(key, "policy", false, "it has no explicit policy")

			continue
		}

		allowed := policy.allowed()
		v.hold(key, "policy", slices.ContainsFunc(allowed, statement.delegates), "no statement delegates to the account")
		v.hold(key, "policy", boundsLogs(allowed), "the logs service may not use it, or for log groups of any name")
		v.hold(key, "policy", !slices.ContainsFunc(allowed, statement.public), "anyone may use it")
	}
}

// allowed are the statements that give something: one that denies neither delegates nor makes public.
func (p keyPolicy) allowed() []statement {
	return slices.DeleteFunc(slices.Clone(p.Statement), func(s statement) bool { return s.Effect != "Allow" })
}

// delegates reports whether all of the key is the account's to give: its own IAM policies then rule.
func (s statement) delegates() bool {
	return slices.Contains(texts(s.Action), "kms:*") && slices.ContainsFunc(texts(s.Principal), root.MatchString)
}

// public reports whether everybody is a principal.
func (s statement) public() bool { return slices.Contains(texts(s.Principal), "*") }

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

// boundsLogs reports whether the logs service is allowed, and never for more than named log groups.
func boundsLogs(allowed []statement) bool {
	unbound := func(s statement) bool { return s.forLogs() && !s.namesLogGroups() }

	return slices.ContainsFunc(allowed, statement.forLogs) && !slices.ContainsFunc(allowed, unbound)
}

// texts returns the texts in a JSON value: actions and values are a text or a list of them, a principal is
// also a map of either.
func texts(value any) []string {
	var found []string

	switch v := value.(type) {
	case string:
		found = []string{v}
	case []any:
		for _, element := range v {
			found = append(found, texts(element)...)
		}
	case map[string]any:
		for _, element := range v {
			found = append(found, texts(element)...)
		}
	}

	return found
}
