package aws

import (
	"fmt"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

// forms are the forms in which the provider returns strings that a program gives: often those in which it compares
// them. The sources are of hashicorp/terraform-provider-aws, in internal/service unless they name another folder.
func forms() map[string]func(string) string {
	compared := schema.Comparisons()

	return map[string]func(string) string{
		"json":     schema.Document,      // internal/verify/json.go, PolicyToSet
		"policy":   versionFirst,         // internal/verify/json.go, LegacyPolicyToSet
		"host":     compared["url"],      // IAM's answer (iam/openid_connect_provider.go)
		"domain":   domainName,           // route53/zone.go, NormalizeZoneName
		"protocol": compared["protocol"], // ec2/vpc_security_group.go, ProtocolStateFunc
		"keyId":    compared["key"],      // KMS's answer (kms/alias.go)
		"logs":     withoutLogStreams,    // ec2/vpc_flow_log.go
		"lower":    strings.ToLower,      // elasticache/replication_group.go
	}
}

// form gives a kind the forms of its declaration.
func (d declaration) form(kind *behaviour.Kind) error {
	kind.Forms = make(map[string]func(string) string, len(d.Forms))
	known := forms()

	for property, name := range d.Forms {
		if kind.Forms[property] = known[name]; kind.Forms[property] == nil {
			return fmt.Errorf("type %s: form %q of %s is unknown", kind.Type, name, property)
		}
	}

	return nil
}

// versionFirst is a canonical policy document that starts with its version.
func versionFirst(text string) string {
	const version = `"Version":"2012-10-17"`

	document := schema.Document(text)

	rest, ok := strings.CutSuffix(document, ","+version+"}")
	if !ok {
		return document
	}

	return "{" + version + "," + strings.TrimPrefix(rest, "{") + "}"
}

// domainName is the name of a zone or a record as the provider compares and returns it.
func domainName(text string) string { return schema.Comparisons()["domain"](text) }

func withoutLogStreams(text string) string { return strings.TrimSuffix(text, ":*") }
