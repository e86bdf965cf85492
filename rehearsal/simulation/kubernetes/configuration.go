package kubernetes

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"gopkg.in/yaml.v3"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// configuration is what of a provider instance's settings the simulation heeds.
type configuration struct {
	cluster           string
	identified        bool // by clusterIdentifier
	namespace         string
	mutableConfigMaps bool
}

func configure(settings resource.PropertyMap) configuration {
	result := configuration{
		cluster:    text(settings, "clusterIdentifier"),
		identified: text(settings, "clusterIdentifier") != "",
		namespace:  text(settings, "namespace"),
	}
	if result.cluster == "" {
		result.cluster = clusterOf(text(settings, "kubeconfig"), text(settings, "context"))
	}

	if result.namespace == "" {
		result.namespace = "default"
	}

	// The engine sends settings as text, callers of its newer protocol as they are.
	mutable := property.Reveal(settings["enableConfigMapMutable"])
	result.mutableConfigMaps = mutable.V == true || mutable.V == "true"

	return result
}

// kubeconfig is the part of a kubeconfig that says which cluster it is for.
type kubeconfig struct {
	CurrentContext string `yaml:"current-context"` //nolint:tagliatelle // kubectl's own name
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

// clusterOf identifies a cluster by the server of the chosen context. A kubeconfig
// without one is its own identity, by a digest: it may hold credentials. Without
// any it is the cluster of whoever runs this.
func clusterOf(text, context string) string {
	if text == "" {
		return "ambient"
	}

	var parsed kubeconfig
	if err := yaml.Unmarshal([]byte(text), &parsed); err == nil {
		if server := parsed.server(context); server != "" {
			return server
		}
	}

	sum := sha256.Sum256([]byte(text))

	return "kubeconfig-" + hex.EncodeToString(sum[:])[:16]
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
