package ingress

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/kube"
)

// chart is the Traefik project's own chart, which installs Traefik 3.7.11. Its values.yaml has every key that values
// sets.
func chart() kube.Chart {
	return kube.Chart{Repository: "https://traefik.github.io/charts", Name: "traefik", Version: "41.3.0"}
}

// timeout covers a rollout in which each Traefik waits for its image. It is twice the provider's default, which is
// nearly reached on new nodes.
const timeout = 10 * time.Minute

// traefik creates Traefik, which routes requests by the Ingress objects of its class.
func (b *builder) traefik() error {
	namespace, err := kube.NewNamespace(b.Ctx, b.Logical("namespace"), Namespace, b.Child(), kube.In(b.args.Kubernetes))
	if err != nil {
		return fmt.Errorf("traefik: %w", err)
	}

	_, err = kube.NewRelease(b.Ctx, b.Logical("traefik"), &kube.ReleaseArgs{
		Chart:     chart(),
		Name:      Class,
		Namespace: namespace.Metadata.Name().Elem(),
		Timeout:   timeout,
		Values:    b.values(),
	}, b.Child(), kube.In(b.args.Kubernetes))

	return err
}

// values override the chart's defaults, except those for the pods' security context.
func (b *builder) values() pulumi.Map {
	values := pulumi.Map{
		"ingressClass": pulumi.Map{
			enabled: pulumi.Bool(true), "isDefaultClass": pulumi.Bool(false), "name": pulumi.String(Class),
		},
		// The status of Ingress objects gets the load balancer's name, because Traefik's own Service has no address. A prefix
		// matches whole segments of a path, as Kubernetes specifies: /flights does not match /flightsandmore.
		"providers": pulumi.Map{"kubernetesIngress": pulumi.Map{
			"publishedService":     pulumi.Map{enabled: pulumi.Bool(false)},
			"ingressEndpoint":      pulumi.Map{"hostname": b.component.Hostname},
			"strictPrefixMatching": pulumi.Bool(true),
		}},
		"service": pulumi.Map{"spec": pulumi.Map{
			"type": pulumi.String("NodePort"), "externalTrafficPolicy": pulumi.String("Cluster"),
		}},
		"ports":  b.entryPoints(),
		"global": pulumi.Map{"checkNewVersion": pulumi.Bool(false)},
		"log":    pulumi.Map{"format": pulumi.String("json")},
		"accessLog": pulumi.Map{
			enabled: pulumi.Bool(true), "format": pulumi.String("json"),
		},
		"resources": pulumi.Map{
			"requests": pulumi.Map{"cpu": pulumi.String("100m"), "memory": pulumi.String("128Mi")},
			"limits":   pulumi.Map{"memory": pulumi.String("256Mi")},
		},
	}

	if b.args.HighlyAvailable {
		b.spread(values)
	}

	return values
}

// enabled is the key that enables a part of the chart.
const enabled = "enabled"

// entryPoints have fixed ports on nodes. They trust client addresses from the load balancer, and so from the VPC.
func (b *builder) entryPoints() pulumi.Map {
	entryPoints := make(pulumi.Map)

	var ranges pulumi.StringArray
	for _, cidr := range b.args.VPCCIDRs {
		ranges = append(ranges, pulumi.String(cidr.String()))
	}

	trusted := pulumi.Map{"trustedIPs": ranges}

	for _, port := range ports() {
		entryPoint := pulumi.Map{"nodePort": pulumi.Int(port.onNode), "proxyProtocol": trusted}
		entryPoints[port.entryPoint] = entryPoint

		switch {
		case b.args.CertificateARN == "": // as the chart has it: TLS by Traefik, and no redirection
		case port.entryPoint == "web":
			entryPoint["http"] = pulumi.Map{"redirections": pulumi.Map{"entryPoint": pulumi.Map{
				"to": pulumi.String("websecure"), "scheme": pulumi.String("https"), "permanent": pulumi.Bool(true),
			}}}
		default:
			entryPoint["http"] = pulumi.Map{"tls": pulumi.Map{enabled: pulumi.Bool(false)}}
		}
	}

	return entryPoints
}

// spread runs two Traefiks in two zones. A drain keeps one of them running. Only zones with a node that takes pods
// count: the pods of a rollout must not wait for a zone that is lost, or whose nodes are drained.
func (b *builder) spread(values pulumi.Map) {
	const replicas, kept = 2, 1

	values["deployment"] = pulumi.Map{"replicas": pulumi.Int(replicas)}
	values["podDisruptionBudget"] = pulumi.Map{enabled: pulumi.Bool(true), "minAvailable": pulumi.Int(kept)}
	values["topologySpreadConstraints"] = pulumi.Array{pulumi.Map{
		"maxSkew": pulumi.Int(1), "topologyKey": pulumi.String("topology.kubernetes.io/zone"),
		"whenUnsatisfiable": pulumi.String("DoNotSchedule"), "nodeTaintsPolicy": pulumi.String("Honor"),
		"labelSelector": pulumi.Map{"matchLabels": pulumi.Map{
			"app.kubernetes.io/name": pulumi.String("traefik"),
		}},
	}}
}
