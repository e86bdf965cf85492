package settings_test

import (
	"testing"
)

func TestIngressMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection("platform:ingress")
	arn := func(of string) string { return `"arn:aws:` + of + `/12345678-1234-1234-1234-123456789012"` }
	elsewhere, server := arn("acm:eu-west-1:123456789012:certificate"), arn("iam::123456789012:server-certificate")

	checkMistakes(t, map[string]mistake{
		"a host with a path":           of("host", `"a.com/flights"`, `"a.com/flights"`, "a host name", "flightsvc.com"),
		"a name":                       of("certificateArn", `"flightsvc.com"`, `"flightsvc.com"`, "ARN", ""),
		"a certificate of IAM":         of("certificateArn", server, server, "ACM", ""),
		"a certificate from elsewhere": of("certificateArn", elsewhere, elsewhere, "us-east-1", ""),
	})
}
