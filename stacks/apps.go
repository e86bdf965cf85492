package stacks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cache"
	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/ingress"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/stacks/settings"
)

// identities deploys the roles of an application: one for the service, if it needs a store, and one for the job that
// migrates its tables.
func (d *deployment) identities(name string) ([]pulumi.Resource, error) {
	roles := map[string][]cluster.Statement{}

	for _, need := range d.environment.Settings.Apps[name].Needs {
		switch need {
		case settings.NeedsMySQL:
			roles[name] = append(roles[name], d.connectsToMySQL(name))
			roles[settings.MigrationAccount] = d.readsAdminSecret()
		case settings.NeedsRedis:
			roles[name] = append(roles[name], d.connectsToCache(name))
		}
	}

	var parts []pulumi.Resource

	for _, account := range slices.Sorted(maps.Keys(roles)) {
		logical := "app-" + name
		if account == settings.MigrationAccount {
			logical += "-" + settings.MigrationAccount
		}

		identity, err := d.eks.NewWorkloadIdentity(d.ctx, logical, &cluster.WorkloadIdentityArgs{
			Namespace: name, ServiceAccount: account, Statements: roles[account],
		})
		if err != nil {
			return nil, fmt.Errorf("identity of %s: %w", name, err)
		}

		parts = append(parts, identity.Parts...)
	}

	return parts, nil
}

// connectsToMySQL allows an application to log in as the database user of the same name (Amazon RDS User Guide,
// "Creating and using an IAM policy for IAM database access").
func (d *deployment) connectsToMySQL(name string) cluster.Statement {
	user := pulumi.Sprintf("%s:%s/%s", d.account.place.ARN("rds-db", "dbuser"), d.mysql.ResourceID, name)

	return cluster.Statement{
		SID: "LogsInToMySQL", Actions: []string{"rds-db:connect"}, Resources: pulumi.StringArray{user},
	}
}

// readsAdminSecret allows a job to read the admin's password, which is encrypted with the environment's key.
func (d *deployment) readsAdminSecret() []cluster.Statement {
	return []cluster.Statement{
		{
			SID:       "ReadsThePasswordOfTheAdmin",
			Actions:   []string{"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"},
			Resources: pulumi.StringArray{d.mysql.AdminSecretARN},
		},
		{SID: "DecryptsIt", Actions: []string{"kms:Decrypt"}, Resources: pulumi.StringArray{d.key.KeyARN}},
	}
}

// connectsToCache allows an application to log in as its cache user (Amazon ElastiCache User Guide, "Authenticating
// with IAM").
func (d *deployment) connectsToCache(name string) cluster.Statement {
	return cluster.Statement{
		SID: "LogsInToTheCache", Actions: []string{"elasticache:Connect"},
		Resources: pulumi.StringArray{d.cache.ARN, d.cache.Users[name].ARN},
	}
}

// databaseOf names the database of an application. Its migration creates the database. The book's flights use the
// database that the instance is created with.
func databaseOf(app string) string {
	if app == "flights" {
		return database.Name
	}

	return app
}

// platform is the part of the chart's values that the environment decides: where the application runs, and its stores.
// A release decides the other values.
func (d *deployment) platform(name string) pulumi.Map {
	environment := d.environment.Settings
	app := environment.Apps[name]

	var data, zones []string

	for _, subnet := range d.account.subnets {
		if subnet.Tier == layout.Data {
			data, zones = append(data, subnet.CIDR.String()), append(zones, environment.Region+subnet.Zone)
		}
	}

	platform := pulumi.Map{
		"environment":     pulumi.String(d.environment.Name),
		"region":          pulumi.String(environment.Region),
		"zones":           pulumi.ToStringArray(zones),
		"host":            pulumi.String(environment.Ingress.Host),
		"path":            pulumi.String(app.Path),
		"ingressClass":    pulumi.String(ingress.Class),
		"imageRepository": pulumi.String(cmp.Or(environment.Images.Registry, d.account.place.Registry()) + "/" + name),
		"serviceAccount":  pulumi.String(name),
	}

	if slices.Contains(app.Needs, settings.NeedsMySQL) {
		platform["mysql"] = pulumi.Map{
			"host": d.mysql.Endpoint, "port": pulumi.Int(database.Port), "cidrs": pulumi.ToStringArray(data),
			"database": pulumi.String(databaseOf(name)), "user": pulumi.String(name), "auth": pulumi.String("iam"),
			"adminSecretArn": d.mysql.AdminSecretARN, "migrationServiceAccount": pulumi.String(settings.MigrationAccount),
		}
	}

	if slices.Contains(app.Needs, settings.NeedsRedis) {
		platform["redis"] = pulumi.Map{
			"host": d.cache.Endpoint, "port": pulumi.Int(cache.Port), "cidrs": pulumi.ToStringArray(data),
			"user": d.cache.Users[name].Name, "auth": pulumi.String("iam"), "cacheName": d.cache.Name,
		}
	}

	return platform
}

// appsThatNeed are the names of the applications that use a store, sorted.
func (e *Environment) appsThatNeed(store settings.Need) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(e.Settings.Apps)), func(name string) bool {
		return !slices.Contains(e.Settings.Apps[name].Needs, store)
	})
}
