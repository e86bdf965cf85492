package ingress

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// port is a way through: the one that clients use at the load balancer, and the one that every node hands to Traefik's
// entry point of the name.
type port struct {
	entryPoint     string
	client, onNode int
}

// web and websecure are Traefik's own names of its entry points. Ports of nodes are fixed, so that the load balancer
// knows them without asking the cluster; they are in the range that Kubernetes leaves to choice last (Kubernetes
// documentation, "Avoid collisions assigning ports to NodePort Services").
func ports() []port {
	return []port{
		{entryPoint: "web", client: 80, onNode: 30080},
		{entryPoint: "websecure", client: 443, onNode: 30443},
	}
}

// builder declares the resources of one way in, step by step.
type builder struct {
	ctx       *pulumi.Context
	name      string
	args      *Args
	component *Ingress
}

// build declares everything, in the order in which one thing needs another.
func (b *builder) build() error {
	group, err := b.securityGroup()
	if err != nil {
		return err
	}

	balancer, err := b.loadBalancer(group)
	if err != nil {
		return err
	}

	b.component.Hostname = balancer.DnsName

	for _, port := range ports() {
		if err := b.letThrough(port, group); err != nil {
			return err
		}

		if err := b.forward(port, balancer); err != nil {
			return err
		}
	}

	if len(b.args.ScalingGroupNames) == 0 {
		return nil
	}

	return b.traefik()
}

// logical is the Pulumi name of a part; it never holds the environment.
func (b *builder) logical(part string) string { return b.name + "-" + part }

// physical is the name that people see in the account; it never holds the Pulumi name, which may change.
func (b *builder) physical(part string) string { return b.args.Environment + "-ingress-" + part }

// tags names a part.
func (b *builder) tags(part string) pulumi.StringMap {
	return pulumi.StringMap{"Name": pulumi.String(b.physical(part))}
}

// child puts a resource under the component.
func (b *builder) child() pulumi.ResourceOption { return pulumi.Parent(b.component) }
