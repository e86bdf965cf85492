package aws

import (
	"errors"
	"strings"
)

// interfaceEndpoint is the type of endpoint that has network interfaces.
const interfaceEndpoint = "Interface"

// privateNames are the services that have an interface endpoint in all zones of every region, with the endpoint's
// private DNS name, in which {} is the region, or "" if it has none. They are the common services of AWS's own list
// ("AWS services that integrate with AWS PrivateLink").
func privateNames() map[string]string {
	names := map[string]string{
		"dynamodb":        "",
		"ecr.api":         "api.ecr.{}.amazonaws.com",
		"ecr.dkr":         "*.dkr.ecr.{}.amazonaws.com",
		"eks-auth":        "eks-auth.{}.api.aws",
		"execute-api":     "*.execute-api.{}.amazonaws.com",
		"kinesis-streams": "kinesis.{}.amazonaws.com",
		"s3":              "*.s3.{}.amazonaws.com",
	}

	for _, service := range []string{
		"acm-pca", "application-autoscaling", "athena", "autoscaling", "backup", "bedrock-runtime", "cloudformation",
		"cloudtrail", "codebuild", "config", "ec2", "ec2messages", "ecs", "eks", "elasticache", "elasticfilesystem",
		"elasticloadbalancing", "events", "firehose", "glue", "guardduty-data", "kms", "lambda", "logs", "monitoring",
		"rds", "rds-data", "secretsmanager", "servicediscovery", "sns", "sqs", "ssm", "ssmmessages", "states", "sts",
		"synthetics", "xray",
	} {
		names[service] = service + ".{}.amazonaws.com"
	}

	return names
}

// endpointService returns the interface endpoint service of a name in the region. The errors are the provider's.
func endpointService(q query) (map[string]any, error) {
	name, region := q.text("serviceName"), q.configuration.region
	service, here := strings.CutPrefix(name, "com.amazonaws."+region+".")
	private, offered := privateNames()[service]

	switch {
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
		"availabilityZones": zones, "privateDnsName": strings.ReplaceAll(private, "{}", region),
	}, nil
}
