package stacks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/settings"
)

// account is what the program must know of the AWS account that it deploys to.
type account struct {
	id, partition string
	// deployer is the ARN of the IAM role or user whose credentials are used.
	deployer string
	// addons are what the cluster is to have, with their versions.
	addons map[string]cluster.Addon
	// logGroups are the names of the environment's log groups that exist.
	logGroups []string
}

// suffix ends the host names of AWS's services in the partition.
func (a *account) suffix() string {
	if a.partition == "aws-cn" {
		return "amazonaws.com.cn"
	}

	return "amazonaws.com"
}

// lookUpAccount asks the account who it is. It refuses one that the settings do not allow, and settings that ask for
// what the account does not offer.
func lookUpAccount(ctx *pulumi.Context, environment *Environment, provider *aws.Provider) (*account, error) {
	caller, err := whoDeploys(ctx, provider)
	if err != nil {
		return nil, err
	}

	if problems := environment.unlistedAccount(caller.id); len(problems) > 0 {
		return nil, problems
	}

	if err := caller.lookUp(ctx, provider); err != nil {
		return nil, err
	}

	problems, err := environment.unoffered(ctx, provider)
	if err != nil {
		return nil, err
	}

	addons, missing, err := environment.addons(ctx, provider)
	if err != nil {
		return nil, err
	}

	immovable, err := environment.immovable(ctx, provider)
	if err != nil {
		return nil, err
	}

	existing, err := environment.existingLogGroups(ctx, provider)
	if err != nil {
		return nil, err
	}

	caller.addons, caller.logGroups = addons, existing

	problems = problems.With(missing...).With(immovable...).With(environment.deployer(caller, ctx.DryRun())...).
		With(environment.foreignCertificate(caller)...)
	if len(problems) > 0 {
		return nil, problems
	}

	return caller, nil
}

// notAllowed is how the provider refuses to work for an account that it was not told of.
var notAllowed = regexp.MustCompile(`AWS account ID not allowed: ([0-9]{12})`)

// whoDeploys returns the account and the principal whose credentials are used; of an account that the provider
// refuses, its id alone: that refusal says neither which setting it comes from nor what to type.
func whoDeploys(ctx *pulumi.Context, provider *aws.Provider) (*account, error) {
	identity, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, pulumi.Provider(provider))
	if err == nil {
		return &account{id: identity.AccountId, deployer: identity.Arn}, nil
	}

	if refused := notAllowed.FindStringSubmatch(err.Error()); refused != nil {
		return &account{id: refused[1]}, nil
	}

	return nil, fmt.Errorf("asking AWS whose account this is (are there credentials?): %w", err)
}

// lookUp finds the account's partition, and the role behind the session in which it was asked.
func (a *account) lookUp(ctx *pulumi.Context, provider *aws.Provider) error {
	partition, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{}, pulumi.Provider(provider))
	if err != nil {
		return fmt.Errorf("asking AWS which partition this is: %w", err)
	}

	session, err := iam.GetSessionContext(ctx, &iam.GetSessionContextArgs{Arn: a.deployer}, pulumi.Provider(provider))
	if err != nil {
		return fmt.Errorf("asking AWS which role %s is a session of: %w", a.deployer, err)
	}

	a.partition, a.deployer = partition.Partition, session.IssuerArn

	return nil
}

// unlistedAccount finds that the settings name accounts, and this one not among them.
func (e *Environment) unlistedAccount(id string) settings.Problems {
	const path = "aws:allowedAccountIds"

	allowed := e.Settings.AllowedAccountIDs
	if len(allowed) == 0 || slices.Contains(allowed, id) {
		return nil
	}

	return settings.Problems{{
		Path: path,
		Got:  "credentials of account " + id,
		Want: "those of an account that is listed (" + strings.Join(allowed, ", ") + "), or this one listed as well",
		Mend: settings.SetCommand(e.Name, fmt.Sprintf("%s[%d]", path, len(allowed)), id),
	}}
}

// foreignCertificate finds that the load balancer's certificate is another account's: it takes none of those.
func (e *Environment) foreignCertificate(account *account) settings.Problems {
	const path = "platform:ingress.certificateArn"

	if owner := e.Settings.Ingress.Account(); owner == "" || owner == account.id {
		return nil
	}

	return settings.Problems{{
		Path: path,
		Got:  fmt.Sprintf("%q", e.Settings.Ingress.CertificateARN),
		Want: "a certificate of the account that is deployed to, " + account.id,
		Mend: settings.RemoveCommand(e.Name, path),
	}}
}

// unoffered finds the zones and endpoints of the settings that the account does not offer.
func (e *Environment) unoffered(ctx *pulumi.Context, provider *aws.Provider) (settings.Problems, error) {
	offered, err := network.OfferedZones(ctx, e.Settings.Region, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("asking AWS for its zones: %w", err)
	}

	problems := e.unofferedZones(offered)
	usable := slices.DeleteFunc(slices.Clone(e.Settings.Network.Zones), func(zone string) bool {
		return !slices.Contains(offered, zone)
	})

	for i, service := range e.Settings.Network.InterfaceEndpoints {
		missing, err := network.ZonesWithoutEndpoint(ctx, e.Settings.Region, service, usable, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("asking AWS for its endpoints: %w", err)
		}

		if len(missing) > 0 {
			problems = problems.With(e.unofferedEndpoint(i, missing))
		}
	}

	return problems, nil
}

// unofferedZones finds the zones of the settings that are not among those offered.
func (e *Environment) unofferedZones(offered []string) settings.Problems {
	var problems settings.Problems

	zones := e.Settings.Network.Zones
	unused := slices.DeleteFunc(slices.Clone(offered), func(zone string) bool { return slices.Contains(zones, zone) })

	for i, zone := range zones {
		if slices.Contains(offered, zone) {
			continue
		}

		path := fmt.Sprintf("platform:network.zones[%d]", i)
		mend := settings.RemoveCommand(e.Name, path)

		if len(unused) > 0 {
			mend = settings.SetCommand(e.Name, path, unused[0])
			unused = unused[1:]
		}

		problems = append(problems, settings.Problem{
			Path: path,
			Got:  fmt.Sprintf("%q", zone),
			Want: fmt.Sprintf("one that this account offers in %s and EKS accepts: %s",
				e.Settings.Region, strings.Join(offered, ", ")),
			Mend: mend,
		})
	}

	return problems
}

// unofferedEndpoint is that of the service at index of the settings, which has no interface endpoint in these zones.
func (e *Environment) unofferedEndpoint(index int, zones []string) settings.Problem {
	path := fmt.Sprintf("platform:network.interfaceEndpoints[%d]", index)

	return settings.Problem{
		Path: path,
		Got:  fmt.Sprintf("%q", e.Settings.Network.InterfaceEndpoints[index]),
		Want: fmt.Sprintf("a service of which this account offers an interface endpoint with private DNS in each zone "+
			"in use of %s (none in %s)", e.Settings.Region, strings.Join(zones, ", ")),
		Mend: settings.RemoveCommand(e.Name, path),
	}
}
