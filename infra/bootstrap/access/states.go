package access

import "github.com/msur/platform/internal/policy"

// What the engine does with a bucket: it lists, reads and writes states, and puts and takes away its lock.
const (
	list   = "s3:ListBucket"
	get    = "s3:GetObject"
	put    = "s3:PutObject"
	remove = "s3:DeleteObject"
)

// readsState is what a preview needs: it takes no lock and writes nothing.
func readsState(bucket, key string) []policy.Statement {
	return []policy.Statement{
		{SID: "FindsStates", Actions: []string{list}, Resources: []string{bucket}},
		{SID: "ReadsStates", Actions: []string{get}, Resources: []string{bucket + "/*"}},
		{SID: "DecryptsThem", Actions: []string{"kms:Decrypt"}, Resources: []string{key}},
	}
}

// writesState is what an update needs. S3 asks for both uses of the key to write an object. What encrypts a stack's
// secrets is encrypted itself by whoever makes the stack, once, and so is no update's.
func writesState(bucket, key string) []policy.Statement {
	return []policy.Statement{
		writesObjects(bucket),
		{SID: "EncryptsThem", Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{key}},
	}
}

// writesObjects is about the bucket alone. What is overwritten or deleted, it keeps as an older version.
func writesObjects(bucket string) policy.Statement {
	return policy.Statement{
		SID:       "WritesStates",
		Actions:   []string{list, get, put, remove},
		Resources: []string{bucket, bucket + "/*"},
	}
}
