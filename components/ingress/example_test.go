package ingress_test

import (
	"fmt"
	"log"
	"net/netip"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/ingress"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		provider, err := kubernetes.NewProvider(ctx, "sandbox", &kubernetes.ProviderArgs{Context: pulumi.String("sandbox")})
		if err != nil {
			return err
		}

		entrance, err := ingress.New(ctx, "ingress", &ingress.Args{
			Environment:         "sandbox",
			VPCID:               pulumi.String("vpc-0a1b2c3d"),
			VPCCIDRs:            []netip.Prefix{netip.MustParsePrefix("10.10.0.0/16")},
			SubnetIDs:           pulumi.ToStringArray([]string{"subnet-8c9d0e1f", "subnet-2a3b4c5d"}),
			NodeSecurityGroupID: pulumi.String("sg-0a1b2c3d"),
			ScalingGroupNames: map[string]pulumi.StringOutput{
				"general-a": pulumi.String("eks-sandbox-general-a-0a1b2c3d").ToStringOutput(),
			},
			CertificateARN: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
			Kubernetes:     provider,
		})
		if err != nil {
			return err
		}

		ctx.Export("hostname", entrance.Hostname)

		return nil
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	made, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, listener := range made.All("aws:lb/listener:Listener") {
		fmt.Println(listener.Name, listener.Inputs["protocol"].StringValue(), listener.Inputs["port"].NumberValue())
	}

	for _, release := range made.All("kubernetes:helm.sh/v3:Release") {
		fmt.Println(release.Name, release.Inputs["chart"].StringValue())
	}

	// Output:
	// ingress-web TCP 80
	// ingress-websecure TLS 443
	// ingress-traefik traefik
}
