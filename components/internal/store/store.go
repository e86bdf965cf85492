// Package store declares what the stores of an environment have in common: who reaches them, the name by which people
// find them, what they leave behind, and when AWS looks after them.
package store

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// The hours, in UTC, at which few people fly: backups first, so that one precedes whatever maintenance changes.
const (
	BackupHours      = "03:00-04:00"
	MaintenanceHours = "sun:04:30-sun:05:30"
)

// Access says who reaches a store.
type Access struct {
	VPCID pulumi.StringInput
	// Clients is the group whose members may connect.
	Clients pulumi.StringInput
	// Protocol is what people call what is spoken at the port, and Description what speaks it.
	Protocol, Description string
	Port                  int
}

// SecurityGroup lets clients in, and nothing out: a store calls nobody.
func SecurityGroup(s scope.Scope, access Access) (*ec2.SecurityGroup, error) {
	const part, rule = "access", "from-nodes"

	group, err := ec2.NewSecurityGroup(s.Ctx, s.Logical(part), &ec2.SecurityGroupArgs{
		NamePrefix:  pulumi.String(s.Prefix + "-"),
		Description: pulumi.String(access.Description),
		VpcId:       access.VPCID,
		Tags:        s.Tags(part),
	}, s.Child())
	if err != nil {
		return nil, fmt.Errorf("security group: %w", err)
	}

	_, err = vpc.NewSecurityGroupIngressRule(s.Ctx, s.Logical(rule), &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId:           group.ID(),
		Description:               pulumi.String(access.Protocol + " from nodes of the cluster"),
		IpProtocol:                pulumi.String("tcp"),
		FromPort:                  pulumi.Int(access.Port),
		ToPort:                    pulumi.Int(access.Port),
		ReferencedSecurityGroupId: access.Clients,
		Tags:                      s.Tags(rule),
	}, s.Child())
	if err != nil {
		return nil, fmt.Errorf("security group rule: %w", err)
	}

	return group, nil
}

// Record gives an endpoint a name in a private DNS zone, by which people find the store.
func Record(s scope.Scope, zoneID pulumi.StringInput, name string, endpoint pulumi.StringInput) error {
	const ttlSeconds = 60 // a failover keeps the name; this is for a store that is made anew

	_, err := route53.NewRecord(s.Ctx, s.Logical("record"), &route53.RecordArgs{
		ZoneId:  zoneID,
		Name:    pulumi.String(name),
		Type:    pulumi.String("CNAME"),
		Ttl:     pulumi.Int(ttlSeconds),
		Records: pulumi.StringArray{endpoint},
	}, s.Child())
	if err != nil {
		return fmt.Errorf("DNS record: %w", err)
	}

	return nil
}

// FinalSnapshot is the name of the snapshot that a store leaves, if it leaves one: that of its security group, which
// each incarnation has anew. AWS refuses to give a snapshot the name of an older one.
func FinalSnapshot(group *ec2.SecurityGroup, keepData bool) pulumi.StringPtrInput {
	if !keepData {
		return nil
	}

	return group.Name
}
