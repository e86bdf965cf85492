package aws

import (
	"errors"
	"strings"
)

// offer is a kind of endpoint that AWS offers for a service.
type offer struct {
	service string // as in com.amazonaws.us-east-1.<service>
	kind    string
	private string // its private DNS name, with {} for the region; none where it is empty
}

const gatewayOffer, interfaceOffer = "Gateway", "Interface"

// offers are the endpoints of every region, each in all of its zones: the common services of AWS's own list ("AWS
// services that integrate with AWS PrivateLink"), and those with a gateway.
func offers() []offer {
	list := []offer{
		{"dynamodb", gatewayOffer, ""},
		{"dynamodb", interfaceOffer, ""},
		{"ecr.api", interfaceOffer, "api.ecr.{}.amazonaws.com"},
		{"ecr.dkr", interfaceOffer, "*.dkr.ecr.{}.amazonaws.com"},
		{"eks-auth", interfaceOffer, "eks-auth.{}.api.aws"},
		{"execute-api", interfaceOffer, "*.execute-api.{}.amazonaws.com"},
		{"kinesis-streams", interfaceOffer, "kinesis.{}.amazonaws.com"},
		{"s3", gatewayOffer, ""},
		{"s3", interfaceOffer, "*.s3.{}.amazonaws.com"},
		{"s3express", gatewayOffer, ""},
	}

	for _, service := range []string{
		"acm-pca", "application-autoscaling", "athena", "autoscaling", "backup", "bedrock-runtime", "cloudformation",
		"cloudtrail", "codebuild", "config", "ec2", "ec2messages", "ecs", "eks", "elasticache", "elasticfilesystem",
		"elasticloadbalancing", "events", "firehose", "glue", "guardduty-data", "kms", "lambda", "logs", "monitoring",
		"rds", "rds-data", "secretsmanager", "servicediscovery", "sns", "sqs", "ssm", "ssmmessages", "states", "sts",
		"synthetics", "xray",
	} {
		list = append(list, offer{service, interfaceOffer, service + ".{}.amazonaws.com"})
	}

	return list
}

// endpointService returns the one service of the region that the arguments select.
func endpointService(q query) (map[string]any, error) {
	found, err := findOffer(q.configuration.region, q.text("serviceName"), q.text("serviceType"))
	if err != nil {
		return nil, err
	}

	return found.describe(q.configuration.region), nil
}

// findOffer returns the offer of that name and kind; an empty one is any. The errors are the provider's.
func findOffer(region, name, kind string) (offer, error) {
	var (
		found []offer
		known bool
	)

	for _, candidate := range offers() {
		if name != "" && name != endpointServiceName(region, candidate.service) {
			continue
		}

		known = true

		if kind == "" || kind == candidate.kind {
			found = append(found, candidate)
		}
	}

	switch {
	case !known:
		return offer{}, errors.New("reading EC2 VPC Endpoint Services: couldn't find resource")
	case len(found) == 0:
		return offer{}, errors.New("no matching EC2 VPC Endpoint Service found")
	case len(found) > 1:
		return offer{}, errors.New("multiple EC2 VPC Endpoint Services matched; " +
			"use additional constraints to reduce matches to a single EC2 VPC Endpoint Service")
	}

	return found[0], nil
}

func endpointServiceName(region, service string) string {
	return "com.amazonaws." + region + "." + service
}

// describe returns the outputs of the service in a region.
func (o offer) describe(region string) map[string]any {
	zones := []any{}
	for _, z := range zonesOf(region) {
		zones = append(zones, z.name)
	}

	return map[string]any{
		"serviceName": endpointServiceName(region, o.service), "serviceType": o.kind, "availabilityZones": zones,
		"privateDnsName": strings.ReplaceAll(o.private, "{}", region),
	}
}
