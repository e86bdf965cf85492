package controls

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// bucketPart is a resource that a bucket is as it must be by.
type bucketPart struct {
	resourceType, property string
	holds                  func(*state.State, state.Resource) bool
	reason                 string
}

// bucketParts are those of a bucket that keeps states.
func bucketParts() []bucketPart {
	return []bucketPart{
		{
			"aws:s3/bucketVersioningV2:BucketVersioningV2", "versioningConfiguration.status",
			func(_ *state.State, r state.Resource) bool {
				return text(r, "versioningConfiguration.status") == "Enabled"
			},
			"what a bad run overwrites is lost",
		},
		{
			"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
			"rules", encryptsWithOurKey, "it is not encrypted with a key of our own",
		},
		{
			"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "restrictPublicBuckets",
			func(_ *state.State, r state.Resource) bool { return private(r) },
			"a policy or a list could let the world in",
		},
		{
			"aws:s3/bucketPolicy:BucketPolicy", "policy",
			func(_ *state.State, r state.Resource) bool { return asksForTLS(text(r, "policy")) },
			"it answers plain HTTP",
		},
	}
}

// stateBuckets is A5: what is in a bucket of this kind is all that knows what environments are made of.
func stateBuckets(environment Environment, v *verdict) {
	for _, bucket := range of(environment.State, "aws:s3/bucketV2:BucketV2") {
		emptied, _ := input(bucket, "forceDestroy").(bool)
		v.hold(bucket, "protect", bucket.Protect && !emptied, "a destroy takes it along")

		for _, part := range bucketParts() {
			made := refersTo(of(environment.State, part.resourceType), "bucket", bucket)
			if len(made) == 0 {
				v.hold(bucket, "id", false, part.reason)
			}

			for _, r := range made {
				v.hold(r, part.property, part.holds(environment.State, r), part.reason)
			}
		}
	}
}

// encryptsWithOurKey reports whether a bucket's encryption is by a key of the stack.
func encryptsWithOurKey(s *state.State, r state.Resource) bool {
	const rule = "rules[0].applyServerSideEncryptionByDefault."

	_, ours := byARN(of(s, typeKey), text(r, rule+"kmsMasterKeyId"))

	return ours && text(r, rule+"sseAlgorithm") == "aws:kms"
}

// private reports whether nothing can make a bucket public.
func private(r state.Resource) bool {
	for _, property := range []string{
		"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets",
	} {
		if blocked, _ := input(r, property).(bool); !blocked {
			return false
		}
	}

	return true
}

// asksForTLS reports whether a bucket's policy refuses everybody everything that is not encrypted on its way, and lets
// nobody in itself.
func asksForTLS(written string) bool {
	policy, _ := readDocument(written)

	return !slices.ContainsFunc(policy.allowed(), statement.public) &&
		slices.ContainsFunc(policy.denied(), func(s statement) bool {
			return s.everybody() && slices.Contains(texts(s.Action), "s3:*") && s.wholeBucket() &&
				len(s.Condition) == 1 && only(s.Condition["Bool"]["aws:SecureTransport"], "false")
		})
}

// wholeBucket reports whether the statement is about a bucket and about what is in it.
func (s statement) wholeBucket() bool {
	inside := func(resource string) bool { return strings.HasSuffix(resource, "/*") }
	outside := func(resource string) bool { return !inside(resource) }

	return slices.ContainsFunc(texts(s.Resource), inside) && slices.ContainsFunc(texts(s.Resource), outside)
}
