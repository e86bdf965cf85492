package permissions

import (
	"strings"

	"github.com/msur/platform/internal/scope"
)

// Place is where the policies apply.
type Place struct {
	scope.Place

	// Environments are the names at the start of physical names.
	Environments []string
	// Boundary is the name of the permissions boundary.
	Boundary string
}

// BoundaryARN is the ARN of the permissions boundary, which may not exist yet.
func (p Place) BoundaryARN() string {
	return p.IAM("policy/" + p.Boundary)
}

// arns fills in the place and, in ARNs that contain {environment}, each environment. It also fills in principals.
func (p Place) arns(patterns ...string) []string {
	var arns []string

	for _, pattern := range patterns {
		filled := strings.NewReplacer(
			"{partition}", p.Partition, "{region}", p.Region, "{account}", p.AccountID, "{ec2}", p.EC2()).Replace(pattern)

		if !strings.Contains(filled, "{environment}") {
			arns = append(arns, filled)

			continue
		}

		for _, environment := range p.Environments {
			arns = append(arns, strings.ReplaceAll(filled, "{environment}", environment))
		}
	}

	return arns
}

// roles are the ARNs of the roles that the program creates.
func (p Place) roles() []string { return p.arns(p.IAM("role/{environment}-*")) }

// identities are the roles, and the ARNs of the instance profiles that contain them.
func (p Place) identities() []string {
	return append(p.roles(), p.arns(p.IAM("instance-profile/{environment}-*"))...)
}

// serviceLinkedRoles are the ARNs of the roles that AWS's services create.
func (p Place) serviceLinkedRoles() []string {
	return []string{p.IAM("role/aws-service-role/*")}
}
