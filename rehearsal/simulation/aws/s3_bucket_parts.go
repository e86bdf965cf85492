package aws

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	typeBucketEncryption = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	typeBucketLifecycle  = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	typeBucketOwnership  = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	typeBucketPolicy     = "aws:s3/bucketPolicy:BucketPolicy"
	typeBucketPrivate    = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	typeBucketVersioning = "aws:s3/bucketVersioningV2:BucketVersioningV2"
)

// bucketPartKinds are what the provider takes for resources and S3 for properties of a bucket.
func bucketPartKinds() []behaviour.Kind {
	private := bucketPart(typeBucketPrivate, "S3 Bucket Public Access Block", "PublicAccessBlock")
	private.Defaults = map[string]any{
		"blockPublicAcls": false, "blockPublicPolicy": false, "ignorePublicAcls": false, "restrictPublicBuckets": false,
	}

	lifecycle := ownedBucketPart(typeBucketLifecycle, "S3 Bucket Lifecycle Configuration", "BucketLifecycleConfiguration")
	lifecycle.Defaults = map[string]any{"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"}

	return []behaviour.Kind{
		private,
		with(lifecycle, checkBucketLifecycle),
		with(bucketPart(typeBucketOwnership, "S3 Bucket Ownership Controls", "BucketOwnershipControls"),
			oneOf(malformedXML, "rule.objectOwnership", "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")),
		with(ownedBucketPart(typeBucketVersioning, "S3 Bucket Versioning", "BucketVersioning"),
			oneOf(malformedXML, "versioningConfiguration.status", "Enabled", "Suspended", "Disabled")),
		with(ownedBucketPart(typeBucketEncryption, "S3 Bucket Server-side Encryption Configuration", "BucketEncryption"),
			oneOf(malformedXML, "rules.applyServerSideEncryptionByDefault.sseAlgorithm", "AES256", "aws:kms", "aws:kms:dsse")),
		with(bucketPart(typeBucketPolicy, "S3 Bucket Policy", "BucketPolicy"),
			checkDocument("policy"), checkPublicPolicy),
	}
}

// bucketPart has the bucket's name for an id, and goes with the bucket.
func bucketPart(token, title, verb string) behaviour.Kind {
	return behaviour.Kind{
		Type: token, Title: title, Service: "S3",
		Verbs:    behaviour.Verbs{Create: "Put" + verb, Update: "Put" + verb, Delete: "Delete" + verb},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("bucket"), nil },
		ForceNew: []string{"bucket"},
		References: []behaviour.Reference{{
			Property: "bucket", Types: []string{typeBucket}, OnDelete: behaviour.Cascade,
		}},
		Missing: missing("NoSuchBucket", "The specified bucket does not exist: %s"),
	}
}

// ownedBucketPart is one that can say whose the bucket must be.
func ownedBucketPart(token, title, verb string) behaviour.Kind {
	kind := bucketPart(token, title, verb)
	kind.ForceNew = append(kind.ForceNew, "expectedBucketOwner")

	return kind
}

// with is the kind with further checks.
func with(kind behaviour.Kind, checks ...func(*behaviour.Call) error) behaviour.Kind {
	kind.Checks = append(kind.Checks, checks...)

	return kind
}

// malformedXML is how S3 refuses a word that it does not know.
const malformedXML = "MalformedXML"

// oneOf wants every text at a path to be one that the service knows.
func oneOf(code, path string, known ...string) func(*behaviour.Call) error {
	return func(c *behaviour.Call) error {
		for _, value := range c.Texts(path) {
			if !slices.Contains(known, value) {
				return refuse(code, "%s: got %q, known: %s", path, value, strings.Join(known, ", "))
			}
		}

		return nil
	}
}

// checkBucketLifecycle wants rules that do something, under ids of their own.
func checkBucketLifecycle(c *behaviour.Call) error {
	actions := []string{
		"abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration", "noncurrentVersionTransitions",
		"transitions",
	}

	var ids []string

	for _, rule := range property.At(c.Resource.Outputs, "rules") {
		said, _ := rule.(map[string]any)

		id, _ := said["id"].(string)
		if slices.Contains(ids, id) {
			return refuse("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule: %s", id)
		}

		ids = append(ids, id)

		if !slices.ContainsFunc(actions, func(action string) bool { return said[action] != nil }) {
			return refuse("InvalidRequest", "At least one action needs to be specified in a rule: %s", id)
		}
	}

	return nil
}

// checkPublicPolicy refuses a policy that lets everybody in where the bucket blocks such.
func checkPublicPolicy(c *behaviour.Call) error {
	block, blocked := c.Get(typeBucketPrivate, c.Text("bucket"))
	if !blocked || block.Outputs["blockPublicPolicy"] != true {
		return nil
	}

	var document map[string]any

	_ = json.Unmarshal([]byte(c.Text("policy")), &document) // checkDocument has read it before

	for _, statement := range property.At(document, "Statement") {
		said, _ := statement.(map[string]any)
		everybody := said["Principal"] == "*" || slices.Contains(property.Texts(said, "Principal.AWS"), "*")

		if said["Effect"] == "Allow" && everybody && said["Condition"] == nil {
			return refuseWith(403, "AccessDenied", "s3:PutBucketPolicy on %s is refused because public policies are "+
				"prevented by the BlockPublicPolicy setting in S3 Block Public Access.", c.Text("bucket"))
		}
	}

	return nil
}
