package graphtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// What a cluster's nodes and add-ons are asked about.
const (
	launchTemplateType   = "aws:ec2/launchTemplate:LaunchTemplate"
	nodeGroupType        = "aws:eks/nodeGroup:NodeGroup"
	addonVersionFunction = "aws:eks/getAddonVersion:getAddonVersion"
	sessionFunction      = "aws:iam/getSessionContext:getSessionContext"
)

// addonVersion answers with one version for each add-on and minor, which names both.
func addonVersion(asked resource.PropertyMap) (resource.PropertyMap, error) {
	name, minor := asked["addonName"].StringValue(), asked["kubernetesVersion"].StringValue()

	known := []string{
		"aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni",
	}
	if !slices.Contains(known, name) {
		return nil, errors.New("couldn't find resource")
	}

	return resource.NewPropertyMapFromMap(map[string]any{
		"id": name, "addonName": name, "kubernetesVersion": minor, "version": fmt.Sprintf("v%s.0-eksbuild.1", minor),
	}), nil
}

// session answers which role an assumed one is of; the account's roles have no paths.
func session(asked resource.PropertyMap) (resource.PropertyMap, error) {
	arn := asked["arn"].StringValue()
	issuer := arn

	if _, assumed, is := strings.Cut(arn, ":assumed-role/"); is {
		role, _, _ := strings.Cut(assumed, "/")
		issuer = fmt.Sprintf("arn:aws:iam::%s:role/%s", AccountID, role)
	}

	return resource.NewPropertyMapFromMap(map[string]any{"id": arn, "arn": arn, "issuerArn": issuer}), nil
}
