package cluster

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// provider configures Kubernetes for what runs in the cluster, once the others are there. It is told apart from that
// of another cluster by the endpoint: by the name, what was in a replaced cluster would be taken for still there.
// Where the cluster is gone already, so is what was in it, and deleting it succeeds.
func (b *builder) provider(others []pulumi.Resource) error {
	provider, err := kubernetes.NewProvider(b.ctx, b.name, &kubernetes.ProviderArgs{
		Kubeconfig:        b.component.Kubeconfig,
		ClusterIdentifier: b.component.Endpoint,
		DeleteUnreachable: pulumi.Bool(true),
	}, b.child(), after(others))
	if err != nil {
		return fmt.Errorf("provider of Kubernetes: %w", err)
	}

	b.component.Provider = provider

	return nil
}

// kubeconfig is that of a cluster, as JSON, which is YAML too. It names the region, which the component's own leaves
// to the environment of whoever uses it.
func kubeconfig(region string, cluster eks.ClusterOutput) pulumi.StringOutput {
	authority := cluster.CertificateAuthority().Data().Elem()

	text := pulumi.All(cluster.Name(), cluster.Endpoint(), authority).ApplyT(func(values []any) (string, error) {
		name, endpoint, authority := values[0].(string), values[1].(string), values[2].(string) //nolint:forcetypeassert // as listed

		return kubeconfigText(region, name, endpoint, authority)
	})

	return pulumi.ToSecret(text).(pulumi.StringOutput) //nolint:forcetypeassert // as it was
}

// object is one of JSON's.
type object = map[string]any

func kubeconfigText(region, name, endpoint, authority string) (string, error) {
	text, err := json.Marshal(object{
		"apiVersion": "v1",
		"kind":       "Config",
		"clusters": []object{{
			"name":    name,
			"cluster": object{"server": endpoint, "certificate-authority-data": authority},
		}},
		"contexts":        []object{{"name": name, "context": object{"cluster": name, "user": name}}},
		"current-context": name,
		"users": []object{{
			"name": name,
			"user": object{"exec": object{
				"apiVersion":      "client.authentication.k8s.io/v1beta1",
				"command":         "aws",
				"args":            []string{"eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"},
				"interactiveMode": "IfAvailable",
			}},
		}},
	})
	if err != nil {
		return "", fmt.Errorf("writing the kubeconfig of %s: %w", name, err)
	}

	return string(text), nil
}
