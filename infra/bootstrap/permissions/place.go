package permissions

import "strings"

// Place is where the policies hold.
type Place struct {
	// Partition, Region and AccountID are as in "aws", "us-east-1" and "123456789012".
	Partition, Region, AccountID string
	// Environments are the names that physical names start with.
	Environments []string
	// Boundary is the name of the permissions boundary.
	Boundary string
}

// BoundaryARN is the ARN of the permissions boundary, before it is there.
func (p Place) BoundaryARN() string {
	return p.arns("arn:{partition}:iam::{account}:policy/" + p.Boundary)[0]
}

// arns fills ARNs with the place, and with each environment where they name one.
func (p Place) arns(patterns ...string) []string {
	var arns []string

	for _, pattern := range patterns {
		filled := strings.NewReplacer(
			"{partition}", p.Partition, "{region}", p.Region, "{account}", p.AccountID).Replace(pattern)

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

// roles are those that the program makes.
func (p Place) roles() []string { return p.arns("arn:{partition}:iam::{account}:role/{environment}-*") }

// serviceLinkedRoles are those that AWS's services make.
func (p Place) serviceLinkedRoles() []string {
	return p.arns("arn:{partition}:iam::{account}:role/aws-service-role/*")
}
