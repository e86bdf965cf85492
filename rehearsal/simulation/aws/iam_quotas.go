package aws

import (
	"strings"
	"unicode"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// IAM's quotas that a request to AWS raises late or never, and attachments to a role where nobody has asked for more.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	maxPolicySize  = 6144
	maxTrustSize   = 2048
	maxAttachments = 10
)

// checkSize wants a document that is not too long; white space is free.
func checkSize(path, quota string, limit int) func(*behaviour.Call) error {
	return func(c *behaviour.Call) error {
		size := len(strings.Join(strings.FieldsFunc(c.Text(path), unicode.IsSpace), ""))
		if size > limit {
			return refuseWith(409, "LimitExceeded", "Cannot exceed quota for %s: %d", quota, limit)
		}

		return nil
	}
}

// checkAttachments wants a role with few managed policies.
func checkAttachments(c *behaviour.Call) error {
	attached := 0

	for _, other := range c.Siblings(typeRoleAttachment) {
		if other.Text("role") == c.Text("role") {
			attached++
		}
	}

	if attached >= maxAttachments {
		return refuseWith(409, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: %d", maxAttachments)
	}

	return nil
}
