package controls

import (
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// registries is A4.
func registries(environment Environment, v *verdict) {
	lifecycles := of(environment.State, "aws:ecr/lifecyclePolicy:LifecyclePolicy")

	for _, repository := range of(environment.State, "aws:ecr/repository:Repository") {
		scanned, _ := input(repository, "imageScanningConfiguration.scanOnPush").(bool)
		v.hold(repository, "imageScanningConfiguration.scanOnPush", scanned, "nobody looks for what its images are open to")

		v.hold(repository, "imageTagMutability", text(repository, "imageTagMutability") == "IMMUTABLE",
			"what a name of an image stands for can change")

		ends := slices.ContainsFunc(lifecycles, func(lifecycle state.Resource) bool {
			return len(ofName([]state.Resource{repository}, text(lifecycle, "repository"))) > 0
		})
		v.hold(repository, "name", ends, "its images stay for ever")
	}
}
