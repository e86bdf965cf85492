package launcher

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/aws"
)

// idForm matches the ids of VPCs and subnets.
var idForm = regexp.MustCompile(`^(vpc|subnet)-[0-9a-f]{8,17}$`)

// provide puts the VPC that the settings expect into the account, as an account has it before its first environment.
// The program refuses other settings than well-formed ones.
func (s *Session) provide(settings map[string]any) error {
	region := strings.Join(texts(settings, "aws:region"), "")
	existing := func(name string) any { return member(settings, "platform:network", "existing", name) }

	network := aws.Network{
		VPC: fmt.Sprint(existing("vpc")), Public: idsOf(existing("publicSubnets")),
		Private: idsOf(existing("privateSubnets")), Data: idsOf(existing("dataSubnets")),
	}
	if !idForm.MatchString(network.VPC) || region == "" {
		return nil
	}

	return aws.Provide(s.account, s.identity, region, network)
}

// idsOf returns the ids of the subnets in the zones a to h, by letter.
func idsOf(value any) map[string]string {
	found := make(map[string]string)

	object, _ := value.(map[string]any)
	for zone, value := range object {
		if id, _ := value.(string); idForm.MatchString(id) && len(zone) == 1 && zone >= "a" && zone <= "h" {
			found[zone] = id
		}
	}

	return found
}
