package controls

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// repositories is A4.
func repositories(c *check) {
	for _, repository := range c.all("aws:ecr/repository:Repository") {
		c.require(repository, requirements{
			{"imageScanningConfiguration.scanOnPush", is(true), "images are not scanned for vulnerabilities; expected true"},
			{"imageTagMutability", is("IMMUTABLE"), "a tag can be moved to another image; expected IMMUTABLE"},
		})

		expires := slices.ContainsFunc(c.all("aws:ecr/lifecyclePolicy:LifecyclePolicy"), func(policy state.Resource) bool {
			return len(named([]state.Resource{repository}, text(policy, "repository"))) > 0
		})
		c.hold(repository, "name", expires, "images are kept forever; expected a lifecycle policy")
	}
}

// stateBuckets is A5. The state is the only record of what an environment consists of.
func stateBuckets(c *check) {
	for _, bucket := range c.all("aws:s3/bucketV2:BucketV2") {
		c.hold(bucket, "protect", bucket.Protect && input(bucket, "forceDestroy") != true,
			"destroy deletes the states; expected protection")

		c.bucketPart(bucket, "aws:s3/bucketVersioningV2:BucketVersioningV2", requirement{
			"versioningConfiguration.status", is("Enabled"), "an overwritten state cannot be restored; expected versioning",
		})
		c.bucketPart(
			bucket, "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
			requirement{"rules", c.encryptsWithOwnKey, "expected encryption with a KMS key of the stack"})
		c.bucketPart(bucket, "aws:s3/bucketPolicy:BucketPolicy", requirement{
			"policy", requiresTLS, "expected a policy that denies requests without TLS and allows no public access",
		})

		for _, property := range []string{
			"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets",
		} {
			c.bucketPart(bucket, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", requirement{
				property, is(true), "the bucket could be made public; expected true",
			})
		}
	}
}

// bucketPart requires that a bucket has a resource of the type, and that all of them satisfy the requirement.
func (c *check) bucketPart(bucket state.Resource, resourceType string, required requirement) {
	parts := where(c.all(resourceType), "bucket", string(bucket.ID))
	if len(parts) == 0 {
		c.hold(bucket, "id", false, required.problem)
	}

	for _, part := range parts {
		c.require(part, requirements{required})
	}
}

// encryptsWithOwnKey reports whether the first rule of a bucket encrypts with a KMS key of the stack.
func (c *check) encryptsWithOwnKey(rules any) bool {
	rule := state.Resource{Inputs: map[string]any{"rules": rules}}

	const path = "rules[0].applyServerSideEncryptionByDefault."

	return text(rule, path+"sseAlgorithm") == "aws:kms" && c.ownKey(text(rule, path+"kmsMasterKeyId"))
}

// requiresTLS reports whether a bucket's policy denies every principal all requests without TLS, and allows no public
// access.
func requiresTLS(value any) bool {
	written, _ := value.(string)
	policy, _ := readPolicy(written)

	return !slices.ContainsFunc(policy.allowed(), statement.isPublic) &&
		slices.ContainsFunc(policy.denied(), func(s statement) bool {
			return s.isForPlainText() && slices.Contains(texts(s.Action), "s3:*") && s.isForWholeBucket()
		})
}

// isForWholeBucket reports whether the statement applies to a bucket and to the objects in it.
func (s statement) isForWholeBucket() bool {
	isObjects := func(resource string) bool { return strings.HasSuffix(resource, "/*") }
	objects := slices.ContainsFunc(texts(s.Resource), isObjects)
	bucket := slices.ContainsFunc(texts(s.Resource), func(resource string) bool { return !isObjects(resource) })

	return objects && bucket
}
