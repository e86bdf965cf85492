package settings

import (
	"fmt"
	"regexp"

	"github.com/msur/platform/internal/config"
)

// Ingress is the section platform:ingress.
type Ingress struct {
	// CertificateARN is the ARN of an ACM certificate in the environment's region. Default: none; Traefik then generates a
	// certificate that no browser trusts.
	CertificateARN string `mapstructure:"certificateArn"`
	// Host is the host name of the services' requests. Default: the book's, so that its requests work.
	Host string `mapstructure:"host"`
}

func defaultIngress() Ingress { return Ingress{Host: "flightsvc.com"} }

const (
	hostPath        = "platform:ingress.host"
	certificatePath = "platform:ingress.certificateArn"
)

func ingressKeys() config.Keys {
	return config.Keys{
		certificatePath: {
			Expected: "the ARN of an ACM certificate, such as arn:aws:acm:us-east-1:123456789012:certificate/<id>",
		},
		hostPath: {Expected: "a host name", Example: defaultIngress().Host},
	}
}

var (
	hostForm        = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	certificateForm = regexp.MustCompile(`^arn:aws[a-z-]*:acm:([a-z0-9-]+):([0-9]{12}):certificate/[0-9a-f-]{36}$`)
)

// checkIngress requires a certificate in the region of the load balancer, which accepts no other.
func (c *checker) checkIngress() {
	c.Matches(hostPath, c.settings.Ingress.Host, hostForm)

	arn := c.settings.Ingress.CertificateARN
	if arn == "" {
		return
	}

	match := certificateForm.FindStringSubmatch(arn)

	switch region := c.settings.Region; {
	case match == nil:
		c.Invalid(certificatePath)
	case match[1] != region:
		c.Report(certificatePath, fmt.Sprintf("a certificate in %s, where the load balancer is", region),
			c.Remove(certificatePath))
	}
}

// Account is the id of the account that the certificate is in, or "" without a certificate.
func (i Ingress) Account() string {
	if match := certificateForm.FindStringSubmatch(i.CertificateARN); match != nil {
		return match[2]
	}

	return ""
}
