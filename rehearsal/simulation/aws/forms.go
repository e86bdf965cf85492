package aws

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// forms are the forms in which the provider returns strings that a program gives. The sources are of
// hashicorp/terraform-provider-aws, in internal/service unless they name another folder.
func forms() map[string]func(string) string {
	return map[string]func(string) string{
		"json":     canonical,         // internal/verify/json.go, PolicyToSet
		"policy":   versionFirst,      // internal/verify/json.go, LegacyPolicyToSet
		"host":     withoutScheme,     // IAM's answer (iam/openid_connect_provider.go)
		"domain":   domainName,        // route53/zone.go, NormalizeZoneName
		"protocol": protocolName,      // ec2/vpc_security_group.go, ProtocolStateFunc
		"keyId":    keyID,             // KMS's answer (kms/alias.go)
		"logs":     withoutLogStreams, // ec2/vpc_flow_log.go
		"lower":    strings.ToLower,   // elasticache/replication_group.go
	}
}

// form gives a kind the forms of its declaration.
func (d declaration) form(kind *behaviour.Kind) error {
	kind.Forms = make(map[string]func(string) string, len(d.Forms))

	for property, name := range d.Forms {
		if kind.Forms[property] = forms()[name]; kind.Forms[property] == nil {
			return fmt.Errorf("type %s: form %q of %s is unknown", kind.Type, name, property)
		}
	}

	return nil
}

// canonical is a JSON document without white space, with sorted keys. A string that is no JSON stays as it is.
func canonical(text string) string {
	var document any
	if json.Unmarshal([]byte(text), &document) != nil {
		return text
	}

	encoded, err := json.Marshal(document)
	if err != nil {
		return text
	}

	return string(encoded)
}

// versionFirst is a canonical policy document that starts with its version.
func versionFirst(text string) string {
	const version = `"Version":"2012-10-17"`

	rest, ok := strings.CutSuffix(canonical(text), ","+version+"}")
	if !ok {
		return canonical(text)
	}

	return "{" + version + "," + strings.TrimPrefix(rest, "{") + "}"
}

func withoutScheme(text string) string { return strings.TrimPrefix(text, "https://") }

func domainName(text string) string { return strings.ToLower(strings.TrimSuffix(text, ".")) }

// protocolName names the protocols that have a name in rules of security groups.
func protocolName(text string) string {
	text = strings.ToLower(text)

	for _, names := range [][]string{{"-1", "all"}, {"tcp", "6"}, {"udp", "17"}, {"icmp", "1"}, {"icmpv6", "58"}} {
		if slices.Contains(names, text) {
			return names[0]
		}
	}

	return text
}

// keyID is the id of a key that is given by its ARN.
func keyID(text string) string { return text[strings.LastIndex(text, "/")+1:] }

func withoutLogStreams(text string) string { return strings.TrimSuffix(text, ":*") }
