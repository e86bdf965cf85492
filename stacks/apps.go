package stacks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cache"
	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/gitops"
	"github.com/msur/platform/components/ingress"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/stacks/settings"
)

func (d *deployment) gitOps(eks *cluster.Cluster, needed *stores) (*gitops.GitOps, error) {
	tuned := d.environment.Settings.GitOps
	args := &gitops.Args{
		Environment:       d.environment.Name,
		Repository:        tuned.Repository,
		Revision:          tuned.Revision,
		CredentialsSecret: tuned.CredentialsSecret,
		Prune:             tuned.Prune,
		SelfHeal:          tuned.SelfHeal,
		HighlyAvailable:   tuned.HighlyAvailable,
		Kubernetes:        eks.Provider,
	}

	network := d.environment.Settings.Network

	subnets, err := layout.Plan(network.CIDR, network.Zones)
	if err != nil {
		return nil, fmt.Errorf("ranges of the stores: %w", err)
	}

	for _, name := range slices.Sorted(maps.Keys(d.environment.Settings.Apps)) {
		identities, err := d.identities(eks, name, needed)
		if err != nil {
			return nil, err
		}

		args.After = append(args.After, identities...)
		args.Applications = append(args.Applications, gitops.Application{
			Name: name, Platform: d.platform(name, needed, subnets),
		})
	}

	argo, err := gitops.New(d.ctx, "gitops", args)
	if err != nil {
		return nil, fmt.Errorf("deploying GitOps: %w", err)
	}

	return argo, nil
}

// identities are the roles of an application: the service's own, where it needs a store, and that of the job which
// changes its tables. Whoever needs nothing has none.
func (d *deployment) identities(eks *cluster.Cluster, name string, needed *stores) ([]pulumi.Resource, error) {
	roles := map[string][]cluster.Statement{}

	for _, need := range d.environment.Settings.Apps[name].Needs {
		switch need {
		case settings.NeedsMySQL:
			roles[name] = append(roles[name], d.connectsToMySQL(name, needed.mysql))
			roles[settings.MigrationAccount] = readsAdminSecret(needed)
		case settings.NeedsRedis:
			roles[name] = append(roles[name], connectsToCache(name, needed.cache))
		}
	}

	var parts []pulumi.Resource

	for _, account := range slices.Sorted(maps.Keys(roles)) {
		logical := "app-" + name
		if account == settings.MigrationAccount {
			logical += "-" + settings.MigrationAccount
		}

		identity, err := eks.NewWorkloadIdentity(d.ctx, logical, &cluster.WorkloadIdentityArgs{
			Namespace: name, ServiceAccount: account, Statements: roles[account],
		})
		if err != nil {
			return nil, fmt.Errorf("identity of %s: %w", name, err)
		}

		parts = append(parts, identity.Parts...)
	}

	return parts, nil
}

// connectsToMySQL lets an application log in as the user of its name (Amazon RDS User Guide, "Creating and using an IAM
// policy for IAM database access").
func (d *deployment) connectsToMySQL(name string, mysql *database.Database) cluster.Statement {
	user := pulumi.Sprintf("arn:%s:rds-db:%s:%s:dbuser:%s/%s",
		d.account.partition, d.environment.Settings.Region, d.account.id, mysql.ResourceID, name)

	return cluster.Statement{
		SID: "LogsInToMySQL", Actions: []string{"rds-db:connect"}, Resources: pulumi.StringArray{user},
	}
}

// readsAdminSecret lets a job read the admin's password, which the environment's key encrypts.
func readsAdminSecret(needed *stores) []cluster.Statement {
	return []cluster.Statement{
		{
			SID:       "ReadsThePasswordOfTheAdmin",
			Actions:   []string{"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"},
			Resources: pulumi.StringArray{needed.mysql.AdminSecretARN},
		},
		{SID: "DecryptsIt", Actions: []string{"kms:Decrypt"}, Resources: pulumi.StringArray{needed.key.KeyARN}},
	}
}

// connectsToCache lets an application log in as its user (Amazon ElastiCache User Guide, "Authenticating with IAM").
func connectsToCache(name string, valkey *cache.Cache) cluster.Statement {
	return cluster.Statement{
		SID: "LogsInToTheCache", Actions: []string{"elasticache:Connect"},
		Resources: pulumi.StringArray{valkey.ARN, valkey.Users[name].ARN},
	}
}

// platform is what an application's chart is told: where it is and what it may use, and nothing that a release decides.
func (d *deployment) platform(name string, needed *stores, subnets []layout.Subnet) pulumi.Map {
	tuned := d.environment.Settings
	app := tuned.Apps[name]

	var data, zones []string

	for _, subnet := range subnets {
		if subnet.Tier == layout.Data {
			data, zones = append(data, subnet.CIDR.String()), append(zones, tuned.Region+subnet.Zone)
		}
	}

	platform := pulumi.Map{
		"environment":  pulumi.String(d.environment.Name),
		"region":       pulumi.String(tuned.Region),
		"zones":        pulumi.ToStringArray(zones),
		"host":         pulumi.String(tuned.Ingress.Host),
		"path":         pulumi.String(app.Path),
		"ingressClass": pulumi.String(ingress.Class),
		"imageRepository": pulumi.String(fmt.Sprintf("%s.dkr.ecr.%s.%s/platform/%s",
			d.account.id, tuned.Region, d.account.suffix(), name)),
		"serviceAccount": pulumi.String(name),
	}

	if slices.Contains(app.Needs, settings.NeedsMySQL) {
		platform["mysql"] = pulumi.Map{
			"host": needed.mysql.Endpoint, "port": pulumi.Int(database.Port), "cidrs": pulumi.ToStringArray(data),
			"database": pulumi.String(database.Name), "user": pulumi.String(name), "auth": pulumi.String("iam"),
			"adminSecretArn": needed.mysql.AdminSecretARN, "migrationServiceAccount": pulumi.String(settings.MigrationAccount),
		}
	}

	if slices.Contains(app.Needs, settings.NeedsRedis) {
		platform["redis"] = pulumi.Map{
			"host": needed.cache.Endpoint, "port": pulumi.Int(cache.Port), "cidrs": pulumi.ToStringArray(data),
			"user": needed.cache.Users[name].Name, "auth": pulumi.String("iam"), "cacheName": needed.cache.Name,
		}
	}

	return platform
}
