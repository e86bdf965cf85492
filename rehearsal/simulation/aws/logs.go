package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeLogGroup = "aws:cloudwatch/logGroup:LogGroup"

func logKinds() []behaviour.Kind {
	return []behaviour.Kind{logGroup()}
}

func logGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeLogGroup, Title: "CloudWatch Logs Log Group", Service: "CloudWatch Logs",
		Verbs:    behaviour.Verbs{Create: "CreateLogGroup", Update: "PutRetentionPolicy", Delete: "DeleteLogGroup"},
		ID:       nameOr("namePrefix"),
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 512},
		Defaults: map[string]any{"retentionInDays": 0, "skipDestroy": false},
		Computed: []behaviour.Output{
			behaviour.Format("name", "{id}"),
			behaviour.Format("arn", "arn:{partition}:logs:{region}:{account}:log-group:{id}"), tagsAll(),
			behaviour.Constant("logGroupClass", "STANDARD"), behaviour.Constant("namePrefix", ""),
		},
		ForceNew: []string{"logGroupClass", "name", "namePrefix"},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken:      taken("ResourceAlreadyExistsException", "The specified log group already exists: %s", "name"),
		}},
		Checks:  []func(*behaviour.Call) error{checkRetention, checkLogKey},
		Spare:   "skipDestroy",
		Missing: missing("ResourceNotFoundException", "The specified log group does not exist: %s"),
	}
}

// retentions are the only periods CloudWatch Logs knows, in days; 0 is for ever.
// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
func retentions() []float64 {
	return []float64{
		0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
	}
}

func checkRetention(c *behaviour.Call) error {
	days, _ := c.Resource.Outputs["retentionInDays"].(float64)
	if !slices.Contains(retentions(), days) {
		return refuse("InvalidParameterException",
			"Value '%v' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: %s", days,
			strings.Trim(fmt.Sprint(retentions()[1:]), "[]"))
	}

	return nil
}

// checkLogKey wants a key, named by its ARN, whose policy lets the service in: the
// default policy of a key does not. CloudWatch Logs answers the same when there is none.
func checkLogKey(c *behaviour.Call) error {
	arn := c.Text("kmsKeyId")
	if arn == "" {
		return nil
	}

	key, _ := c.Target(behaviour.Reference{Types: []string{typeKey}, By: []string{"arn"}}, arn)

	policy := key.Text("policy")

	regional := strings.Contains(policy, "logs."+c.Place.Region+".amazonaws.com")
	if !regional && !strings.Contains(policy, "logs.amazonaws.com") {
		return refuse("AccessDeniedException",
			"The specified KMS key does not exist or is not allowed to be used with Arn '%s'", arn)
	}

	return nil
}
