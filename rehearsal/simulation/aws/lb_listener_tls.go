package aws

import (
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// certificateForm is the ARN of a certificate: its partition and region, and the rest.
var certificateForm = regexp.MustCompile(
	`^arn:([a-z-]+):acm:([a-z0-9-]+):[0-9]{12}:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// checkCertificate wants a certificate for TLS and for nothing else. Certificates are not
// simulated: any of the region is there.
func checkCertificate(c *behaviour.Call) error {
	protocol, arn := c.Text("protocol"), c.Text("certificateArn")

	switch {
	case protocol == protocolTLS && arn == "":
		return refuse("ValidationError", "A certificate must be specified for TLS listeners")
	case protocol != protocolTLS && arn != "":
		return refuse("ValidationError", "A certificate cannot be specified for %s listeners", protocol)
	case arn == "":
		return nil
	}

	parts := certificateForm.FindStringSubmatch(arn)
	if parts == nil || parts[1] != partition || parts[2] != c.Place.Region {
		return refuse("CertificateNotFound", "Certificate '%s' not found", arn)
	}

	return nil
}

// securityPolicies are those that a network load balancer knows.
// Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
func securityPolicies() []string {
	return []string{
		"ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-0-2015-04",
		"ELBSecurityPolicy-TLS-1-1-2017-01", "ELBSecurityPolicy-TLS-1-2-2017-01", "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
		"ELBSecurityPolicy-FS-2018-06", "ELBSecurityPolicy-FS-1-1-2019-08", "ELBSecurityPolicy-FS-1-2-2019-08",
		"ELBSecurityPolicy-FS-1-2-Res-2019-08", "ELBSecurityPolicy-FS-1-2-Res-2020-10",
		"ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-1-2021-06",
		"ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06",
		"ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
		"ELBSecurityPolicy-TLS13-1-3-2021-06",
		"ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
		"ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04", "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04",
		"ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04", "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04",
		"ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04", "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
		"ELBSecurityPolicy-TLS13-1-0-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
		"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
	}
}

// checkSecurityPolicy wants policies of TLS for TLS alone.
func checkSecurityPolicy(c *behaviour.Call) error {
	protocol, policy, alpn := c.Text("protocol"), c.Text("sslPolicy"), c.Text("alpnPolicy")
	known := []string{"None", "HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred"}

	switch {
	case policy != "" && protocol != protocolTLS:
		return refuse("ValidationError", "An SSL policy cannot be specified for %s listeners", protocol)
	case policy != "" && !slices.Contains(securityPolicies(), policy):
		return refuse("SSLPolicyNotFound", "SSL policy '%s' not found", policy)
	case alpn != "" && protocol != protocolTLS:
		return refuse("ValidationError", "An ALPN policy cannot be specified for %s listeners", protocol)
	case alpn != "" && !slices.Contains(known, alpn):
		return refuse("ALPNPolicyNotSupported", "ALPN policy '%s' is not supported", alpn)
	}

	return nil
}
