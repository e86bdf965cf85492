package kubernetes

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// Remember adds what the real provider compares new inputs with, so that it can take over the state: the inputs, and
// the manager of the fields that were set (pulumi-kubernetes, provider.go, checkpointObject; helm_release.go,
// checkpointRelease).
func (*instance) Remember(kind behaviour.Kind, inputs, outputs resource.PropertyMap) {
	if kind.Type != typeRelease {
		outputs["__inputs"] = resource.NewObjectProperty(inputs)
		outputs["__initialApiVersion"] = inputs["apiVersion"]
		outputs["__fieldManager"] = resource.NewStringProperty(apiserver.Manager)

		return
	}

	remembered := releaseDefaults()
	maps.Copy(remembered, inputs)

	repository := resource.PropertyMap{}
	for _, name := range []resource.PropertyKey{"caFile", "certFile", "keyFile", "password", "repo", "username"} {
		repository[name] = resource.NewStringProperty("")
	}

	maps.Copy(repository, objectIn(inputs, "repositoryOpts"))
	remembered["repositoryOpts"] = resource.NewObjectProperty(repository)

	for name, value := range remembered {
		if name != "values" {
			outputs[name] = value
		}
	}

	outputs["__inputs"] = resource.MakeSecret(resource.NewObjectProperty(remembered))
}

// releaseDefaults are the inputs of a release that the real provider adds: those of its type Release that its JSON does
// not omit (helm_release.go, Check).
func releaseDefaults() resource.PropertyMap {
	defaults := resource.PropertyMap{
		"description": resource.NewStringProperty(""), "keyring": resource.NewStringProperty(""),
		"postrender": resource.NewStringProperty(""),
	}

	for _, name := range []resource.PropertyKey{
		"allowNullValues", "atomic", "cleanupOnFail", "createNamespace", "dependencyUpdate", "devel", "disableCRDHooks",
		"disableOpenapiValidation", "disableWebhooks", "forceUpdate", "lint", "recreatePods", "renderSubchartNotes",
		"replace", "resetValues", "reuseValues", "skipAwait", "skipCrds", "verify", "waitForJobs",
	} {
		defaults[name] = resource.NewBoolProperty(false)
	}

	return defaults
}
