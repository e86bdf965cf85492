// Package store creates what the stores of an environment have in common: network access, a DNS name, a final snapshot,
// and the hours of backups and maintenance.
package store

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// The hours, in UTC, with the least traffic. Backups come first, so that a backup precedes every maintenance.
const (
	BackupHours      = "03:00-04:00"
	MaintenanceHours = "sun:04:30-sun:05:30"
)

// Access is the network access to a store.
type Access struct {
	VPCID pulumi.StringInput
	// Clients is the security group whose members are allowed to connect.
	Clients pulumi.StringInput
	// Protocol is the name of the protocol, for the description of the rule. Description describes the security group.
	Protocol, Description string
	Port                  int
}

// SecurityGroup admits clients. It allows no outgoing connection, because a store opens none.
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

// Record gives an endpoint a memorable name in a private DNS zone.
func Record(s scope.Scope, zoneID pulumi.StringInput, name string, endpoint pulumi.StringInput) error {
	const ttlSeconds = 60 // a failover keeps the endpoint; this is for a store that is replaced

	_, err := route53.NewRecord(s.Ctx, s.Logical("record"), &route53.RecordArgs{
		ZoneId:  zoneID,
		Name:    pulumi.String(name),
		Type:    pulumi.String("CNAME"),
		Ttl:     pulumi.Int(ttlSeconds),
		Records: pulumi.StringArray{endpoint},
	}, s.Child())

	return err
}

// FinalSnapshot is the name of the snapshot that is taken when a store is deleted, or nil for none. It is the name of
// the security group, which differs for each incarnation of the store: AWS refuses the name of an existing snapshot.
func FinalSnapshot(group *ec2.SecurityGroup, keepData bool) pulumi.StringPtrInput {
	if !keepData {
		return nil
	}

	return group.Name
}
