package aws

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

type (
	call       = behaviour.Call
	check      = func(*call) error
	makers     = map[string]func(*call) any
	properties = resource.PropertyMap
)

// before is the resource's state in the account, if the call is an update.
func before(c *call) (account.Resource, bool) {
	return c.Tx.Get(c.Resource.Key)
}

// get returns the resource of a type whose id is at a path of the inputs, if there is one.
func get(c *call, token, path string) account.Resource {
	found, _ := c.Get(token, c.Text(path))

	return found
}

// hostedZone is the id of a hosted zone of AWS's own. It has the form of the real one.
func hostedZone(owner string) string {
	return "Z" + strings.ToUpper(digest(owner, 13))
}

// digest returns hexadecimal digits that are the same for the same text.
func digest(text string, length int) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:length]
}
