package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeBucket = "aws:s3/bucketV2:BucketV2"

func s3Kinds() []behaviour.Kind {
	return []behaviour.Kind{bucket()}
}

// bucket has no objects: nothing in the simulation writes any.
func bucket() behaviour.Kind {
	return behaviour.Kind{
		Type: typeBucket, Title: "S3 Bucket", Service: "S3",
		Verbs: behaviour.Verbs{Create: "CreateBucket", Update: "PutBucketTagging", Delete: "DeleteBucket"},
		ID: func(c *behaviour.Call) (string, error) {
			if name := c.Text("bucket"); name != "" {
				return name, nil
			}

			return c.Text("bucketPrefix") + c.Digits(26), nil
		},
		AutoName: &behaviour.AutoName{Property: "bucket", Rival: "bucketPrefix", Limit: 63, Lower: true},
		Defaults: map[string]any{"forceDestroy": false},
		Computed: []behaviour.Output{
			behaviour.Format("bucket", "{id}"), behaviour.Constant("bucketPrefix", ""),
			behaviour.Format("arn", "arn:{partition}:s3:::{id}"), tagsAll(),
			behaviour.Format("bucketDomainName", "{id}.s3.amazonaws.com"),
			behaviour.Format("bucketRegionalDomainName", "{id}.s3.{region}.amazonaws.com"),
			behaviour.Format("region", "{region}"),
			behaviour.Constant("objectLockEnabled", false), behaviour.Constant("requestPayer", "BucketOwner"),
		},
		ForceNew: []string{"bucket", "bucketPrefix", "objectLockEnabled"},
		Checks:   []func(*behaviour.Call) error{checkBucketName},
		Missing:  missing("NoSuchBucket", "The specified bucket does not exist: %s"),
	}
}

// checkBucketName wants a name that no bucket has in any region: they share one space.
func checkBucketName(c *behaviour.Call) error {
	same := c.Tx.Find(func(r account.Resource) bool {
		return r.Type == typeBucket && r.ID == c.Text("bucket") && r.Key != c.Resource.Key
	})
	if len(same) > 0 {
		return refuseWith(409, "BucketAlreadyOwnedByYou",
			"Your previous request to create the named bucket succeeded and you already own it: %s", same[0].ID)
	}

	return nil
}
