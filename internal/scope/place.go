package scope

import "fmt"

// Place is where resources are in AWS, as in "aws", "us-east-1" and "123456789012".
type Place struct{ Partition, Region, AccountID string }

// ARN returns the ARN of a service's resource in the region.
func (p Place) ARN(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", p.Partition, service, p.Region, p.AccountID, resource)
}

// IAM returns the ARN of an IAM resource, such as "role/name". IAM has no regions.
func (p Place) IAM(resource string) string {
	return fmt.Sprintf("arn:%s:iam::%s:%s", p.Partition, p.AccountID, resource)
}

// ManagedPolicy is the ARN of a policy that AWS manages, such as "service-role/AmazonRDSEnhancedMonitoringRole".
func (p Place) ManagedPolicy(name string) string {
	return fmt.Sprintf("arn:%s:iam::aws:policy/%s", p.Partition, name)
}

// Host is the host name of a service in the region: "logs.us-east-1.amazonaws.com". It is the principal of CloudWatch
// Logs (Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS"), and a value of
// kms:ViaService (AWS KMS Developer Guide, "AWS KMS condition keys").
func (p Place) Host(service string) string {
	return fmt.Sprintf("%s.%s.%s", service, p.Region, domain(p.Partition))
}

// EC2 is the principal of Amazon EC2. It contains the partition's domain: in China, EKS refuses a node role that trusts
// ec2.amazonaws.com (awslabs/cdk-eks-blueprints#558), and IAM passes a node role only to ec2.amazonaws.com.cn
// (terraform-aws-modules/terraform-aws-eks#3057). The program's other principals are the same in all partitions: eksctl
// has the same difference (eksctl-io/eksctl, pkg/apis/eksctl.io/v1alpha5/partitions.go).
func (p Place) EC2() string { return "ec2." + domain(p.Partition) }

// Registry is the private registry of the account in the region, with the prefix of the repositories that
// infra/bootstrap creates: appending a service's name gives the repository of its images (Amazon ECR User Guide,
// "Amazon ECR private registry").
func (p Place) Registry() string {
	return fmt.Sprintf("%s.dkr.ecr.%s.%s/platform", p.AccountID, p.Region, domain(p.Partition))
}
