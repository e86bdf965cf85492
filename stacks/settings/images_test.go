package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/stacks/settings"
)

func TestRegistryMistakes(t *testing.T) {
	t.Parallel()

	const path = "platform:images.registry"

	registry := func(name string) mistake {
		changes := map[string]string{"platform:images": `{"registry": "` + name + `"}`}

		return mistake{changes, path, `"` + name + `"`, "prefix", "'" + path + "'"}
	}

	fixed := func(name, right string) mistake {
		of := registry(name)
		of.fix += " " + right

		return of
	}

	ecr := func(name string) mistake {
		of := registry(name)
		of.expected = "12 digits"

		return of
	}

	checkMistakes(t, map[string]mistake{
		"a scheme":             fixed("https://public.ecr.aws/msur", "public.ecr.aws/msur"),
		"a slash at its end":   fixed("public.ecr.aws/msur/", "public.ecr.aws/msur"),
		"a scheme and no host": registry("https:///msur"),
		"a digest":             fixed("public.ecr.aws/msur@sha256:0", "public.ecr.aws/msur"),
		"a tag":                fixed("registry.example:5001/msur:v1", "registry.example:5001/msur"),
		"no account of ECR":    ecr("12345.dkr.ecr.us-east-1.amazonaws.com/platform"),
		"no host":              registry("/platform"),
		"a name on Docker Hub": registry("msur"),
		"uppercase letters":    fixed("public.ecr.aws/Msur", "public.ecr.aws/msur"),
		"spaces":               registry("public.ecr.aws / msur"),
	})
}

func TestRegistriesOfOthersAreValid(t *testing.T) {
	t.Parallel()

	for _, registry := range []string{
		"public.ecr.aws/a1b2c3d4", "210987654321.dkr.ecr.eu-west-1.amazonaws.com/platform", "ghcr.io/msur/our_platform",
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "registry.example:5001/a.b--c/d",
	} {
		loaded, problems := settings.Load(stack, with(t, map[string]string{
			"platform:images": `{"registry": "` + registry + `"}`,
		}), neighbours())
		assert.Empty(t, problems)
		assert.Equal(t, registry, loaded.Images.Registry)
	}
}
