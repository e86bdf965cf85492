package aws

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// checkNodeRole wants what a node works with: to call EKS, and to pull images.
func checkNodeRole(c *behaviour.Call) error {
	role := roleOf(c, c.Text("nodeRoleArn"))
	if !trusts(role, "ec2.amazonaws.com", "sts:AssumeRole") {
		return refuse("InvalidParameterException",
			"Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of "+
				"nodeRole %s", c.Text("nodeRoleArn"))
	}

	if !hasPolicy(c, role, "AmazonEKSWorkerNodePolicy") ||
		!hasPolicy(c, role, "AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly") {
		return refuse("InvalidParameterException",
			"The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the following "+
				"policies [%[1]sAmazonEKSWorkerNodePolicy, %[1]sAmazonEC2ContainerRegistryReadOnly] are attached",
			awsManagedPolicyARNs)
	}

	return nil
}

// checkNodeVersion wants a minor that the control plane has reached: nodes follow it.
func checkNodeVersion(c *behaviour.Call) error {
	version, reached := c.Text("version"), clusterOf(c).Text("version")
	if version == "" {
		return nil
	}

	place := slices.Index(minors(), version)
	if place < 0 || place > slices.Index(minors(), reached) {
		return refuse("InvalidParameterException",
			"Nodegroup version %s is not supported: the Kubernetes version of the cluster is %s", version, reached)
	}

	return nil
}

func checkScaling(c *behaviour.Call) error {
	least, desired := c.Number("scalingConfig.minSize"), c.Number("scalingConfig.desiredSize")
	most := c.Number("scalingConfig.maxSize")

	switch {
	case most < 1:
		return refuse("InvalidParameterException", "Maximum capacity must be at least 1, got %d", most)
	case least > desired:
		return refuse("InvalidParameterException", "Minimum capacity %d can't be greater than desired size %d",
			least, desired)
	case desired > most:
		return refuse("InvalidParameterException", "desired capacity %d can't be greater than max size %d", desired, most)
	}

	return nil
}

// checkTemplate refuses what only the launch template can say where there is one.
func checkTemplate(c *behaviour.Call) error {
	if !hasTemplate(c) {
		return nil
	}

	if c.Number("diskSize") > 0 {
		return refuse("InvalidParameterException", "Disk size must be specified within the launch template.")
	}

	if _, given := c.Resource.Outputs["remoteAccess"]; given {
		return refuse("InvalidParameterException", "Remote access configuration cannot be specified with a launch template.")
	}

	if templateOf(c).Text("instanceType") != "" && len(c.Texts("instanceTypes")) > 0 {
		return refuse("InvalidParameterException",
			"Instance type must be specified in the node group or within the launch template, not in both.")
	}

	return checkTemplateVersion(c)
}

// checkTemplateVersion wants a version that the template has had. What was in an
// earlier one is forgotten: instances are started from the last.
func checkTemplateVersion(c *behaviour.Call) error {
	text := c.Text("launchTemplate.version")
	latest, _ := templateOf(c).Outputs["latestVersion"].(float64)

	number, err := strconv.Atoi(text)
	if err == nil && number <= int(latest) || text == "$Latest" || text == "$Default" {
		return nil
	}

	return refuse("InvalidParameterException",
		"Could not find the specified version %s for the launch template with ID %s.", text, templateOf(c).ID)
}

const (
	usualImage  = "AL2023_x86_64_STANDARD"
	customImage = "CUSTOM"
)

// imageOf is the kind of image a group's instances start from. A template with an
// image of its own leaves nothing to choose.
func imageOf(c *behaviour.Call) string {
	switch {
	case templateOf(c).Text("imageId") != "":
		return customImage
	case c.Text("amiType") != "":
		return c.Text("amiType")
	}

	return usualImage
}

// checkImage wants an image that runs on each of the types, and that EKS still
// builds: Amazon Linux 2 ended with 1.32, before the first minor here.
func checkImage(c *behaviour.Call) error {
	image := imageOf(c)
	if strings.HasPrefix(image, "AL2_") {
		return refuse("InvalidParameterException", "AMI Type %s is only supported for kubernetes versions 1.32 or earlier",
			image)
	}

	if image == customImage {
		return nil
	}

	for _, instanceType := range instanceTypes(c) {
		if isARM(instanceType) != strings.Contains(image, "ARM_64") {
			return refuse("InvalidParameterException", "[%s] is not a valid instance type for requested amiType %s",
				instanceType, image)
		}
	}

	return nil
}

// armFamily is how AWS names Graviton: a g behind the generation, as in m7g and
// c7gn but not in g5; and the first of them, a1.
var armFamily = regexp.MustCompile(`^(a1|[a-z]+[0-9]+[a-z]*g[a-z]*)[.-]`)

func isARM(instanceType string) bool {
	return armFamily.MatchString(instanceType)
}
