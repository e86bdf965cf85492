package access

import "github.com/msur/platform/infra/bootstrap/policy"

// What the engine does with a bucket: it lists, reads and writes states, and puts and takes away its lock.
const (
	list   = "s3:ListBucket"
	get    = "s3:GetObject"
	put    = "s3:PutObject"
	remove = "s3:DeleteObject"
)

// stateActions are those that write states: more than the table of permissions knows.
func stateActions() []string { return append([]string{list, get, put, remove}, keyActions()...) }

// keyActions encrypt states and the stacks' secrets.
func keyActions() []string { return []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"} }

// readsState is what a preview needs: it takes no lock and writes nothing.
func readsState(bucket, key string) []policy.Statement {
	return []policy.Statement{
		{SID: "FindsStates", Actions: []string{list}, Resources: []string{bucket}},
		{SID: "ReadsStates", Actions: []string{get}, Resources: []string{bucket + "/*"}},
		{SID: "DecryptsThem", Actions: []string{"kms:Decrypt"}, Resources: []string{key}},
	}
}

// writesState is what an update needs. What it overwrites or deletes, the bucket keeps as an older version.
func writesState(bucket, key string) []policy.Statement {
	return []policy.Statement{
		{SID: "FindsStates", Actions: []string{list}, Resources: []string{bucket}},
		{SID: "WritesStates", Actions: []string{get, put, remove}, Resources: []string{bucket + "/*"}},
		{SID: "EncryptsThem", Actions: keyActions(), Resources: []string{key}},
	}
}
