package aws

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeRepository          = "aws:ecr/repository:Repository"
	typeRepositoryLifecycle = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
)

// invalidParameter is how ECR refuses what it does not take.
const invalidParameter = "InvalidParameterException"

// repositoryForm is that of ECR's API reference, "CreateRepository".
var repositoryForm = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$`)

func ecrKinds() []behaviour.Kind {
	return []behaviour.Kind{repository(), repositoryLifecycle()}
}

// repository has no images: nothing in the simulation pushes any.
func repository() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRepository, Title: "ECR Repository", Service: "ECR",
		Verbs:    behaviour.Verbs{Create: "CreateRepository", Update: "PutImageTagMutability", Delete: "DeleteRepository"},
		ID:       nameOr(""),
		AutoName: &behaviour.AutoName{Property: "name", Limit: 256, Lower: true},
		Defaults: map[string]any{"forceDelete": false, "imageTagMutability": "MUTABLE"},
		Computed: []behaviour.Output{
			behaviour.Format("name", "{id}"), behaviour.Format("registryId", "{account}"), tagsAll(),
			behaviour.Format("arn", "arn:{partition}:ecr:{region}:{account}:repository/{id}"),
			behaviour.Format("repositoryUrl", "{account}.dkr.ecr.{region}.amazonaws.com/{id}"),
		},
		ForceNew: []string{"encryptionConfigurations", "name"},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken: func(_ *behaviour.Call, other account.Resource) error {
				return refuse("RepositoryAlreadyExistsException",
					"The repository with name '%s' already exists in the registry with id '%s'", other.ID, accountID)
			},
		}},
		Checks: []func(*behaviour.Call) error{
			checkRepositoryName,
			oneOf(invalidParameter, "imageTagMutability", "MUTABLE", "IMMUTABLE"),
			oneOf(invalidParameter, "encryptionConfigurations.encryptionType", "AES256", "KMS", "KMS_DSSE"),
		},
		Missing: missing("RepositoryNotFoundException", "The repository with name '%s' does not exist in the registry"),
	}
}

func checkRepositoryName(c *behaviour.Call) error {
	if name := c.Text("name"); !repositoryForm.MatchString(name) {
		return refuse(invalidParameter,
			"Invalid parameter at 'repositoryName' failed to satisfy constraint: '%s' must satisfy regular expression", name)
	}

	return nil
}

// repositoryLifecycle goes with its repository, which has one.
func repositoryLifecycle() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRepositoryLifecycle, Title: "ECR Lifecycle Policy", Service: "ECR",
		Verbs: behaviour.Verbs{
			Create: "PutLifecyclePolicy", Update: "PutLifecyclePolicy", Delete: "DeleteLifecyclePolicy",
		},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("repository"), nil },
		Computed: []behaviour.Output{behaviour.Format("registryId", "{account}")},
		ForceNew: []string{"repository"},
		References: []behaviour.Reference{{
			Property: "repository", Types: []string{typeRepository}, OnDelete: behaviour.Cascade,
		}},
		Checks:  []func(*behaviour.Call) error{checkRepositoryLifecycle},
		Missing: missing("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist for the repository '%s'"),
	}
}

// lifecycleRule is one of a repository's lifecycle policy.
type lifecycleRule struct {
	RulePriority int `json:"rulePriority"`
	Selection    struct {
		TagStatus   string `json:"tagStatus"`
		CountType   string `json:"countType"`
		CountNumber int    `json:"countNumber"`
	} `json:"selection"`
	Action struct {
		Type string `json:"type"`
	} `json:"action"`
}

func (r lifecycleRule) complete() bool {
	return r.Action.Type == "expire" && r.Selection.CountType != "" && r.Selection.CountNumber > 0 && r.RulePriority > 0
}

// checkRepositoryLifecycle wants rules of different priorities, that about any image last.
func checkRepositoryLifecycle(c *behaviour.Call) error {
	var document struct {
		Rules []lifecycleRule `json:"rules"`
	}

	if err := json.Unmarshal([]byte(c.Text("policy")), &document); err != nil || len(document.Rules) == 0 {
		return refuseLifecycle("it has no rules")
	}

	slices.SortStableFunc(document.Rules, func(a, b lifecycleRule) int { return a.RulePriority - b.RulePriority })

	for i, rule := range document.Rules {
		switch {
		case !rule.complete():
			return refuseLifecycle(fmt.Sprintf("rule %d is incomplete", rule.RulePriority))
		case i > 0 && document.Rules[i-1].RulePriority == rule.RulePriority:
			return refuseLifecycle(fmt.Sprintf("priority %d is taken", rule.RulePriority))
		case rule.Selection.TagStatus == "any" && i != len(document.Rules)-1:
			return refuseLifecycle("a rule with tagStatus any must be the last")
		}
	}

	return nil
}

func refuseLifecycle(why string) error {
	return refuse(invalidParameter, "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "+
		"'Lifecycle policy validation failure: %s'", why)
}
