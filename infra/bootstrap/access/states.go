package access

import "github.com/msur/platform/internal/policy"

// The actions of the engine on a bucket: it lists, reads and writes states, and creates and deletes its lock.
const (
	list   = "s3:ListBucket"
	get    = "s3:GetObject"
	put    = "s3:PutObject"
	remove = "s3:DeleteObject"
)

// readsState is for a preview, which takes no lock and writes nothing.
func readsState(bucket, key string) []policy.Statement {
	return []policy.Statement{
		{SID: "FindsStates", Actions: []string{list}, Resources: []string{bucket}},
		{SID: "ReadsStates", Actions: []string{get}, Resources: []string{bucket + "/*"}},
		{SID: "DecryptsThem", Actions: []string{"kms:Decrypt"}, Resources: []string{key}},
	}
}

// writesState is for an update. Writing an object needs both permissions for the key. The key of a stack's secrets is
// encrypted once, by the operator who creates the stack, so an update needs no permission for that.
func writesState(bucket, key string) []policy.Statement {
	return []policy.Statement{
		writesObjects(bucket),
		{SID: "EncryptsThem", Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{key}},
	}
}

// writesObjects has the permissions for the bucket, which keeps overwritten and deleted objects as older versions.
func writesObjects(bucket string) policy.Statement {
	return policy.Statement{
		SID:       "WritesStates",
		Actions:   []string{list, get, put, remove},
		Resources: []string{bucket, bucket + "/*"},
	}
}
