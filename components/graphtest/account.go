package graphtest

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// outputs answers a registration with the inputs and the one output that nearly every AWS resource has.
func outputs(args pulumi.MockResourceArgs) resource.PropertyMap {
	state := args.Inputs.Copy()

	pkg, kind, _ := strings.Cut(args.TypeToken, ":")
	if pkg == "aws" {
		service, _, _ := strings.Cut(kind, "/")
		arn := fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, Region, AccountID, args.Name)
		state["arn"] = resource.NewProperty(arn)
	}

	return state
}

// invoke answers a function as the account that the rehearsal simulates would. Its zone e is one that EKS
// refuses.
func invoke(token string) (resource.PropertyMap, error) {
	answers := map[string]map[string]any{
		"aws:index/getAvailabilityZones:getAvailabilityZones": {
			"names":   []any{"us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f"},
			"zoneIds": []any{"use1-az6", "use1-az1", "use1-az2", "use1-az4", "use1-az3", "use1-az5"},
		},
		"aws:index/getCallerIdentity:getCallerIdentity": {
			"accountId": AccountID,
			"arn":       "arn:aws:sts::" + AccountID + ":assumed-role/engineer/session",
			"userId":    "AROAEXAMPLE:session",
		},
		"aws:index/getPartition:getPartition": {
			"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
		},
	}

	answer, known := answers[token]
	if !known {
		return nil, fmt.Errorf("graphtest has no answer for %s: add one to components/graphtest/account.go", token)
	}

	return resource.NewPropertyMapFromMap(answer), nil
}
