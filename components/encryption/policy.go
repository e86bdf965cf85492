package encryption

import (
	"errors"
	"fmt"

	"github.com/msur/platform/components/internal/policy"
)

// keyPolicy lets the account decide by IAM who uses the key, and CloudWatch Logs encrypt the log groups of the
// arguments with it, and no others: the encryption context that the service sends is the log group's ARN
// (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS").
func keyPolicy(args *Args) (string, error) {
	if len(args.LogGroups) == 0 {
		return "", errors.New("key policy: there are no log groups, and KMS takes no condition without a value")
	}

	var groups []string
	for _, pattern := range args.LogGroups {
		groups = append(groups, fmt.Sprintf("arn:%s:logs:%s:%s:log-group:%s",
			args.Partition, args.Region, args.AccountID, pattern))
	}

	text, err := policy.JSON(
		policy.Statement{
			SID: "AccountDelegatesToIAM",
			Principal: map[string]string{
				"AWS": fmt.Sprintf("arn:%s:iam::%s:root", args.Partition, args.AccountID),
			},
			Actions:   []string{"kms:*"},
			Resources: []string{"*"},
		},
		policy.Statement{
			SID:       "LogsEncryptsItsGroups",
			Principal: map[string]string{"Service": fmt.Sprintf("logs.%s.amazonaws.com", args.Region)},
			Actions: []string{
				"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey",
			},
			Resources:  []string{"*"},
			Conditions: policy.Conditions{"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
		},
	)
	if err != nil {
		return "", fmt.Errorf("key policy: %w", err)
	}

	return text, nil
}
