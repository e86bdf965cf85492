package controls

import (
	"encoding/json"
	"slices"
	"strings"
)

// typeKey is that of KMS keys.
const typeKey = "aws:kms/key:Key"

// keyPolicy is what A3 reads of a key's policy document. (AWS capitalises the names; the decoder does not mind.)
type keyPolicy struct {
	Statement []struct {
		Principal any                       `json:"principal"`
		Condition map[string]map[string]any `json:"condition"`
	} `json:"statement"`
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

		v.hold(key, "policy", policy.delegates(), "no statement delegates to the account")
		v.hold(key, "policy", policy.boundsLogs(), "the logs service may use it without an encryption context")
		v.hold(key, "policy", !policy.public(), "anyone may use it")
	}
}

// delegates reports whether the account itself is a principal.
func (p keyPolicy) delegates() bool {
	return slices.ContainsFunc(p.principals(), func(name string) bool { return strings.HasSuffix(name, ":root") })
}

// public reports whether everybody is a principal.
func (p keyPolicy) public() bool { return slices.Contains(p.principals(), "*") }

// boundsLogs reports whether the logs service is allowed, and only for what it says it encrypts.
func (p keyPolicy) boundsLogs() bool {
	allowed := false

	for _, statement := range p.Statement {
		for _, principal := range flatten(statement.Principal) {
			if !strings.HasPrefix(principal, "logs.") {
				continue
			}

			allowed = true

			if _, bound := statement.Condition["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]; !bound {
				return false
			}
		}
	}

	return allowed
}

func (p keyPolicy) principals() []string {
	var all []string
	for _, statement := range p.Statement {
		all = append(all, flatten(statement.Principal)...)
	}

	return all
}

// flatten returns the texts in a JSON value: a principal is a text, or a map of texts and lists of texts.
func flatten(value any) []string {
	var texts []string

	switch v := value.(type) {
	case string:
		texts = []string{v}
	case []any:
		for _, element := range v {
			texts = append(texts, flatten(element)...)
		}
	case map[string]any:
		for _, element := range v {
			texts = append(texts, flatten(element)...)
		}
	}

	return texts
}
