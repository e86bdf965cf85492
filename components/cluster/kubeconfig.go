package cluster

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// provider creates the Kubernetes provider for the objects in the cluster, after others. The endpoint identifies the
// cluster. If the name did, the engine would assume that the objects of a replaced cluster still exist. A cluster that
// does not answer is an error, and its objects stay in the state (docs/decisions/0015).
func (b *builder) provider(others []pulumi.Resource) error {
	provider, err := kubernetes.NewProvider(b.Ctx, b.Name, &kubernetes.ProviderArgs{
		Kubeconfig:        b.component.Kubeconfig,
		ClusterIdentifier: b.component.Endpoint,
	}, b.Child(), after(others))
	if err != nil {
		return fmt.Errorf("provider of Kubernetes: %w", err)
	}

	b.component.Provider = provider

	return nil
}

// kubeconfig returns the kubeconfig of a cluster as JSON, which is valid YAML. Unlike the kubeconfig of @pulumi/eks, it
// contains the region, so it does not depend on the user's environment.
func kubeconfig(region string, cluster eks.ClusterOutput) pulumi.StringOutput {
	authority := cluster.CertificateAuthority().Data().Elem()

	text := pulumi.All(cluster.Name(), cluster.Endpoint(), authority).ApplyT(func(values []any) (string, error) {
		var texts [3]string
		for i, value := range values {
			texts[i] = value.(string) //nolint:forcetypeassert // as listed above
		}

		return kubeconfigText(region, texts[0], texts[1], texts[2])
	})

	return pulumi.ToSecret(text).(pulumi.StringOutput)
}

// The parts of a kubeconfig file that are used here.
type (
	config struct {
		APIVersion     string         `json:"apiVersion"`
		Kind           string         `json:"kind"`
		Clusters       []namedCluster `json:"clusters"`
		Contexts       []namedContext `json:"contexts"`
		CurrentContext string         `json:"current-context"`
		Users          []namedUser    `json:"users"`
	}

	namedCluster struct {
		Name    string `json:"name"`
		Cluster struct {
			Server    string `json:"server"`
			Authority string `json:"certificate-authority-data"`
		} `json:"cluster"`
	}

	namedContext struct {
		Name    string `json:"name"`
		Context struct {
			Cluster string `json:"cluster"`
			User    string `json:"user"`
		} `json:"context"`
	}

	namedUser struct {
		Name string `json:"name"`
		User struct {
			Exec plugin `json:"exec"`
		} `json:"user"`
	}

	// plugin is a command that prints a token.
	plugin struct {
		APIVersion      string   `json:"apiVersion"`
		Command         string   `json:"command"`
		Args            []string `json:"args"`
		InteractiveMode string   `json:"interactiveMode"`
	}
)

func kubeconfigText(region, name, endpoint, authority string) (string, error) {
	cluster, context, user := namedCluster{Name: name}, namedContext{Name: name}, namedUser{Name: name}
	cluster.Cluster.Server, cluster.Cluster.Authority = endpoint, authority
	context.Context.Cluster, context.Context.User = name, name
	user.User.Exec = plugin{
		APIVersion:      "client.authentication.k8s.io/v1beta1",
		Command:         "aws",
		Args:            []string{"eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"},
		InteractiveMode: "IfAvailable",
	}

	text, err := json.Marshal(config{
		APIVersion: "v1", Kind: "Config", CurrentContext: name,
		Clusters: []namedCluster{cluster}, Contexts: []namedContext{context}, Users: []namedUser{user},
	})
	if err != nil {
		return "", fmt.Errorf("writing the kubeconfig of %s: %w", name, err)
	}

	return string(text), nil
}
