package aws_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestCluster(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	key := s.aws.Create(keyType, "key", in{})
	made := s.cluster(in{"version": nil, "encryptionConfig": in{
		"provider": in{"keyArn": key.Text("arn")}, "resources": []any{"secrets"},
	}})
	assert.Equal(t, "c", made.ID)
	outputs(t, made, map[string]string{
		"arn": "arn:aws:eks:us-east-1:123456789012:cluster/c", "status": "ACTIVE", "version": `1\.36`, "clusterId": "",
		"endpoint": `https://[0-9A-F]{32}\.gr7\.us-east-1\.eks\.amazonaws\.com`, "platformVersion": `eks\.\d+`,
	})

	plain := made.Outputs.Mappable()
	assert.Equal(t, in{"supportType": "EXTENDED"}, plain["upgradePolicy"])
	assert.Equal(t, in{"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}, plain["kubernetesNetworkConfig"])

	network := inside(made, "vpcConfig")
	assert.Regexp(t, `^sg-[0-9a-f]{17}$`, network["clusterSecurityGroupId"])
	assert.Equal(t, s.vpc.ID, network["vpcId"])
	assert.Equal(t, true, network["endpointPrivateAccess"], "the given name")
	assert.Equal(t, true, network["endpointPublicAccess"], "the default is kept beside it")
	assert.Equal(t, []any{"0.0.0.0/0"}, network["publicAccessCidrs"])

	issuer := "https://oidc.eks.us-east-1.amazonaws.com/id/" + made.Text("endpoint")[8:40]
	assert.Equal(t, []any{in{"oidcs": []any{in{"issuer": issuer}}}}, plain["identities"])
}

// inside returns an output that is an object.
func inside(made enginetest.Made, name string) in {
	object, _ := made.Outputs.Mappable()[name].(in)

	return object
}

// kubectl parses the authority before it connects to the cluster.
func TestTheAuthorityIsACertificate(t *testing.T) {
	t.Parallel()

	data, _ := inside(newSite(t).cluster(nil), "certificateAuthority")["data"].(string)
	text, err := base64.StdEncoding.DecodeString(data)
	require.NoError(t, err)

	block, _ := pem.Decode(text)
	require.NotNil(t, block)

	certificate, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	assert.True(t, certificate.IsCA)
}

func TestClusterDefaults(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	inputs := s.clusterInputs(s.vpcConfig(nil))
	delete(inputs, "name")

	preview := s.aws.Preview(clusterType, "auto", inputs)
	assert.True(t, preview.Outputs["vpcConfig"].ObjectValue()["clusterSecurityGroupId"].IsComputed())
	assert.True(t, preview.Outputs["vpcConfig"].ObjectValue()["endpointPublicAccess"].BoolValue(), "defaults are known")

	made := s.aws.Create(clusterType, "auto", inputs)
	assert.Regexp(t, `^auto-[0-9a-f]{7}$`, made.ID)
	assert.Equal(t, false, inside(made, "vpcConfig")["endpointPrivateAccess"])
	declines(t, s.aws, clusterType, complete(s.clusterInputs, map[string]in{
		"accessConfig.authenticationMode: got nothing": {"name": "x", "accessConfig": in{}},
	}))

	far := s.aws.Create(vpcType, "far", in{"cidrBlock": "192.168.0.0/16"})
	subnets := []any{}

	for zone, block := range map[string]string{"us-east-1a": "192.168.0.0/24", "us-east-1b": "192.168.1.0/24"} {
		made := s.aws.Create(subnetType, zone, in{"vpcId": far.ID, "cidrBlock": block, "availabilityZone": zone})
		subnets = append(subnets, made.ID)
	}

	other := s.cluster(in{"vpcConfig": in{"subnetIds": subnets}})
	assert.Equal(t, "10.100.0.0/16", inside(other, "kubernetesNetworkConfig")["serviceIpv4Cidr"], "outside the VPC")
}

func TestClusterNames(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	made := s.cluster(nil)
	conflicts(t, s.aws, clusterType, map[string]in{
		"ResourceInUseException: Cluster already exists with name: c": s.clusterInputs(nil),
	})
	accepts(t, s.aws, clusterType, map[string]in{"another name": s.clusterInputs(in{"name": "d"})})

	difference := s.aws.Diff(made, s.clusterInputs(in{"roleArn": "arn:other"}))
	assert.Equal(t, []string{"roleArn"}, difference.GetReplaces())
	assert.True(t, difference.GetDeleteBeforeReplace(), "the name is taken")
}

func TestClusterRoles(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	bare := s.role("bare", "eks.amazonaws.com", "sts:AssumeRole")
	own := s.aws.Create(policyType, "own", in{"name": "AmazonEKSClusterPolicy", "policy": document})
	s.aws.Create(attachType, "own", in{"role": bare.ID, "policyArn": own.ID})

	with := func(arn string) in { return s.clusterInputs(in{"roleArn": arn}) }
	refuses(t, s.aws, clusterType, map[string]in{
		"InvalidParameterException: Role with arn: " + noRole + ", could not be assumed": with(noRole),
		"InvalidParameterException: Role with arn: " + s.nodeRole.Text("arn") + ", could not be assumed": with(
			s.nodeRole.Text("arn")),
		"InvalidParameterException: The provided role doesn't have the Amazon EKS Managed Policies associated with it. " +
			"Please ensure the following policy is attached: " + managed + "AmazonEKSClusterPolicy": with(bare.Text("arn")),
	})

	inline := s.aws.Create(roleType, "inline", in{
		"assumeRolePolicy":  trust("eks.amazonaws.com", []any{"sts:AssumeRole", "sts:TagSession"}),
		"managedPolicyArns": []any{managed + "AmazonEKSClusterPolicy"},
	})
	accepts(t, s.aws, clusterType, map[string]in{"a policy of the role's own list": with(inline.Text("arn"))})
}

// A trust policy's statements are checked one by one.
func TestClusterRolesThatTrustAnotherPrincipal(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	for name, policy := range map[string]string{
		"nobody": document,
		"denied": `{"Statement":{"Effect":"Deny","Principal":{"Service":"eks.amazonaws.com"},"Action":"sts:AssumeRole"}}`,
		"apart": `{"Statement":[
			{"Effect":"Allow","Principal":{"Service":"eks.amazonaws.com"},"Action":"sts:TagSession"},
			{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
	} {
		role := s.aws.Create(roleType, name, in{"assumeRolePolicy": policy})
		_, err := s.aws.TryCreate(clusterType, name, s.clusterInputs(in{"roleArn": role.Text("arn")}))
		require.ErrorContains(t, err, "could not be assumed", name)
	}

	several := s.aws.Create(roleType, "several", in{
		"managedPolicyArns": []any{managed + "AmazonEKSClusterPolicy"},
		"assumeRolePolicy": `{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
			"Principal":{"Service":["ec2.amazonaws.com","eks.amazonaws.com"]}}}`,
	})
	s.cluster(in{"roleArn": several.Text("arn")})
}

func TestClusterZones(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	beside := s.privateSubnet("beside", "10.0.3.0/24", "us-east-1b")
	third := s.privateSubnet("third", "10.0.4.0/24", "us-east-1c")
	unfit := s.privateSubnet("unfit", "10.0.5.0/24", "us-east-1e") // use1-az3

	on := func(subnets ...any) in {
		return s.clusterInputs(in{"name": "z", "vpcConfig": in{"subnetIds": subnets}})
	}
	refuses(t, s.aws, clusterType, map[string]in{
		"InvalidParameterException: Subnets specified must be in at least two different AZs": on(s.subnet.ID, beside.ID),
		"UnsupportedAvailabilityZoneException: Cannot create cluster 'z' because EKS does not support creating control " +
			"plane instances in us-east-1e, the targeted availability zone. Retry cluster creation using control plane " +
			"subnets that span at least two of these availability zones: us-east-1a,us-east-1b,us-east-1c,us-east-1d," +
			"us-east-1f.": on(s.subnet.ID, s.second.ID, unfit.ID),
		"InvalidSubnetID.NotFound": on(s.subnet.ID, "subnet-"+absent),
	})
	accepts(t, s.aws, clusterType, map[string]in{"two in one of them": on(s.subnet.ID, beside.ID, third.ID)})

	made := s.cluster(nil)
	_, err := s.aws.TryUpdate(made, s.clusterInputs(s.vpcConfig(in{"subnetIds": []any{s.subnet.ID, third.ID}})))
	require.ErrorContains(t, err, "Provided subnets belong to the AZs 'us-east-1b,us-east-1c'. "+
		"But they should belong to the exact set of AZs 'us-east-1a,us-east-1b'")

	moved := s.clusterInputs(s.vpcConfig(in{"subnetIds": []any{beside.ID, s.second.ID}}))
	assert.Empty(t, s.aws.Diff(made, moved).GetReplaces(), "in place")
	s.aws.Update(made, moved)
}

func TestClusterKeys(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	key := s.aws.Create(keyType, "key", in{})
	with := func(arn string) in {
		return s.clusterInputs(in{"encryptionConfig": in{"provider": in{"keyArn": arn}, "resources": []any{"secrets"}}})
	}
	refuses(t, s.aws, clusterType, map[string]in{
		"InvalidParameterException: KMS key arn:aws:kms:none is not found": with("arn:aws:kms:none"),
		"InvalidParameterException: KMS key " + key.ID:                     with(key.ID),
	})
	made := s.aws.Create(clusterType, "cluster", with(key.Text("arn")))
	assert.Equal(t, []string{"encryptionConfig"}, s.aws.Diff(made, s.clusterInputs(nil)).GetReplaces())

	plain := s.cluster(in{"name": "plain"})
	assert.Empty(t, s.aws.Diff(plain, changed(with(key.Text("arn")), in{"name": "plain"})).GetReplaces(), "in place")
}
