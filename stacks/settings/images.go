package settings

import (
	"regexp"
	"strings"

	"github.com/msur/platform/internal/config"
)

// Images is the section platform:images.
type Images struct {
	// Registry is the registry of the services' images, with the prefix of their repositories: the image of flights is in
	// <registry>/flights. Nodes can pull from any ECR registry whose repositories allow it, and from a public registry.
	// Default: the registry of infra/bootstrap, if it is applied to the environment's account and region:
	// <account>.dkr.ecr.<region>.<domain>/platform.
	Registry string `mapstructure:"registry"`
}

const registryPath = "platform:images.registry"

func imageKeys() config.Keys {
	return config.Keys{
		registryPath: {
			Expected: "a registry with a prefix, such as public.ecr.aws/<alias>, without a scheme, a tag or a slash at its end",
		},
	}
}

// registryForm matches a host, and the components of a repository's name (OCI Distribution Specification, "Pulling
// manifests"). Without a dot, the host would be a name on Docker Hub.
var registryForm = regexp.MustCompile(
	`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+(:[0-9]{1,5})?(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`)

// checkImages requires a registry. The fix removes a scheme, and slashes at the end.
func (c *checker) checkImages() {
	registry := c.settings.Images.Registry
	c.MatchesIfSet(registryPath, registry, registryForm)

	_, bare, hasScheme := strings.Cut(registry, "://")
	if !hasScheme {
		bare = registry
	}

	if bare = strings.TrimRight(bare, "/"); bare != registry && registryForm.MatchString(bare) {
		c.Report(registryPath, c.Expected(registryPath), c.Set(registryPath, bare))
	}
}
