package kubernetes

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"gopkg.in/yaml.v3"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// configuration has the settings of a provider instance that the simulation uses.
type configuration struct {
	cluster           string
	identified        bool   // by clusterIdentifier
	server            string // of the kubeconfig, where it names one
	forgets           bool   // objects in unreachable clusters are gone
	namespace         string
	mutableConfigMaps bool
}

func configure(settings resource.PropertyMap) configuration {
	result := configuration{
		cluster:    text(settings, "clusterIdentifier"),
		identified: text(settings, "clusterIdentifier") != "",
		namespace:  text(settings, "namespace"),
	}
	result.server = serverOf(text(settings, "kubeconfig"), text(settings, "context"))

	if result.cluster == "" {
		result.cluster = clusterOf(text(settings, "kubeconfig"), result.server)
	}

	if result.namespace == "" {
		result.namespace = "default"
	}

	result.mutableConfigMaps = isTrue(settings, "enableConfigMapMutable")
	result.forgets = isTrue(settings, "deleteUnreachable")

	return result
}

// isTrue reads a setting that the engine sends as a string, and callers of its newer protocol as a boolean.
func isTrue(settings resource.PropertyMap, name resource.PropertyKey) bool {
	value := property.Reveal(settings[name])

	return value.V == true || value.V == "true"
}

// kubeconfig is the part of a kubeconfig that identifies its cluster.
type kubeconfig struct {
	CurrentContext string `yaml:"current-context"`
	Contexts       []struct {
		Name    string `yaml:"name"`
		Context struct {
			Cluster string `yaml:"cluster"`
		} `yaml:"context"`
	} `yaml:"contexts"`
	Clusters []struct {
		Name    string `yaml:"name"`
		Cluster struct {
			Server string `yaml:"server"`
		} `yaml:"cluster"`
	} `yaml:"clusters"`
}

// clusterOf identifies a cluster by its server, or by the digest of a kubeconfig without one, which can hold
// credentials. Without a kubeconfig, it is the user's own cluster.
func clusterOf(text, server string) string {
	switch {
	case text == "":
		return "ambient"
	case server != "":
		return server
	}

	sum := sha256.Sum256([]byte(text))

	return "kubeconfig-" + hex.EncodeToString(sum[:])[:16]
}

// serverOf returns the server of the chosen context of a kubeconfig, or "".
func serverOf(text, context string) string {
	var parsed kubeconfig
	if err := yaml.Unmarshal([]byte(text), &parsed); err != nil {
		return ""
	}

	return parsed.server(context)
}

func (k kubeconfig) server(context string) string {
	if context == "" {
		context = k.CurrentContext
	}

	for _, candidate := range k.Contexts {
		if candidate.Name != context {
			continue
		}

		for _, cluster := range k.Clusters {
			if cluster.Name == candidate.Context.Cluster {
				return cluster.Cluster.Server
			}
		}
	}

	return ""
}

func text(settings resource.PropertyMap, name resource.PropertyKey) string {
	if value := property.Reveal(settings[name]); value.IsString() {
		return value.StringValue()
	}

	return ""
}
