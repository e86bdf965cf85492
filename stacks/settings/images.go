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

// An ECR registry's host starts with the id of its account (Amazon ECR User Guide, "Amazon ECR private registry").
var (
	ecrForm        = regexp.MustCompile(`^([^.]+)\.dkr\.ecr(-fips)?\.`)
	ecrAccountForm = regexp.MustCompile(`^[0-9]{12}$`)
)

// checkImages requires a registry. The fix removes a scheme, a tag, a digest, and slashes at the end.
func (c *checker) checkImages() {
	registry := c.settings.Images.Registry
	c.MatchesIfSet(registryPath, registry, registryForm)

	if bare := bareRegistry(registry); bare != registry && registryForm.MatchString(bare) {
		c.Report(registryPath, c.Expected(registryPath), c.Set(registryPath, bare))
	} else if ecr := ecrForm.FindStringSubmatch(registry); ecr != nil && !ecrAccountForm.MatchString(ecr[1]) {
		c.Report(registryPath, "an ECR registry whose host starts with the 12 digits of its account", c.Remove(registryPath))
	}
}

// bareRegistry returns a registry without what belongs to an image or a URL. Names in registries have no capitals.
func bareRegistry(text string) string {
	if _, rest, hasScheme := strings.Cut(text, "://"); hasScheme {
		text = rest
	}

	text, _, _ = strings.Cut(text, "@")
	if slash := strings.LastIndex(text, "/"); slash >= 0 {
		name, _, _ := strings.Cut(text[slash:], ":")
		text = text[:slash] + name
	}

	return strings.ToLower(strings.TrimRight(text, "/"))
}
