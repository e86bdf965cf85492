package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// spaced is a policy document as a program writes it, with white space and in an order of its own.
const spaced = `{ "Version": "2012-10-17", "Statement": [ {"Effect": "Allow", "Principal": "*", "Action": "<a>"} ] }`

// The provider returns documents with sorted keys and without white space.
func TestStringsHaveTheFormOfAnAnswer(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	bucket := n.aws.Create(bucketType, "b", in{"bucket": "a-bucket"})
	key := n.aws.Create(keyType, "key", in{})
	role := n.aws.Create(roleType, "role", in{"assumeRolePolicy": document})
	zone := n.aws.Create(zoneType, "zone", in{"name": "Example.com."})
	sorted := `{"Statement":[{"Action":"\u003ca\u003e","Effect":"Allow","Principal":"*"}],"Version":"2012-10-17"}`

	for _, test := range []struct {
		token, property, given, want string
		others                       in
	}{
		{oidcType, "url", "https://issuer.example", "issuer.example", in{"clientIdLists": []any{"a"}}},
		{roleType, "assumeRolePolicy", spaced, sorted, nil},
		{policyType, "policy", spaced, sorted, nil},
		{inlineType, "policy", spaced, `{"Version":"2012-10-17","Statement":[{"Action":"\u003ca\u003e","Effect":"Allow",` +
			`"Principal":"*"}]}`, in{"role": role.ID}},
		{"aws:s3/bucketPolicy:BucketPolicy", "policy", spaced, sorted, in{"bucket": bucket.ID}},
		{keyType, "policy", spaced, sorted, nil},
		{aliasType, "targetKeyId", key.Text("arn"), key.ID, in{"name": "alias/a"}},
		{recordType, "name", "API.example.com.", "api.example.com", in{
			"zoneId": zone.ID, "type": "A", "records": []any{"192.0.2.1"}, "ttl": 60,
		}},
		{cacheParametersType, "name", "Sessions", "sessions", in{"family": "valkey8"}},
		{ruleType, "protocol", "6", "tcp", in{
			"securityGroupId": n.group.ID, "type": "ingress", "fromPort": 80, "toPort": 80, "self": true,
		}},
	} {
		t.Run(test.token+" "+test.property, func(t *testing.T) {
			inputs := changed(in{test.property: test.given}, test.others)
			made := n.aws.Create(test.token, "formed", inputs)
			assert.Equal(t, test.want, made.Text(test.property))
			assert.Equal(t, test.want, n.aws.Read(made).Text(test.property))
			assert.Equal(t, test.given, n.aws.Preview(test.token, "next", inputs).Text(test.property),
				"the account has not answered")
			assert.Equal(t, test.want, n.aws.PreviewUpdate(made, inputs).Text(test.property), "it is the same")
			assert.Empty(t, n.aws.Diff(n.aws.Read(made), inputs).GetDiffs(), "a refresh finds no difference")
		})
	}

	assert.Equal(t, "example.com", zone.Text("name"))
}

func TestAliasesGetTheirPrefixOnce(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	key := aws.Create(keyType, "key", in{})

	for _, logical := range []string{"app", "alias/app"} {
		made := aws.Create(aliasType, logical, in{"targetKeyId": key.ID})
		outputs(t, made, map[string]string{"name": "alias/app-[0-9a-f]{7}", "targetKeyArn": key.Text("arn")})
	}
}

// Outputs that AWS or the provider derives from others.
func TestDerivedOutputs(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	address := n.aws.Read(n.address)
	outputs(t, address, map[string]string{
		"publicDns": `ec2-203-0-113-1\.compute-1\.amazonaws\.com`, "privateDns": `ip-10-0-1-4\.ec2\.internal`,
		"associationId": n.nat.Text("associationId"), "networkInterface": n.nat.Text("networkInterfaceId"),
		"privateIp": n.nat.Text("privateIp"),
	})
	assert.Empty(t, n.aws.Diff(address, in{"domain": "vpc"}).GetDiffs(), "a refresh finds no difference")
	require.NoError(t, n.aws.Delete(n.nat))
	assert.Empty(t, n.aws.Read(n.address).Text("associationId"))

	key := n.aws.Create(keyType, "key", in{"enableKeyRotation": true})
	assert.InDelta(t, 365, key.Outputs["rotationPeriodInDays"].NumberValue(), 0)

	zone := n.aws.Create(zoneType, "zone", in{"name": "example.com"})
	assert.Equal(t, zone.Outputs["nameServers"].ArrayValue()[0].StringValue(), zone.Text("primaryNameServer"))

	balancer := n.aws.Create(balancerType, "b", in{
		"loadBalancerType": "network", "internal": false, "subnets": []any{n.subnet.ID},
	})
	outputs(t, balancer, map[string]string{"arnSuffix": `net/b-[0-9a-f]{7}/[0-9a-f]{16}`, "zoneId": "Z[0-9A-F]{13}"})
}
