package aws

import (
	"errors"
	"slices"
	"strings"
)

// interfaceEndpoint is the type of endpoint that has network interfaces.
const interfaceEndpoint = "Interface"

// privateNames are the services that have an interface endpoint in all zones of every region, with the endpoint's
// private DNS name in the region, or "" if it has none. They are the common services of AWS's own list ("AWS services
// that integrate with AWS PrivateLink").
func privateNames() map[string]string {
	names := map[string]string{
		"dynamodb":        "",
		"ecr.api":         "api.ecr.{region}.{domain}",
		"ecr.dkr":         "*.dkr.ecr.{region}.{domain}",
		"eks-auth":        "eks-auth.{region}.{dualStackDomain}",
		"execute-api":     "*.execute-api.{region}.{domain}",
		"kinesis-streams": "kinesis.{region}.{domain}",
		"s3":              "*.s3.{region}.{domain}",
	}

	for _, service := range []string{
		"acm-pca", "application-autoscaling", "athena", "autoscaling", "backup", "bedrock-runtime", "cloudformation",
		"cloudtrail", "codebuild", "config", "ec2", "ec2messages", "ecs", "eks", "elasticache", "elasticfilesystem",
		"elasticloadbalancing", "events", "firehose", "glue", "guardduty-data", "kms", "lambda", "logs", "monitoring",
		"rds", "rds-data", "secretsmanager", "servicediscovery", "sns", "sqs", "ssm", "ssmmessages", "states", "sts",
		"synthetics", "xray",
	} {
		names[service] = service + ".{region}.{domain}"
	}

	return names
}

// prefixedInChina are the services whose interface endpoint has the prefix "cn." in China (aws/aws-cdk,
// packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts, getDefaultEndpointPrefix).
func prefixedInChina() []string {
	return []string{
		"application-autoscaling", "athena", "autoscaling", "backup", "cloudformation", "ec2", "ecr.api", "ecr.dkr", "eks",
		"elasticache", "elasticfilesystem", "execute-api", "kinesis-streams", "lambda", "monitoring", "rds", "s3", "sqs",
		"states", "sts", "synthetics", "xray",
	}
}

// endpointName is the name of the endpoint service for a service in a region. Gateways have the usual name everywhere.
func endpointName(region, service, kind string) string {
	name := "com.amazonaws." + region + "." + service
	if kind == interfaceEndpoint && strings.HasPrefix(region, "cn-") && slices.Contains(prefixedInChina(), service) {
		return "cn." + name
	}

	return name
}

// endpointService returns the interface endpoint service of a name in the region. The errors are the provider's.
func endpointService(q query) (map[string]any, error) {
	name, region := q.text("serviceName"), q.configuration.region
	_, service, _ := strings.Cut(name, "."+region+".")
	private, offered := privateNames()[service]

	switch here := name == endpointName(region, service, interfaceEndpoint); {
	case q.text("serviceType") != interfaceEndpoint:
		return nil, errors.New("serviceType: only Interface is simulated")
	case here && service == "s3express": // its only endpoint is a gateway
		return nil, errors.New("no matching EC2 VPC Endpoint Service found")
	case !here || !offered:
		return nil, errors.New("reading EC2 VPC Endpoint Services: couldn't find resource")
	}

	zones := []any{}
	for _, z := range zonesOf(region) {
		zones = append(zones, z.name)
	}

	return map[string]any{
		"availabilityZones": zones, "privateDnsName": strings.NewReplacer("{region}", region,
			"{domain}", q.configuration.partition.Domain, "{dualStackDomain}", q.configuration.partition.DualStackDomain,
		).Replace(private),
	}, nil
}
