package gitops

import (
	"fmt"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/kube"
)

// Namespace is the namespace of Argo CD.
const Namespace = "argocd"

// chart is the Argo project's own; it installs Argo CD 3.4.4. The newest three minors are supported (Argo CD,
// "Release Process and Cadence"), each for nine months: 3.4, of May 2026, until February 2027.
func chart() kube.Chart {
	return kube.Chart{Repository: "https://argoproj.github.io/argo-helm", Name: "argo-cd", Version: "10.1.1"}
}

// timeout covers the slowest rollout: the three Redises of a highly available Argo CD, which start one after another.
// Each takes 75 seconds by its probes (redis-ha 4.38.0, values.yaml: redis.startupProbe, and then
// sentinel.readinessProbe three times), and before that its node pulls three images.
const timeout = 15 * time.Minute

// argoCD creates Argo CD, as one release in a namespace of its own.
func (b *builder) argoCD() (pulumi.Resource, error) {
	space, err := kube.NewNamespace(b.Ctx, b.Logical("namespace"), Namespace, b.Child(), kube.In(b.args.Kubernetes))
	if err != nil {
		return nil, fmt.Errorf("argo CD: %w", err)
	}

	return kube.NewRelease(b.Ctx, b.Logical("argocd"), &kube.ReleaseArgs{
		Chart:     chart(),
		Name:      "argocd",
		Namespace: space.Metadata.Name().Elem(),
		Timeout:   timeout,
		Values:    b.values(),
	}, b.Child(), kube.In(b.args.Kubernetes))
}

// credentials is the secret of a private repository, which Argo CD finds by its label. It contains the URL. An operator
// adds the credentials; the provider keeps fields that others have added.
func (b *builder) credentials(argo pulumi.Resource) error {
	_, err := corev1.NewSecret(b.Ctx, b.Logical("credentials"), &corev1.SecretArgs{
		Metadata: metav1.ObjectMetaArgs{
			Name:      pulumi.String(b.args.CredentialsSecret),
			Namespace: pulumi.String(Namespace),
			Labels:    pulumi.StringMap{"argocd.argoproj.io/secret-type": pulumi.String("repository")},
		},
		StringData: pulumi.StringMap{"type": pulumi.String("git"), "url": pulumi.String(b.args.Repository)},
	}, b.Child(), kube.In(b.args.Kubernetes), pulumi.DependsOn([]pulumi.Resource{argo}))

	return err
}

// values override the chart's defaults. They contain no password: Argo CD generates its own at the first start, and the
// chart generates that of Redis. No route leads to Argo CD from outside the cluster.
func (b *builder) values() pulumi.Map {
	values := pulumi.Map{
		"crds": pulumi.Map{"install": pulumi.Bool(true), "keep": pulumi.Bool(true)},
		"global": pulumi.Map{
			"networkPolicy": pulumi.Map{"create": pulumi.Bool(true), "defaultDenyIngress": pulumi.Bool(true)},
			"logging":       pulumi.Map{"format": pulumi.String("json")},
		},
		"configs": pulumi.Map{
			"cm": pulumi.Map{
				"users.anonymous.enabled": pulumi.Bool(false), "exec.enabled": pulumi.Bool(false),
			},
			"rbac": pulumi.Map{"policy.default": pulumi.String("")},
		},
		"dex":            off(),
		"notifications":  off(),
		"controller":     server("250m", "512Mi", "1Gi"),
		"server":         server("50m", "128Mi", "256Mi"),
		"repoServer":     server("50m", "128Mi", "512Mi"),
		"applicationSet": server("50m", "128Mi", "256Mi"),
		"redis":          pulumi.Map{"resources": resources("50m", "64Mi", "128Mi")},
	}

	if b.args.HighlyAvailable {
		spread(values)
	}

	return values
}

// off disables a part of Argo CD that the platform does not use: logins by another service, and notifications.
func off() pulumi.Map { return pulumi.Map{"enabled": pulumi.Bool(false)} }

// server returns the values of a part that exports metrics.
func server(cpu, memory, limit string) pulumi.Map {
	return pulumi.Map{
		"metrics":   pulumi.Map{"enabled": pulumi.Bool(true)},
		"resources": resources(cpu, memory, limit),
	}
}

// resources returns the requests and the memory limit of a part. CPU has no limit, so that idle CPU can be used.
func resources(cpu, memory, limit string) pulumi.Map {
	return pulumi.Map{
		"requests": pulumi.Map{"cpu": pulumi.String(cpu), "memory": pulumi.String(memory)},
		"limits":   pulumi.Map{"memory": pulumi.String(limit)},
	}
}

// spread runs two replicas of each server, of which a drain keeps one available, and three Redises behind HAProxies.
// The controller has one replica: replicas share clusters between them, and there is one cluster (argo-helm, "High
// Availability").
//
// No two HAProxies share a node, and there may be only three nodes. So a rollout must stop one HAProxy before it starts
// the next: with the chart's default strategy, it would start a fourth one, which no node has room for, and an upgrade
// would never end (argo-cd#16627).
func spread(values pulumi.Map) {
	const replicas, kept = 2, 1

	for _, part := range []string{"server", "repoServer", "applicationSet"} {
		settings := values[part].(pulumi.Map)
		settings["replicas"] = pulumi.Int(replicas)
		settings["pdb"] = pulumi.Map{"enabled": pulumi.Bool(true), "minAvailable": pulumi.Int(kept)}
	}

	values["redis-ha"] = pulumi.Map{
		"enabled": pulumi.Bool(true),
		"redis":   values["redis"],
		"haproxy": pulumi.Map{
			"deploymentStrategy": pulumi.Map{
				"type":          pulumi.String("RollingUpdate"),
				"rollingUpdate": pulumi.Map{"maxSurge": pulumi.Int(0), "maxUnavailable": pulumi.Int(1)},
			},
			"resources": resources("50m", "64Mi", "128Mi"),
		},
	}
	values["extraObjects"] = pulumi.Array{redisAccess()}

	delete(values, "redis")
}

// redisAccess allows connections from Argo CD to the Redises, and between the Redises. The chart denies all other
// traffic and has no policy for a highly available Redis. The policy of Redis's own chart would also limit outgoing
// traffic.
func redisAccess() pulumi.Map {
	return pulumi.Map{
		"apiVersion": pulumi.String("networking.k8s.io/v1"),
		"kind":       pulumi.String("NetworkPolicy"),
		"metadata":   pulumi.Map{"name": pulumi.String("argocd-redis-ha"), "namespace": pulumi.String(Namespace)},
		"spec": pulumi.Map{
			"podSelector": pulumi.Map{"matchExpressions": pulumi.Array{pulumi.Map{
				"key": pulumi.String("app"), "operator": pulumi.String("In"),
				"values": pulumi.ToStringArray([]string{"redis-ha", "redis-ha-haproxy"}),
			}}},
			"policyTypes": pulumi.ToStringArray([]string{"Ingress"}),
			"ingress":     pulumi.Array{pulumi.Map{"from": pulumi.Array{pulumi.Map{"podSelector": pulumi.Map{}}}}},
		},
	}
}
