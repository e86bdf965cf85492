package state

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/policy"
)

// closed refuses requests without current TLS.
func (b *builder) closed(bucket *s3.BucketV2) (pulumi.Resource, error) {
	//nolint:forcetypeassert // the function returns a string
	document := bucket.Arn.ApplyT(func(arn string) (string, error) {
		return policy.JSON(bucketPolicy(arn)...)
	}).(pulumi.StringOutput)

	return s3.NewBucketPolicy(b.Ctx, b.Logical("closed"), &s3.BucketPolicyArgs{
		Bucket: bucket.ID(), Policy: document,
	}, b.kept())
}

// bucketPolicy only denies; IAM policies grant access (Amazon S3 User Guide, "Security best practices for Amazon S3",
// which has both rules).
func bucketPolicy(arn string) []policy.Statement {
	denied := func(sid, operator, key, value string) policy.Statement {
		return policy.Statement{
			SID: sid, Deny: true, Principal: policy.Anybody(), Actions: []string{"s3:*"},
			Resources:  []string{arn, arn + "/*"},
			Conditions: policy.Conditions{operator: {key: {value}}},
		}
	}

	return []policy.Statement{
		denied("TLSOnly", "Bool", "aws:SecureTransport", "false"),
		denied("CurrentTLSOnly", "NumericLessThan", "s3:TlsVersion", "1.2"),
	}
}
