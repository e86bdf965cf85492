package kubernetes

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// configuration has the settings of a provider instance that the simulation uses.
type configuration struct {
	cluster    string
	identified bool   // by clusterIdentifier
	server     string // of the kubeconfig, where it names one
	namespace  string
}

func configure(settings resource.PropertyMap) configuration {
	identifier, kubeconfig := text(settings, "clusterIdentifier"), text(settings, "kubeconfig")
	server := serverOf(kubeconfig, text(settings, "context"))

	return configuration{
		cluster:    cmp.Or(identifier, clusterOf(kubeconfig, server)),
		identified: identifier != "",
		server:     server,
		namespace:  cmp.Or(text(settings, "namespace"), "default"),
	}
}

// clusterOf identifies a cluster by its server, or by the digest of a kubeconfig without one, which can hold
// credentials. Without a kubeconfig, it is the user's own cluster.
func clusterOf(kubeconfig, server string) string {
	switch {
	case kubeconfig == "":
		return "ambient"
	case server != "":
		return server
	}

	sum := sha256.Sum256([]byte(kubeconfig))

	return "kubeconfig-" + hex.EncodeToString(sum[:])[:16]
}

// serverOf returns the server of a context of a kubeconfig, by default the current one, or "".
func serverOf(kubeconfig, context string) string {
	parsed, err := clientcmd.Load([]byte(kubeconfig))
	if err != nil {
		return ""
	}

	chosen, ok := parsed.Contexts[cmp.Or(context, parsed.CurrentContext)]
	if !ok || parsed.Clusters[chosen.Cluster] == nil {
		return ""
	}

	return parsed.Clusters[chosen.Cluster].Server
}

func text(settings resource.PropertyMap, name resource.PropertyKey) string {
	if value := property.Reveal(settings[name]); value.IsString() {
		return value.StringValue()
	}

	return ""
}
