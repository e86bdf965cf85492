package controls_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	nodeClass = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
	nodePool  = "kubernetes:karpenter.sh/v1:NodePool"
	queueType = "aws:sqs/queue:Queue"
	class     = "autoscaling-class"
	pool      = "autoscaling-pool-services"
	karpenter = "autoscaling-karpenter"
	queue     = "autoscaling-interruptions"
)

// setIn sets a value inside the spec of an object.
func setIn(objectType, name, path string, value any) mutation {
	return func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if string(r.Type) != objectType || r.URN.Name() != name {
				continue
			}

			parsed, err := resource.ParsePropertyPath(path)
			if err != nil {
				panic(err)
			}

			inputs := resource.NewObjectProperty(resource.NewPropertyMapFromMap(r.Inputs))
			parsed.Add(inputs, resource.NewPropertyValue(value))

			changed, _ := inputs.Mappable().(object)
			for key := range r.Inputs {
				r.Inputs[key] = changed[key]
			}
		}
	}
}

func TestW7NodesThatKarpenterLaunchesAreLikeTheOthers(t *testing.T) {
	t.Parallel()
	passes(t, "W7")

	for path, value := range map[string]any{
		"spec.associatePublicIPAddress":                true,
		"spec.metadataOptions.httpTokens":              "optional",
		"spec.metadataOptions.httpPutResponseHopLimit": 2.0,
		"spec.amiSelectorTerms[0].alias":               "al2@latest",
		"spec.blockDeviceMappings[0].ebs.encrypted":    false,
		"spec.blockDeviceMappings[0].ebs.volumeType":   "gp2",
		"spec.blockDeviceMappings[0].deviceName":       "/dev/xvdb",
		"spec.subnetSelectorTerms[0].id":               "Subnet-network-public-a",
		"spec.securityGroupSelectorTerms[0].id":        "",
		"spec.tags.Environment":                        "other",
		"spec.instanceProfile":                         "other",
	} {
		fails(t, "W7", class, setIn(nodeClass, class, path, value))
	}

	fails(t, "W7", "autoscaling-node", add(attachment, "extra", object{
		"role": "staging-autoscaling-node", "policyArn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
	}))
}

func TestW8PoolsHaveLimitsADisruptionBudgetAndAMaximumAgeOfNodes(t *testing.T) {
	t.Parallel()
	passes(t, "W8")

	for path, value := range map[string]any{
		"spec.limits.cpu":                  "",
		"spec.limits.memory":               "",
		"spec.disruption.budgets[0]":       object{"nodes": "100%"},
		"spec.template.spec.expireAfter":   "Never",
		"spec.disruption.budgets[0].nodes": "",
	} {
		fails(t, "W8", pool, setIn(nodePool, pool, path, value))
	}
}

func TestW9KarpenterLaunchesOnlyNodesOfItsClusterWithTheirRole(t *testing.T) {
	t.Parallel()
	passes(t, "W9")

	policy := func(statement string) mutation {
		return set("aws:iam/role:Role", karpenter, "inlinePolicies", []any{
			object{"policy": `{"Statement": [` + statement + `]}`},
		})
	}

	for name, statement := range map[string]string{
		"any instance":  `{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}`,
		"any fleet":     `{"Effect": "Allow", "Action": ["ec2:CreateFleet"], "Resource": ["arn:aws:ec2:*:*:fleet/*"]}`,
		"terminates it": `{"Effect": "Allow", "Action": "ec2:Term*", "Resource": "arn:aws:ec2:a:1:instance/*"}`,
		"any role": `{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:a:1:subnet/*"},
			{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::1:role/staging-*"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fails(t, "W9", karpenter, policy(statement))
		})
	}

	passesWith(t, "W9", "with its tag", policy(`{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*",
		"Condition": {"StringEquals": {"aws:RequestTag/kubernetes.io/cluster/staging": "owned"}}}`))
}

func TestW10QueuesAreEncryptedAndTLSOnlyAndOnlyEventBridgeWrites(t *testing.T) {
	t.Parallel()
	passes(t, "W10")
	fails(t, "W10", queue, set(queueType, queue, "sqsManagedSseEnabled", false))
	fails(t, "W10", queue, set(queueType, queue, "policy", ""))

	found := golden(t, "staging")
	for _, r := range found.State.Resources {
		if r.URN.Name() != queue || string(r.Type) != queueType {
			continue
		}

		document, _ := r.Inputs["policy"].(string)

		for from, to := range map[string]string{
			`"aws:SecureTransport"`: `"aws:ViaAWSService"`, "events.amazonaws.com": "sns.amazonaws.com",
		} {
			fails(t, "W10", queue, set(queueType, queue, "policy", strings.Replace(document, from, to, 1)))
		}
	}
}

func TestWithoutPoolsTheControlsOfKarpenterDoNotApply(t *testing.T) {
	t.Parallel()

	environment := golden(t, "staging")
	for _, kind := range []string{nodeClass, nodePool, queueType} {
		for _, r := range environment.State.Resources {
			if string(r.Type) == kind {
				remove(kind, r.URN.Name())(&environment)
			}
		}
	}

	remove("aws:iam/role:Role", karpenter)(&environment)

	for _, id := range []string{"W7", "W8", "W9", "W10"} {
		assert.Equal(t, controls.NotApplicable, finding(t, environment, id).Result, id)
	}
}
